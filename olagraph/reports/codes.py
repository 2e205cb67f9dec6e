"""The finding codes of SEMANTICS §7: what each is called, how bad it is by default, and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from olagraph.analysis.results import Severity

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@dataclass(frozen=True, slots=True)
class FindingCode:
    """One row of the table of finding codes.

    Attributes:
        code: stable.
        severity: the most severe it can be.
        title: a few words, for a heading.
        help: what it means and what can be done.
    """

    code: str
    severity: Severity
    title: str
    help: str


_TABLE = (
    FindingCode(
        "TARGET_INFEASIBLE", _ERROR, "Target out of reach",
        "Even with every promise exactly at its target and the most favourable dependence the target is "
        "missed. Lower the target, tighten what it rests on, or add redundancy.",
    ),
    FindingCode(
        "TARGET_UNSUPPORTED", _ERROR, "Target not backed",
        "With independent failures the promises underneath miss the target. Tighten the weakest of them or "
        "lower the target.",
    ),
    FindingCode(
        "TARGET_UNKNOWN", _ERROR, "Target cannot be judged",
        "Whether the target holds depends on promises that are missing. Agree on them, or state the own "
        "parts.",
    ),
    FindingCode(
        "TARGET_CONDITIONAL", _WARNING, "Target rests on independence",
        "The target is met if failures are independent; the contracts alone do not guarantee it.",
    ),
    FindingCode(
        "NO_AGREEMENT", _WARNING, "No agreement",
        "A service of another provider is used and no agreement covers the use on the day of assessment. "
        "Nothing is promised, so nothing can be passed on.",
    ),
    FindingCode(
        "METRIC_GAP", _WARNING, "Metric not promised",
        "What is used is covered by an agreement or stated as an own part, but not on this metric.",
    ),
    FindingCode(
        "INCOMMENSURABLE", _WARNING, "Promise does not convert",
        "The promise cannot be converted to the terms of the target above it and counts as missing. Agree "
        "on the same window, hours and exclusions, or state request counts.",
    ),
    FindingCode(
        "UNDER_CONTRACTED", _INFO, "Paper weaker than the chain",
        "What is contracted one level down misses the target although the whole chain can meet it. Tighten "
        "the paper: it costs the providers nothing.",
    ),
    FindingCode(
        "HOLLOW_PROMISE", _WARNING, "Hollow promise",
        "The promise one level down meets the target, but what stands behind that promise does not achieve "
        "it.",
    ),
    FindingCode(
        "THIN_MARGIN", _WARNING, "Thin margin",
        "The target is met, but almost all of its budget is used.",
    ),
    FindingCode(
        "NOT_BACK_TO_BACK", _WARNING, "Not back to back",
        "A part whose failure alone takes the service down is promised more weakly than the service itself.",
    ),
    FindingCode(
        "WINDOW_MISMATCH", _WARNING, "Windows differ",
        "Promise and target are measured over different windows, and the conversion costs what the target "
        "needs. Agree on the same window.",
    ),
    FindingCode(
        "HOURS_GAP", _WARNING, "Hours differ",
        "The promise holds in other hours than the target, and outside its hours nothing is promised. Agree "
        "on the same hours.",
    ),
    FindingCode(
        "EXCLUSION_GAP", _WARNING, "Exclusions differ",
        "The promise excludes time that the target counts. Exclude it there too, or narrow the supplier's "
        "exclusion.",
    ),
    FindingCode(
        "POPULATION_MISMATCH", _WARNING, "Other cases promised",
        "The promise speaks of other cases (all of them, another priority, an average over several) than "
        "the target.",
    ),
    FindingCode(
        "CLOCK_MISMATCH", _WARNING, "Clocks differ",
        "Promise and target count a ticket's time on different calendars.",
    ),
    FindingCode(
        "CONDITION_UNMET", _WARNING, "Condition not met",
        "The promise holds only where the service has certain traits, and this one has not. Change the "
        "deployment or agree on a promise without the condition.",
    ),
    FindingCode(
        "IMPLAUSIBLE_TARGET", _WARNING, "100 % target",
        "A 100 % target is a formula for credits, not an expectation. State with `assume` what to compose "
        "with.",
    ),
    FindingCode(
        "THIRD_PARTY_EXCLUDED", _WARNING, "Third parties excluded",
        "The provider excludes outages that third parties cause, so the promise covers its own part only.",
    ),
    FindingCode(
        "PRIORITY_UNMAPPED", _WARNING, "Priority without counterpart",
        "The target speaks of a priority that the promises underneath do not know by that name.",
    ),
    FindingCode(
        "FALSE_REDUNDANCY", _WARNING, "False redundancy",
        "Branches that should stand in for each other fall with one component, provider, owner, region or "
        "zone.",
    ),
    FindingCode(
        "SINGLE_POINT_OF_FAILURE", _INFO, "Single point of failure",
        "One component takes down a service that has redundancy elsewhere, or several SLAs at once.",
    ),
    FindingCode(
        "CYCLE", _WARNING, "Circular dependency",
        "Services need each other. Availability assumes that they recover together; other metrics have no "
        "answer.",
    ),
    FindingCode(
        "AMBIGUOUS_PROMISE", _WARNING, "Several promises",
        "Agreements of the same standing promise different values for one use; the strictest counts. "
        "Withdraw or align the others.",
    ),
    FindingCode(
        "KIND_MISMATCH", _WARNING, "Kind contradicts the parties",
        "An SLA is made to a customer, an OLA between internal providers, an underpinning contract with a "
        "supplier.",
    ),
    FindingCode(
        "ORPHAN_AGREEMENT", _INFO, "Backs nothing",
        "The agreement backs no use that the portfolio knows. State the workflow that uses it, or let it "
        "go.",
    ),
    FindingCode(
        "OVERPROVISIONED", _INFO, "Better than needed",
        "The SLAs above would stay as they are with a much weaker promise here.",
    ),
    FindingCode(
        "OVERSUBSCRIBED", _ERROR, "Oversubscribed",
        "The users ask for more than the service states or is promised.",
    ),
    FindingCode(
        "UNMEASURED", _INFO, "Measuring point not stated",
        "Credits hang on a target that does not say where it is measured.",
    ),
    FindingCode(
        "OWN_PART_UNSTATED", _INFO, "Own part not stated",
        "The provider's own part in the service is not stated and taken as perfect. State it under `own`.",
    ),
    FindingCode(
        "EXPIRES_EARLY", _WARNING, "Ends before what rests on it",
        "A promise ends before the agreement that stands on it.",
    ),
    FindingCode(
        "COVERAGE_HOLE", _WARNING, "Days without a promise",
        "On some days of the agreement's term nothing covers what it uses.",
    ),
    FindingCode(
        "NOTICE_GAP", _WARNING, "Notice shorter than needed",
        "A promise can be ended at shorter notice than what rests on it.",
    ),
    FindingCode(
        "REVIEW_OVERDUE", _WARNING, "Review overdue",
        "The agreement's review date has passed.",
    ),
    FindingCode(
        "REVIEW_MISSING", _WARNING, "No review date",
        "The agreement states no date on which it is reviewed.",
    ),
    FindingCode(
        "FIX_EXCEEDS_BUDGET", _WARNING, "One repair breaches",
        "A single outage, repaired within the promised restore time, already uses more than the target "
        "allows.",
    ),
    FindingCode(
        "CREDIT_ASYMMETRY", _WARNING, "Credits not recovered",
        "In some outage more is owed to customers than suppliers owe.",
    ),
    FindingCode(
        "CLAIM_WINDOW_GAP", _WARNING, "Claim runs out",
        "A supplier's credit must be claimed before it is known that one is owed.",
    ),
    FindingCode(
        "CAP_MISMATCH", _WARNING, "Caps differ",
        "Suppliers cap their credits below what is owed to customers.",
    ),
    FindingCode(
        "UNCOVERED_EXPOSURE", _WARNING, "Exposure without counterpart",
        "Every supplier keeps its promise, and yet credit is owed.",
    ),
)  # fmt: skip

FINDING_CODES: Mapping[str, FindingCode] = MappingProxyType({row.code: row for row in _TABLE})
"""Every code of SEMANTICS §7, in the order of that table."""


def finding_code(code: str) -> FindingCode:
    """The row of `code`; for one that the table lacks, its own words."""
    words = code.replace("_", " ").capitalize()
    return FINDING_CODES.get(code) or FindingCode(code, Severity.WARNING, words, words)
