"""A portfolio -> GraphML, for yEd, Gephi, networkx and other tools that draw and measure graphs.

Nodes and edges have the names of the graph in Neo4j: `(:Provider)-[:PROVIDES]->(:Service)` is a node of type Provider
with an edge labelled PROVIDES. Nodes carry what their keys in the portfolio file state in a word, a number or names.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from olagraph.documents.collector import collector_paused
from olagraph.documents.fields import PORTFOLIO
from olagraph.documents.foreign.cells import SEPARATOR
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Agreement, AgreementKind, Portfolio

Value: TypeAlias = str | bool | int | Decimal

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_TYPES = {"providers": "Provider", "customers": "Customer", "services": "Service", "agreements": "Agreement"}
_EDGES = frozenset({"parent", "provider", "customer", "covers", "inherits", "workflow", "requires"})
"""Keys that the edges say."""


class _Node(NamedTuple):
    name: str
    data: Mapping[str, Value]


class _Edge(NamedTuple):
    source: str
    target: str
    data: Mapping[str, Value]


@collector_paused()
def write_graphml(portfolio: Portfolio) -> str:
    """The graph of a portfolio; the same portfolio gives the same text.

    A node's name is its type and id, `service:web-shop`, so that no two are alike. `COVERS` leads to every service that
    an agreement covers, by tags and inheritance too. Incidents are history and left out.
    """
    graph = PortfolioGraph(portfolio)
    nodes, edges = tuple(_nodes(portfolio, graph)), tuple(_edges(graph))
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", f'<graphml xmlns="{_NAMESPACE}">']
    node_keys = _declare(lines, "node", (node.data for node in nodes))
    edge_keys = _declare(lines, "edge", (edge.data for edge in edges))
    lines.append('  <graph id="portfolio" edgedefault="directed">')
    for node in nodes:
        lines += _element(f"<node id={quoteattr(node.name)}>", "</node>", node.data, node_keys)
    for number, edge in enumerate(edges):
        ends = f"source={quoteattr(edge.source)} target={quoteattr(edge.target)}"
        lines += _element(f'<edge id="e{number}" {ends}>', "</edge>", edge.data, edge_keys)
    return "\n".join([*lines, "  </graph>", "</graphml>", ""])


def _nodes(portfolio: Portfolio, graph: PortfolioGraph) -> Iterator[_Node]:
    document = PORTFOLIO.write(portfolio)
    assert isinstance(document, dict)
    for section, type_ in _TYPES.items():
        for record in document.get(section, ()):
            stated = {key: value for key, value in _values(record) if key not in _EDGES}
            if type_ == "Agreement":
                stated["kind"] = str(graph.kind_of(graph.agreements[record["id"]]))
            name = stated.get("name") or record["id"]
            yield _Node(_name(type_, record["id"]), {"type": type_, "label": name, **stated})


def _values(record: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    """What a record states in a word, a number or names."""
    for key, value in record.items():
        if isinstance(value, str | bool | int | Decimal):
            yield key, value
        elif isinstance(value, list | tuple) and value and all(isinstance(item, str) for item in value):
            yield key, f"{SEPARATOR} ".join(value)


def _edges(graph: PortfolioGraph) -> Iterator[_Edge]:
    for type_, parties in (("Provider", graph.providers.values()), ("Customer", graph.customers.values())):
        for party in parties:
            if party.parent is not None:
                yield _edge("PART_OF", _name(type_, party.id), _name(type_, party.parent))
    for service in graph.services.values():
        here = _name("Service", service.id)
        yield _edge("PROVIDES", _name("Provider", service.provider), here)
        for use in graph.uses(service.id):
            yield _edge("DEPENDS_ON", here, _name("Service", use.used), optional=use.optional, via=use.via)
        for supplier in service.supply_chain:
            yield _edge("SUPPLIED_BY", here, _name("Provider", supplier.provider), rank=supplier.rank)
    for agreement in graph.agreements.values():
        here = _name("Agreement", agreement.id)
        yield _edge("COMMITS_TO", _name("Provider", agreement.provider), here)
        for customer in agreement.customers:
            yield _edge("PROMISED_TO", here, _name(_type_of_party(customer, agreement, graph), customer))
        for covered in graph.covered_by(agreement):
            yield _edge("COVERS", here, _name("Service", covered))
        if agreement.inherits is not None:
            yield _edge("INHERITS", here, _name("Agreement", agreement.inherits))


def _type_of_party(party: str, agreement: Agreement, graph: PortfolioGraph) -> str:
    """What the other party is: an SLA's is looked for among customers first, another's among providers."""
    first, then = (
        ("Customer", "Provider")
        if graph.kind_of(agreement) is AgreementKind.SLA
        else ("Provider", "Customer")
    )
    known = graph.customers if first == "Customer" else graph.providers
    return first if party in known else then


def _edge(label: str, source: str, target: str, **data: Value) -> _Edge:
    return _Edge(source, target, {"label": label, **data})


def _name(type_: str, id_: str) -> str:
    return f"{type_.lower()}:{id_}"


def _declare(lines: list[str], what: str, stated: Iterable[Mapping[str, Value]]) -> Mapping[str, str]:
    """Declare every key that the nodes or the edges state, with the type that holds all its values."""
    values: dict[str, list[Value]] = {}
    for data in stated:
        for key, value in data.items():
            values.setdefault(key, []).append(value)
    ids = {key: f"{what}-{number}" for number, key in enumerate(values)}
    for key, id_ in ids.items():
        named = f"attr.name={quoteattr(key)}"
        lines.append(f'  <key id="{id_}" for="{what}" {named} attr.type="{_type_of(values[key])}" />')
    return ids


def _type_of(values: Iterable[Value]) -> str:
    types = set(map(type, values))
    if types == {bool}:
        return "boolean"
    if types == {int}:
        return "int"
    return "double" if types == {Decimal} else "string"


def _element(start: str, end: str, data: Mapping[str, Value], keys: Mapping[str, str]) -> Iterator[str]:
    """The lines of a node or an edge."""
    yield f"    {start}"
    for key, value in data.items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        yield f'      <data key="{keys[key]}">{escape(text)}</data>'
    yield f"    {end}"
