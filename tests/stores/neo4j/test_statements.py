"""The Cypher that change sets are written with; no database."""

import re
from collections import Counter

from hypothesis import HealthCheck, given, settings

from olagraph.documents.changes import Edit, difference
from olagraph.documents.entities import Key
from olagraph.documents.plain import Plain
from olagraph.metrics.table import metric_table
from olagraph.model.entities import Portfolio
from olagraph.stores.neo4j.cypher import CREATE, MERGE
from olagraph.stores.neo4j.rows import NodeKey, RelationshipKey
from olagraph.stores.neo4j.schema import constraints
from olagraph.stores.neo4j.statements import BATCH, Placed, planned
from tests.documents.portfolio_strategies import portfolios

SERVICE = Key("service", "shop")


def statements(*edits: Edit, verb: str = MERGE) -> list[tuple[str, list]]:
    """The statements of edits, with their rows, in one line each."""
    plan = planned([Placed(edit, 7) for edit in edits], units={"availability": "ratio"})
    return [
        (" ".join(each.text.split()), list(each.rows)) for each in plan.statements(verb=verb) if each.rows
    ]


def test_a_new_service_is_a_node_and_its_relationships():
    new = {"id": "shop", "provider": "us", "name": "Shop", "workflow": "web"}
    written = statements(Edit(SERVICE, None, new), verb=CREATE)
    assert written[:3] == [
        (
            "UNWIND $rows AS row CREATE (n:Service {portfolio: $portfolio, id: row[0]}) SET n += row[1] RETURN count(n)",
            [["shop", {"name": "Shop", "position": 7}]],
        ),
        (
            "UNWIND $rows AS row MATCH (a:Provider {portfolio: $portfolio, id: row[0]})"
            " UNWIND row[1] AS other MATCH (b:Service {portfolio: $portfolio, id: other[0]})"
            " CREATE (a)-[r:PROVIDES]->(b) SET r += other[1] RETURN count(r)",
            [["us", [["shop", {}]]]],
        ),
        (
            "UNWIND $rows AS row MATCH (a:Service {portfolio: $portfolio, id: row[0]})"
            " UNWIND row[1] AS other MATCH (b:Service {portfolio: $portfolio, id: other[0]})"
            " CREATE (a)-[r:WORKFLOW]->(b) SET r += other[1] RETURN count(r)",
            [["shop", [["web", {}]]]],
        ),
    ]


def test_dependencies_of_both_kinds_between_two_services_are_told_apart():
    new = {"id": "shop", "provider": "us", "workflow": "web", "requires": "web"}
    (text,) = {text for text, _ in statements(Edit(SERVICE, None, new)) if "DEPENDS_ON" in text}
    assert "MERGE (a)-[r:DEPENDS_ON {via: other[1].via}]->(b)" in text


def test_what_is_removed_goes_last_and_takes_findings_about_it_along():
    old = {"id": "shop", "provider": "us", "workflow": ["web"]}
    texts = [text for text, _ in statements(Edit(SERVICE, old, None))]
    last = [re.search(r"(\[r:\w+\]|:ABOUT|\(n:\w+).* DELETE", text) for text in texts]
    assert [found[1] for found in last if found] == [
        "[r:PROVIDES]",
        "[r:WORKFLOW]",
        "[r:STEP]",
        "[r:DEPENDS_ON]",
        ":ABOUT",
        "(n:Service",
        ":ABOUT",
        "(n:Step",
    ]


def test_an_agreement_of_another_kind_gets_another_label():
    old = {"id": "a", "provider": "us", "kind": "OLA"}
    written = statements(Edit(Key("agreement", "a"), old, {**old, "kind": "SLA"}))
    assert (
        "UNWIND $rows AS row MATCH (n:Agreement {portfolio: $portfolio, id: row})"
        " REMOVE n:SLA:OLA:UC SET n:SLA RETURN count(n)",
        ["a"],
    ) in written


def test_a_large_change_comes_in_batches_that_say_how_much_they_must_write():
    edits = [
        Placed(Edit(Key("service", f"s{number}"), None, {"id": f"s{number}", "provider": "us"}), number)
        for number in range(2 * BATCH + 1)
    ]
    made = [each for each in planned(edits, units={}).statements(verb=MERGE) if each.expected is not None]
    third = (2 * BATCH + 1) // 3
    assert [each.expected for each in made] == [third + 1, third + 1, third] * 2


def test_what_follows_is_looked_for_only_where_it_may_follow():
    """Nothing was there before: no agreement but those that come with the first change, no kind but those stated."""
    new: list[tuple[str, Plain]] = [
        ("provider", {"id": "us", "kind": "internal"}),
        ("customer", {"id": "retail"}),
        ("service", {"id": "shop", "provider": "us", "tags": ["hot"]}),
        ("agreement", {"id": "listing", "kind": "SLA", "provider": "us", "covers": ["shop"]}),
        (
            "agreement",
            {"id": "tagged", "provider": "us", "customer": "retail", "covers": {"tags": ["hot"]}},
        ),
    ]
    edits = [Placed(Edit(Key(kind, plain["id"]), None, plain), 0) for kind, plain in new]

    def following(*, first: bool) -> list[list]:
        statements = planned(edits, units={}, first=first).rest()
        return [list(each.rows) for each in statements if each.rows]

    covers, kind = ["tagged"], ["tagged"]
    assert following(first=True) == [covers, kind]
    assert following(first=False) == [
        covers,
        ["shop"],  # which older agreements may cover
        ["listing", "tagged"],
        ["us", "retail"],  # whom older ones may name
        kind,
        ["retail"],
    ]
    retail = RelationshipKey("PROMISED_TO", NodeKey("Agreement", "tagged"), NodeKey("Customer", "retail"))
    assert retail in planned(edits, units={}, first=True).writes.related
    assert retail not in planned(edits, units={}).writes.related


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(portfolios())
def test_what_people_write_never_becomes_cypher(portfolio):
    """Two portfolios are written by the same few texts; all that differs travels as parameters."""
    units = {id_: metric.unit for id_, metric in metric_table(portfolio).items()}
    plan = planned([Placed(edit, 0) for edit in difference(Portfolio(), portfolio)], units=units)
    texts = Counter(each.text for each in plan.statements(verb=MERGE))
    known = re.compile(r"[\s\w$.,:;<>=\[\](){}*'|+-]*")
    assert all(known.fullmatch(text) for text in texts)
    assert len(texts) <= 45


def test_every_node_of_ours_is_unique():
    statements_by_name = constraints()
    assert statements_by_name["olagraph_service"] == (
        "CREATE CONSTRAINT olagraph_service IF NOT EXISTS FOR (n:Service) REQUIRE (n.portfolio, n.id) IS UNIQUE"
    )
    assert statements_by_name["olagraph_change"].endswith(
        "(n:Change) REQUIRE (n.portfolio, n.revision) IS UNIQUE"
    )
