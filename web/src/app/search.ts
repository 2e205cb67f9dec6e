import { day, many, manyOf, one, oneOf, stated } from "../shared/search";
import { fieldInstant } from "../shared/times";
import { KINDS, SEVERITIES, VERDICTS } from "../shared/words";

export const DEFAULT_PORTFOLIO = "default";
export const BOARD_SECTIONS = ["targets", "findings", "unassessed"] as const;

/** What an address states of every page: which portfolio, and the day of assessment where it is not today. */
export function rootSearch(query: Record<string, unknown>) {
  return stated({ portfolio: one(query.portfolio), asOf: day(query.asOf) });
}

/** What is listed on the board. Absent filters let everything in, but for `kind`: SLAs. */
export function boardSearch(query: Record<string, unknown>) {
  return stated({
    show: oneOf(query.show, BOARD_SECTIONS),
    verdict: manyOf(query.verdict, VERDICTS),
    kind: manyOf(query.kind, KINDS),
    metric: one(query.metric),
    severity: manyOf(query.severity, SEVERITIES),
    code: one(query.code),
    q: one(query.q),
  });
}

/** Which of an agreement's targets is explained; absent: its worst. */
export function explanationSearch(query: Record<string, unknown>) {
  return stated({ service: one(query.service), metric: one(query.metric) });
}

/** What fails, from when, for how long. Without `from` it starts now, without `for` nobody knows when it ends. */
export function outageSearch(query: Record<string, unknown>) {
  return stated({
    provider: many(query.provider),
    service: many(query.service),
    agreement: many(query.agreement),
    region: many(query.region),
    zone: many(query.zone),
    from: fieldInstant(one(query.from)),
    for: one(query.for),
  });
}

export type BoardSearch = ReturnType<typeof boardSearch>;
export type OutageSearch = ReturnType<typeof outageSearch>;
