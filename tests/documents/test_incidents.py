"""Incidents and supply chains in the portfolio file: what they are told apart by, and what of them is refused."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from olagraph.documents import dump, load_text
from olagraph.documents.changes import Action, difference
from olagraph.documents.formats import read_files
from olagraph.model.entities import Incident, Supplier
from olagraph.model.moment import moment_text, parse_moment

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
SERVICES = "services: [{id: shop, provider: p}, {id: pay, provider: q}]\n"


def incidents(*rows):
    return f"{SERVICES}incidents:\n" + "".join(f"  - {{{row}}}\n" for row in rows)


def test_an_incident_is_kept_in_utc_whatever_its_time_zone(reads):
    portfolio = reads(incidents("service: shop, from: 2026-12-01 10:00+01:00, to: 2026-12-01T09:30:00.5Z"))
    (incident,) = portfolio.incidents
    assert incident == Incident(service="shop", from_=NINE, to=NINE + timedelta(minutes=30, seconds=0.5))
    assert incident.share == 1
    assert 'from: "2026-12-01T09:00:00Z", to: "2026-12-01T09:30:00.5Z"' in dump(portfolio)


def test_an_incident_without_an_id_is_told_by_its_service_and_start(reads):
    portfolio = reads(
        incidents("service: shop, from: 2026-12-01T09:00Z, to: 2026-12-01T09:30Z, share: 12.5%")
    )
    (incident,) = portfolio.incidents
    assert incident.id == "shop/2026-12-01T09:00:00Z"
    assert incident.share == Decimal("0.125")
    assert (
        '- {service: shop, from: "2026-12-01T09:00:00Z", to: "2026-12-01T09:30:00Z", share: 12.5%}'
        in dump(portfolio)
    )


def test_an_id_of_its_own_and_extra_keys_are_kept(reads):
    text = "service: shop, from: 2026-12-01T09:00Z, to: 2026-12-01T09:30Z"
    portfolio = reads(
        incidents(f"id: INC0012, {text}, x-cause: power", f"id: shop/2026-12-02T09:00:00Z, {text}")
    )
    assert [each.id for each in portfolio.incidents] == ["INC0012", "shop/2026-12-02T09:00:00Z"]
    again = load_text(dump(portfolio), "again.yaml")
    assert again == portfolio
    assert [each.id for each in again.incidents] == [each.id for each in portfolio.incidents]
    assert again.incidents[0].extra == (("x-cause", "power"),)


def test_one_moment_in_two_time_zones_is_one_start():
    east = timezone(timedelta(hours=9))
    one, other = (
        Incident(service="shop", from_=begins, to=NINE + timedelta(hours=1))
        for begins in (NINE, NINE.astimezone(east))
    )
    assert one == other
    assert one.id == other.id


@pytest.mark.parametrize(
    ("row", "path", "text"),
    [
        (
            "service: «shup, from: 2026-12-01T09:00Z, to: 2026-12-01T09:30Z",
            "incidents[shup/2026-12-01T09:00:00Z].service",
            ": unknown service 'shup'; did you mean 'shop'?",
        ),
        (
            "service: shop, from: «2026-12-01T09:00, to: 2026-12-01T09:30Z",
            "incidents[0].from",
            ": '2026-12-01T09:00' says no time zone: Z at its end for UTC, or an offset such as +01:00",
        ),
        (
            "service: shop, from: «2026-12-01, to: 2026-12-01T09:30Z",
            "incidents[0].from",
            ": '2026-12-01' is not a moment such as 2026-12-01T09:00:00Z",
        ),
        (
            "service: shop, from: «2026-02-30T09:00Z, to: 2026-12-01T09:30Z",
            "incidents[0].from",
            ": '2026-02-30T09:00Z' is not a moment: day is out of range for month",
        ),
        (
            "service: shop, from: 2026-12-01T09:00Z, to: «2026-12-01T10:00+01:00",
            "incidents[shop/2026-12-01T09:00:00Z].to",
            ": it ends at 2026-12-01T09:00:00Z, no later than it begins; expected later than 2026-12-01T09:00:00Z",
        ),
        (
            "service: shop, from: 2026-12-01T09:00Z, to: 2026-12-01T09:30Z, share: «0%",
            "incidents[shop/2026-12-01T09:00:00Z].share",
            ": found 0%; expected more than 0",
        ),
        (
            "id: «no id, service: shop, from: 2026-12-01T09:00Z, to: 2026-12-01T09:30Z",
            "incidents[0].id",
            ": found 'no id'; expected an id: letters, digits and . _ : / - after a letter or digit",
        ),
    ],
)
def test_what_is_no_incident_is_refused(faults_at, row, path, text):
    faults_at(incidents(row), path, text)


def test_an_incident_states_service_start_and_end(faults_of):
    assert faults_of("incidents:\n  - {share: 50%}\n") == [
        f"shop.yaml:7:5: incidents[0]: incident without `{key}`;"
        " expected incident as a mapping with `service`, `from`, `to`"
        for key in ("service", "from", "to")
    ]


def test_two_incidents_of_a_service_do_not_begin_at_once(faults_of):
    twice = "service: shop, from: {}, to: 2026-12-02T09:30Z"
    assert faults_of(
        incidents(twice.format("2026-12-01T09:00Z"), twice.format("2026-12-01T10:00+01:00"))
    ) == [
        "shop.yaml:9:27: incidents[shop/2026-12-01T09:00:00Z]: incident 'shop/2026-12-01T09:00:00Z' is stated"
        " already at shop.yaml:8:27; expected each id once"
    ]


def test_a_merge_replaces_the_incident_of_the_same_start_and_keeps_the_others(reads, tmp_path):
    base = reads(
        incidents(
            "service: shop, from: 2026-12-01T09:00Z, to: 2026-12-01T09:30Z",
            "id: INC1, service: shop, from: 2026-12-03T09:00Z, to: 2026-12-03T09:30Z",
        )
    )
    file = tmp_path / "more.yaml"
    file.write_text(
        "incidents:\n"
        "  - {service: shop, from: 2026-12-01T09:00Z, to: 2026-12-01T11:00Z}\n"
        "  - {id: INC1, service: shop, from: 2026-12-03T08:00Z, to: 2026-12-03T09:30Z}\n"
        "  - {service: pay, from: 2026-12-01T09:00Z, to: 2026-12-01T11:00Z}\n"
    )
    merged, _ = read_files([str(file)], "portfolio", base=base, base_name="store")
    edits = difference(base, merged)
    assert [(edit.action, str(edit.key)) for edit in edits] == [
        (Action.CHANGED, "incident shop/2026-12-01T09:00:00Z"),
        (Action.CHANGED, "incident INC1"),
        (Action.ADDED, "incident pay/2026-12-01T09:00:00Z"),
    ]


def test_moments_are_spelled_as_they_are_written_back():
    for text in ("2026-12-01T09:00:00Z", "2026-12-01T09:00:00.25Z", "0099-12-01T09:00:00Z"):
        assert moment_text(parse_moment(text)) == text


def test_a_supply_chain_is_kept_with_its_ranks(reads):
    text = "supply_chain: [{provider: p}, {provider: q, rank: 3}]"
    portfolio = reads(f"services: [{{id: shop, provider: q, {text}}}]\n")
    assert portfolio.services[0].supply_chain == (Supplier(provider="p"), Supplier(provider="q", rank=3))
    assert text in dump(portfolio)
    assert load_text(dump(portfolio), "again.yaml") == portfolio


@pytest.mark.parametrize(
    ("chain", "path", "text"),
    [
        (
            "[{provider: «r}]",
            "[0].provider",
            ": unknown provider 'r'; expected one of p, q",
        ),
        (
            "[{provider: p, rank: «0}]",
            "[0].rank",
            ": found '0'; expected a whole number from 1 to 100",
        ),
        (
            "[{provider: p}, «{provider: p, rank: 2}]",
            "",
            ": 'p' twice in one supply chain; expected each supplier once, at its nearest rank",
        ),
    ],
)
def test_what_is_no_supply_chain_is_refused(faults_at, chain, path, text):
    sections = f"services: [{{id: shop, provider: p, supply_chain: {chain}}}]\n"
    faults_at(sections, f"services[shop].supply_chain{path}", text)
