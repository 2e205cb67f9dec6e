"""Every mutation, as clients send it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from olagraph.documents import load_text
from olagraph.documents.changes import difference
from olagraph.documents.entities import written
from olagraph.model.entities import Portfolio
from olagraph.stores import Store, open_store, parse_address
from olagraph_api.context import Context
from olagraph_api.schema import SCHEMA
from olagraph_api.security.principals import Principal, Role
from olagraph_api.snapshots import Snapshots

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SHOP = """
olagraph: 1
name: Shop
currency: EUR
providers: [{id: it, kind: internal}, {id: cloud, kind: external, contact: noc@cloud.example}]
customers: [{id: retail}]
services:
  - {id: shop, provider: it, name: Shop, workflow: [pay], tags: [critical]}
  - {id: pay, provider: cloud}
agreements:
  - {id: sla, kind: SLA, provider: it, customer: retail, covers: [shop], targets: [{availability: 99.9%}]}
  - {id: uc, kind: UC, provider: cloud, customer: it, covers: [pay], targets: [{availability: 99.95%}]}
"""

Send: TypeAlias = Callable[..., Any]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with the shop in it, at revision 1."""
    opened = open_store(parse_address(f"sqlite:///{tmp_path}/shop.db", {}), create=True)
    shop = load_text(SHOP, "shop.yaml")
    opened.apply("default", difference(Portfolio(), shop), expected=0, by="Joe", at=NOW, what="begin")
    yield opened
    opened.close()


@pytest.fixture
def send(store: Store) -> Send:
    """Sends a mutation, and gives what it answers."""

    def sent(mutation: str, variables: dict[str, Any] | None = None, *, role: Role = Role.ADMIN) -> Any:
        principal = Principal(id="key:1", name="Jane", role=role, portfolios=frozenset({"*"}))
        context = Context(
            principal=principal,
            request_id="r1",
            store=store,
            snapshots=Snapshots(store, now=lambda: NOW),
            clock=lambda: NOW,
        )
        result = SCHEMA.execute_sync(mutation, variables, context_value=context)
        assert result.errors is None, result.errors
        assert result.data is not None
        return next(iter(result.data.values())) if len(result.data) == 1 else result.data

    return sent


def entity(store: Store, kind: str, id_: str, portfolio: str = "default") -> dict[str, Any] | None:
    """An entity as it is stored, in the shape of the portfolio file."""
    stored = store.load(portfolio).portfolio
    found = {each.id: each for each in getattr(stored, f"{kind}s")}
    return written(kind, found[id_]) if id_ in found else None


PAYLOAD = "{ revision written changesCount userErrors { field message code } }"
DONE = {"revision": 2, "written": True, "changesCount": 1, "userErrors": []}


def test_the_mutation_of_the_contract_runs_as_it_is_printed(send: Send, store: Store) -> None:
    answer = send(
        'mutation { setTarget(agreement: "sla", metric: "availability", value: "99.5%", expectedRevision: 1)'
        " { revision userErrors { field message code } } }"
    )
    assert answer == {"revision": 2, "userErrors": []}
    stated = entity(store, "agreement", "sla")
    assert stated is not None
    assert stated["targets"] == [{"availability": "99.5%"}]


def test_changes_are_told_field_by_field(send: Send) -> None:
    answer = send(
        'mutation { setTarget(agreement: "sla", metric: "availability", value: "99.5%")'
        " { changes { action kind id fields { field before after } } } }"
    )
    assert answer["changes"] == [
        {
            "action": "CHANGED",
            "kind": "agreement",
            "id": "sla",
            "fields": [{"field": "targets[0].availability", "before": "99.9%", "after": "99.5%"}],
        }
    ]


def test_a_percentile_is_added_and_removed(send: Send, store: Store) -> None:
    send('mutation { setTarget(agreement: "sla", metric: "latency", value: "2 s", for: "95%") { revision } }')
    stated = entity(store, "agreement", "sla")
    assert stated is not None
    assert stated["targets"][1] == {"latency": "2 s", "for": "95%"}
    answer = send(f'mutation {{ removeTarget(agreement: "sla", metric: "latency") {PAYLOAD} }}')
    assert answer == {**DONE, "revision": 3}


