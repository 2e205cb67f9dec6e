import type { ResultOf } from "../gql/graphql";
import { useVersion } from "../gql/live";
import { type Page, usePages } from "../gql/pages";
import { StateBadge } from "../shared/Badge";
import { Icon } from "../shared/Icon";
import { More } from "../shared/More";
import { nameOf } from "../shared/NameAndId";
import { count as counted } from "../shared/numbers";
import { Trouble } from "../shared/Trouble";
import { STATE_WORDS, type State } from "../shared/words";
import type { OutageVariables } from "./model";
import { type Affected, SERVICES } from "./queries";

const PAGE = 200;
const pick = (data: ResultOf<typeof SERVICES>): Page<Affected> => data.outage.services;

interface ServicesInStateProps {
  readonly state: State;
  readonly count: number;
  readonly variables: OutageVariables;
}

/** The services in one state, each with the chain of uses that carries the outage to it. */
export function ServicesInState({ state, count, variables }: ServicesInStateProps) {
  return (
    <section aria-labelledby={state} className="state">
      <h3 id={state}>
        <StateBadge state={state} /> {counted(count)}{" "}
        <span className="quiet">{STATE_WORDS[state].meaning}</span>
      </h3>
      {count > 0 && <Listed state={state} variables={variables} />}
    </section>
  );
}

function Listed({ state, variables }: Omit<ServicesInStateProps, "count">) {
  const version = useVersion();
  const pages = usePages(SERVICES, { ...variables, states: [state], first: PAGE }, pick, version);
  return (
    <>
      {pages.error && <Trouble error={pages.error} what="The services" onRetry={pages.retry} />}
      {pages.loading && pages.nodes.length === 0 && <p className="quiet">Loading</p>}
      <ul className="paths">
        {pages.nodes.map(({ service, path, cause }) => (
          <li key={service.id}>
            <ol className="path" aria-label={`What carries the outage to ${nameOf(service)}`}>
              {path.map((each) => (
                <li key={each.id}>
                  {each.id !== service.id && <Icon name="arrow" />}
                  <span title={each.id}>{nameOf(each)}</span>
                </li>
              ))}
            </ol>
            {cause && cause.kind !== "SERVICE" && (
              <span className="quiet">
                {cause.kind.toLowerCase()} {cause.id} fails
              </span>
            )}
          </li>
        ))}
      </ul>
      <More hidden={pages.hidden} loading={pages.loading} onMore={pages.more} />
    </>
  );
}
