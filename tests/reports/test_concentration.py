"""The concentration report: what a service manager and a risk officer read, and what programs rely on."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from olagraph.analysis.concentration.concentrating import concentration
from olagraph.analysis.concentration.cutting import cut_sets
from olagraph.analysis.concentration.importance import importance
from olagraph.analysis.concentration.results import CutBy, CutSets
from olagraph.analysis.settings import Settings
from olagraph.model.entities import Portfolio, Provider, ProviderKind, Service
from olagraph.reports.concentration import as_json, as_text
from olagraph.reports.concentration.subject import ConcentrationReport
from olagraph.reports.layout import Layout, columns
from tests.analysis.small import DAY, delivered

TODAY = Settings(as_of=DAY)
PAGE = Path(__file__).parents[2] / "docs" / "concentration.md"


@pytest.fixture
def portfolio() -> Portfolio:
    """A service on a pair of suppliers and on an exchange, whose provider belongs to a group."""
    return delivered(
        "[{any_of: [a, b]}, x]",
        "availability: 99%",
        terms="window: month",
        providers=(
            "{id: group, kind: external, name: The Group}",
            "{id: x-co, kind: external, name: X Company, parent: group}",
        ),
        services=(
            "{id: x, provider: x-co, name: Exchange, region: north, zone: n1}",
            "{id: quiet, provider: them}",
        ),
        agreements=(
            "{id: uc-x, provider: x-co, customer: us, covers: [x], ref: 'X §9', targets: [{availability: 99.9%}]}",
        ),
        a="availability: 99%",
        b="availability: 98%",
    )


@pytest.fixture
def report(portfolio: Portfolio) -> ConcentrationReport:
    return ConcentrationReport(
        portfolio=portfolio,
        concentration=concentration(portfolio, TODAY),
        importance=importance(portfolio, TODAY),
        cut_sets=tuple(cut_sets(portfolio, TODAY, service="s", by=by, limit=2) for by in CutBy),
    )


def text(report: ConcentrationReport, width: int = 100) -> str:
    return as_text.render(report, Layout(width=width))


def document(report: ConcentrationReport) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(as_json.render(report))
    return found


def test_a_loss_is_told_in_a_line_with_slas_customers_and_services(report: ConcentrationReport) -> None:
    said = text(report)
    assert "X Company: takes down 1 of 1 SLA (100%), 1 customer, 2 of 5 services" in said
    assert "down: SLA §1; the tightest of them 99% a month (SLA §1)" in said
    assert "provides 1 service, 1 agreement, its tightest promise 99.9% (X §9)" in said
    assert "p-a: takes down no SLA, 1 of 5 services; puts 1 service at risk" in said


def test_suppliers_stand_before_our_own_teams_and_owners_regions_and_zones_follow(
    report: ConcentrationReport,
) -> None:
    said = text(report)
    headings = ["External providers", "Internal providers", "Owners, each", "Regions", "Zones"]
    places = [said.index(f"\n{heading}") for heading in headings]
    assert places == sorted(places)
    assert "The Group" in said[places[2] : places[3]]


def test_silence_is_said(report: ConcentrationReport) -> None:
    assert "Not known: nobody says what quiet is made of." in text(report)


def test_importances_are_a_table_with_its_legend(report: ConcentrationReport) -> None:
    said = text(report)
    assert "What matters to s, in the terms of SLA §1" in said
    (row,) = (line for line in said.splitlines() if line.startswith("    Exchange"))
    assert row.split()[1:] == ["0.001", "1", "83%", "83%", "833", "6"]
    assert "RAW, RRW" in said


def test_cut_sets_are_counted_and_the_smallest_named(report: ConcentrationReport) -> None:
    said = text(report)
    assert (
        "Which components take s down together\n  1 alone and 1 in pairs\n  - Exchange\n  - a + b\n" in said
    )
    assert (
        "Which providers take s down together\n  2 alone and 1 in pairs\n  - us\n  - X Company\n  + 1 more"
        in said
    )
    assert (
        "Which owners take s down together\n  2 alone and 1 in pairs\n  - The Group\n  - us\n  + 1 more"
        in said
    )


@pytest.mark.parametrize("width", [60, 100])
def test_lines_keep_to_the_width(report: ConcentrationReport, width: int) -> None:
    assert all(columns(line) <= max(width, 74) for line in text(report, width).splitlines())


def test_what_is_out_of_reach_or_not_proven_is_said(portfolio: Portfolio) -> None:
    found = concentration(portfolio, TODAY)
    report = ConcentrationReport(
        portfolio=portfolio,
        concentration=replace(found, proven=False),
        importance=tuple(
            replace(each, low=0.1, high=0.2, elements=()) for each in importance(portfolio, TODAY)
        ),
        cut_sets=(CutSets(service="s", by=CutBy.COMPONENT, orders=None, smallest=()),),
    )
    said = " ".join(text(report).split())
    assert "is not proven for all of them" in said
    assert "unavailability between 0.1 and 0.2" in said
    assert "the minimal cut sets are out of reach" in said
    written = document(report)
    assert written["proven"] is False
    assert written["importance"][0]["unavailability"] == [0.2, 0.1]
    assert written["cut_sets"][0]["orders"] is written["cut_sets"][0]["count"] is None


def test_programs_read_ids_and_full_numbers(report: ConcentrationReport) -> None:
    written = document(report)
    assert [each["id"] for each in written["providers"]] == ["x-co", "us", "p-a", "p-b", "them"]
    assert [each["id"] for each in written["owners"]] == ["group"]
    assert [each["id"] for each in written["regions"]] == ["north"]
    assert [each["id"] for each in written["zones"]] == ["n1"]
    first = written["providers"][0]
    assert first["kind"] == "external"
    assert first["slas_down"] == ["sla"]
    assert first["customers"] == ["c"]
    assert first["share_of_slas"] == 1
    assert first["tightest_promise"]["complement"] == 0.001
    assert first["tightest_sla"]["window"] == "month"
    (service,) = written["importance"]
    assert service["unavailability"] == pytest.approx(0.001 + 0.999 * 0.0002)
    by_provider = written["cut_sets"][1]
    assert by_provider["by"] == "provider"
    assert by_provider["orders"] == {"1": 2, "2": 1}
    assert by_provider["count"] == 3
    assert by_provider["smallest"] == [["us"], ["x-co"]]


def test_a_ratio_without_bound_is_null() -> None:
    portfolio = delivered("[a]", "availability: 99%", a="availability: 99%")
    report = ConcentrationReport(
        portfolio=portfolio,
        concentration=concentration(portfolio, TODAY),
        importance=importance(portfolio, TODAY),
    )
    element = document(report)["importance"][0]["elements"][0]
    assert element["criticality"] == 1
    assert element["rrw"] is None
    assert "∞" in text(report)


def test_names_of_others_cannot_move_the_cursor() -> None:
    escape = Provider(id="p", kind=ProviderKind.EXTERNAL, name="P\x1b[2J")
    portfolio = Portfolio(providers=(escape,), services=(Service(id="s", provider="p"),))
    report = ConcentrationReport(portfolio=portfolio, concentration=concentration(portfolio, TODAY))
    assert "\x1b" not in text(report)
    assert "\\x1b[2J" in text(report)