@pytest.mark.parametrize(
    ("kind", "name", "stated", "expected"),
    [
        ("provider", "Provider", {"id": "host", "kind": "EXTERNAL", "parent": "cloud", "extra": {"x-no": 7}},
         {"id": "host", "kind": "external", "parent": "cloud", "x-no": 7}),
        ("customer", "Customer", {"id": "retail", "name": "Retail"}, {"id": "retail", "name": "Retail"}),
        ("service", "Service",
         {"id": "web", "provider": "it", "criticality": 1, "demand": "3/s", "workflow": {"any_of": ["shop", "pay"]},
          "own": [{"availability": "99.99%"}], "supplyChain": [{"provider": "cloud", "rank": 2}]},
         {"id": "web", "provider": "it", "criticality": 1, "demand": "3/s", "workflow": {"any_of": ["shop", "pay"]},
          "own": [{"availability": "99.99%"}], "supply_chain": [{"provider": "cloud", "rank": 2}]}),
        ("agreement", "Agreement",
         {"id": "uc", "from": "2026-01-01", "notice": "P90D", "customer": ["it"], "hours": "24x7", "window": "year",
          "credits": [{"metric": "availability", "fee": 12000, "tiers": [{"below": "99.9%", "credit": "10%"}]}]},
         {"id": "uc", "kind": "UC", "provider": "cloud", "customer": "it", "covers": ["pay"], "from": "2026-01-01",
          "notice": "90 d", "hours": "24x7", "window": "year", "targets": [{"availability": "99.95%"}],
          "credits": [{"metric": "availability", "fee": 12000, "tiers": [{"below": "99.9%", "credit": "10%"}]}]}),
        ("calendar", "Calendar", {"id": "office", "timezone": "Europe/London", "hours": {"mon-fri": "09:00-17:00"}},
         {"id": "office", "timezone": "Europe/London", "hours": {"mon-fri": "09:00-17:00"}}),
        ("metric", "Metric", {"id": "solved_at_once", "unit": "ratio", "better": "higher", "family": "success_rate"},
         {"id": "solved_at_once", "unit": "ratio", "better": "higher", "family": "success_rate"}),
    ],
)  # fmt: skip
def test_each_kind_of_entity_is_saved_and_removed(
    send: Send, store: Store, kind: str, name: str, stated: dict[str, Any], expected: dict[str, Any]
) -> None:
    saving = f"mutation ($it: {name}Input!) {{ save{name}({kind}: $it, expectedRevision: 1) {PAYLOAD} }}"
    assert send(saving, {"it": stated}) == DONE
    found = entity(store, kind, stated["id"])
    assert found is not None
    assert found == expected
    removing = f"mutation ($id: ID!) {{ remove{name}(id: $id) {PAYLOAD} }}"
    if kind != "customer":  # an SLA is made to it
        assert send(removing, {"id": stated["id"]}) == {**DONE, "revision": 3}
        assert entity(store, kind, stated["id"]) is None


def test_what_is_null_is_removed_and_what_is_left_out_stays(send: Send, store: Store) -> None:
    send('mutation { saveService(service: {id: "shop", name: null, owner: "jane"}) { revision } }')
    assert entity(store, "service", "shop") == {
        "id": "shop",
        "provider": "it",
        "workflow": {"sequence": ["pay"]},
        "tags": ["critical"],
        "owner": "jane",
    }


