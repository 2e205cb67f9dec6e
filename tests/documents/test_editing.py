"""Edits of single entities: what is found wrong is what reading the whole portfolio finds."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from olagraph.documents import InvalidPortfolio, load_text
from olagraph.documents.editing import edited
from olagraph.documents.entities import HEADER_KEY, Key, document_of, entities
from olagraph.documents.plain import Plain
from olagraph.documents.portfolios import read_portfolio
from olagraph.documents.reading import Reading
from tests.documents.portfolio_strategies import portfolios

SHOP = load_text(
    """
    olagraph: 1
    currency: EUR
    providers: [{id: group, kind: internal}, {id: it, kind: internal, parent: group}, {id: cloud, kind: external}]
    customers: [{id: retail}, {id: stores, parent: retail}]
    calendars: [{id: office, timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}}]
    services:
      - {id: shop, provider: it, workflow: [pay, {any_of: {of: [a, b], common_cause: 0.1}}]}
      - {id: pay, provider: cloud}
      - {id: a, provider: cloud}
      - {id: b, provider: cloud}
    agreements:
      - {id: terms, provider: it, hours: office, targets: [{availability: 99%}]}
      - {id: sla, kind: SLA, provider: it, customer: retail, covers: [shop], inherits: terms}
      - {id: uc, kind: UC, provider: cloud, customer: it, covers: [pay, a, b], targets: [{solved_at_once: 90%}]}
    metrics: [{id: solved_at_once, unit: ratio, better: higher, family: success_rate}]
    """,
    "shop.yaml",
)


def outcome(make):
    """A portfolio, or what is wrong in it; of a circle, who is on it, wherever it is told."""
    try:
        return make()
    except InvalidPortfolio as error:
        return {
            frozenset(fault.found.partition(": ")[2].split(" -> "))
            if " -> " in fault.found
            else (fault.path, fault.found, fault.nearest)
            for fault in error.faults
        }


def read_anew(portfolio, edits):
    """The portfolio after edits, by reading all of it with every check."""
    kept = dict(entities(portfolio)) | edits
    stated = [(key, plain) for key, plain in kept.items() if plain is not None]
    return read_portfolio([document_of(stated, source="edits")], Reading(files=["edits"]))


def faults(edits):
    """What is wrong in the shop after edits, as sentences."""
    with pytest.raises(InvalidPortfolio) as raised:
        edited(SHOP, edits, source="edits")
    return [f"{fault.path}: {fault.found}" for fault in raised.value.faults]


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(portfolios(), portfolios(), st.randoms())
def test_edits_give_what_reading_everything_gives(one, other, chance):
    """Removed, taken over from another portfolio, or with another's fields: right or wrong alike."""
    theirs = dict(entities(other))
    edits: dict[Key, Plain | None] = {}
    for key, plain in [*entities(one), *theirs.items()]:
        known = any(key == mine for mine, _ in entities(one))
        match chance.randrange(4):
            case 0 if known and key != HEADER_KEY:
                edits[key] = None
            case 1:
                edits[key] = {**theirs.get(key, plain), **({} if key == HEADER_KEY else {"id": key.id})}
    assert outcome(lambda: edited(one, edits, source="edits")) == outcome(lambda: read_anew(one, edits))


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(portfolios(), st.randoms())
def test_removals_and_moved_references_give_what_reading_everything_gives(portfolio, chance):
    """One or two edits at a time, so that what depends on them is found by itself."""
    those = [(key, plain) for key, plain in entities(portfolio) if key != HEADER_KEY]
    if not those:
        return
    edits: dict[Key, Plain | None] = {}
    for key, plain in chance.sample(those, min(2, len(those))):
        kin = [other.id for other, _ in those if other.kind == key.kind]
        owner = "inherits" if key.kind == "agreement" else "parent"
        moved = {"workflow": [chance.choice(kin)]} if key.kind == "service" else {owner: chance.choice(kin)}
        fits = key.kind in ("service", "agreement", "provider", "customer")
        edits[key] = None if chance.random() < 0.5 or not fits else {**plain, **moved}
    assert outcome(lambda: edited(portfolio, edits, source="edits")) == outcome(
        lambda: read_anew(portfolio, edits)
    )


def test_what_is_not_edited_is_the_same_object() -> None:
    after = edited(SHOP, {Key("service", "pay"): {"id": "pay", "provider": "it"}}, source="edits")
    assert after.services[1].provider == "it"
    assert after.services == (SHOP.services[0], after.services[1], *SHOP.services[2:])
    assert all(after.services[place] is SHOP.services[place] for place in (0, 2, 3))
    assert after.agreements is SHOP.agreements


def test_new_entities_come_last() -> None:
    new = {Key("customer", "web"): {"id": "web"}, Key("customer", "retail"): {"id": "retail", "name": "R"}}
    assert [c.id for c in edited(SHOP, new, source="edits").customers] == ["retail", "stores", "web"]


def test_everything_wrong_is_said_at_once() -> None:
    said = faults(
        {
            Key("service", "pay"): {"id": "pay", "provider": "clod", "workflow": ["c"]},
            Key("customer", "stores"): {"id": "stores", "kind": "SLA"},
        }
    )
    assert sorted(said) == [
        "customers[stores]: unknown key of customer 'kind'",
        "services[pay].provider: unknown provider 'clod'",
        "services[pay].workflow[0]: unknown service 'c'",
    ]


def test_what_names_a_removed_entity_is_found() -> None:
    assert sorted(faults({Key("service", "a"): None})) == [
        "agreements[uc].covers[1]: unknown service 'a'",
        "services[shop].workflow.sequence[1].any_of.of[0]: unknown service 'a'",
    ]
    assert faults({Key("calendar", "office"): None}) == ["agreements[terms].hours: unknown calendar 'office'"]
    gone = edited(SHOP, {Key("customer", "stores"): None}, source="edits")
    assert gone == replace(SHOP, customers=SHOP.customers[:1])


def test_a_circle_through_what_is_not_edited_is_found() -> None:
    """It is told of what was edited."""
    (found,) = faults({Key("provider", "group"): {"id": "group", "kind": "internal", "parent": "it"}})
    assert found == "providers[group].parent: provider 'group' is its own parent: group -> it -> group"
    (found,) = faults({Key("agreement", "terms"): {"id": "terms", "provider": "it", "inherits": "sla"}})
    assert "inherits from itself" in found


def test_a_common_cause_elsewhere_is_checked_again() -> None:
    """Its branches must be used nowhere else, and be leaves."""
    (found,) = set(faults({Key("service", "pay"): {"id": "pay", "provider": "cloud", "workflow": ["a"]}}))
    assert found.endswith("`common_cause` on a group with 'a', which is used elsewhere too")
    (found,) = faults({Key("service", "b"): {"id": "b", "provider": "cloud", "requires": ["pay"]}})
    assert "which states a workflow or `requires`" in found


def test_own_metrics_and_the_currency_are_read_with_all_that_names_them() -> None:
    (found,) = faults({Key("metric", "solved_at_once"): None})
    assert found.startswith("agreements[uc].targets[0]")
    assert "'solved_at_once'" in found
    assert edited(SHOP, {HEADER_KEY: {"currency": "GBP"}}, source="edits") == replace(SHOP, currency="GBP")


def test_what_is_not_there_cannot_be_removed() -> None:
    with pytest.raises(KeyError):
        edited(SHOP, {Key("service", "c"): None}, source="edits")
