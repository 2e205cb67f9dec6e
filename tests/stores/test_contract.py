"""What every store does, whatever database lies below it."""

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from olagraph.analysis.assess import assess
from olagraph.analysis.settings import Settings
from olagraph.documents import load
from olagraph.documents.changes import Action, applied, difference
from olagraph.documents.entities import HEADER_KEY, Key
from olagraph.documents.plain import encode
from olagraph.model.entities import Customer, Portfolio, Provider, ProviderKind, Service
from olagraph.stores import Conflict, Snapshot, StoreError, Tenant, UnknownPortfolio, UnknownRevision
from tests.documents.portfolio_strategies import portfolios
from tests.stores.places import opened
from tests.stores.writing import AT, TENANT, fresh_name, put, sequences

FIXTURES = sorted(
    path for path in (Path(__file__).parents[2] / "fixtures").glob("*.yaml") if path.stem != "expected"
)
SETTINGS = Settings(as_of=date(2026, 11, 23))
SHOP = load(Path(__file__).parents[2] / "fixtures" / "cloud-shop.yaml")
SMALL = Portfolio(name="Small", providers=(Provider(id="it", kind=ProviderKind.INTERNAL),))
MANY = settings(
    max_examples=12,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,  # each example has a portfolio of its own
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


def with_customer(portfolio: Portfolio, id_: str) -> Portfolio:
    """A portfolio with one customer more."""
    return replace(portfolio, customers=(*portfolio.customers, Customer(id=id_)))


@pytest.mark.parametrize("portfolio_file", FIXTURES, ids=lambda path: path.stem)
def test_a_stored_portfolio_is_the_one_in_the_file_and_assesses_alike(store, portfolio_file):
    portfolio = load(portfolio_file)
    put(store, portfolio)
    stored = store.load(TENANT)
    assert stored == Snapshot(portfolio, 1)
    assert assess(stored.portfolio, SETTINGS) == assess(portfolio, SETTINGS)
    assert store.check(TENANT) == ()


@MANY
@given(portfolios())
def test_any_portfolio_is_stored_as_it_is(store, portfolio):
    name = fresh_name()
    put(store, portfolio, portfolio=name)
    assert store.load(name).portfolio == portfolio
    assert store.check(name) == ()
    store.remove(name)


@MANY
@given(sequences)
def test_every_past_revision_can_be_read_and_every_change_be_told(store, sequence):
    name = fresh_name()
    loaded = [Portfolio()]
    edits = []
    for portfolio in sequence:
        made = put(store, portfolio, portfolio=name)
        if made:
            edits.append(made)
            loaded.append(store.load(name).portfolio)
            assert loaded[-1] == applied(loaded[-2], made)
            assert difference(loaded[-1], portfolio) == ()
    latest = len(edits)
    assert store.revision(name) == latest
    for revision, portfolio in enumerate(loaded):
        assert store.load(name, revision=revision) == Snapshot(portfolio, revision)
    for since in range(latest + 1):
        for until in (None, *range(since, latest + 1)):
            logged = store.changes(name, since=since, until=until)
            last = latest if until is None else until
            assert [entry.change.revision for entry in logged] == list(range(since + 1, last + 1))
            assert [unordered(entry.edits) for entry in logged] == [
                unordered(made) for made in edits[since:last]
            ]
    assert store.check(name) == ()
    store.remove(name)


def unordered(edits):
    """A change set as what happens to each entity."""
    assert len({edit.key for edit in edits}) == len(edits)
    return {edit.key: (encode(edit.before), encode(edit.after)) for edit in edits}


def test_an_empty_store_holds_nothing(store):
    assert store.tenants() == ()
    assert store.revision(TENANT) == 0


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.load("lost"),
        lambda store: store.load("lost", revision=0),
        lambda store: store.history("lost"),
        lambda store: store.changes("lost", since=0),
        lambda store: store.assessment("lost"),
        lambda store: store.check("lost"),
        lambda store: store.remove("lost"),
    ],
    ids=["load", "past", "history", "changes", "assessment", "check", "remove"],
)
def test_an_unknown_portfolio_is_refused_with_the_names_of_those_held(store, ask):
    with pytest.raises(UnknownPortfolio, match="holds no portfolio 'lost': it is empty") as raised:
        ask(store)
    assert raised.value.names == ()
    put(store, SMALL, portfolio="kept")
    with pytest.raises(UnknownPortfolio, match=r"it holds kept$") as raised:
        ask(store)
    assert (raised.value.portfolio, raised.value.names) == ("lost", ("kept",))


