"""The states of services in an outage, against every further failure tried by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from olagraph.analysis.outage.impact import outage
from olagraph.analysis.outage.results import Failed, Outage, ServiceState
from olagraph.model.entities import Agreement, Covers, Portfolio, Provider, ProviderKind, Service
from olagraph.model.workflow import Branch, Choice, Pattern, Repeat, Step, uses
from tests.analysis.outage.by_hand import NAMES, Structure, portfolios

START = datetime(2026, 12, 1, 9, tzinfo=UTC)


def listed(found: Outage, state: ServiceState) -> set[str]:
    return {name for name, impact in found.services.items() if impact.state is state}


@settings(deadline=None, max_examples=50)
@given(
    portfolio=portfolios(),
    failed=st.frozensets(st.sampled_from(list(NAMES)), min_size=1, max_size=3),
    lasting=st.sampled_from([None, 1, 2, 3]),
)
def test_states_are_those_of_the_text(
    portfolio: Portfolio, failed: frozenset[str], lasting: int | None
) -> None:
    by_hand = Structure(portfolio, lasting)
    found = outage(
        portfolio,
        failed=Failed(services=tuple(failed)),
        from_=START,
        for_=None if lasting is None else timedelta(hours=lasting),
    )
    assert listed(found, ServiceState.DOWN) == by_hand.down(failed)
    at_risk = by_hand.at_risk(failed)
    assert listed(found, ServiceState.AT_RISK) == at_risk
    assert listed(found, ServiceState.DEGRADED) == by_hand.degraded(failed) - at_risk


@settings(deadline=None, max_examples=25)
@given(portfolio=portfolios(), failed=st.frozensets(st.sampled_from(list(NAMES)), min_size=1, max_size=3))
def test_a_path_leads_over_uses_to_something_that_failed(
    portfolio: Portfolio, failed: frozenset[str]
) -> None:
    found = outage(portfolio, failed=Failed(services=tuple(failed)), from_=START)
    used = Structure(portfolio, None)
    for name, impact in found.services.items():
        path = found.path(name)
        assert path[0] == name
        assert path[-1] in failed
        assert len(set(path)) == len(path)
        for user, next_ in pairwise(path):
            assert next_ in mentioned(used.services[user])
        if impact.state is ServiceState.DOWN:
            assert all(found.services[each].state is ServiceState.DOWN for each in path)


@settings(deadline=None, max_examples=25)
@given(portfolio=portfolios())
def test_a_use_that_fails_is_a_use_of_something_that_failed(portfolio: Portfolio) -> None:
    """`f` is delivered under two agreements; where the one with `p` fails, it is as if `p` used an `f` of its own."""
    services = [replace(s, provider="r") if s.id == "f" else s for s in portfolio.services]
    providers = (*portfolio.providers, Provider(id="r", kind=ProviderKind.EXTERNAL))
    agreements = tuple(
        Agreement(id=f"uc-{user}", provider="r", customers=(user,), covers=Covers(services=("f",)))
        for user in ("p", "q")
    )
    portfolio = replace(portfolio, services=tuple(services), providers=providers, agreements=agreements)
    found = outage(portfolio, failed=Failed(agreements=("uc-p",)), from_=START)
    with_own = [
        replace(s, workflow=renamed(s.workflow), requires=renamed(s.requires)) if s.provider == "p" else s
        for s in services
    ]
    own = Service(id="own f", provider="r", requires=Step(of="f"))
    by_hand = Structure(replace(portfolio, services=(*with_own, own)), None)
    failed = frozenset({"own f"})
    others = set(NAMES) - {"f"}
    assert listed(found, ServiceState.DOWN) - {"f"} == by_hand.down(failed) & others
    at_risk = by_hand.at_risk(failed)
    assert listed(found, ServiceState.AT_RISK) - {"f"} == at_risk & others
    assert listed(found, ServiceState.DEGRADED) - {"f"} == (by_hand.degraded(failed) - at_risk) & others
    assert "f" in found.services


def renamed(step: Step | None) -> Step | None:
    """The expression with every use of `f` made a use of `own f`."""
    if step is None:
        return None
    if isinstance(step.of, str):
        return replace(step, of="own f") if step.of == "f" else step
    return replace(step, of=_renamed(step.of))


def _renamed(pattern: Pattern) -> Pattern:
    steps = tuple(each for each in map(renamed, pattern.steps) if each is not None)
    match pattern:
        case Choice():
            return Choice(tuple(Branch(step=step) for step in steps))
        case Repeat():
            return replace(pattern, step=steps[0])
        case _:
            return replace(pattern, steps=steps)


def mentioned(service: Service) -> set[str]:
    return {
        str(step.of) for e in (service.workflow, service.requires) if e is not None for step, _ in uses(e)
    }
