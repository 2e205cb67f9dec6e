"""Of every finding code the smallest portfolio that shows it, the same with other numbers, and the nearest one without it."""

from dataclasses import dataclass

from olagraph.analysis.results import Severity, SubjectType
from olagraph.model.entities import Portfolio
from tests.analysis.small import delivered, written

AGREEMENT, SERVICE = SubjectType.AGREEMENT, SubjectType.SERVICE
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@dataclass(frozen=True, kw_only=True)
class Case:
    """One code.

    Attributes:
        shows: the smallest portfolio with one finding of the code.
        renumbered: the same portfolio with other numbers: the same finding.
        nearest: a portfolio as alike as possible, without it.
        clause: the clause that the message names; None where no agreement is at fault.
    """

    code: str
    shows: Portfolio
    renumbered: Portfolio
    nearest: Portfolio
    subject_type: SubjectType = AGREEMENT
    subject: str = "sla"
    severity: Severity = WARNING
    clause: str | None = None
    metric: str | None = "availability"
    service: str | None = "s"


def one(target: str, promise: str, **keys: str) -> Portfolio:
    """`s` delivered by `a` alone."""
    return delivered("a", target, a=promise, **keys)


def one_called(target: str, *, kind: str, customer: str = "us", promise: str = "99.9%") -> Portfolio:
    """A contract that calls itself `kind`."""
    return delivered(
        "a",
        f"availability: {target}",
        services=("{id: a, provider: them}",),
        agreements=(
            f"{{id: uc, kind: {kind}, provider: them, customer: {customer}, covers: [a], ref: 'UC §9', "
            f"targets: [{{availability: {promise}}}]}}",
        ),
    )


def hollow(*, on_paper: str, below: str, target: str = "99.9%") -> Portfolio:
    """Our team promises `t` on paper, and the supplier below it promises something else."""
    return written(
        services=(
            "{id: s, provider: us, workflow: t}",
            "{id: t, provider: team, workflow: b}",
            "{id: b, provider: them}",
        ),
        agreements=(
            f"{{id: sla, provider: us, customer: c, covers: [s], targets: [{{availability: {target}}}]}}",
            f"{{id: ola, provider: team, customer: us, covers: [t], ref: 'OLA §2', targets: [{{availability: {on_paper}}}]}}",
            f"{{id: uc, provider: them, customer: team, covers: [b], targets: [{{availability: {below}}}]}}",
        ),
    )


def branches(*, provider_of_b: str = "them", promise: str = "99%", further: str = "") -> Portfolio:
    """`s` is redundant over `a` of them and `b` of somebody."""
    return written(
        services=(
            f"{{id: s, provider: us, workflow: {{any_of: {{of: [a, b]{further}}}}}}}",
            "{id: a, provider: them}",
            f"{{id: b, provider: {provider_of_b}}}",
        ),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 95%}]}",
            f"{{id: uc-a, provider: them, customer: us, covers: [a], targets: [{{availability: {promise}}}]}}",
            f"{{id: uc-b, provider: {provider_of_b}, customer: us, covers: [b], targets: [{{availability: {promise}}}]}}",
        ),
    )


def circle(*, closed: bool, promise: str = "99.9%") -> Portfolio:
    """`s` needs `t`; `t` needs `b`, and, if `closed`, `s` again."""
    return written(
        services=(
            "{id: s, provider: us, workflow: t}",
            f"{{id: t, provider: us, workflow: {'[b, s]' if closed else '[b]'}}}",
            "{id: b, provider: them}",
        ),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 99%}]}",
            f"{{id: uc, provider: them, customer: us, covers: [b], targets: [{{availability: {promise}}}]}}",
        ),
    )


def two_promises(first: str, second: str, *, target: str = "99%") -> Portfolio:
    """Two contracts on one use."""
    return delivered(
        "a",
        f"availability: {target}",
        a=f"availability: {first}",
        agreements=(
            f"{{id: uc-more, provider: p-a, customer: us, covers: [a], ref: 'UC §7', targets: [{{availability: {second}}}]}}",
        ),
    )


