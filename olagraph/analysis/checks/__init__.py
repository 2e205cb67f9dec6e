"""The checks: one file a question, each from a context to findings (SEMANTICS §7)."""

from collections.abc import Callable, Iterator

from olagraph.analysis.checks import (
    ambiguous_promises,
    conversions,
    cycles,
    false_redundancy,
    implausible_targets,
    kind_mismatch,
    margins,
    missing_promises,
    not_back_to_back,
    orphan_agreements,
    overprovisioned,
    oversubscribed,
    single_points_of_failure,
    third_parties,
    unmeasured,
    unstated_own_parts,
    verdicts,
    views_apart,
)
from olagraph.analysis.context import Context
from olagraph.analysis.findings import most_urgent_first
from olagraph.analysis.results import Finding

CHECKS: tuple[Callable[[Context], Iterator[Finding]], ...] = (
    verdicts.find,
    views_apart.find,
    margins.find,
    not_back_to_back.find,
    missing_promises.find,
    conversions.find,
    implausible_targets.find,
    third_parties.find,
    false_redundancy.find,
    single_points_of_failure.find,
    cycles.find,
    ambiguous_promises.find,
    kind_mismatch.find,
    orphan_agreements.find,
    overprovisioned.find,
    oversubscribed.find,
    unmeasured.find,
    unstated_own_parts.find,
)
"""Every check, in no particular order: findings are sorted by urgency."""


def find_all(context: Context) -> tuple[Finding, ...]:
    """What every check finds, the most urgent first."""
    found = (finding for check in CHECKS for finding in check(context))
    return tuple(sorted(found, key=most_urgent_first))
