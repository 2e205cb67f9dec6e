"""What somebody changes in Neo4j Browser is found by `check`; what is not ours is left alone."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from olagraph.documents import InvalidPortfolio, load
from olagraph.documents.changes import difference
from olagraph.model.entities import Portfolio
from olagraph.stores import StoreError
from olagraph.stores.neo4j import Neo4jStore
from tests.stores.writing import AT, TENANT, put

BANK = load(Path(__file__).parents[3] / "fixtures" / "bank-payments.yaml")


@pytest.mark.parametrize(
    ("cypher", "said"),
    [
        (
            "MATCH (s:Service {id: 'card-payment'}) SET s.criticality = 2",
            "service card-payment is other than the change log tells",
        ),
        (
            "MATCH (t:Target) WHERE t.id STARTS WITH 'sla-card-retail' SET t.value = 0.5",
            "Target sla-card-retail/targets/0 has value 0.5, and should have",
        ),
        (
            "MATCH (:Service {id: 'card-payment'})-[d:DEPENDS_ON]->(:Service {id: 'strong-auth'}) DELETE d",
            "(Service card-payment)-[:DEPENDS_ON]->(Service strong-auth) is missing",
        ),
        (
            "MATCH (a:Service {id: 'statements'}), (b:Service {id: 'settlement'})"
            " CREATE (a)-[:DEPENDS_ON {via: 'workflow', optional: false}]->(b)",
            "(Service statements)-[:DEPENDS_ON]->(Service settlement) follows from nothing",
        ),
        (
            "MATCH (a:SLA {id: 'sla-card-retail'}) REMOVE a:SLA SET a:UC",
            "Agreement sla-card-retail has of the labels of its kind UC, and is of kind SLA",
        ),
        (
            "MATCH (:Agreement {id: 'sla-card-retail'})-[p:PROMISED_TO]->() DELETE p",
            "(Agreement sla-card-retail)-[:PROMISED_TO]->(Customer retail-banking) is missing",
        ),
        (
            "CREATE (:Target {portfolio: 'default', id: 'nobody/targets/0', metric: 'availability'})",
            "Target nobody/targets/0 belongs to nothing",
        ),
        (
            "MATCH (:Provider)-[r:PROVIDES]->(:Service {id: 'statements'}) DELETE r",
            "service statements is other than the change log tells",
        ),
        (
            "MATCH (:Service {id: 'channel-api'})-[:REQUIRES]->(:Step)-[r:STEP]->() DELETE r",
            "service channel-api is damaged (KeyError: 'channel-api/requires')",
        ),
        (
            "MATCH (c:Change) SET c.edits = c.edits[1..], c.packed = null",
            "portfolio is other than the change log tells",
        ),
        ("MATCH (c:Change) SET c.edits = ['nonsense']", "the change log of portfolio 'default' is damaged"),
        ("MATCH (c:Change) SET c.revision = 7", "which its change log of 1 entries does not lead to"),
        ("MATCH (c:Change) SET c.at = 'yesterday'", "the change log of portfolio 'default' is damaged"),
        ("MATCH (p:Portfolio) SET p.revision = 'three'", "not three whole numbers but 'three', 1, "),
        ("MATCH (p:Portfolio) REMOVE p.applied", "not three whole numbers but 1, None, "),
    ],
)
def test_an_edit_by_hand_is_found(store, query, cypher, said):
    put(store, BANK)
    assert store.check(TENANT) == ()
    query(cypher)
    assert any(said in line for line in store.check(TENANT)), store.check(TENANT)


def test_an_entity_that_cannot_be_put_together_is_named(store, query):
    put(store, BANK)
    query("MATCH (:Service {id: 'channel-api'})-[:REQUIRES]->(:Step)-[r:STEP]->() DELETE r")
    with pytest.raises(StoreError, match=r"service channel-api is damaged .*`olagraph db check` tells more"):
        store.load(TENANT)


def test_a_portfolio_of_no_revision_is_refused_by_whoever_asks_for_it(store, query):
    put(store, BANK)
    query("MATCH (p:Portfolio) SET p.revision = 'three'")
    edits = difference(BANK, replace(BANK, name="Bank"))
    for use in (
        lambda: store.revision(TENANT),
        lambda: store.load(TENANT),
        lambda: store.apply(TENANT, edits, expected=1, by="ana", at=AT, what="a change"),
    ):
        with pytest.raises(StoreError, match="the :Portfolio node of 'default' has as revision"):
            use()


def test_a_log_that_cannot_be_read_does_not_keep_the_portfolio_from_it(store, query):
    put(store, BANK)
    query("MATCH (c:Change) REMOVE c.at")
    with pytest.raises(
        StoreError, match=r"the change log of portfolio 'default' is damaged .*`olagraph db check`"
    ):
        store.history(TENANT)
    assert store.load(TENANT).portfolio == BANK


def test_what_is_no_portfolio_any_more_is_refused_with_what_is_wrong(store, query):
    put(store, BANK)
    query("MATCH (s:Service {id: 'card-payment'}) SET s.criticality = 9")
    with pytest.raises(InvalidPortfolio, match=r"criticality"):
        store.load(TENANT)


def test_what_is_not_ours_stays(store, query, address):
    put(store, BANK)
    query("CREATE (:Service {name: 'another tool'})-[:RUNS_ON]->(:Server {portfolio: 'default', id: 'x'})")
    query("MATCH (s:Service {id: 'card-payment'}) CREATE (:Note {text: 'mine'})-[:ON]->(s)")
    query("MATCH (s:Service {id: 'card-payment'}) SET s.cost_centre = 4711")
    assert store.check(TENANT) == ()
    assert store.load(TENANT).portfolio == BANK
    put(store, Portfolio(name="all gone"))
    with closing(Neo4jStore.open(address)) as other:
        other.wipe()
    left = query("MATCH (n) RETURN labels(n), n.name, n.text ORDER BY labels(n)")
    query("MATCH (n) DETACH DELETE n")
    assert left == [[["Note"], None, "mine"], [["Server"], None, None], [["Service"], "another tool", None]]


def test_a_property_of_somebody_elses_survives_our_edits(store, query):
    put(store, BANK)
    query("MATCH (s:Service {id: 'card-payment'}) SET s.cost_centre = 4711")
    services = tuple(replace(s, name="Cards") if s.id == "card-payment" else s for s in BANK.services)
    put(store, replace(BANK, services=services))
    assert query("MATCH (s:Service {id: 'card-payment'}) RETURN s.name, s.cost_centre") == [["Cards", 4711]]
