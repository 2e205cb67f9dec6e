"""What single losses take down, against losing each and watching the rest fall."""

import json
from dataclasses import replace
from random import Random

import pytest

from olagraph.analysis.losses import Loss, Losses, LossKind
from olagraph.documents import load_text
from olagraph.graph import PortfolioGraph
from olagraph.metrics.bit_sets import at_least
from olagraph.model.entities import Portfolio, Service
from olagraph.model.workflow import KOfN, Step
from tests.oracle.portfolios import portfolio


def drawn(seed: int, *, circles: bool) -> PortfolioGraph:
    """A random portfolio in which services lie in regions and zones."""
    random = Random(seed)
    stated = load_text(json.dumps(portfolio(random)), "drawn.json")
    places = [None, None, "north", "south"]
    services = [
        replace(service, region=random.choice(places), zone=random.choice([None, None, "1a", "1b"]))
        for service in stated.services
    ]
    if circles:
        last = services[-1]
        if last.workflow is None:
            services[-1] = replace(last, workflow=Step(of=services[0].id))
    providers = tuple(replace(p, region=random.choice(places)) for p in stated.providers)
    return PortfolioGraph(replace(stated, services=tuple(services), providers=providers))


def taken_down(graph: PortfolioGraph, loss: Loss) -> set[str]:
    """The services that are down after one loss: rounds from "nothing is down"."""
    down: set[str] = set()
    changed = True
    while changed:
        changed = False
        for service in graph.portfolio.services:
            lost = _hit(graph, service, loss) or any(
                expression is not None and _down(expression, down)
                for expression in (service.workflow, service.requires)
            )
            if lost and service.id not in down:
                down.add(service.id)
                changed = True
    return down


def _hit(graph: PortfolioGraph, service: Service, loss: Loss) -> bool:
    owners = graph.owners(service.provider)
    match loss.kind:
        case LossKind.COMPONENT:
            is_component = bool(service.own) or (service.workflow is None and service.requires is None)
            return is_component and service.id == loss.id
        case LossKind.PROVIDER:
            return loss.id == service.provider
        case LossKind.OWNER:
            owns = any(p.parent == loss.id for p in graph.portfolio.providers)
            return loss.id in owners or (owns and loss.id == service.provider)
        case LossKind.REGION:
            return loss.id == (service.region or graph.providers[service.provider].region)
        case LossKind.ZONE:
            return loss.id == service.zone


def _down(step: Step, down: set[str]) -> bool:
    if step.optional:
        return False
    if isinstance(step.of, str):
        return step.of in down
    needed = [inner for inner in step.of.steps if not inner.optional]
    lost = sum(_down(inner, down) for inner in needed)
    if isinstance(step.of, KOfN):
        return len(needed) - lost < min(step.of.k, len(needed))
    return lost > 0


def every_loss(stated: Portfolio) -> list[Loss]:
    return [
        *(Loss(LossKind.COMPONENT, s.id) for s in stated.services),
        *(Loss(LossKind.PROVIDER, p.id) for p in stated.providers),
        *(Loss(LossKind.OWNER, p.id) for p in stated.providers),
        *(Loss(LossKind.REGION, r) for r in ("north", "south")),
        *(Loss(LossKind.ZONE, z) for z in ("1a", "1b")),
    ]


@pytest.mark.parametrize("circles", [False, True])
def test_every_loss_takes_down_what_brute_force_says(circles: bool) -> None:
    for seed in range(150):
        graph = drawn(seed, circles=circles)
        losses = Losses(graph)
        found = {s: set(losses.members(losses.of_service(s))) for s in graph.services}
        for loss in every_loss(graph.portfolio):
            expected = taken_down(graph, loss)
            assert {s for s, taken in found.items() if loss in taken} == expected, (seed, loss)


def test_a_group_is_lost_where_fewer_branches_than_it_needs_are_left() -> None:
    asked = 0
    for seed in range(150):
        graph = drawn(seed, circles=False)
        losses = Losses(graph)
        for group in _groups(graph.portfolio):
            asked += 1
            down = {loss: taken_down(graph, loss) for loss in every_loss(graph.portfolio)}
            lost = {loss: sum(_down(step, taken) for step in group.steps) for loss, taken in down.items()}
            enough = len(group.steps) - group.k + 1
            expected = {_named(loss, lost) for loss, branches in lost.items() if branches >= enough}
            assert set(losses.of_group(group)) == expected, seed
    assert asked > 50


def _named(loss: Loss, lost: dict[Loss, int]) -> Loss:
    """An owner that provides a branch itself is lost as a provider."""
    provider = Loss(LossKind.PROVIDER, loss.id)
    return provider if loss.kind is LossKind.OWNER and lost[provider] else loss


def _groups(stated: Portfolio) -> list[KOfN]:
    """The redundant groups at the top of an expression or one level below."""
    found = []
    for service in stated.services:
        for expression in (service.workflow, service.requires):
            pending = [expression] if expression is not None else []
            while pending:
                step = pending.pop()
                if not isinstance(step.of, str):
                    if isinstance(step.of, KOfN) and not any(inner.optional for inner in step.of.steps):
                        found.append(step.of)
                    pending.extend(step.of.steps)
    return found


def test_components_are_one_bit_each() -> None:
    graph = drawn(3, circles=False)
    losses = Losses(graph)
    components = list(losses.members(losses.components()))
    assert {loss.kind for loss in components} == {LossKind.COMPONENT}
    assert sum(losses.bit_of(loss) for loss in components) == losses.components()


def test_at_least_k_of_some_sets_is_counted_bit_by_bit() -> None:
    random = Random(0)
    for _ in range(200):
        sets = [random.getrandbits(8) for _ in range(random.randint(1, 6))]
        for k in range(1, 8):
            expected = sum(1 << bit for bit in range(8) if sum(s >> bit & 1 for s in sets) >= k)
            assert at_least(sets, k) == expected


def test_a_chain_of_ten_thousand_services_is_lost_with_its_end() -> None:
    many = 10_000
    rows = [{"id": f"s{i}", "provider": "p", "workflow": f"s{i + 1}"} for i in range(many)]
    rows.append({"id": f"s{many}", "provider": "p"})
    text = json.dumps({"olagraph": 1, "providers": [{"id": "p", "kind": "internal"}], "services": rows})
    losses = Losses(PortfolioGraph(load_text(text, "chain.json")))
    assert Loss(LossKind.COMPONENT, f"s{many}") in losses.members(losses.of_service("s0"))
