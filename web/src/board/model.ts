import type { BoardSearch } from "../app/search";
import type { VariablesOf } from "../gql/graphql";
import { KINDS, type Kind } from "../shared/words";
import type { FINDINGS, TARGETS, Target } from "./queries";

type TargetFilter = NonNullable<VariablesOf<typeof TARGETS>["filter"]>;
type FindingFilter = NonNullable<VariablesOf<typeof FINDINGS>["filter"]>;

/** What a screen of the board needs to ask and to lead on. */
export interface Asking {
  readonly portfolio: string;
  readonly asOf: string | null;
  readonly search: BoardSearch;
  readonly choose: (changes: Partial<BoardSearch>) => void;
}

/** The kinds of agreements listed: SLAs, unless the address states others. */
export function kindsOf(search: BoardSearch): readonly Kind[] {
  return search.kind ?? ["SLA"];
}

/** The kinds that are not listed. */
export function otherKinds(search: BoardSearch): readonly Kind[] {
  const listed = kindsOf(search);
  return KINDS.filter((kind) => !listed.includes(kind));
}

/** What the server is asked for: the filters of the address. */
export function targetFilter(search: BoardSearch): TargetFilter {
  return {
    kind: [...kindsOf(search)],
    ...(search.verdict && { verdict: [...search.verdict] }),
    ...(search.metric && { metric: [search.metric] }),
    ...(search.q && { search: search.q }),
  };
}

/** What the server is asked for: the filters of the address. */
export function findingFilter(search: BoardSearch): FindingFilter {
  return {
    ...(search.severity && { severity: [...search.severity] }),
    ...(search.code && { code: [search.code] }),
    ...(search.q && { search: search.q }),
  };
}

/** What became different from one answer to the next. */
export interface Differences {
  readonly changed: ReadonlySet<string>;
  readonly appeared: ReadonlySet<string>;
  readonly gone: number;
}

export const NO_DIFFERENCES: Differences = { changed: new Set(), appeared: new Set(), gone: 0 };

/**
 * Which targets have another verdict, gap or reason, which are new, and how many are gone.
 *
 * @param complete whether both are all there are; of a part, what is missing may only have moved on.
 */
export function differences(
  before: readonly Target[],
  now: readonly Target[],
  complete: boolean,
): Differences {
  const known = new Map(before.map((target) => [target.nodeId, said(target)]));
  const ids = (targets: readonly Target[]) => targets.map((target) => target.nodeId);
  const there = new Set(ids(now));
  return {
    changed: new Set(
      ids(now.filter((target) => known.has(target.nodeId) && known.get(target.nodeId) !== said(target))),
    ),
    appeared: new Set(ids(now).filter((id) => !known.has(id))),
    gone: complete ? ids(before).filter((id) => !there.has(id)).length : 0,
  };
}

function said(target: Target): string {
  return JSON.stringify([target.verdict, target.gap, target.sentence, target.fix, target.target.text]);
}

/** The differences in words: "2 targets changed, 1 is new"; null without any. */
export function toldDifferences({ changed, appeared, gone }: Differences): string | null {
  const parts = [
    changed.size > 0 && `${changed.size} changed`,
    appeared.size > 0 && `${appeared.size} new`,
    gone > 0 && `${gone} gone`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(", ") : null;
}
