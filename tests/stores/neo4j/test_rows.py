"""Entities -> nodes and relationships, and back; no database."""

from collections import defaultdict

from hypothesis import HealthCheck, given, settings

from olagraph.documents import load_text
from olagraph.documents.changes import Edit
from olagraph.documents.entities import Key, entities
from olagraph.documents.plain import decode, encode
from olagraph.graph import PortfolioGraph
from olagraph.metrics.table import metric_table
from olagraph.stores.neo4j.entity_rows import Around, entity_rows, node_key, plain_entity
from olagraph.stores.neo4j.rows import NodeKey, RelationshipKey, Rows
from olagraph.stores.neo4j.schema import TYPE_OF, Reference
from olagraph.stores.neo4j.statements import Placed, planned
from olagraph.stores.neo4j.trees import Use
from tests.documents.portfolio_strategies import portfolios

MANY = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
UNITS = {"availability": "ratio", "latency": "s"}


def units(portfolio):
    """The units of a portfolio's metrics."""
    return {id_: metric.unit for id_, metric in metric_table(portfolio).items()}


def around(key: Key, rows: Rows) -> Around:
    """What lies around an entity's node, out of its own rows."""
    kind = TYPE_OF[key.kind]
    ends = defaultdict(list)
    for relationship, properties in rows.relationships.items():
        ends[relationship.type].append((relationship, properties))
    references = {each.key: {key.id: _other(each, r)} for each in kind.references for r, _ in ends[each.type]}
    roots = {tree: {key.id: Use(r.end, told)} for tree, type_ in kind.trees for r, told in ends[type_]}
    below = defaultdict(list)
    for step, properties in ends["STEP"]:
        below[step.start.id].append(Use(step.end, properties))
    return Around(
        references=defaultdict(dict, references),
        roots=defaultdict(dict, roots),
        steps={node.id: told for node, told in rows.nodes.items() if node.label == "Step"},
        below=below,
        covered={key.id: [r.end.id for r, _ in ends["COVERS"]]},
        targets={key.id: [rows.nodes[r.end] for r, _ in ends["HAS_TARGET"]]} if ends["HAS_TARGET"] else {},
        suppliers={key.id: [(r.end.id, told["rank"]) for r, told in ends["SUPPLIED_BY"]]}
        if ends["SUPPLIED_BY"]
        else {},
    )


def _other(reference: Reference, relationship: RelationshipKey) -> str:
    return (relationship.end if reference.outgoing else relationship.start).id


@MANY
@given(portfolios())
def test_an_entity_comes_back_out_of_its_rows(portfolio):
    for key, plain in entities(portfolio):
        rows = entity_rows(key, plain, units=units(portfolio))
        assert plain_entity(key, rows.nodes[node_key(key)], around(key, rows)) == decode(encode(plain))


@MANY
@given(portfolios())
def test_dependencies_are_those_of_the_graph_and_names_of_nodes_are_their_own(portfolio):
    graph = PortfolioGraph(portfolio)
    depends = set()
    names: set[NodeKey] = set()
    for key, plain in entities(portfolio):
        rows = entity_rows(key, plain, units=units(portfolio))
        assert names.isdisjoint(rows.nodes)
        names |= rows.nodes.keys()
        depends |= {
            (each.start.id, each.end.id, each.via, told["optional"])
            for each, told in rows.relationships.items()
            if each.type == "DEPENDS_ON"
        }
    expected = {use for service in graph.services for use in graph.uses(service)}
    assert depends == {(use.user, use.used, use.via, use.optional) for use in expected}


@MANY
@given(portfolios())
def test_every_property_is_something_that_neo4j_keeps(portfolio):
    for key, plain in entities(portfolio):
        rows = entity_rows(key, plain, units=units(portfolio))
        for told in (*rows.nodes.values(), *rows.relationships.values()):
            for value in told.values():
                assert isinstance(value, str | bool | int | float | list)
                assert not isinstance(value, list) or all(isinstance(item, str) for item in value)


