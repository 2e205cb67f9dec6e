"""GraphML as other tools read it."""

import io
from pathlib import Path

import networkx
import pytest
from hypothesis import HealthCheck, given, settings

from olagraph.documents import load, load_text
from olagraph.documents.foreign import write_graphml
from olagraph.graph import PortfolioGraph
from tests.documents.portfolio_strategies import portfolios

FIXTURES = Path(__file__).parents[3] / "fixtures"


def read(text):
    """The graph as networkx reads it; parallel edges are kept apart."""
    return networkx.read_graphml(io.BytesIO(text.encode()), force_multigraph=True)


def edges(graph, label):
    return sorted(
        (source, target) for source, target, data in graph.edges(data=True) if data["label"] == label
    )


@pytest.fixture
def shop():
    return load_text(
        """
olagraph: 1
providers:
  - {id: both, kind: internal, name: A & <B>}
  - {id: q, kind: external, parent: both, x-rank: 2}
customers: [{id: both, name: Retail}, {id: part, parent: both}]
services:
  - {id: a, provider: both, tags: [x, y], criticality: 1, workflow: [b, {step: c, optional: true}], requires: b}
  - {id: b, provider: q, tags: [x]}
  - {id: c, provider: q}
agreements:
  - {id: terms, provider: q, covers: {tags: [x]}, notice: 90 d}
  - {id: a, kind: UC, provider: q, customer: both, inherits: terms, status: draft, renews: true, from: 2026-01-01}
  - {id: b, kind: SLA, provider: both, customer: both, covers: all}
""",
        "shop.yaml",
    )


def test_nodes_carry_what_the_file_says_of_them(shop):
    nodes = dict(read(write_graphml(shop)).nodes(data=True))
    assert nodes["provider:both"] == {
        "type": "Provider", "label": "A & <B>", "id": "both", "name": "A & <B>", "kind": "internal",
    }  # fmt: skip
    assert nodes["provider:q"]["x-rank"] == 2.0
    assert nodes["service:a"] == {
        "type": "Service", "label": "a", "id": "a", "tags": "x; y", "criticality": 1,
    }  # fmt: skip
    assert nodes["agreement:a"] == {
        "type": "Agreement", "label": "a", "id": "a", "kind": "UC", "status": "draft", "renews": True, "from": "2026-01-01",
    }  # fmt: skip
    assert nodes["agreement:terms"]["kind"] == "UC"


def test_edges_are_those_of_the_graph_in_neo4j(shop):
    graph = read(write_graphml(shop))
    assert edges(graph, "PROVIDES") == [
        ("provider:both", "service:a"), ("provider:q", "service:b"), ("provider:q", "service:c"),
    ]  # fmt: skip
    assert edges(graph, "PART_OF") == [("customer:part", "customer:both"), ("provider:q", "provider:both")]
    assert edges(graph, "COMMITS_TO") == [
        ("provider:both", "agreement:b"), ("provider:q", "agreement:a"), ("provider:q", "agreement:terms"),
    ]  # fmt: skip
    assert edges(graph, "PROMISED_TO") == [("agreement:a", "provider:both"), ("agreement:b", "customer:both")]
    assert edges(graph, "COVERS") == [
        ("agreement:a", "service:b"), ("agreement:b", "service:a"), ("agreement:terms", "service:b"),
    ]  # fmt: skip
    assert edges(graph, "INHERITS") == [("agreement:a", "agreement:terms")]
    uses = [
        (target, data["via"], data["optional"]) for _, target, data in graph.edges("service:a", data=True)
    ]
    assert sorted(uses) == [
        ("service:b", "requires", False), ("service:b", "workflow", False), ("service:c", "workflow", True),
    ]  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(portfolios())
def test_any_portfolio_is_a_graph_with_a_node_for_everything(portfolio):
    text = write_graphml(portfolio)
    assert write_graphml(portfolio) == text
    graph = read(text)
    sections = ("providers", "customers", "services", "agreements")
    assert len(graph) == sum(len(getattr(portfolio, section)) for section in sections)
    for service in portfolio.services:
        assert graph.nodes[f"service:{service.id}"]["label"] == (service.name or service.id)


def test_a_fixture_has_every_use_and_every_cover():
    portfolio = load(FIXTURES / "cloud-shop.yaml")
    known, graph = PortfolioGraph(portfolio), read(write_graphml(portfolio))
    uses = [
        (f"service:{s.id}", f"service:{use.used}") for s in portfolio.services for use in known.uses(s.id)
    ]
    covers = [
        (f"agreement:{a.id}", f"service:{covered}")
        for a in known.agreements.values()
        for covered in known.covered_by(a)
    ]
    assert edges(graph, "DEPENDS_ON") == sorted(uses)
    assert edges(graph, "COVERS") == sorted(covers)


def test_an_empty_portfolio_is_an_empty_graph():
    assert len(read(write_graphml(load_text("olagraph: 1\n", "x.yaml")))) == 0


def test_supply_chains_are_edges_and_incidents_are_left_out():
    portfolio = load_text(
        """
olagraph: 1
providers: [{id: p, kind: external}, {id: chips, kind: external}]
services: [{id: a, provider: p, supply_chain: [{provider: chips, rank: 2}]}]
incidents: [{service: a, from: 2026-12-01T09:00Z, to: 2026-12-01T10:00Z}]
""",
        "chain.yaml",
    )
    graph = read(write_graphml(portfolio))
    assert set(graph) == {"provider:p", "provider:chips", "service:a"}
    assert edges(graph, "SUPPLIED_BY") == [("service:a", "provider:chips")]
    assert [data["rank"] for _, _, data in graph.edges(data=True) if "rank" in data] == [2]
