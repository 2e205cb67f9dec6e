import type { OutageSearch } from "../app/search";
import { nameOf } from "../shared/NameAndId";
import { count, plural } from "../shared/numbers";
import { span } from "../shared/times";
import type { Budget, OptionsData, OutageData } from "./queries";

export const FAILING_KINDS = ["provider", "service", "agreement", "region", "zone"] as const;
export type FailingKind = (typeof FAILING_KINDS)[number];

/** Something that can fail. */
export interface Failing {
  readonly kind: FailingKind;
  readonly id: string;
  readonly name: string;
  readonly about: string;
}

/** What the server is asked: what fails, from when, for how long. */
export function asked(search: OutageSearch) {
  const list = (values: readonly string[] | undefined) => (values ? [...values] : null);
  return {
    providers: list(search.provider),
    services: list(search.service),
    agreements: list(search.agreement),
    regions: list(search.region),
    zones: list(search.zone),
    from: search.from ?? null,
    for: search.for ?? null,
  };
}

/** What identifies an outage for further questions about it: its start is fixed, so that all answers agree. */
export type OutageVariables = ReturnType<typeof asked> & { readonly portfolio: string };

/** What fails according to the address, with the names that the server gives where it has answered. */
export function chosen(search: OutageSearch, failed: OutageData["failed"] | undefined): readonly Failing[] {
  const names = new Map<string, string>();
  for (const provider of failed?.providers ?? []) names.set(`provider ${provider.id}`, nameOf(provider));
  for (const service of failed?.services ?? []) names.set(`service ${service.id}`, nameOf(service));
  return FAILING_KINDS.flatMap((kind) =>
    (search[kind] ?? []).map((id) => ({ kind, id, name: names.get(keyOf({ kind, id })) ?? id, about: "" })),
  );
}

/** The address with one more, or one less, thing that fails. */
export function withFailing(
  search: OutageSearch,
  { kind, id }: Pick<Failing, "kind" | "id">,
  fails: boolean,
): Partial<OutageSearch> {
  const rest = (search[kind] ?? []).filter((each) => each !== id);
  const next = fails ? [...rest, id] : rest;
  return { [kind]: next.length > 0 ? next : undefined };
}

/** Tells the things that can fail apart. */
export function keyOf({ kind, id }: Pick<Failing, "kind" | "id">): string {
  return `${kind} ${id}`;
}

/**
 * What can be chosen: what the server found for a text, less what is chosen already.
 *
 * @param answered the text that the server was asked for; while it answers another one, what does not have the text in
 *   its name or id is left out.
 */
export function options(
  data: OptionsData,
  { text, answered, taken }: { text: string; answered: string; taken: readonly Failing[] },
): readonly Failing[] {
  const has = (value: string) => value.toLowerCase().includes(text.toLowerCase());
  const place = (kind: "region" | "zone", id: string): Failing => ({ kind, id, name: id, about: "" });
  const all: readonly Failing[] = [
    ...data.providers.nodes.map(
      (each): Failing => ({
        kind: "provider",
        id: each.id,
        name: nameOf(each),
        about: each.kind.toLowerCase(),
      }),
    ),
    ...(data.portfolio?.regions ?? []).filter(has).map((region) => place("region", region)),
    ...(data.portfolio?.zones ?? []).filter(has).map((zone) => place("zone", zone)),
    ...data.services.nodes.map(
      (each): Failing => ({
        kind: "service",
        id: each.id,
        name: nameOf(each),
        about: `of ${nameOf(each.provider)}`,
      }),
    ),
    ...data.agreements.nodes.map(
      (each): Failing => ({
        kind: "agreement",
        id: each.id,
        name: each.id,
        about: [each.kind, each.ref].filter(Boolean).join(", "),
      }),
    ),
  ];
  const gone = new Set(taken.map(keyOf));
  const found = text === answered ? all : all.filter(({ id, name }) => has(id) || has(name));
  return found.filter((each) => !gone.has(keyOf(each)));
}

/** How many of each kind match besides those offered: "12 more services"; null where none does. */
export function moreOptions(data: OptionsData): string | null {
  const parts = (["providers", "services", "agreements"] as const).flatMap((kind) => {
    const hidden = data[kind].totalCount - data[kind].nodes.length;
    return hidden > 0 ? [`${count(hidden)} more ${hidden === 1 ? kind.slice(0, -1) : kind}`] : [];
  });
  return parts.length > 0 ? parts.join(", ") : null;
}

/** Who is hit, in one sentence. */
export function headline(outage: OutageData): string {
  const hit = outage.states.filter((each) => each.count > 0);
  const unknown =
    outage.notKnownCount > 0
      ? ` It is not known whether ${plural(outage.notKnownCount, "other service")} ${outage.notKnownCount === 1 ? "is" : "are"} hit.`
      : "";
  if (hit.length === 0) return `No service is affected, as far as is known.${unknown}`;
  const words = { DOWN: "down", AT_RISK: "at risk", DEGRADED: "degraded" };
  const [first, ...rest] = hit.map(({ state, count: number }, position) =>
    position === 0 ? `${plural(number, "service")} ${words[state]}` : `${count(number)} ${words[state]}`,
  );
  return `${[first, ...rest].join(", ")}; ${plural(outage.slas.totalCount, "promise")} to ${plural(outage.customersCount, "customer")} affected.${unknown}`;
}

/** What is left of a budget: "12 min left", "overdrawn by 3 h"; and of how much, less what was used before. */
export function budgetLeft({ allowed, already, left }: Budget): {
  readonly left: string;
  readonly of: string;
} {
  const used = already > 0 ? `, ${span(already)} used up before` : "";
  if (left === null) return { left: `${span(allowed)} allowed`, of: used.slice(2) };
  const said = left < 0 ? `overdrawn by ${span(left)}` : `${span(left)} left`;
  return { left: said, of: `of ${span(allowed)}${used}` };
}

/** What a computed budget or instant leaves out. */
export const REMARKS: Readonly<Record<Budget["remarks"][number], string>> = {
  ELAPSED_TIME: "elapsed time was counted, not opening hours",
  WINDOW_ASSUMED: "no window is stated, a month was taken",
  BLOCKS: "where the block begins is not stated, the worst midnight was taken",
  UNLIMITED_EXCLUSION: "the target excludes some time without a limit; such time does not count",
  CAUSE_EXCLUDED: "the target excludes some causes; outages by them do not count",
};
