import type { AgreementData, Step } from "./queries";

type Target = AgreementData["assessments"]["nodes"][number];
type Finding = AgreementData["findings"]["nodes"][number];

/**
 * The target that an address asks for; the first, the worst, where it asks for none or one that is not there.
 *
 * @param asked a service, a metric, and by its node one of several targets on them.
 */
export function chosenTarget(
  targets: readonly Target[],
  asked: { readonly service?: string; readonly metric?: string; readonly nodeId?: string },
): Target | undefined {
  const asks = (target: Target) =>
    (asked.service === undefined || target.service.id === asked.service) &&
    (asked.metric === undefined || target.metric === asked.metric);
  const found = targets.filter(asks);
  return found.find((target) => target.nodeId === asked.nodeId) ?? found[0] ?? targets[0];
}

/** The findings, those that concern a target's service and metric before the others. */
export function findingsOn(findings: readonly Finding[], target: Target | undefined): readonly Finding[] {
  const concerns = (finding: Finding) =>
    target !== undefined &&
    (finding.service === null || finding.service.id === target.service.id) &&
    (finding.metric === null || finding.metric === target.metric);
  return [...findings.filter(concerns), ...findings.filter((finding) => !concerns(finding))];
}

/** A promise that a composition rests on. */
export interface Clause {
  readonly agreement: string;
  readonly ref: string | null;
}

/** The promises in compositions with the clauses where they are written, each once, in the order of the steps. */
export function clausesIn(...compositions: readonly (readonly Step[])[]): readonly Clause[] {
  const found = new Map<string, Clause>();
  for (const step of compositions.flat()) {
    if (step.agreement === null) continue;
    const clause = { agreement: step.agreement.id, ref: step.ref };
    const key = JSON.stringify(clause);
    if (!found.has(key)) found.set(key, clause);
  }
  return [...found.values()];
}
