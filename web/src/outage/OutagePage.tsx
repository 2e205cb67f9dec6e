import { getRouteApi, useSearch } from "@tanstack/react-router";
import { DEFAULT_PORTFOLIO, type OutageSearch, outageSearch } from "../app/search";
import { useCurrent } from "../gql/live";
import { Trouble } from "../shared/Trouble";
import { FailingField } from "./FailingField";
import { asked, chosen, withFailing } from "./model";
import { OUTAGE } from "./queries";
import { Result } from "./Result";
import { WhenFields } from "./WhenFields";
import "./outage.css";

const route = getRouteApi("/outage");

/** Who is hit if something fails, until when which SLA holds, and whom to call. */
export function OutagePage() {
  const { portfolio = DEFAULT_PORTFOLIO } = useSearch({ from: "__root__" });
  const search: OutageSearch = route.useSearch();
  const navigate = route.useNavigate();
  const something = chosen(search, undefined).length > 0;
  const variables = { portfolio, ...asked(search) };
  const [{ data, error, fetching }, ask] = useCurrent(OUTAGE, variables, !something);

  const change = (changes: Partial<OutageSearch>) =>
    navigate({ search: (before) => outageSearch({ ...before, ...changes }), resetScroll: false });
  const outage = something ? data?.outage : undefined;
  const failing = chosen(search, outage?.failed);

  return (
    <>
      <title>{`${something ? `Outage of ${failing.map(({ name }) => name).join(", ")}` : "Outage"} – olagraph`}</title>
      <h1>Who is hit if this fails?</h1>
      <form className="outage-form" onSubmit={(event) => event.preventDefault()}>
        <FailingField
          portfolio={portfolio}
          chosen={failing}
          onChange={(item, fails) => change(withFailing(search, item, fails))}
        />
        <WhenFields
          from={search.from}
          lasts={search.for}
          onFrom={(from) => change({ from })}
          onLasts={(lasts) => change({ for: lasts })}
        />
      </form>
      {!something && (
        <p className="notice">
          Choose one or several things that fail at once. The answer names every service and SLA that they
          take along, when each SLA breaches, whom to call, and what is not known. The address of this page
          then holds the question: send it to whoever needs the answer.
        </p>
      )}
      {something && error && <Trouble error={error} what="The outage" onRetry={() => ask()} />}
      {something && !outage && !error && <p className="quiet">Working out who is hit</p>}
      {outage && !error && (
        <div aria-busy={fetching}>
          <Result
            outage={outage}
            variables={{ ...variables, from: outage.from }}
            startsNow={search.from === undefined}
            onPin={() => change({ from: outage.from })}
          />
        </div>
      )}
    </>
  );
}
