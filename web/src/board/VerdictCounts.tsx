import { VerdictBadge } from "../shared/Badge";
import { count } from "../shared/numbers";
import { toggled } from "../shared/search";
import { VERDICT_WORDS } from "../shared/words";
import { type Asking, kindsOf } from "./model";
import type { SummaryData } from "./queries";

interface VerdictCountsProps {
  readonly counts: SummaryData["summary"];
  readonly asking: Asking;
}

/** How many targets have each verdict; a press lists these alone, another one all. */
export function VerdictCounts({ counts, asking }: VerdictCountsProps) {
  const { search, choose } = asking;
  return (
    <fieldset className="verdict-counts">
      <legend>{kindsOf(search).join(", ")} targets by verdict; press to list these alone</legend>
      {counts.map((each) => (
        <button
          key={each.verdict}
          type="button"
          data-tone={each.verdict}
          aria-pressed={search.verdict?.includes(each.verdict) ?? false}
          onClick={() => choose({ verdict: toggled(search.verdict, each.verdict), show: undefined })}
        >
          <span className="number">{count(each.count)}</span>
          <VerdictBadge verdict={each.verdict} />
          <span className="quiet">{VERDICT_WORDS[each.verdict].meaning}</span>
        </button>
      ))}
    </fieldset>
  );
}