def with_trait(zones: int, *, promise: str = "99.9%") -> Portfolio:
    """A promise that holds from two zones on."""
    return written(
        services=(
            "{id: s, provider: us, workflow: a}",
            f"{{id: a, provider: them, traits: {{zones: {zones}}}}}",
        ),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 99%}]}",
            f"{{id: uc, provider: them, customer: us, covers: [a], targets: [{{availability: {promise}, when: {{zones: '>=2'}}}}]}}",
        ),
    )


def demanded(asked: str, promised: str) -> Portfolio:
    """`s` is asked for so often, and may call `a` so often."""
    return written(
        services=(f"{{id: s, provider: us, workflow: a, demand: {asked}}}", "{id: a, provider: them}"),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], targets: [{throughput: 1/s}]}",
            f"{{id: uc, provider: them, customer: us, covers: [a], ref: 'UC §3', targets: [{{throughput: {promised}}}]}}",
        ),
    )


def credited(*, measured: str = "", target: str = "99%") -> Portfolio:
    """An SLA that pays credits."""
    return one(
        f"availability: {target}{measured}",
        "availability: 99.99%",
        terms="credits: [{metric: availability, fee: 100, tiers: [{below: 99%, credit: 10%}]}]",
    )


def third_party(*, excludes: bool, promise: str = "99.9%") -> Portfolio:
    """A supplier that may not answer for what others cause."""
    exclusion = "; exclusions: [{name: others, cause: third_party}]" if excludes else ""
    return one("availability: 99%", f"availability: {promise}{exclusion}")


def redundant_behind(step: str, *, promise: str = "99.9%") -> Portfolio:
    """`s` needs `a` beside a redundant pair."""
    promises = dict.fromkeys(("a", "b", "d"), f"availability: {promise}")
    return delivered(f"[{step}, {{any_of: [b, d]}}]", "availability: 99%", **promises)


def with_unstated_own_part(own: str | None, *, promise: str = "99.99%") -> Portfolio:
    """`s` beside its workflow."""
    return one("availability: 99%", f"availability: {promise}", **({"own": own} if own else {}))


def used_or_not(workflow: str, *, promise: str = "99.9%") -> Portfolio:
    """Two contracts; the workflow may use one or both."""
    return delivered(workflow, "availability: 99%", a="availability: 99.9%", b=f"availability: {promise}")


