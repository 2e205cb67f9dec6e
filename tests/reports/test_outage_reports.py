"""Outages for people and for programs."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from olagraph.analysis.outage.impact import outage
from olagraph.analysis.outage.results import Failed
from olagraph.documents import load_text
from olagraph.model.entities import Portfolio, Supplier
from olagraph.reports.layout import Layout
from olagraph.reports.outage import as_json, as_text
from olagraph.reports.outage.subject import OutageReport
from tests.analysis.small import delivered
from tests.reports.builders import HOSTILE

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def fixture(name: str) -> Portfolio:
    return load_text((FIXTURES / f"{name}.yaml").read_text(encoding="utf-8"), name)


def report(
    portfolio: Portfolio, failed: Failed, *, lasting: timedelta | None = None, **more: Any
) -> OutageReport:
    found = outage(portfolio, failed=failed, from_=START, for_=lasting, **more)
    return OutageReport(portfolio=portfolio, outage=found)


def plain(asked: OutageReport) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(as_json.render(asked))
    return found


EXAMPLE = Failed(providers=("cloudco",), services=("frontend",))


def test_the_json_is_that_of_the_format() -> None:
    found = plain(report(fixture("format-example"), EXAMPLE, lasting=timedelta(hours=4)))
    assert list(found) == [
        "failed",
        "from",
        "for",
        "services",
        "agreements",
        "not_known",
        "customers",
        "net_exposure",
    ]
    assert found["failed"] == {"providers": ["cloudco"], "services": ["frontend"]}
    assert (found["from"], found["for"]) == ("2026-12-01T09:00:00Z", "PT4H")
    assert {"service": "web-shop", "state": "DOWN", "path": ["web-shop", "frontend"]} in found["services"]
    stated = {
        "agreement": "sla-retail",
        "customer": ["retail"],
        "service": "web-shop",
        "state": "DOWN",
        "downtime_s": 14400,
        "budget_s": 2664.0,
        "breach": True,
        "breaches_at": "2026-12-01T09:44:24Z",
        "credit_owed": None,
        "credit_recoverable": None,
        "currency": "EUR",
    }
    assert stated.items() <= found["agreements"][0].items()
    assert (found["not_known"], found["customers"], found["net_exposure"]) == ([], ["retail"], {})


def test_an_open_ended_outage_has_neither_duration_nor_downtime_and_still_breaches() -> None:
    found = plain(report(fixture("format-example"), EXAMPLE))
    first = found["agreements"][0]
    assert found["for"] is None
    assert first["downtime_s"] is None
    assert first["breaches_at"] == "2026-12-01T09:44:24Z"


def test_agreements_without_availability_have_nulls() -> None:
    found = plain(report(fixture("format-example"), EXAMPLE))
    desk = next(each for each in found["agreements"] if each["agreement"] == "sla-desk")
    assert [desk[key] for key in ("downtime_s", "budget_s", "breach", "breaches_at")] == [None] * 4
    assert desk["due"][0]["at"] == "2026-12-01T17:00:00Z"


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(minutes=90), "PT1H30M"),
        (timedelta(days=2), "PT48H"),
        (timedelta(seconds=30.5), "PT30.5S"),
        (timedelta(hours=1, microseconds=1), "PT1H0.000001S"),
    ],
)
def test_durations_are_iso_8601(span: timedelta, text: str) -> None:
    assert plain(report(fixture("format-example"), EXAMPLE, lasting=span))["for"] == text


def test_instants_keep_fractions_of_a_second() -> None:
    found = plain(report(fixture("bank-payments"), Failed(services=("watchlist",))))
    assert found["agreements"][0]["breaches_at"] == "2026-12-01T09:22:19.2Z"


def test_the_text_tells_a_service_manager_who_is_hit_when_and_whom_to_call() -> None:
    asked = report(
        fixture("bank-payments"),
        Failed(services=("processor-a", "watchlist")),
        lasting=timedelta(hours=1),
    )
    assert as_text.render(asked, Layout()).splitlines() == [
        "Outage of Card processing and Watchlist feed, from 2026-12-01 09:00 UTC, for 1 h",
        "2 promises are down, to 2 customers. The first SLA to breach is sla-instant-treasury of Treasury: at",
        "09:22:19 UTC, 22 min 19 s in.",
        "",
        "SLAs, the soonest breach first",
        "✘ DOWN     sla-instant-treasury (SLA-TR-2026 §1): Instant transfer for Treasury",
        "      availability 99.95% a month allows 22 min 19 s from 2026-12-01 to 2027-01-01; breaches at",
        "      09:22:19 UTC, 22 min 19 s in",
        "      through Sanctions screening → Watchlist feed",
        "      → call Listkeeper (no contact stated), under LK-88",
        "✘ DOWN     sla-instant-corporate (SLA-CB-2026 §3): Instant transfer for Corporate banking",
        "      availability 99.7% a month allows 2 h 13 min 55 s from 2026-12-01 to 2027-01-01;",
        "      1 h 13 min 55 s are left after this outage; would breach at 11:13:55 UTC, 2 h 13 min 55 s in,",
        "      if it went on",
        "      through Sanctions screening → Watchlist feed",
        "      → call Listkeeper (no contact stated), under LK-88",
        "▲ AT_RISK  sla-card-merchants (Acquiring terms 2026 §9): Card payment for Acquired merchants",
        "      availability 99.75% a month allows 1 h 51 min 36 s from 2026-12-01 to 2027-01-01;",
        "      1 h 51 min 36 s are left after this outage",
        "      through Card processing",
        "      → call Corvane Processing (noc@corvane.example), under CP-OUT-2024-017 §4.2",
        "▲ AT_RISK  sla-card-retail (SLA-RB-2026 §2): Card payment for Retail banking",
        "      availability 99.6% a month allows 2 h 58 min 33 s from 2026-12-01 to 2027-01-01;",
        "      2 h 58 min 33 s are left after this outage",
        "      through Card processing",
        "      → call Corvane Processing (noc@corvane.example), under CP-OUT-2024-017 §4.2",
        "",
        "✘ Down (4)",
        "  - Card processing",
        "  - Watchlist feed",
        "  - Sanctions screening → Watchlist feed",
        "  - Instant transfer → Sanctions screening → Watchlist feed",
        "",
        "▲ At risk: up, with redundancy lost (1)",
        "  - Card payment → Card processing",
        "",
        "? Not known (1): nobody says what they depend on, so they may be hit as well",
        "    Consent registry",
        "",
        "Between the providers",
        "✘ DOWN     ola-screening (OLA-SEC-03): Sanctions screening for Payments; availability 99.9% a month",
        "           breaches at 09:44:38 UTC, 44 min 38 s in",
        "✘ DOWN     uc-corvane (CP-OUT-2024-017 §4.2): Card processing for Payments; availability 99.9% a",
        "           month breaches at 09:44:38 UTC, 44 min 38 s in",
        "✘ DOWN     uc-listkeeper (LK-88): Watchlist feed for Security services; availability 99.5% a month",
        "           holds",
    ]


def headline(asked: OutageReport) -> str:
    lines = as_text.render(asked, Layout(width=1000)).splitlines()
    return lines[1]


def test_the_headline_says_what_does_not_happen() -> None:
    bank = fixture("bank-payments")
    hour = timedelta(hours=1)
    assert headline(report(bank, Failed(zones=("west",)), lasting=hour)) == (
        "2 promises are down, to 2 customers. No SLA breaches by then; the first would, if it went on,"
        " at 10:51:36 UTC, 1 h 51 min 36 s in."
    )
    assert headline(report(bank, Failed(services=("processor-a",)), lasting=hour)) == (
        "No SLA is down; 2 promises to customers at risk or degraded. No SLA breaches."
    )
    lonely = delivered(
        "[a]", "availability: 99%", a="availability: 99%", services=("{id: x, provider: them}",)
    )
    assert headline(report(lonely, Failed(services=("x",)))) == "No SLA is affected, as far as is known."


def test_every_way_of_failing_is_named() -> None:
    portfolio = delivered(
        "[a, {step: b, optional: true}]",
        "availability: 99%",
        "response_time: 15 min, clock: office, priority: P1",
        terms="hours: office",
        services=(
            "{id: b, provider: them, region: north, zone: n1}",
            "{id: x, provider: team, workflow: [a]}",
        ),
        agreements=(
            "{id: other, kind: UC, provider: p-a, customer: team, covers: [a], targets: [{availability: 99%}]}",
        ),
        a="availability: 99%",
    )
    behind = tuple(
        replace(s, supply_chain=(Supplier(provider="others"),)) if s.id == "b" else s
        for s in portfolio.services
    )
    portfolio = replace(portfolio, services=behind)
    wide = Layout(width=1000)
    said = as_text.render(report(portfolio, Failed(agreements=("uc-a",))), wide)
    assert "Outage of UC a §1, from" in said
    assert "  - s → a (delivered under UC a §1)" in said
    assert "(elapsed time was counted, not opening hours; no window is stated, a month was taken)" in said
    assert "response_time 15 min of P1 falls due at 09:15 UTC, 15 min in" in said
    said = as_text.render(report(portfolio, Failed(regions=("north",))), wide)
    assert "Outage of region north" in said
    assert "b (region north)" in said
    assert "◐ Degraded" in said
    assert "zone n1" in as_text.render(report(portfolio, Failed(zones=("n1",))), wide)
    assert "(in its supply chain: others)" in as_text.render(
        report(portfolio, Failed(providers=("others",))), wide
    )
    share = report(portfolio, Failed(services=("a",)), capacity_lost=Fraction(1, 4))
    assert "25% of it lost" in as_text.render(share, wide)
    assert plain(share)["capacity_lost"] == 0.25


def test_breaches_of_the_past_and_at_once_are_told_as_such() -> None:
    from olagraph.model.entities import Incident

    portfolio = delivered("[a]", "availability: 99%", terms="window: day", a="availability: 99%")
    had = Incident(service="s", from_=START.replace(hour=1), to=START.replace(hour=2))
    asked = report(portfolio, Failed(services=("a",)), incidents=(had,))
    assert headline(asked).endswith("at 01:14:24 UTC, before it began.")
    assert "1 h of it used up before" in as_text.render(asked, Layout(width=1000))
    always = delivered("[a]", "availability: 100%", a="availability: 99%")
    assert headline(report(always, Failed(services=("a",)))).endswith("at 09:00 UTC, at once.")


def test_long_lists_are_cut_with_their_count() -> None:
    names = [f"x{number:02}" for number in range(30)]
    portfolio = delivered(
        "[a]",
        "availability: 99%",
        services=[f"{{id: {name}, provider: us, workflow: [a]}}" for name in names],
        agreements=[
            f"{{id: ola-{name}, provider: us, customer: team, covers: [{name}], targets: [{{availability: 99%}}]}}"
            for name in names
        ],
        a="availability: 99%",
    )
    said = as_text.render(report(portfolio, Failed(services=("a",))), Layout())
    assert "  + 12 more; --format json lists them" in said
    assert "  + 21 more; --format json lists them" in said


def test_names_of_others_move_no_cursor() -> None:
    portfolio = delivered("[a]", "availability: 99%", a="availability: 99%")
    hostile = replace(
        portfolio,
        services=tuple(replace(service, name=HOSTILE) for service in portfolio.services),
        providers=tuple(replace(provider, contact=HOSTILE, name=HOSTILE) for provider in portfolio.providers),
        agreements=tuple(replace(agreement, ref=HOSTILE) for agreement in portfolio.agreements),
    )
    asked = report(hostile, Failed(services=("a",)))
    for text in (as_text.render(asked, Layout(width=60)), as_json.render(asked)):
        assert not {"\x1b", "\u202e", "\r", "\x00", "\ufeff"} & set(text)


def test_colour_is_never_the_only_sign() -> None:
    asked = report(fixture("bank-payments"), Failed(services=("processor-a", "watchlist")))
    coloured = as_text.render(asked, Layout(colour=True))
    assert "\x1b[1;31m✘ DOWN\x1b[0m" in coloured