def test_incidents_are_added_one_after_the_other(send: Send, store: Store) -> None:
    add = "mutation ($had: [IncidentInput!]!) { addIncidents(incidents: $had) " + PAYLOAD + " }"
    had = {"service": "pay", "from": "2026-11-01T09:00:00Z", "to": "2026-11-01T10:00:00Z", "share": "0.5"}
    assert send(add, {"had": [had]})["userErrors"] == []
    assert (
        send(add, {"had": [{**had, "from": "2026-11-02T09:00:00Z", "to": "2026-11-02T09:30:00Z"}]})[
            "revision"
        ]
        == 3
    )
    assert [float(i.share) for i in store.load("default").portfolio.incidents] == [0.5, 0.5]
    wrong = send(add, {"had": [{**had, "service": "pai"}]})
    assert (wrong["revision"], wrong["userErrors"][0]["field"]) == (None, ["incidents", "0", "service"])
    (first, _) = store.load("default").portfolio.incidents
    assert send("mutation ($id: ID!) { removeIncident(id: $id) { revision } }", {"id": first.id}) == {
        "revision": 4
    }


def test_several_entities_are_one_change(send: Send, store: Store) -> None:
    apply = (
        "mutation ($all: [ChangeInput!]!) { applyChanges(changes: $all, expectedRevision: 1) "
        + PAYLOAD
        + " }"
    )
    changes = [
        {"kind": "SERVICE", "id": "host", "entity": {"provider": "cloud"}},
        {"kind": "SERVICE", "id": "pay", "entity": {"provider": "cloud", "workflow": ["host"]}},
        {"kind": "AGREEMENT", "id": "sla", "entity": None},
    ]
    assert send(apply, {"all": changes}) == {**DONE, "changesCount": 3}
    assert [change.revision for change in store.history("default")] == [2, 1]
    assert entity(store, "agreement", "sla") is None


def test_of_several_entities_none_is_written_if_one_is_wrong(send: Send, store: Store) -> None:
    apply = (
        "mutation ($all: [ChangeInput!]!) { applyChanges(changes: $all, expectedRevision: 1) "
        + PAYLOAD
        + " }"
    )
    changes = [
        {"kind": "CUSTOMER", "id": "web", "entity": {"name": "Web"}},
        {"kind": "SERVICE", "id": "pay", "entity": {"provider": "clod"}},
    ]
    (error,) = send(apply, {"all": changes})["userErrors"]
    assert (error["field"], error["code"]) == (["changes", "1", "entity", "provider"], "INVALID")
    twice = [changes[0], changes[0], {"kind": "SERVICE", "id": "a", "entity": {"id": "b"}}]
    assert [error["field"] for error in send(apply, {"all": twice})["userErrors"]] == [
        ["changes", "1"],
        ["changes", "2"],
    ]
    assert store.revision("default") == 1


def test_a_stale_writer_is_told_who_was_faster(send: Send) -> None:
    save = (
        'mutation { saveCustomer(customer: {id: "retail", name: "%s"}, expectedRevision: 1) ' + PAYLOAD + " }"
    )
    assert send(save % "Retail") == DONE
    stale = send(save % "Stores")
    (error,) = stale["userErrors"]
    assert (stale["revision"], stale["written"], error["code"]) == (None, False, "CONFLICT")
    assert "revision 2 by Jane" in error["message"]


def test_the_fields_of_one_mutation_run_in_order_and_see_each_other(send: Send, store: Store) -> None:
    answer = send(
        """mutation {
          one: saveService(service: {id: "host", provider: "cloud"}, expectedRevision: 1) { revision }
          two: saveService(service: {id: "pay", workflow: ["host"]}, expectedRevision: 2) { revision }
        }"""
    )
    assert answer == {"one": {"revision": 2}, "two": {"revision": 3}}