CASES = (
    Case(
        code="TARGET_INFEASIBLE",
        severity=ERROR,
        clause="UC a §1",
        shows=one("availability: 99.9%", "availability: 99%"),
        renumbered=one("availability: 99.99%", "availability: 98%"),
        nearest=one("availability: 99%", "availability: 99%"),
    ),
    Case(
        code="TARGET_UNSUPPORTED",
        severity=ERROR,
        clause="UC b §1",
        shows=delivered("[a, b]", "availability: 98.5%", a="availability: 99.2%", b="availability: 98.9%"),
        renumbered=delivered(
            "[a, b]", "availability: 97.5%", a="availability: 98.2%", b="availability: 97.9%"
        ),
        nearest=delivered("[a, b]", "availability: 98.1%", a="availability: 99.2%", b="availability: 98.9%"),
    ),
    Case(
        code="TARGET_UNKNOWN",
        severity=ERROR,
        shows=delivered("a", "availability: 99%", services=("{id: a, provider: them}",)),
        renumbered=delivered("a", "availability: 98%", services=("{id: a, provider: them}",)),
        nearest=one("availability: 99%", "availability: 99%"),
    ),
    Case(
        code="TARGET_CONDITIONAL",
        clause="UC b §1",
        shows=delivered("[a, b]", "availability: 98.009%", a="availability: 99.1%", b="availability: 98.9%"),
        renumbered=delivered(
            "[a, b]", "availability: 96.03%", a="availability: 98.1%", b="availability: 97.9%"
        ),
        nearest=delivered("[a, b]", "availability: 98%", a="availability: 99.1%", b="availability: 98.9%"),
    ),
    Case(
        code="OVERSUBSCRIBED",
        severity=ERROR,
        subject_type=SERVICE,
        subject="a",
        service="a",
        metric="throughput",
        clause="UC §3",
        shows=demanded("180/s", "100/s"),
        renumbered=demanded("170/s", "90/s"),
        nearest=demanded("100/s", "100/s"),
    ),
    Case(
        code="NO_AGREEMENT",
        subject_type=SERVICE,
        subject="a",
        service="a",
        metric=None,
        shows=delivered("a", "availability: 99%", services=("{id: a, provider: them}",)),
        renumbered=delivered("a", "availability: 98%", services=("{id: a, provider: them}",)),
        nearest=one("availability: 99%", "availability: 99%"),
    ),
    Case(
        code="METRIC_GAP",
        shows=one("availability: 99%", "latency: 1 s"),
        renumbered=one("availability: 98%", "latency: 2 s"),
        nearest=one("availability: 99%", "availability: 99%"),
    ),
    Case(
        code="INCOMMENSURABLE",
        metric="success_rate",
        shows=one("success_rate: 99%", "success_rate: 99.9%; window: year", terms="window: month"),
        renumbered=one("success_rate: 98%", "success_rate: 99.8%; window: year", terms="window: month"),
        nearest=one("success_rate: 99%", "success_rate: 99.9%; window: month", terms="window: month"),
    ),
    Case(
        code="CONDITION_UNMET",
        shows=with_trait(1),
        renumbered=with_trait(1, promise="99.8%"),
        nearest=with_trait(2),
    ),
    Case(
        code="HOLLOW_PROMISE",
        clause="OLA §2",
        shows=hollow(on_paper="99.95%", below="99%"),
        renumbered=hollow(on_paper="99.93%", below="98%"),
        nearest=hollow(on_paper="99.95%", below="99.9%"),
    ),
    Case(
        code="UNDER_CONTRACTED",
        severity=INFO,
        shows=hollow(on_paper="99%", below="99.95%"),
        renumbered=hollow(on_paper="98%", below="99.93%"),
        nearest=hollow(on_paper="99.9%", below="99.95%"),
    ),
    Case(
        code="NOT_BACK_TO_BACK",
        clause="UC a §1",
        shows=one("availability: 99.9%", "availability: 99.8%"),
        renumbered=one("availability: 99.8%", "availability: 99.7%"),
        nearest=one("availability: 99.9%", "availability: 99.9%"),
    ),
    Case(
        code="THIN_MARGIN",
        shows=one("availability: 99.9%", "availability: 99.905%"),
        renumbered=one("availability: 99.8%", "availability: 99.81%"),
        nearest=one("availability: 99.9%", "availability: 99.91%"),  # exactly 90 % of the budget
    ),
    Case(
        code="WINDOW_MISMATCH",
        clause="UC a §1",
        shows=one("availability: 99.9%", "availability: 99.95%; window: year", terms="window: month"),
        renumbered=one("availability: 99.8%", "availability: 99.85%; window: year", terms="window: month"),
        nearest=one("availability: 99.9%", "availability: 99.95%; window: week", terms="window: week"),
    ),
    Case(
        code="HOURS_GAP",
        clause="UC a §1",
        shows=one("availability: 99%", "availability: 99.9%; hours: office"),
        renumbered=one("availability: 98%", "availability: 99.8%; hours: office"),
        nearest=one("availability: 99%", "availability: 99.9%; hours: office", terms="hours: office"),
    ),
    Case(
        code="EXCLUSION_GAP",
        clause="UC a §1",
        shows=one(
            "availability: 99%",
            "availability: 99.9%; window: month, exclusions: [{name: m, at_most: 20 h, per: month}]",
            terms="window: month",
        ),
        renumbered=one(
            "availability: 98.9%",
            "availability: 99.8%; window: month, exclusions: [{name: m, at_most: 20 h, per: month}]",
            terms="window: month",
        ),
        nearest=one(
            "availability: 99%",
            "availability: 99.9%; window: month, exclusions: [{name: m, at_most: 20 h, per: month}]",
            terms="window: month, exclusions: [{name: m, at_most: 20 h, per: month}]",
        ),
    ),
    Case(
        code="POPULATION_MISMATCH",
        clause="UC a §1",
        metric="resolution_time",
        shows=one(
            "resolution_time: 8 h, for: 90%, priority: {name: P1, share: 5%}",
            "resolution_time: 8 h, for: 98%",
        ),
        renumbered=one(
            "resolution_time: 9 h, for: 90%, priority: {name: P1, share: 4%}",
            "resolution_time: 9 h, for: 97%",
        ),
        nearest=one(
            "resolution_time: 8 h, for: 90%, priority: {name: P1, share: 20%}",
            "resolution_time: 8 h, for: 98%",
        ),
    ),
    Case(
        code="CLOCK_MISMATCH",
        clause="UC a §1",
        metric="resolution_time",
        shows=one("resolution_time: 8 h, for: 90%", "resolution_time: 4 h, for: 95%, clock: office"),
        renumbered=one("resolution_time: 9 h, for: 90%", "resolution_time: 5 h, for: 95%, clock: office"),
        nearest=one("resolution_time: 8 h, for: 90%, clock: office", "resolution_time: 4 h, for: 95%"),
    ),
    Case(
        code="IMPLAUSIBLE_TARGET",
        subject="uc-a",
        service=None,
        clause="UC a §1",
        shows=one("availability: 99%", "availability: 100%"),
        renumbered=one("availability: 98%", "availability: 100%"),
        nearest=one("availability: 99%", "availability: 100%, assume: 99.95%"),
    ),
    Case(
        code="THIRD_PARTY_EXCLUDED",
        subject="uc-a",
        service=None,
        clause="UC a §1",
        shows=third_party(excludes=True),
        renumbered=third_party(excludes=True, promise="99.8%"),
        nearest=third_party(excludes=False),
    ),
    Case(
        code="FALSE_REDUNDANCY",
        subject_type=SERVICE,
        subject="s",
        metric=None,
        shows=branches(),
        renumbered=branches(promise="98%"),
        nearest=branches(provider_of_b="others"),
    ),
    Case(
        code="CYCLE",
        subject_type=SERVICE,
        subject="s",
        service=None,
        metric=None,
        shows=circle(closed=True),
        renumbered=circle(closed=True, promise="99.8%"),
        nearest=circle(closed=False),
    ),
    Case(
        code="AMBIGUOUS_PROMISE",
        subject_type=SERVICE,
        subject="a",
        service="a",
        clause="UC §7",
        shows=two_promises("99.9%", "99.8%"),
        renumbered=two_promises("99.7%", "99.6%"),
        nearest=two_promises("99.9%", "99.9%"),
    ),
    Case(
        code="KIND_MISMATCH",
        subject="uc",
        service=None,
        metric=None,
        clause="UC §9",
        shows=one_called("99%", kind="OLA"),
        renumbered=one_called("98%", kind="OLA", promise="99.8%"),
        nearest=one_called("99%", kind="UC"),
    ),
    Case(
        code="SINGLE_POINT_OF_FAILURE",
        severity=INFO,
        subject_type=SERVICE,
        subject="a",
        service="a",
        metric=None,
        shows=redundant_behind("a"),
        renumbered=redundant_behind("a", promise="99.8%"),
        nearest=redundant_behind("{step: a, optional: true}"),
    ),
    Case(
        code="ORPHAN_AGREEMENT",
        severity=INFO,
        subject="uc-b",
        service=None,
        metric=None,
        clause="UC b §1",
        shows=used_or_not("a"),
        renumbered=used_or_not("a", promise="99.8%"),
        nearest=used_or_not("[a, b]"),
    ),
    Case(
        code="OVERPROVISIONED",
        severity=INFO,
        subject="uc-b",
        service=None,
        clause="UC b §1",
        shows=delivered("[a, b]", "availability: 99%", a="availability: 99.4%", b="availability: 99.99%"),
        renumbered=delivered(
            "[a, b]", "availability: 98%", a="availability: 99.1%", b="availability: 99.98%"
        ),
        # 0.0001 * 3 over the room of 0.01 - 0.0098 left by the other: it matters.
        nearest=delivered("[a, b]", "availability: 99%", a="availability: 99.02%", b="availability: 99.99%"),
    ),
    Case(
        code="UNMEASURED",
        severity=INFO,
        service=None,
        clause="SLA §1",
        shows=credited(),
        renumbered=credited(target="98%"),
        nearest=credited(measured=", measured_at: edge proxy"),
    ),
    Case(
        code="OWN_PART_UNSTATED",
        severity=INFO,
        subject_type=SERVICE,
        subject="s",
        shows=with_unstated_own_part(None),
        renumbered=with_unstated_own_part(None, promise="99.98%"),
        nearest=with_unstated_own_part("[{availability: 99.99%}]"),
    ),
)
