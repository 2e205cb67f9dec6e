import { Link } from "@tanstack/react-router";
import type { ResultOf } from "../gql/graphql";
import { useCurrent, useVersion } from "../gql/live";
import { type Page, usePages } from "../gql/pages";
import { More } from "../shared/More";
import { nameOf } from "../shared/NameAndId";
import { plural } from "../shared/numbers";
import { Scroll } from "../shared/Scroll";
import { Trouble } from "../shared/Trouble";
import type { Asking } from "./model";
import { NOT_IN_FORCE, type NotInForce, UNASSESSED } from "./queries";

const MOST = 1000;
const PAGE = 200;
const pick = (data: ResultOf<typeof NOT_IN_FORCE>): Page<NotInForce> | null =>
  data.portfolio?.notInForce ?? null;

/** What got no verdict, and why: nothing is left out without a word. */
export function Unassessed({ asking }: { readonly asking: Asking }) {
  const { portfolio, asOf } = asking;
  const version = useVersion();
  const [{ data, error }, ask] = useCurrent(UNASSESSED, { portfolio, asOf, first: MOST });
  const ended = usePages(NOT_IN_FORCE, { portfolio, asOf, first: PAGE }, pick, version);
  const unassessed = data?.portfolio?.notAssessed;

  return (
    <section aria-label="Not assessed">
      {error && <Trouble error={error} what="The targets without a verdict" onRetry={() => ask()} />}
      {!unassessed && !error && <p className="quiet">Loading</p>}
      {unassessed && (
        <>
          <h2>
            {plural(unassessed.length, "target")} without a verdict
            {unassessed.length === MOST && " or more"}
          </h2>
          {unassessed.length > 0 && (
            <Scroll label="Targets without a verdict">
              <table className="plain">
                <thead>
                  <tr>
                    <th scope="col">Agreement</th>
                    <th scope="col">Service</th>
                    <th scope="col">Metric</th>
                    <th scope="col">Why not</th>
                  </tr>
                </thead>
                <tbody>
                  {unassessed.map((each, position) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: two targets may be alike in all that is shown
                    <tr key={position}>
                      <th scope="row">
                        <Link to="/agreement/$id" params={{ id: each.agreement.id }} className="id">
                          {each.agreement.id}
                        </Link>
                      </th>
                      <td>{each.service ? nameOf(each.service) : "–"}</td>
                      <td>{each.metric}</td>
                      <td>{each.reason}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          )}
        </>
      )}
      {ended.error && (
        <Trouble error={ended.error} what="The agreements not in force" onRetry={ended.retry} />
      )}
      {ended.generation > 0 && <h2>{plural(ended.totalCount, "agreement")} not in force on this day</h2>}
      {ended.nodes.length > 0 && (
        <Scroll label="Agreements not in force">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Agreement</th>
                <th scope="col">Kind</th>
                <th scope="col">Provider</th>
                <th scope="col">From</th>
                <th scope="col">To</th>
              </tr>
            </thead>
            <tbody>
              {ended.nodes.map((agreement) => (
                <tr key={agreement.id}>
                  <th scope="row">
                    <Link to="/agreement/$id" params={{ id: agreement.id }} className="id">
                      {agreement.id}
                    </Link>
                  </th>
                  <td>{agreement.kind}</td>
                  <td>{nameOf(agreement.provider)}</td>
                  <td>{agreement.from ?? "–"}</td>
                  <td>{agreement.to ?? "–"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      <More hidden={ended.hidden} loading={ended.loading} onMore={ended.more} />
    </section>
  );
}
