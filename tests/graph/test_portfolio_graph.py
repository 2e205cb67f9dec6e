"""The portfolio as a graph: look-ups, nearness, walks, paths, circles."""

from collections.abc import Container
from datetime import date
from itertools import pairwise
from random import Random

import networkx
import pytest

from olagraph.graph import VIA, PortfolioGraph
from olagraph.model.entities import AgreementKind
from tests.analysis.small import DAY, written


def graph(**rows) -> PortfolioGraph:
    return PortfolioGraph(written(**rows))


def tangled(seed: int, *, size: int = 9, circles: bool = True) -> PortfolioGraph:
    """Services that use each other at random."""
    random = Random(seed)
    names = [f"s{i}" for i in range(size)]
    rows = []
    for i, name in enumerate(names):
        choice = names if circles else names[i + 1 :]
        used = random.sample(choice, min(len(choice), random.choice((0, 0, 1, 2, 3))))
        halves = used[: len(used) // 2], used[len(used) // 2 :]
        keys = [
            f"{key}: [{', '.join(part)}]"
            for key, part in zip(("workflow", "requires"), halves, strict=True)
            if part
        ]
        rows.append(f"{{{', '.join((f'id: {name}', 'provider: us', *keys))}}}")
    return graph(services=rows)


def edges(of: PortfolioGraph, via: Container[str] = VIA) -> networkx.DiGraph:
    known = networkx.DiGraph(
        (use.user, use.used) for service in of.services for use in of.uses(service) if use.via in via
    )
    known.add_nodes_from(of.services)
    return known


def beyond(known: networkx.DiGraph, service: str) -> set[str]:
    """What is reached in at least one step."""
    return {end for start in known[service] for end in (start, *networkx.descendants(known, start))}


@pytest.mark.parametrize("seed", range(40))
def test_upstream_and_downstream_are_what_is_reached_in_at_least_one_step(seed: int) -> None:
    tangle = tangled(seed)
    known = edges(tangle)
    for service in tangle.services:
        assert tangle.upstream(service) == beyond(known, service)
        assert tangle.downstream(service) == beyond(known.reverse(), service)


@pytest.mark.parametrize("via", [["workflow"], ["requires"], []])
@pytest.mark.parametrize("seed", range(10))
def test_upstream_and_downstream_follow_the_uses_that_they_are_to_follow(seed: int, via: list[str]) -> None:
    tangle = tangled(seed)
    known = edges(tangle, via)
    for service in tangle.services:
        assert tangle.upstream(service, via=via) == beyond(known, service)
        assert tangle.downstream(service, via=via) == beyond(known.reverse(), service)


@pytest.mark.parametrize("seed", range(40))
def test_a_path_is_a_shortest_one_or_empty(seed: int) -> None:
    tangle = tangled(seed)
    known = edges(tangle)
    for user in tangle.services:
        for used in tangle.services:
            path = tangle.path(user=user, used=used)
            if not networkx.has_path(known, user, used):
                assert path == ()
                continue
            assert (path[0], path[-1]) == (user, used)
            assert len(path) == networkx.shortest_path_length(known, user, used) + 1
            assert all(known.has_edge(*pair) for pair in pairwise(path))


@pytest.mark.parametrize("seed", range(40))
def test_cycles_are_the_groups_of_services_that_use_each_other(seed: int) -> None:
    tangle = tangled(seed)
    known = edges(tangle)
    groups = networkx.strongly_connected_components(known)
    expected = sorted(tuple(sorted(g)) for g in groups if len(g) > 1 or known.has_edge(*2 * tuple(g)))
    assert tangle.cycles() == tuple(expected)


@pytest.mark.parametrize("seed", range(20))
def test_services_come_after_those_that_they_use(seed: int) -> None:
    tangle = tangled(seed, circles=False)
    order = tangle.used_first()
    assert sorted(order) == sorted(tangle.services)
    for service in tangle.services:
        assert all(order.index(use.used) < order.index(service) for use in tangle.uses(service))
    assert sorted(tangled(seed).used_first()) == sorted(tangle.services)


def test_a_path_longer_than_anybody_reads_is_none() -> None:
    rows = [f"{{id: s{i}, provider: us, workflow: s{i + 1}}}" for i in range(70)] + [
        "{id: s70, provider: us}"
    ]
    chain = graph(services=rows)
    assert chain.path(user="s0", used="s70") == ()
    assert len(chain.path(user="s10", used="s70")) == 61
    assert len(chain.path(user="s0", used="s70", longest=70)) == 71
    assert len(chain.upstream("s0")) == 70


def test_a_use_is_optional_only_if_every_occurrence_is() -> None:
    nested = graph(
        services=(
            "{id: s, provider: us, workflow: [a, {step: {sequence: [b, a]}, optional: true}], requires: [b]}",
            "{id: a, provider: us}",
            "{id: b, provider: us}",
        )
    )
    uses = {(use.used, use.via): use.optional for use in nested.uses("s")}
    assert uses == {("a", "workflow"): False, ("b", "workflow"): True, ("b", "requires"): False}
    assert [use.user for use in nested.used_by("b")] == ["s", "s"]


def test_the_kind_of_an_agreement_is_stated_or_follows_from_its_parties() -> None:
    rows = graph(
        services=("{id: a, provider: us}", "{id: b, provider: them}"),
        agreements=(
            "{id: to-customer, provider: us, customer: c, covers: [a], targets: []}",
            "{id: to-team, provider: us, customer: team, covers: [a], targets: []}",
            "{id: from-supplier, provider: them, customer: us, covers: [b], targets: []}",
            "{id: terms, provider: them, covers: [b], targets: []}",
            "{id: called, kind: SLA, provider: them, customer: us, covers: [b], targets: []}",
        ),
        customers=("{id: c}", "{id: us}"),
    )
    kinds = {name: rows.kind_of(agreement) for name, agreement in rows.agreements.items()}
    assert kinds["to-customer"] is AgreementKind.SLA
    assert kinds["to-team"] is AgreementKind.OLA
    assert kinds["terms"] is AgreementKind.UC
    assert kinds["called"] is AgreementKind.SLA


def test_owners_are_listed_nearest_first() -> None:
    rows = graph(
        services=("{id: a, provider: us}",),
        providers=(
            "{id: us, kind: internal, parent: division}",
            "{id: division, kind: internal, parent: concern}",
            "{id: concern, kind: internal}",
        ),
    )
    assert rows.owners("us") == ("division", "concern")
    assert rows.owners("concern") == ()


def test_candidates_come_level_by_level_and_only_those_that_may_back() -> None:
    rows = graph(
        services=("{id: a, provider: them}",),
        providers=("{id: us, kind: internal, parent: division}", "{id: division, kind: internal}"),
        agreements=(
            "{id: terms, provider: them, covers: all, targets: []}",
            "{id: ours, provider: them, customer: us, covers: [a], targets: []}",
            "{id: both, provider: others, customer: [us, division], covers: [a], targets: []}",
            "{id: owner, provider: them, customer: division, covers: [a], targets: []}",
            "{id: draft, provider: them, customer: us, covers: [a], status: draft, targets: []}",
            "{id: past, provider: them, customer: us, covers: [a], to: 2026-11-22, targets: []}",
            "{id: other, provider: them, customer: team, covers: [a], targets: []}",
            "{id: self, provider: us, customer: us, covers: [a], targets: []}",
        ),
    )
    levels = [[a.id for a in level] for level in rows.candidates(user="us", service="a", day=DAY)]
    assert [sorted(level) for level in levels] == [["both", "ours"], ["both", "owner"], ["terms"]]
    earlier = [a.id for a in next(rows.candidates(user="us", service="a", day=date(2026, 11, 22)))]
    assert "past" in earlier
    assert list(rows.candidates(user="them", service="a", day=DAY)) == []  # nobody contracts with oneself


def test_users_are_those_who_use_or_resell() -> None:
    rows = graph(
        services=(
            "{id: s, provider: us, workflow: a}",
            "{id: t, provider: team, requires: [a]}",
            "{id: a, provider: them}",
        ),
        agreements=("{id: resale, provider: others, customer: c, covers: [a], targets: []}",),
    )
    assert rows.users("a", day=DAY) == ("us", "team", "others")
    assert rows.users("s", day=DAY) == ()


def test_things_are_called_by_their_names_where_they_have_one() -> None:
    rows = graph(
        services=("{id: a, provider: us, name: The thing}", "{id: b, provider: us}"),
        providers=("{id: us, kind: internal, name: Our IT}",),
        customers=("{id: c, name: Retail}",),
    )
    names = [
        rows.service_name("a"),
        rows.service_name("b"),
        rows.party_name("us"),
        rows.party_name("c"),
        rows.party_name("them"),
    ]
    assert names == ["The thing", "b", "Our IT", "Retail", "them"]
