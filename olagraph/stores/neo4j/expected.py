"""The rows that a whole portfolio should lie in, what follows from several entities included."""

from collections.abc import Iterator, Mapping

from olagraph.documents.entities import HEADER, Key
from olagraph.graph import PortfolioGraph
from olagraph.metrics.table import metric_table
from olagraph.model.entities import Agreement, AgreementKind, Portfolio
from olagraph.stores.changes import Stored
from olagraph.stores.neo4j.entity_rows import entity_rows, node_key
from olagraph.stores.neo4j.rows import NodeKey, RelationshipKey, Rows
from olagraph.stores.neo4j.schema import AGREEMENT, CUSTOMER, PROVIDER, SERVICE


def expected_rows(entities: Mapping[Key, Stored], portfolio: Portfolio) -> Rows:
    """Nodes, but the portfolio's own, and relationships.

    Args:
        portfolio: the one that the entities make.
    """
    units = {id_: metric.unit for id_, metric in metric_table(portfolio).items()}
    rows = Rows()
    for key, (position, plain) in entities.items():
        if key.kind != HEADER:
            own = entity_rows(key, plain, units=units)
            own.nodes[node_key(key)]["position"] = position
            rows.update(own)
    graph = PortfolioGraph(portfolio)
    for agreement in graph.agreements.values():
        rows.nodes[NodeKey(AGREEMENT, agreement.id)]["kind"] = str(graph.kind_of(agreement))
    for relationship in _following(graph):
        rows.relationships.setdefault(relationship, {})
    return rows


def _following(graph: PortfolioGraph) -> Iterator[RelationshipKey]:
    for agreement in graph.agreements.values():
        node = NodeKey(AGREEMENT, agreement.id)
        for service in graph.covered_by(agreement):
            yield RelationshipKey("COVERS", node, NodeKey(SERVICE, service))
        for party in agreement.customers:
            yield RelationshipKey("PROMISED_TO", node, NodeKey(_label(agreement, party, graph), party))


def _label(agreement: Agreement, party: str, graph: PortfolioGraph) -> str:
    if agreement.kind in (AgreementKind.OLA, AgreementKind.UC):
        return PROVIDER if party in graph.providers else CUSTOMER
    return CUSTOMER if party in graph.customers else PROVIDER
