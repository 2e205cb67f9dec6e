import { getRouteApi, Link, useLocation, useSearch } from "@tanstack/react-router";
import { Day } from "../app/Day";
import { DEFAULT_PORTFOLIO } from "../app/search";
import { useCurrent } from "../gql/live";
import { SeverityBadge, VerdictBadge } from "../shared/Badge";
import { nameOf } from "../shared/NameAndId";
import { plural } from "../shared/numbers";
import { Trouble } from "../shared/Trouble";
import { Explained } from "./Explained";
import { chosenTarget, findingsOn } from "./model";
import { AGREEMENT, type AgreementData, EXPLANATION } from "./queries";
import { Terms } from "./Terms";
import "./explanation.css";

const route = getRouteApi("/agreement/$id");

/** Why an agreement got its verdicts, and what to do about it. */
export function ExplanationPage() {
  const { portfolio = DEFAULT_PORTFOLIO, asOf = null } = useSearch({ from: "__root__" });
  const { id } = route.useParams();
  const search = route.useSearch();
  const { hash } = useLocation();
  const [{ data, error }, ask] = useCurrent(AGREEMENT, { portfolio, asOf, id });

  if (error) return <Trouble error={error} what="The agreement" onRetry={() => ask()} />;
  if (!data) return <p className="quiet">Loading the agreement</p>;
  const { agreement } = data;
  if (agreement === null) {
    return (
      <section className="notice">
        <h1>There is no agreement {id} here</h1>
        <p>
          <Link to="/">The board</Link> lists all of them.
        </p>
      </section>
    );
  }
  const chosen = chosenTarget(agreement.assessments.nodes, { ...search, nodeId: hash });
  return (
    <>
      <title>{`${agreement.id} – olagraph`}</title>
      <div className="page-head">
        <div>
          <p className="crumb">
            <Link to="/">Board</Link>
          </p>
          <h1 className="id">{agreement.id}</h1>
          {agreement.name && <p>{agreement.name}</p>}
        </div>
        {data.portfolio && <Day shown={data.portfolio.asOf} />}
      </div>
      <Terms agreement={agreement} />
      <div className="explanation">
        <Targets agreement={agreement} chosen={chosen?.nodeId} />
        <div>
          {chosen ? (
            <Explanations
              key={`${chosen.service.id} ${chosen.metric}`}
              chosen={chosen.nodeId}
              asked={{ portfolio, asOf, id, service: chosen.service.id, metric: chosen.metric }}
            />
          ) : (
            <p className="notice">
              {agreement.inForce === false
                ? "It is not in force on this day, so it is not assessed."
                : "None of its targets is assessed on this day. The board says why, under “Not assessed”."}
            </p>
          )}
          <Findings agreement={agreement} chosen={chosen} />
        </div>
      </div>
    </>
  );
}

interface TargetsProps {
  readonly agreement: AgreementData;
  readonly chosen: string | undefined;
}

/** The agreement's targets to choose from. */
function Targets({ agreement, chosen }: TargetsProps) {
  const targets = agreement.assessments.nodes;
  if (targets.length < 2) return null;
  const hidden = agreement.assessments.totalCount - targets.length;
  return (
    <nav aria-label="Targets of this agreement" className="choices">
      <h2>{plural(agreement.assessments.totalCount, "target")}</h2>
      <ul>
        {targets.map((target) => (
          <li key={target.nodeId}>
            <Link
              to="/agreement/$id"
              params={{ id: agreement.id }}
              search={{ service: target.service.id, metric: target.metric }}
              hash={target.nodeId}
              activeOptions={{ includeHash: true }}
              aria-current={target.nodeId === chosen ? "true" : undefined}
            >
              <VerdictBadge verdict={target.verdict} />
              <span>{nameOf(target.service)}</span>
              <span className="quiet">{target.target.text}</span>
            </Link>
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <Link to="/" search={{ q: agreement.id, kind: [agreement.kind] }}>
          {plural(hidden, "more target")} on the board
        </Link>
      )}
    </nav>
  );
}

interface ExplanationsProps {
  readonly chosen: string;
  readonly asked: {
    readonly portfolio: string;
    readonly asOf: string | null;
    readonly id: string;
    readonly service: string;
    readonly metric: string;
  };
}

/** The explanations of one service and metric; several where a target has several points. */
function Explanations({ chosen, asked }: ExplanationsProps) {
  const [{ data, error }, ask] = useCurrent(EXPLANATION, asked);
  if (error) return <Trouble error={error} what="The explanation" onRetry={() => ask()} />;
  if (!data) return <p className="quiet">Loading the explanation</p>;
  return data.explanation.map((explanation) => (
    <Explained
      key={explanation.assessment.nodeId}
      explanation={explanation}
      chosen={explanation.assessment.nodeId === chosen && data.explanation.length > 1}
    />
  ));
}

interface FindingsProps {
  readonly agreement: AgreementData;
  readonly chosen: ReturnType<typeof chosenTarget>;
}

/** What else there is to know about the agreement, what concerns the chosen target first. */
function Findings({ agreement, chosen }: FindingsProps) {
  const { totalCount, nodes } = agreement.findings;
  if (totalCount === 0) return null;
  const hidden = totalCount - nodes.length;
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">{plural(totalCount, "finding")} on this agreement</h2>
      <ul className="findings-list">
        {findingsOn(nodes, chosen).map((finding) => (
          <li key={finding.nodeId}>
            <p>
              <SeverityBadge severity={finding.severity} /> <b>{finding.title}</b>{" "}
              <span className="code quiet">{finding.code}</span>
            </p>
            <p>{finding.message}</p>
            {finding.fix && <p className="fix">{finding.fix}</p>}
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <Link to="/" search={{ show: "findings", q: agreement.id }}>
          {plural(hidden, "more finding")} on the board
        </Link>
      )}
    </section>
  );
}