@pytest.mark.parametrize("revision", [-1, 2, 10**9])
def test_an_unknown_revision_is_refused_with_those_there_are(store, revision):
    put(store, SMALL)
    with pytest.raises(UnknownRevision, match=f"no revision {revision}: they run from 0 to 1"):
        store.load(TENANT, revision=revision)


def test_the_log_tells_who_changed_what_and_when(store):
    put(store, SMALL, by="ana", what="import of small.yaml")
    changed = replace(SMALL, name="Smaller", customers=(Customer(id="retail"),))
    put(store, changed, by="Bjørn", what="a “rename”")
    put(store, replace(changed, customers=()), by="ana", what="no retail")
    third, second, first = store.history(TENANT)
    assert [change.revision for change in (first, second, third)] == [1, 2, 3]
    assert [change.by for change in (first, second, third)] == ["ana", "Bjørn", "ana"]
    assert [change.what for change in (first, second, third)] == [
        "import of small.yaml",
        "a “rename”",
        "no retail",
    ]
    assert [change.at for change in (first, second, third)] == [
        AT,
        AT + timedelta(minutes=1),
        AT + timedelta(minutes=2),
    ]
    assert second.counts == {Action.ADDED: 1, Action.CHANGED: 1, Action.REMOVED: 0}
    assert third.counts == {Action.ADDED: 0, Action.CHANGED: 0, Action.REMOVED: 1}
    assert set(second.subjects) == {HEADER_KEY, Key("customer", "retail")}
    assert third.subjects == (Key("customer", "retail"),)
    assert store.history(TENANT, limit=2) == (third, second)
    assert store.history(TENANT, limit=0) == ()
    assert [entry.change for entry in store.changes(TENANT, since=0)] == [first, second, third]
    (edit,) = store.changes(TENANT, since=2)[0].edits
    assert (edit.key, edit.before, edit.after) == (Key("customer", "retail"), {"id": "retail"}, None)


def test_times_are_kept_in_utc(store):
    india = timezone(timedelta(hours=5, minutes=30))
    store.apply(
        TENANT,
        difference(Portfolio(), SMALL),
        expected=0,
        by="ana",
        at=AT.astimezone(india),
        what="import",
    )
    (change,) = store.history(TENANT)
    assert change.at == AT
    assert change.at.utcoffset() == timedelta()


def test_a_change_of_nothing_writes_nothing(store, place):
    assert store.apply(TENANT, (), expected=0, by="ana", at=AT, what="nothing") == 0
    assert store.tenants() == ()
    put(store, SMALL)
    before = place.lying_there()
    assert store.apply(TENANT, (), expected=1, by="ana", at=AT, what="nothing") == 1
    assert place.lying_there() == before
    with pytest.raises(Conflict):
        store.apply(TENANT, (), expected=0, by="ana", at=AT, what="nothing")


def test_a_writer_who_read_an_older_revision_is_told_who_changed_what_since(store, place):
    put(store, SMALL, by="ana")
    for number in range(4):
        put(
            store,
            with_customer(store.load(TENANT).portfolio, f"c{number}"),
            by="bo",
            what=f"customer {number}",
        )
    before = place.lying_there()
    edits = difference(SMALL, with_customer(SMALL, "mine"))
    with pytest.raises(Conflict) as raised:
        store.apply(TENANT, edits, expected=1, by="cy", at=AT, what="mine")
    conflict = raised.value
    assert (conflict.portfolio, conflict.expected, conflict.actual) == (TENANT, 1, 5)
    assert conflict.changes == tuple(entry.change for entry in store.changes(TENANT, since=1))
    assert str(conflict) == (
        "portfolio 'default' is at revision 5, not 1: 1 earlier changes;"
        " revision 3 by bo on 2026-11-23 09:32:00 UTC (customer 1: customer c1);"
        " revision 4 by bo on 2026-11-23 09:33:00 UTC (customer 2: customer c2);"
        " revision 5 by bo on 2026-11-23 09:34:00 UTC (customer 3: customer c3)."
        " Nothing was written; read it again and repeat the change"
    )
    assert place.lying_there() == before


def test_a_portfolio_that_is_there_is_not_created_again(store):
    put(store, SMALL)
    with pytest.raises(Conflict) as raised:
        store.apply(TENANT, difference(Portfolio(), SHOP), expected=0, by="bo", at=AT, what="import")
    assert (raised.value.expected, raised.value.actual) == (0, 1)
    assert store.load(TENANT).portfolio == SMALL


