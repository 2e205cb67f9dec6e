"""Incidents in every store: an entity each, so that whoever adds one writes little and overwrites nobody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from olagraph.documents.changes import Edit, difference
from olagraph.documents.entities import Key, written
from olagraph.model.entities import Incident, Portfolio, Provider, ProviderKind, Service
from olagraph.stores import Conflict, StoreError
from tests.stores.writing import AT, TENANT, put

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)


def incident(service: str, hour: int, **more: Any) -> Incident:
    begins = NINE + timedelta(hours=hour)
    return Incident(service=service, from_=begins, to=begins + timedelta(minutes=20), **more)


def adding(new: Incident) -> tuple[Edit]:
    """The change of somebody who reports an incident."""
    return (Edit(Key("incident", new.id), None, written("incident", new)),)


MANY = Portfolio(
    providers=(Provider(id="it", kind=ProviderKind.INTERNAL),),
    services=(Service(id="shop", provider="it"), Service(id="mail", provider="it")),
    incidents=tuple(incident("shop", hour) for hour in range(200)),
)


def test_an_incident_more_is_a_handful_of_rows(store, place):
    put(store, MANY)
    before = place.lying_there()
    store.apply(TENANT, adding(incident("mail", 3)), expected=1, by="ana", at=AT, what="incident")
    after = place.lying_there()
    assert sum((after - before).values()) <= 5
    assert sum((before - after).values()) <= 2
    assert store.load(TENANT).portfolio.incidents == (*MANY.incidents, incident("mail", 3))


def test_two_who_report_different_incidents_both_do_one_after_the_other(store):
    put(store, MANY)
    one, other = adding(incident("mail", 3)), adding(incident("mail", 4, id="INC7"))
    store.apply(TENANT, one, expected=1, by="ana", at=AT, what="incident")
    with pytest.raises(
        Conflict, match=r"by ana .*\(incident: incident mail/2026-12-01T12:00:00Z\)"
    ) as conflict:
        store.apply(TENANT, other, expected=1, by="bo", at=AT, what="incident")
    store.apply(TENANT, other, expected=conflict.value.actual, by="bo", at=AT, what="incident")
    found = store.load(TENANT).portfolio
    assert {each.id for each in found.incidents} >= {"mail/2026-12-01T12:00:00Z", "INC7"}
    assert store.check(TENANT) == ()


def test_who_reports_an_incident_that_is_there_already_writes_nothing(store):
    put(store, MANY)
    with pytest.raises(StoreError, match="incident shop/2026-12-01T09:00:00Z is not what it was"):
        store.apply(TENANT, adding(incident("shop", 0)), expected=1, by="bo", at=AT, what="incident")
    assert store.revision(TENANT) == 1


def test_an_incident_can_be_corrected_and_the_correction_be_taken_back(store):
    put(store, MANY)
    first, *rest = MANY.incidents
    longer = replace(first, to=first.to + timedelta(hours=1))
    edits = put(store, replace(MANY, incidents=(longer, *rest)))
    assert [str(edit.key) for edit in edits] == ["incident shop/2026-12-01T09:00:00Z"]
    assert store.load(TENANT).portfolio.incidents[0] == longer
    assert store.load(TENANT, revision=1).portfolio == MANY
    put(store, MANY)
    assert difference(store.load(TENANT).portfolio, MANY) == ()
    assert store.check(TENANT) == ()


def test_an_incident_with_an_id_of_its_own_keeps_it_when_its_start_moves(store):
    portfolio = replace(MANY, incidents=(incident("shop", 0, id="INC1", extra=(("x-cause", "power"),)),))
    put(store, portfolio)
    earlier = replace(portfolio.incidents[0], from_=NINE - timedelta(hours=1))
    put(store, replace(portfolio, incidents=(earlier,)))
    assert store.load(TENANT).portfolio.incidents == (earlier,)
    assert store.check(TENANT) == ()
