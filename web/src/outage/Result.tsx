import { useState } from "react";
import { StateBadge } from "../shared/Badge";
import { Icon } from "../shared/Icon";
import { Instant } from "../shared/Instant";
import { nameOf } from "../shared/NameAndId";
import { count, plural } from "../shared/numbers";
import { STATE_WORDS } from "../shared/words";
import { Impacts } from "./Impacts";
import { headline, type OutageVariables } from "./model";
import type { OutageData } from "./queries";
import { ServicesInState } from "./ServicesInState";

interface ResultProps {
  readonly outage: OutageData;
  readonly variables: OutageVariables;
  readonly startsNow: boolean;
  readonly onPin: () => void;
}

/** What an outage takes along, the most urgent first. */
export function Result({ outage, variables, startsNow, onPin }: ResultProps) {
  return (
    <>
      <section className="outage-head" aria-label="In short">
        <p className="headline" role="status">
          {headline(outage)}
        </p>
        <p className="quiet from">
          From <Instant at={outage.from} />,{" "}
          {variables.for === null ? "until further notice" : `for ${variables.for}`}.{" "}
          {startsNow && (
            <button
              type="button"
              className="link"
              title="The address says “now”: whoever opens it later asks about then"
              onClick={onPin}
            >
              Keep this start in the address
            </button>
          )}
        </p>
        <ul className="outage-counts">
          {outage.states.map((each) => (
            <li key={each.state} data-tone={each.state}>
              <a href={`#${each.state}`}>
                <span className="number">{count(each.count)}</span>
                <StateBadge state={each.state} />
                <span className="quiet">{STATE_WORDS[each.state].meaning}</span>
              </a>
            </li>
          ))}
          <li data-tone="UNKNOWN">
            <a href="#not-known">
              <span className="number">{count(outage.notKnownCount)}</span>
              <span className="badge" data-tone="UNKNOWN">
                <Icon name="question" />
                Not known
              </span>
              <span className="quiet">nobody says what they depend on</span>
            </a>
          </li>
          <li>
            <a href="#customers">
              <span className="number">{count(outage.customersCount)}</span>
              <b>Customers</b>
              <span className="quiet">of the SLAs affected</span>
            </a>
          </li>
        </ul>
      </section>

      <section aria-labelledby="slas">
        <h2 id="slas">
          {plural(outage.slas.totalCount, "promise")} to customers affected, the soonest breach first
        </h2>
        {outage.slas.totalCount > 0 ? (
          <Impacts label="Promises to customers affected" kinds={SLAS} variables={variables} />
        ) : (
          <p className="quiet">No promise to a customer is affected, as far as is known.</p>
        )}
      </section>

      <NotKnown outage={outage} />

      <section aria-labelledby="services">
        <h2 id="services">Services affected, and what carries the outage to them</h2>
        {outage.states.map((each) => (
          <ServicesInState key={each.state} state={each.state} count={each.count} variables={variables} />
        ))}
      </section>

      <Customers outage={outage} />
      <Others count={outage.others.totalCount} variables={variables} />
    </>
  );
}

const SLAS = ["SLA"] as const;
const OTHERS = ["OLA", "UC"] as const;

function NotKnown({ outage }: { readonly outage: OutageData }) {
  const hidden = outage.notKnownCount - outage.notKnown.length;
  return (
    <section aria-labelledby="not-known" className="notice" data-tone="UNKNOWN">
      <h2 id="not-known">
        <Icon name="question" /> Not known of {plural(outage.notKnownCount, "service")}
      </h2>
      {outage.notKnownCount === 0 ? (
        <p>Every service states what it depends on, or is known to stand alone.</p>
      ) : (
        <>
          <p>
            Nobody has stated what these depend on. The outage may reach them: that they are not listed as
            affected does not mean that they are up.
          </p>
          <ul className="columns">
            {outage.notKnown.map((service) => (
              <li key={service.id}>
                {nameOf(service)} <span className="quiet">{nameOf(service.provider)}</span>
              </li>
            ))}
          </ul>
          {hidden > 0 && <p>and {count(hidden)} more</p>}
        </>
      )}
    </section>
  );
}

function Customers({ outage }: { readonly outage: OutageData }) {
  const hidden = outage.customersCount - outage.customers.length;
  return (
    <section aria-labelledby="customers">
      <h2 id="customers">{plural(outage.customersCount, "customer")} affected</h2>
      <ul className="columns">
        {outage.customers.map((customer) => (
          <li key={customer.id}>
            {nameOf(customer)} {customer.contact && <span className="quiet">{customer.contact}</span>}
          </li>
        ))}
      </ul>
      {hidden > 0 && <p>and {count(hidden)} more</p>}
    </section>
  );
}

/** The agreements between providers, asked for when they are wanted. */
function Others({
  count: total,
  variables,
}: {
  readonly count: number;
  readonly variables: OutageVariables;
}) {
  const [open, setOpen] = useState(false);
  if (total === 0) return null;
  return (
    <section aria-labelledby="others">
      <h2 id="others">Between the providers</h2>
      <button type="button" className="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? "Hide" : `${plural(total, "promise")} hidden: show`}
      </button>
      {open && <Impacts label="Promises between providers affected" kinds={OTHERS} variables={variables} />}
    </section>
  );
}
