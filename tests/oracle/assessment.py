"""Whole assessments of a portfolio document: which targets are assessed, and what each comes to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.oracle.expression import ratio
from tests.oracle.ladder import CLOSED_FORM, View, gap, headline, view
from tests.oracle.reading import Reading
from tests.oracle.structure import AVAILABILITY, achievable, contracted

COUNTED = ("guarantee", "commitment")


@dataclass(frozen=True)
class Assessment:
    """One assessed availability target.

    Attributes:
        findings: the codes of SEMANTICS §7 that follow from the verdicts alone.
    """

    agreement: str
    service: str
    target: float
    verdict: str
    contracted: View
    achievable: View
    gap: float | None
    findings: frozenset[str]


def assess(document: dict[str, Any], day: date) -> list[Assessment]:
    """Every assessment of an availability target in a portfolio document, in no particular order."""
    reading = Reading(document, day)
    return [
        row
        for agreement in reading.agreements.values()
        if reading.in_force(agreement)
        for service in reading.covered(agreement)
        for row in _assess_service(reading, agreement, service)
    ]


def _assess_service(reading: Reading, agreement: dict[str, Any], service: str) -> Iterator[Assessment]:
    targets = reading.applying(agreement, service, AVAILABILITY)
    provider = agreement["provider"]
    resold = reading.provider(service) != provider
    is_sla = reading.kind(agreement) == "SLA"
    row = reading.services[service]
    states_parts = "workflow" in row or "requires" in row or "own" in row
    if not targets or not (is_sla or resold or states_parts):
        return
    paper = contracted(reading, service, provider, resold=resold)
    reality = achievable(reading, service, provider, resold=resold, assessed=(agreement["id"], service))
    missing = {reading.provider(name) for name in paper.missing() | reality.missing()}
    if not is_sla and missing == {provider} and reading.providers[provider]["kind"] == "external":
        return  # a supplier's inside is his affair
    for stated in targets:
        target = float(ratio(stated["availability"]))
        on_paper, in_reality = view(paper, target), view(reality, target)
        yield Assessment(
            agreement["id"],
            service,
            target,
            headline(on_paper, in_reality),
            on_paper,
            in_reality,
            gap(target, on_paper, in_reality),
            frozenset(_findings(target, on_paper, in_reality)),
        )


def _findings(target: float, on_paper: View, in_reality: View) -> Iterator[str]:
    verdict = headline(on_paper, in_reality)
    if verdict != "SUPPORTED":
        yield f"TARGET_{verdict}"
    if any(one.best.independent - one.worst.independent > CLOSED_FORM for one in (on_paper, in_reality)):
        return
    meets_on_paper = on_paper.worst.independent >= target - CLOSED_FORM
    meets_in_reality = in_reality.worst.independent >= target - CLOSED_FORM
    if meets_in_reality and not meets_on_paper:
        yield "UNDER_CONTRACTED"
    if meets_on_paper and not meets_in_reality:
        yield "HOLLOW_PROMISE"