def test_a_document_is_imported_tried_and_merged(send: Send, store: Store) -> None:
    bring = (
        "mutation ($text: String!, $merge: Boolean!, $try: Boolean!)"
        " { importDocument(document: $text, merge: $merge, dryRun: $try) " + PAYLOAD + " }"
    )
    team = "olagraph: 1\ncustomers: [{id: web}]\n"
    tried = send(bring, {"text": team, "merge": False, "try": True})
    assert (tried["revision"], tried["written"], tried["changesCount"]) == (1, False, 9), (
        "the name, the currency and seven entities go, one comes"
    )
    assert send(bring, {"text": team, "merge": True, "try": False}) == DONE
    assert entity(store, "customer", "web") == {"id": "web"}
    wrong = send(bring, {"text": "olagraph: 1\nservices: [{id: a}]\n", "merge": True, "try": False})
    assert [error["message"] for error in wrong["userErrors"]] == [
        "line 2, column 12: services[a]: service without `provider`; expected service as a mapping with `id`, `provider`"
    ]


def test_a_revision_is_restored(send: Send, store: Store) -> None:
    send('mutation { removeAgreement(id: "uc") { revision } }')
    assert send(f"mutation {{ restore(revision: 1, expectedRevision: 2) {PAYLOAD} }}") == {
        **DONE,
        "revision": 3,
    }
    assert entity(store, "agreement", "uc") is not None


def test_portfolios_are_created_renamed_and_removed(send: Send, store: Store) -> None:
    create = f'mutation {{ createPortfolio(portfolio: "other", fields: {{name: "Other"}}) {PAYLOAD} }}'
    assert send(create)["revision"] == 1
    assert send(create)["userErrors"][0]["code"] == "ALREADY_THERE"
    rename = (
        'mutation { savePortfolio(fields: {name: "New", currency: "GBP"}, portfolio: "other") { revision } }'
    )
    assert send(rename) == {"revision": 2}
    assert (store.load("other").portfolio.name, store.load("other").portfolio.currency) == ("New", "GBP")
    remove = 'mutation ($at: Int!) { removePortfolio(portfolio: "other", expectedRevision: $at) { removed userErrors { code } } }'
    assert send(remove, {"at": 1}) == {"removed": False, "userErrors": [{"code": "CONFLICT"}]}
    assert send(remove, {"at": 2}) == {"removed": True, "userErrors": []}


def test_verdicts_are_written_back(send: Send, store: Store) -> None:
    assert send('mutation { writeAssessment(asOf: "2026-11-23") { revision userErrors { code } } }') == {
        "revision": 1,
        "userErrors": [],
    }
    written = store.assessment("default")
    assert written is not None
    assert {agreement: str(verdict) for agreement, verdict in written.agreements.items()} == {
        "sla": "SUPPORTED"
    }


@pytest.mark.parametrize(
    ("mutation", "code"),
    [
        ('saveCustomer(customer: {id: "web"}) { revision }', "FORBIDDEN"),
        ('removeAgreement(id: "uc") { revision }', "FORBIDDEN"),
        ('createPortfolio(portfolio: "new") { revision }', "FORBIDDEN"),
        ('removePortfolio(portfolio: "default", expectedRevision: 1) { removed }', "FORBIDDEN"),
        ("writeAssessment { revision }", "FORBIDDEN"),
        ('importDocument(document: "") { revision }', "FORBIDDEN"),
        ("restore(revision: 0) { revision }", "FORBIDDEN"),
    ],
)
def test_viewers_change_nothing(store: Store, mutation: str, code: str) -> None:
    viewer = Principal(id="key:2", name="Vic", role=Role.VIEWER, portfolios=frozenset({"default", "new"}))
    context = Context(
        principal=viewer,
        request_id="r1",
        store=store,
        snapshots=Snapshots(store, now=lambda: NOW),
        clock=lambda: NOW,
    )
    result = SCHEMA.execute_sync(f"mutation {{ {mutation} }}", context_value=context)
    assert result.errors is not None
    assert [error.extensions for error in result.errors] == [{"code": code}]
    assert store.revision("default") == 1
    assert store.assessment("default") is None


def test_x_keys_are_the_only_extra(send: Send) -> None:
    answer = send(f'mutation {{ saveCustomer(customer: {{id: "web", extra: {{name: "W"}}}}) {PAYLOAD} }}')
    assert [error["field"] for error in answer["userErrors"]] == [["extra"]]