@pytest.mark.parametrize("there", [False, True], ids=["none", "an older one"])
def test_a_revision_that_is_not_there_yet_is_a_conflict(store, there):
    if there:
        put(store, SMALL)
    edits = difference(SMALL, with_customer(SMALL, "mine"))
    with pytest.raises(Conflict, match=f"is at revision {int(there)}, not 7. Nothing was written") as raised:
        store.apply(TENANT, edits, expected=7, by="bo", at=AT, what="mine")
    assert raised.value.changes == ()
    assert store.revision(TENANT) == int(there)


def test_an_edit_of_what_does_not_lie_there_is_refused_whole(store, place):
    """The revision is right, so no other writer is at fault: the change was made for another portfolio."""
    put(store, SMALL)
    before = place.lying_there()
    named = replace(SMALL, providers=(Provider(id="it", kind=ProviderKind.INTERNAL, name="IT"),))
    renamed = replace(SMALL, providers=(Provider(id="it", kind=ProviderKind.INTERNAL, name="ICT"),))
    added = with_customer(SMALL, "retail")
    for edits in (
        difference(named, renamed),
        difference(added, SMALL),
        difference(replace(SMALL, providers=()), SMALL),
    ):
        both = (*difference(SMALL, with_customer(SMALL, "other")), *edits)
        with pytest.raises(StoreError, match=r"(provider it|customer retail) .*nothing was written"):
            store.apply(TENANT, both, expected=1, by="bo", at=AT, what="wrong")
    assert place.lying_there() == before


def test_portfolios_in_one_store_know_nothing_of_one_another(store):
    put(store, SMALL, portfolio="a")
    put(store, SHOP, portfolio="b")
    put(store, with_customer(SMALL, "retail"), portfolio="a")
    assert store.tenants() == (
        Tenant(id="a", name="Small", revision=2, assessed=None),
        Tenant(id="b", name=SHOP.name, revision=1, assessed=None),
    )
    assert store.load("b").portfolio == SHOP
    assert store.load("a", revision=1).portfolio == SMALL
    assert (len(store.history("a")), len(store.history("b"))) == (2, 1)
    store.remove("a")
    assert [tenant.id for tenant in store.tenants()] == ["b"]
    assert store.revision("a") == 0
    assert store.load("b").portfolio == SHOP
    assert store.check("b") == ()


def test_a_removed_portfolio_leaves_nothing_behind_and_its_name_is_free(store, place):
    put(store, SHOP, portfolio="kept")
    before = place.lying_there()
    put(store, SHOP, portfolio="gone")
    put(store, with_customer(SHOP, "one-more"), portfolio="gone")
    store.remove("gone")
    assert place.lying_there() == before
    put(store, SMALL, portfolio="gone")
    assert store.load("gone") == Snapshot(SMALL, 1)
    assert len(store.history("gone")) == 1


def test_after_wiping_there_is_nothing_left(store, place):
    put(store, SHOP, portfolio="a")
    put(store, SMALL, portfolio="b")
    store.wipe()
    assert not place.lying_there()
    with closing(opened(place, create=True)) as again:
        assert again.tenants() == ()
        put(again, SMALL)
        assert again.load(TENANT).portfolio == SMALL


def test_a_store_that_is_opened_again_holds_what_was_written(store, place):
    put(store, SHOP)
    before = place.lying_there()
    for create in (False, True):
        with closing(opened(place, create=create)) as again:
            assert again.load(TENANT) == Snapshot(SHOP, 1)
    assert place.lying_there() == before


def test_one_object_reads_what_another_one_wrote(store, place):
    put(store, SMALL)
    with closing(opened(place)) as other:
        assert other.load(TENANT).portfolio == SMALL
        put(other, with_customer(SMALL, "retail"))
        assert store.revision(TENANT) == 2
        assert store.load(TENANT).portfolio == with_customer(SMALL, "retail")


def test_an_edit_of_one_entity_of_many_writes_a_handful_of_rows(store, place):
    services = tuple(Service(id=f"s{number}", provider="it") for number in range(300))
    put(store, replace(SMALL, services=services))
    before = place.lying_there()
    put(store, replace(SMALL, services=(*services[:-1], replace(services[-1], name="Last"))))
    after = place.lying_there()
    assert sum((after - before).values()) <= 5
    assert sum((before - after).values()) <= 5


def test_every_name_that_a_url_can_spell_may_name_a_portfolio(store):
    for name in ("Ünïcode", "with space", "a/b?c#d", "'; DROP TABLE portfolio; --", "☃" * 100):
        put(store, SMALL, portfolio=name)
        assert store.load(name).portfolio == SMALL
    assert len(store.tenants()) == 5
