"""Could this be promised? (`olagraph check`)"""

from decimal import Decimal

import pytest

from olagraph.analysis.check import check
from olagraph.analysis.names import UnknownName
from olagraph.analysis.results import Answer, Basis, Feasibility, PartKind, View
from olagraph.analysis.settings import Settings
from olagraph.documents.spelled_target import spelled_target
from olagraph.metrics.table import metric_table
from olagraph.model.entities import Portfolio, Target
from olagraph.model.quantity import Quantity
from tests.analysis.small import DAY, delivered, ends, number, the, written

PAIR = {"a": "availability: 99.9%", "b": "availability: 99.9%"}


def asked(portfolio: Portfolio, target: str, *, service: str = "s") -> Feasibility:
    spelled = spelled_target(target, metric_table(portfolio), calendars=("office",))
    return check(portfolio, Settings(as_of=DAY), service=service, target=spelled)


def unpromised(workflow: str = "[a, b]", **promises: str) -> Portfolio:
    """A service that nobody has promised to anybody yet."""
    stated = delivered(
        workflow, "availability: 1%", terms="status: draft, to: 2000-01-01", **(promises or PAIR)
    )
    assert stated.agreements[0].id == "sla"
    return stated


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        ("availability 99.8%", Answer.YES),
        ("availability 99.8001%", Answer.IF_INDEPENDENT),
        ("availability 99.85%", Answer.NO),
        ("availability 99.95%", Answer.NO),
        ("success_rate 99%", Answer.UNKNOWN),
        ("unavailability 0.2%", Answer.YES),
    ],
)
def test_a_target_can_be_promised_or_not_or_only_if_failures_are_independent(target, answer) -> None:
    assert asked(unpromised(), target).answer is answer


def test_the_best_target_on_a_basis_can_be_promised_and_a_better_one_cannot() -> None:
    best = asked(unpromised(), "availability 99.95%").best
    assert set(best) == set(View)
    contracted = best[View.CONTRACTED]
    assert [number(contracted[basis]) for basis in Basis] == pytest.approx([0.998, 0.998001, 0.999])
    assert asked(unpromised(), "availability 99.8%").answer is Answer.YES
    assert asked(unpromised(), "availability 99.80000001%").answer is not Answer.YES


def test_the_best_time_is_the_one_that_reaches_the_fraction() -> None:
    portfolio = unpromised("[a, b]", a="latency: 1 s, for: 99%", b="latency: 2 s, for: 99%")
    feasible = asked(portfolio, "latency 10 s for 98%")
    assert feasible.answer is Answer.YES
    assert number(feasible.best[View.CONTRACTED][Basis.GUARANTEED]) == 3.0
    assert asked(portfolio, "latency 3 s for 98%").answer is Answer.YES
    assert asked(portfolio, "latency 2900 ms for 98%").answer is Answer.NO


def test_what_blocks_a_target_is_the_part_that_costs_most() -> None:
    feasible = asked(unpromised(a="availability: 99.9%", b="availability: 98%"), "availability 99.5%")
    assert feasible.blocking is not None
    assert (feasible.blocking.kind, feasible.blocking.id) == (PartKind.AGREEMENT, "uc-b")
    assert asked(unpromised(), "availability 99%").blocking is None


def test_what_is_missing_blocks_a_target_that_cannot_be_judged() -> None:
    portfolio = delivered(
        "[a, x]", "availability: 1%", services=("{id: x, provider: others}",), a="availability: 99.9%"
    )
    feasible = asked(portfolio, "availability 99%")
    assert feasible.answer is Answer.UNKNOWN
    assert feasible.blocking is not None
    assert (feasible.blocking.kind, feasible.blocking.id) == (PartKind.MISSING, "x")
    assert ends(feasible.best[View.CONTRACTED][Basis.GUARANTEED]) == (0.0, 0.999)


def test_no_agreement_on_the_service_is_needed_and_none_proves_the_target() -> None:
    portfolio = written(services=("{id: s, provider: us}",))
    assert asked(portfolio, "availability 99%").answer is Answer.UNKNOWN


def test_a_proposal_is_judged_as_the_sla_would_be() -> None:
    for target in ("99.8%", "99.8001%", "99.9%", "99.95%"):
        promised = the(delivered("[a, b]", f"availability: {target}", **PAIR))
        proposed = asked(unpromised(), f"availability {target}").assessment
        assert (proposed.verdict, proposed.contracted, proposed.achievable, proposed.gap) == (
            promised.verdict,
            promised.contracted,
            promised.achievable,
            promised.gap,
        )


def test_a_proposal_has_terms_of_its_own() -> None:
    portfolio = unpromised("a", a="availability: 99.9%; window: year")
    assert asked(portfolio, "availability 99.9% window year").answer is Answer.YES
    assert asked(portfolio, "availability 99.9% window month").answer is Answer.NO
    assert asked(portfolio, "availability 98% window month").answer is Answer.YES


def test_an_unknown_service_or_metric_gets_the_nearest_ones() -> None:
    portfolio = unpromised()
    with pytest.raises(UnknownName, match="no service 'zzz'"):
        asked(portfolio, "availability 99%", service="zzz")
    target = Target(metric="availabilty", value=Quantity.ratio(Decimal("0.99")))
    with pytest.raises(UnknownName, match="did you mean availability"):
        check(portfolio, Settings(as_of=DAY), service="s", target=target)