SHOP = load_text(
    """\
olagraph: 1
providers: [{id: us, kind: internal}]
services:
  - id: shop
    provider: us
    workflow:
      sequence:
        - {step: web, optional: true, timeout: 300 ms}
        - any_of: [pay, {sequence: [card, bank]}]
  - {id: web, provider: us}
  - {id: pay, provider: us}
  - {id: card, provider: us}
  - {id: bank, provider: us}
agreements:
  - id: sla
    provider: us
    covers: [shop, web]
    targets: [{availability: 99.95%}, {latency: 250 ms, for: 99%, priority: {name: P1, share: 5%}}]
""",
    "shop.yaml",
)
PLAIN = dict(entities(SHOP))


def test_a_workflow_is_a_tree_whose_leaves_are_relationships_to_services():
    rows = entity_rows(Key("service", "shop"), PLAIN[Key("service", "shop")], units=UNITS)
    drawn = {
        f"({r.start.id})-[:{r.type}]->({r.end.id})": told
        for r, told in rows.relationships.items()
        if r.type in ("WORKFLOW", "STEP")
    }
    assert drawn == {
        "(shop)-[:WORKFLOW]->(shop/workflow)": {},
        "(shop/workflow)-[:STEP]->(web)": {"position": 0, "optional": True, "timeout": "300 ms"},
        "(shop/workflow)-[:STEP]->(shop/workflow/1)": {"position": 1},
        "(shop/workflow/1)-[:STEP]->(pay)": {"position": 0},
        "(shop/workflow/1)-[:STEP]->(shop/workflow/1/1)": {"position": 1},
        "(shop/workflow/1/1)-[:STEP]->(card)": {"position": 0},
        "(shop/workflow/1/1)-[:STEP]->(bank)": {"position": 1},
    }
    patterns = {node.id: told["pattern"] for node, told in rows.nodes.items() if node.label == "Step"}
    assert patterns == {
        "shop/workflow": "sequence",
        "shop/workflow/1": "any_of",
        "shop/workflow/1/1": "sequence",
    }


def test_a_target_has_numbers_for_queries_and_the_text_as_it_was_stated():
    rows = entity_rows(Key("agreement", "sla"), PLAIN[Key("agreement", "sla")], units=UNITS)
    first, second = (rows.nodes[NodeKey("Target", f"sla/targets/{number}")] for number in (0, 1))
    assert first == {
        "metric": "availability",
        "value": 0.9995,
        "unit": "ratio",
        "stated": "99.95%",
        "strength": "commitment",
    }
    assert second["value"], second["for"] == (0.25, 0.99)
    assert (second["stated"], second["stated_for"]) == ("250 ms", "99%")
    assert (second["priority"], second["priority_share"]) == ("P1", "5%")


def planned_edit(key: Key, **differences: object):
    """What an edit of an entity writes."""
    edit = Edit(key, PLAIN[key], {**PLAIN[key], **differences})
    return planned([Placed(edit, 0)], units=UNITS)


def test_an_edit_of_one_target_writes_what_differs_and_nothing_else():
    targets = [{"availability": "99.9%"}, *PLAIN[Key("agreement", "sla")]["targets"][1:]]
    plan = planned_edit(Key("agreement", "sla"), targets=targets)
    assert plan.size == 1
    assert plan.writes.changed == {NodeKey("Target", "sla/targets/0"): {"stated": "99.9%", "value": 0.999}}


def test_an_edit_of_a_name_writes_one_property():
    plan = planned_edit(Key("service", "shop"), name="Shop")
    assert plan.writes.changed == {NodeKey("Service", "shop"): {"name": "Shop"}}
    assert plan.size == 1


def test_a_target_less_is_one_node_less():
    plan = planned_edit(Key("agreement", "sla"), targets=PLAIN[Key("agreement", "sla")]["targets"][:1])
    assert plan.writes.gone == [NodeKey("Target", "sla/targets/1")]
    assert [each.type for each in plan.writes.unrelated] == ["HAS_TARGET"]
    assert plan.size == 2
