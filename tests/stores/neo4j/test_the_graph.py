"""What lies in Neo4j for people: the labels, relationships and properties that their queries rely on."""

from contextlib import closing
from pathlib import Path

import pytest

from olagraph.documents import load
from olagraph.stores.neo4j import Neo4jStore
from tests.stores.writing import TENANT, put

EXAMPLE = load(Path(__file__).parents[3] / "fixtures" / "format-example.yaml")


@pytest.fixture(scope="module")
def example(neo4j_place, address):
    """The example of the file format, stored."""
    neo4j_place.empty()
    with closing(Neo4jStore.open(address, create=True)) as store:
        put(store, EXAMPLE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "MATCH (p:Provider)-[:PROVIDES]->(s:Service {id: 'web-shop'})"
            " RETURN p.id, p.kind, s.name, s.criticality, s.tags, s.owner",
            [["shop-it", "internal", "Web shop", 1, ["critical"], "jane.doe"]],
        ),
        (
            "MATCH (p:Provider)-[:PART_OF]->(owner:Provider) RETURN p.id, p.region, owner.name",
            [["cloudco", "eu-west", "MegaCorp"]],
        ),
        (
            "MATCH (:Service {id: 'web-shop'})-[d:DEPENDS_ON {via: 'workflow'}]->(s:Service)"
            " WHERE d.optional RETURN s.id",
            [["fraud-check"]],
        ),
        (
            "MATCH (:Service {id: 'web-shop'})-[:DEPENDS_ON {via: 'requires', optional: false}]->(s:Service)"
            " RETURN s.id ORDER BY s.id",
            [["identity"], ["net-a"], ["net-b"]],
        ),
        (
            "MATCH (p:Provider)-[:COMMITS_TO]->(a:SLA {status: 'signed'})-[:PROMISED_TO]->(c:Customer)"
            " WHERE a.to < '2027' RETURN p.id, a.id, a.from, a.to, a.ref, c.name",
            [["shop-it", "sla-retail", "2026-01-01", "2026-12-31", "MSA-2024-017 §4.2", "Retail division"]],
        ),
        ("MATCH (:OLA)-[:PROMISED_TO]->(p:Provider) RETURN p.id", [["shop-it"]]),
        (
            "MATCH (a:Agreement:UC {id: 'uc-couriers'})-[:COVERS]->(s:Service) RETURN s.id ORDER BY s.id",
            [["courier-a"], ["courier-b"]],
        ),
        (
            "MATCH (:SLA {id: 'sla-desk'})-[:HAS_TARGET]->(t:Target)"
            " RETURN t.metric, t.value, t.unit, t.for, t.stated, t.priority, t.clock",
            [["resolution_time", 28800.0, "s", 0.9, "8 h", "P1", "london-office"]],
        ),
        ("MATCH (t:Target {metric: 'availability'}) WHERE t.value >= 0.9999 RETURN count(t)", [[2]]),
        (
            "MATCH (:Service {id: 'web-shop'})-[:WORKFLOW]->(root:Step)-[r:STEP]->(step:Step)"
            " RETURN root.pattern, r.position, step.pattern, step.k ORDER BY r.position",
            [
                ["sequence", 1, "any_of", None],
                ["sequence", 2, "parallel", None],
                ["sequence", 3, "choice", None],
                ["sequence", 4, "repeat", None],
                ["sequence", 5, "k_of_n", 2],
            ],
        ),
        (
            "MATCH (s:Service)-[r:SUPPLIED_BY]->(p:Provider) RETURN s.id, r.rank, p.name",
            [["courier-a", 1, "Haulier"]],
        ),
        (
            "MATCH (i:Incident)-[:HIT]->(s:Service {id: 'web-shop'}) WHERE i.from >= '2026-11'"
            " RETURN i.id, i.service, i.from, i.to, i.share ORDER BY i.from",
            [
                [
                    "web-shop/2026-11-04T08:10:00Z",
                    "web-shop",
                    "2026-11-04T08:10:00Z",
                    "2026-11-04T08:22:00Z",
                    1.0,
                ],
                ["INC0012345", "web-shop", "2026-11-17T18:00:00Z", "2026-11-17T19:00:00Z", 0.25],
            ],
        ),
        (
            "MATCH (c:Change) RETURN c.revision, c.at, c.by, c.what, c.added",
            [[1, "2026-11-23T09:30:00.123456+00:00", "ana", "a change", 34]],
        ),
        ("MATCH (n) WHERE n.portfolio IS NULL RETURN labels(n)", [[["OlagraphStore"]]]),
        ("MATCH (p:Portfolio) RETURN p.portfolio, p.name, p.revision", [[TENANT, "Web shop", 1]]),
    ],
)
def test_queries_find_what_the_file_says(example, query, text, expected):
    assert query(text) == expected
