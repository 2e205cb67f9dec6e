"""The checks: one file a question, each from a context to findings (SEMANTICS §7)."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

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
from olagraph.analysis.checks.asked import Asked, agreements, all_services, assessed_agreements, targets
from olagraph.analysis.context import Context
from olagraph.analysis.findings import most_urgent_first
from olagraph.analysis.results import Finding

Check = Callable[[Context, Any], Iterator[Finding]]


def _of_each(check: Check) -> Check:
    """The check of several things that asks about them one by one."""

    def find(context: Context, several: Sequence[Any]) -> Iterator[Finding]:
        for each in several:
            yield from check(context, each)

    return find


CHECKS: tuple[tuple[Callable[[Context], Iterator[Asked]], tuple[Check, ...]], ...] = (
    (
        targets,
        (verdicts.find, views_apart.find, margins.find, not_back_to_back.find, conversions.find),
    ),
    (assessed_agreements, (missing_promises.find_gaps,)),
    (agreements, tuple(map(_of_each, (implausible_targets.find, kind_mismatch.find, unmeasured.find)))),
    (missing_promises.uncovered_uses, (missing_promises.find_no_agreement,)),
    (not_back_to_back.tracking, (not_back_to_back.find_tracked,)),
    (third_parties.excluding, (third_parties.find,)),
    (all_services, (false_redundancy.find, cycles.find)),
    (single_points_of_failure.single_points, (single_points_of_failure.find,)),
    (ambiguous_promises.covered_twice, (ambiguous_promises.find,)),
    (orphan_agreements.supporting, (orphan_agreements.find,)),
    (overprovisioned.unpressed, (overprovisioned.find,)),
    (oversubscribed.rated, (oversubscribed.find,)),
    (unstated_own_parts.perfect, (unstated_own_parts.find,)),
)
"""Every check, with what it is asked about. In no particular order: findings are sorted by urgency."""


def find_all(context: Context, *, go_on: Callable[[], object]) -> tuple[Finding, ...]:
    """What every check finds, the most urgent first.

    Args:
        go_on: called again and again; what it raises ends the work.
    """
    found: list[tuple[tuple[object, ...], Finding]] = []
    for place, (asked_about, checks) in enumerate(CHECKS):
        go_on()
        for name, subject, looked_at in asked_about(context):
            find = partial(_find, context, checks, subject)
            found += context.memory.recall((place, name), looked_at, find)
    return tuple(finding for _, finding in sorted(found, key=itemgetter(0)))


def _find(
    context: Context, checks: tuple[Check, ...], subject: object
) -> tuple[tuple[tuple[object, ...], Finding], ...]:
    """What some checks find about one subject, each with its urgency."""
    return tuple(
        (most_urgent_first(finding), finding) for check in checks for finding in check(context, subject)
    )
