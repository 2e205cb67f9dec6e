import { Content, List, Root, Trigger } from "@radix-ui/react-tabs";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { VerdictBadge } from "../shared/Badge";
import { nameOf } from "../shared/NameAndId";
import { plural, share } from "../shared/numbers";
import { clausesIn } from "./model";
import type { Explanation, ViewData } from "./queries";
import { StepTree } from "./StepTree";

const VIEWS = [
  {
    id: "contracted",
    title: "Contracted",
    meaning: "the promises made directly to the provider: one level of paper",
  },
  { id: "achievable", title: "Achievable", meaning: "what stands at the leaves, all the way down" },
] as const;

interface ExplainedProps {
  readonly explanation: Explanation;
  /** Whether it is this one among several that the reader came for. */
  readonly chosen: boolean;
}

/** Why one target got its verdict. */
export function Explained({ explanation, chosen }: ExplainedProps) {
  const { assessment } = explanation;
  const article = useRef<HTMLElement>(null);
  useEffect(() => {
    if (chosen) article.current?.scrollIntoView();
  }, [chosen]);
  const clauses = clausesIn(explanation.contracted, explanation.achievable);
  return (
    <article className="explained" ref={article}>
      <h2>
        {nameOf(assessment.service)}: {assessment.target.text}
      </h2>
      <div className="answer" data-tone={assessment.verdict}>
        <p>
          <VerdictBadge verdict={assessment.verdict} />
          {assessment.draft && <span className="chip">draft</span>}
          {assessment.resold && <span className="chip">resold: the service is another provider's</span>}
        </p>
        <p className="sentence">{assessment.sentence}</p>
        {assessment.fix && <p className="fix">{assessment.fix}</p>}
      </div>

      <h3>Both views</h3>
      <table className="plain cards views">
        <thead>
          <tr>
            <th scope="col">View</th>
            <th scope="col">Verdict</th>
            <th
              scope="col"
              className="numeric"
              title="by the contracts alone, outages falling in the worst way"
            >
              Guaranteed
            </th>
            <th scope="col" className="numeric" title="if failures are independent; a long-run mean">
              Independent
            </th>
            <th
              scope="col"
              className="numeric"
              title="the best that could happen, every promise exactly kept"
            >
              Ceiling
            </th>
          </tr>
        </thead>
        <tbody>
          {VIEWS.map(({ id, title, meaning }) => {
            const view = assessment[id];
            return (
              <tr key={id}>
                <th scope="row">
                  {title}
                  {assessment.worse.toLowerCase() === id && <span className="chip">decides</span>}
                  <span className="quiet">{meaning}</span>
                </th>
                <td data-label="Verdict">
                  <span>
                    <VerdictBadge verdict={view.verdict} />
                  </span>
                </td>
                <td data-label="Guaranteed" className="numeric">
                  {view.guaranteed?.text ?? "–"}
                </td>
                <td data-label="Independent" className="numeric">
                  {view.independent?.text ?? "–"}
                </td>
                <td data-label="Ceiling" className="numeric">
                  {view.ceiling?.text ?? "–"}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>

      <h3>Composition</h3>
      <Root defaultValue={assessment.worse.toLowerCase()}>
        <List className="sections" aria-label="View">
          {VIEWS.map(({ id, title }) => (
            <Trigger key={id} value={id}>
              {title}
            </Trigger>
          ))}
        </List>
        {VIEWS.map(({ id, title }) => (
          <Content key={id} value={id}>
            <Parts view={assessment[id]} />
            <StepTree label={`Composition, ${title.toLowerCase()}`} steps={explanation[id]} />
          </Content>
        ))}
      </Root>

      {clauses.length > 0 && (
        <>
          <h3>{plural(clauses.length, "clause")} it rests on</h3>
          <ul className="clauses">
            {clauses.map(({ agreement, ref }) => (
              <li key={`${agreement} ${ref}`}>
                <Link to="/agreement/$id" params={{ id: agreement }} className="id">
                  {agreement}
                </Link>{" "}
                {ref ?? <span className="quiet">no clause stated</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </article>
  );
}

/** What costs most in a view, what is missing, and when a percentile's share is reached. */
function Parts({ view }: { readonly view: ViewData }) {
  return (
    <>
      {view.timeAt && view.timeAt.length > 0 && (
        <p>
          The share of cases is reached after:{" "}
          {view.timeAt.map(({ basis, time }) => `${basis.toLowerCase()} ${time.text}`).join(", ")}
        </p>
      )}
      {view.weakest.length > 0 && (
        <>
          <h4>Weakest parts, by their share of what fails</h4>
          <ol className="weakest">
            {view.weakest.map((part) => (
              <li key={`${part.kind} ${part.agreement?.id} ${part.service.id}`}>
                <span className="bar" aria-hidden="true">
                  <span style={{ width: `${part.share * 100}%` }} />
                </span>
                <span className="numeric">{share(part.share)}</span>
                <span>
                  {nameOf(part.service)}:{" "}
                  {part.agreement ? (
                    <>
                      {nameOf(part.agreement.provider)},{" "}
                      <Link to="/agreement/$id" params={{ id: part.agreement.id }} className="id">
                        {part.agreement.id}
                      </Link>{" "}
                      <span className="quiet">{part.agreement.ref}</span>
                    </>
                  ) : part.kind === "OWN" ? (
                    "the provider's own part"
                  ) : (
                    "nothing stands for it"
                  )}
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
      {view.missing.length > 0 && (
        <>
          <h4>Missing</h4>
          <ul>
            {view.missing.map((missing) => (
              <li key={`${missing.service.id} ${missing.user?.id} ${missing.reason} ${missing.detail}`}>
                {nameOf(missing.service)}
                {missing.user && `, used by ${nameOf(missing.user)}`}: {missing.detail}{" "}
                <span className="code quiet">{missing.reason}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
