import { Icon, type IconName } from "./Icon";
import { SEVERITY_WORDS, type Severity, STATE_WORDS, type State, VERDICT_WORDS, type Verdict } from "./words";

const VERDICT_ICONS: Readonly<Record<Verdict, IconName>> = {
  INFEASIBLE: "barred",
  UNSUPPORTED: "cross",
  UNKNOWN: "question",
  CONDITIONAL: "half",
  SUPPORTED: "check",
};

const SEVERITY_ICONS: Readonly<Record<Severity, IconName>> = {
  ERROR: "cross",
  WARNING: "triangle",
  INFO: "info",
};

const STATE_ICONS: Readonly<Record<State, IconName>> = {
  DOWN: "cross",
  AT_RISK: "triangle",
  DEGRADED: "half",
};

/** A verdict as colour, icon and word. */
export function VerdictBadge({ verdict }: { readonly verdict: Verdict }) {
  const { word, meaning } = VERDICT_WORDS[verdict];
  return <Badge tone={verdict} icon={VERDICT_ICONS[verdict]} word={word} meaning={meaning} />;
}

/** A severity as colour, icon and word. */
export function SeverityBadge({ severity }: { readonly severity: Severity }) {
  const { word, meaning } = SEVERITY_WORDS[severity];
  return <Badge tone={severity} icon={SEVERITY_ICONS[severity]} word={word} meaning={meaning} />;
}

/** The state of a service in an outage as colour, icon and word. */
export function StateBadge({ state }: { readonly state: State }) {
  const { word, meaning } = STATE_WORDS[state];
  return <Badge tone={state} icon={STATE_ICONS[state]} word={word} meaning={meaning} />;
}

interface BadgeProps {
  readonly tone: string;
  readonly icon: IconName;
  readonly word: string;
  readonly meaning: string;
}

function Badge({ tone, icon, word, meaning }: BadgeProps) {
  return (
    <span className="badge" data-tone={tone} title={meaning}>
      <Icon name={icon} />
      {word}
    </span>
  );
}
