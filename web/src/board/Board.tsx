import { Content, List, Root, Trigger } from "@radix-ui/react-tabs";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Day } from "../app/Day";
import { type BOARD_SECTIONS, type BoardSearch, boardSearch, DEFAULT_PORTFOLIO } from "../app/search";
import { useCurrent } from "../gql/live";
import { count, plural } from "../shared/numbers";
import { Trouble } from "../shared/Trouble";
import { Findings } from "./Findings";
import { type Asking, kindsOf, otherKinds } from "./model";
import { SUMMARY } from "./queries";
import { Targets } from "./Targets";
import { Unassessed } from "./Unassessed";
import { VerdictCounts } from "./VerdictCounts";
import "./board.css";

/** Every promise with its verdict, the worst first, and what else a service manager should know. */
export function Board() {
  const { portfolio = DEFAULT_PORTFOLIO, asOf = null } = useSearch({ from: "__root__" });
  const search: BoardSearch = useSearch({ from: "/" });
  const navigate = useNavigate({ from: "/" });
  const kinds = { kinds: [...kindsOf(search)], others: [...otherKinds(search)] };
  const [{ data, error }, ask] = useCurrent(SUMMARY, { portfolio, asOf, ...kinds });

  const choose = (changes: Partial<BoardSearch>) =>
    navigate({
      search: (before) => boardSearch({ ...before, ...changes }),
      replace: true,
      resetScroll: false,
    });
  const asking: Asking = { portfolio, asOf, search, choose };

  if (error) return <Trouble error={error} what="The board" onRetry={() => ask()} />;
  const shown = data?.portfolio;
  if (!shown) return <p className="quiet">Loading the board</p>;
  const { counts } = shown;
  return (
    <>
      <title>{`${shown.name ?? portfolio} – olagraph`}</title>
      <div className="page-head">
        <div>
          <h1>{shown.name ?? portfolio}</h1>
          <p className="quiet">
            {[
              plural(counts.agreements, "agreement"),
              plural(counts.services, "service"),
              plural(counts.providers, "provider"),
              plural(counts.customers, "customer"),
            ].join(", ")}
          </p>
        </div>
        <Day shown={shown.asOf} />
      </div>
      {counts.agreements === 0 ? (
        <section className="notice">
          <h2>No agreement yet</h2>
          <p>
            There is nothing to judge. Load a portfolio from files:{" "}
            <code>olagraph import portfolio.yaml --into STORE</code>;{" "}
            <code>olagraph init portfolio.yaml</code> writes one to start with.
          </p>
        </section>
      ) : (
        <>
          <VerdictCounts counts={shown.summary} asking={asking} />
          <Root
            value={search.show ?? "targets"}
            onValueChange={(value) =>
              choose({ show: value === "targets" ? undefined : (value as (typeof BOARD_SECTIONS)[number]) })
            }
          >
            <List className="sections" aria-label="Sections of the board">
              <Trigger value="targets">Targets</Trigger>
              <Trigger value="findings">Findings ({count(data.findings.totalCount)})</Trigger>
              <Trigger value="unassessed">Not assessed</Trigger>
            </List>
            <Content value="targets">
              <Targets
                asking={asking}
                metrics={data.metrics}
                currency={shown.currency}
                others={data.others.totalCount}
              />
            </Content>
            <Content value="findings">
              <Findings asking={asking} severities={shown.severities} />
            </Content>
            <Content value="unassessed">
              <Unassessed asking={asking} />
            </Content>
          </Root>
        </>
      )}
    </>
  );
}
