"""Relationships that follow from several entities stay right, whichever of them is edited."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from olagraph.documents import load_text
from tests.stores.neo4j.portfolios import intertwined
from tests.stores.writing import TENANT, fresh_name, put

MANY = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
COVERED = """
MATCH (a:Agreement {portfolio: $portfolio})-[:COVERS]->(s:Service) RETURN a.id + ' covers ' + s.id AS line ORDER BY line
"""


@MANY
@given(st.lists(intertwined(), min_size=2, max_size=4))
def test_whatever_is_edited_the_graph_says_what_the_portfolio_means(store, sequence):
    """`check` computes what should lie there from the portfolio; the edits were followed in the database."""
    name = fresh_name()
    for portfolio in sequence:
        put(store, portfolio, portfolio=name)
        assert store.check(name) == ()
    store.remove(name)


def shop(services: str, agreements: str):
    """A provider's services and its agreements."""
    return load_text(
        "olagraph: 1\nproviders: [{id: us, kind: internal}, {id: them, kind: external}]\n"
        f"services: [{services}]\nagreements: [{agreements}]\n",
        "shop.yaml",
    )


def test_covers_of_all_and_by_tag_take_in_a_service_that_comes_later(store, query):
    agreements = "{id: everything, provider: us, covers: all}, {id: hot, provider: us, covers: {tags: [hot]}}"
    put(store, shop("{id: web, provider: us}", agreements))
    assert query(COVERED, portfolio=TENANT) == [["everything covers web"]]
    put(
        store,
        shop(
            "{id: web, provider: us}, {id: pay, provider: us, tags: [hot]}, {id: far, provider: them}",
            agreements,
        ),
    )
    assert query(COVERED, portfolio=TENANT) == [
        ["everything covers pay"],
        ["everything covers web"],
        ["hot covers pay"],
    ]
    put(
        store,
        shop("{id: web, provider: us, tags: [hot]}, {id: pay, provider: them, tags: [hot]}", agreements),
    )
    assert query(COVERED, portfolio=TENANT) == [["everything covers web"], ["hot covers web"]]


def test_what_is_inherited_is_covered_too(store, query):
    services = "{id: web, provider: us}, {id: pay, provider: us}"
    base = "{id: base, provider: us, covers: [web]}"
    heir = "{id: heir, provider: us, inherits: base}"
    put(store, shop(services, f"{base}, {heir}"))
    assert query(COVERED, portfolio=TENANT) == [["base covers web"], ["heir covers web"]]
    put(store, shop(services, f"{base.replace('web', 'pay')}, {heir}"))
    assert query(COVERED, portfolio=TENANT) == [["base covers pay"], ["heir covers pay"]]


def test_an_edit_that_nothing_follows_from_leaves_the_rest_alone(store, query):
    put(store, shop("{id: web, provider: us}", "{id: everything, provider: us, covers: all}"))
    before = query("MATCH ()-[r:COVERS]->() RETURN elementId(r)")
    put(
        store,
        shop("{id: web, provider: us, name: Web}", "{id: everything, provider: us, covers: all, ref: §}"),
    )
    assert query("MATCH ()-[r:COVERS]->() RETURN elementId(r)") == before


def test_a_relationship_that_changes_stays_one(store, query):
    """Covers in another order, listed after they followed, a step that becomes optional: nothing is there twice."""
    services = (
        "{id: web, provider: us}, {id: pay, provider: us}, {id: top, provider: us, workflow: [web, pay]}"
    )
    put(store, shop(services, "{id: a, provider: us, covers: [web, pay]}"))
    soft = services.replace("[web, pay]", "[pay, {step: web, optional: true, timeout: 1 s}]")
    for agreement in (
        "{id: a, provider: us, covers: [pay, web]}",
        "{id: a, provider: us, covers: all}",
        "{id: a, provider: us, covers: [top, web]}",
        "{id: a, provider: us}",
    ):
        put(store, shop(soft, agreement))
        assert store.check(TENANT) == ()


def test_an_agreement_that_states_no_kind_is_of_the_one_that_follows_from_its_parties(store, query):
    def shop(them, customers):
        return load_text(
            f"olagraph: 1\nproviders: [{{id: us, kind: internal}}, {{id: them, kind: {them}}}]\n"
            f"customers: [{customers}]\n"
            "agreements: [{id: a, provider: us, customer: fans}, {id: b, provider: them, customer: us},"
            " {id: c, kind: OLA, provider: them, customer: us}]\n",
            "shop.yaml",
        )

    for them, customers, kind in (
        ("external", "{id: fans}", "UC"),
        ("internal", "{id: fans}", "OLA"),
        ("internal", "{id: fans}, {id: us}", "SLA"),
        ("external", "{id: fans}", "UC"),
    ):
        portfolio = shop(them, customers)
        put(store, portfolio)
        assert query("MATCH (a:Agreement) RETURN a.id, a.kind, labels(a)[1] ORDER BY a.id") == [
            ["a", "SLA", "SLA"],
            ["b", kind, kind],
            ["c", "OLA", "OLA"],
        ]
        assert store.check(TENANT) == ()
        assert store.load(TENANT).portfolio == portfolio
