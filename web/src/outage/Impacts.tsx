import { Link } from "@tanstack/react-router";
import type { ResultOf } from "../gql/graphql";
import { useVersion } from "../gql/live";
import { type Page, usePages } from "../gql/pages";
import { StateBadge } from "../shared/Badge";
import { Icon } from "../shared/Icon";
import { Instant } from "../shared/Instant";
import { More } from "../shared/More";
import { listed, nameOf } from "../shared/NameAndId";
import { Trouble } from "../shared/Trouble";
import { sinceStart } from "../shared/times";
import type { Kind } from "../shared/words";
import { budgetLeft, type OutageVariables, REMARKS } from "./model";
import { type Budget, IMPACTS, type Impact } from "./queries";

const PAGE = 100;
const pick = (data: ResultOf<typeof IMPACTS>): Page<Impact> => data.outage.agreements;

interface ImpactsProps {
  readonly label: string;
  readonly kinds: readonly Kind[];
  readonly variables: OutageVariables;
}

/** The agreements that an outage affects: when they breach, what is left of their budgets, whom to call. */
export function Impacts({ label, kinds, variables }: ImpactsProps) {
  const version = useVersion();
  const pages = usePages(IMPACTS, { ...variables, kinds: [...kinds], first: PAGE }, pick, version);
  return (
    <>
      {pages.error && <Trouble error={pages.error} what={label} onRetry={pages.retry} />}
      {pages.loading && pages.nodes.length === 0 && <p className="quiet">Loading</p>}
      {pages.nodes.length > 0 && (
        <table className="plain cards" aria-label={label}>
          <thead>
            <tr>
              <th scope="col">Agreement</th>
              <th scope="col">Breaches or falls due</th>
              <th scope="col">Promised to</th>
              <th scope="col">Service</th>
              <th scope="col" className="numeric">
                Budget, and what falls due
              </th>
              <th scope="col">Call</th>
            </tr>
          </thead>
          <tbody>
            {pages.nodes.map((impact) => (
              <Row
                key={`${impact.agreement.id} ${impact.service.id}`}
                impact={impact}
                from={variables.from}
              />
            ))}
          </tbody>
        </table>
      )}
      <More hidden={pages.hidden} loading={pages.loading} onMore={pages.more} />
    </>
  );
}

function Row({ impact, from }: { readonly impact: Impact; readonly from: string | null }) {
  const { agreement, call } = impact;
  return (
    <tr>
      <th scope="row">
        <Link
          to="/agreement/$id"
          params={{ id: agreement.id }}
          search={{ service: impact.service.id }}
          className="id"
        >
          {agreement.id}
        </Link>
        {agreement.ref && <span className="quiet">{agreement.ref}</span>}
      </th>
      <td data-label="Breaches or falls due">
        <Breach impact={impact} from={from} />
      </td>
      <td data-label="Promised to">{listed(impact.customers, "anyone (standard terms)")}</td>
      <td data-label="Service">
        <span className="badged">
          {nameOf(impact.service)} <StateBadge state={impact.state} />
        </span>
      </td>
      <td data-label="Budget, and what falls due" className="numeric">
        {impact.budgets.length + impact.due.length === 0 && (
          <span className="quiet">no availability target</span>
        )}
        {impact.budgets.map((budget) => (
          <BudgetLine key={`${budget.target.text} ${budget.windowFrom}`} budget={budget} />
        ))}
        {impact.due.map((due) => (
          <div key={`${due.target.text} ${due.at}`} className="budget">
            <span className="quiet">{due.target.text}</span>
            <span>
              due <Instant at={due.at} />
            </span>
            <Remarks remarks={due.remarks} />
          </div>
        ))}
      </td>
      <td data-label="Call">
        <span className="call">
          <Icon name="phone" />
          <span>
            {nameOf(call.provider)}:{" "}
            {call.contact ? <Contact contact={call.contact} /> : <b>no contact stated</b>}
            {call.agreements.length > 0 && (
              <span className="quiet">
                under{" "}
                {call.agreements.map((each) => (each.ref ? `${each.id} (${each.ref})` : each.id)).join(", ")}
              </span>
            )}
          </span>
        </span>
      </td>
    </tr>
  );
}

function Breach({ impact, from }: { readonly impact: Impact; readonly from: string | null }) {
  if (impact.breachesAt !== null) {
    return (
      <span className="breach" data-tone="DOWN">
        <b>{from === null ? "" : sinceStart(from, impact.breachesAt)}</b>
        <Instant at={impact.breachesAt} />
      </span>
    );
  }
  const [due] = impact.due;
  if (impact.breach === null && due === undefined) return <span className="quiet">–</span>;
  if (impact.breach === null && due !== undefined) {
    return (
      <span className="breach">
        <b>{from === null ? "falls due" : `falls due ${sinceStart(from, due.at)}`}</b>
        <Instant at={due.at} />
      </span>
    );
  }
  return (
    <span className="breach">
      <b>holds</b>
      {impact.holdsUntil !== null && (
        <>
          <span className="quiet">if it went on, would breach</span>
          <Instant at={impact.holdsUntil} />
        </>
      )}
    </span>
  );
}

function BudgetLine({ budget }: { readonly budget: Budget }) {
  const { left, of } = budgetLeft(budget);
  return (
    <div className="budget">
      <span className="quiet">{budget.target.text}</span>
      <span>{left}</span>
      <span className="quiet">{of}</span>
      <Remarks remarks={budget.remarks} />
    </div>
  );
}

function Remarks({ remarks }: { readonly remarks: Budget["remarks"] }) {
  return remarks.map((remark) => (
    <span key={remark} className="quiet">
      {REMARKS[remark]}
    </span>
  ));
}

/** A contact that can be called or written to at once, where it is an address or a number. */
function Contact({ contact }: { readonly contact: string }) {
  if (/^[^\s@:/]+@[^\s@:/]+$/.test(contact)) return <a href={`mailto:${contact}`}>{contact}</a>;
  if (/^\+?[\d\s()/.-]{5,}$/.test(contact)) {
    return <a href={`tel:${contact.replace(/[^\d+]/g, "")}`}>{contact}</a>;
  }
  return contact;
}
