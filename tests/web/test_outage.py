"""Who is hit if something fails."""

import pytest
from playwright.sync_api import expect

from olagraph.documents import load
from tests.web.conftest import FIXTURES
from tests.web.portfolios import ticket_shop
from tests.web.serving import Site
from tests.web.visiting import Visitor

ASKED = "/outage?portfolio=shop&provider=hostco&from=2026-11-23T09:00:00Z&for=4+h"
HIT = "4 services down, 1 at risk; 2 promises to 2 customers affected. It is not known whether 1 other service is hit."


@pytest.fixture(autouse=True)
def shop(bank: Site) -> None:
    bank.write(ticket_shop(), id="shop")


def test_what_fails_is_found_by_typing_and_the_address_holds_the_question(
    visitor: Visitor, bank: Site
) -> None:
    page = visitor.visit(f"{bank.url}/outage?portfolio=shop")
    field = page.get_by_role("combobox", name="What fails?")
    field.press_sequentially("hostco")
    expect(page.get_by_role("option", name="provider HostCo hostco external")).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(page).to_have_url(f"{bank.url}/outage?provider=hostco&portfolio=shop")
    expect(page.get_by_text(HIT)).to_be_visible()
    expect(field).to_have_value("")

    field.press_sequentially("mail")
    page.get_by_role("option", name="service Mail").click()
    expect(page).to_have_url(f"{bank.url}/outage?provider=hostco&service=mail&portfolio=shop")
    expect(page.get_by_text("6 services down")).to_be_visible()
    page.get_by_label("Lasts").fill("4 h")
    page.get_by_label("Lasts").press("Tab")
    expect(page.get_by_text("for 4 h.")).to_be_visible()
    page.get_by_role("button", name="Remove service Mail").click()
    page.get_by_role("button", name="Keep this start in the address").click()
    expect(page).to_have_url(
        f"{bank.url}/outage?provider=hostco&from=2026-11-23T09:00:00Z&for=4+h&portfolio=shop"
    )

    expect(page.get_by_text(HIT)).to_be_visible()
    answer = page.get_by_role("table", name="Promises to customers affected").inner_text()
    another = visitor.visit(page.url)
    expect(
        another.get_by_role("table", name="Promises to customers affected").get_by_role("row")
    ).to_have_count(3)
    assert another.get_by_role("table", name="Promises to customers affected").inner_text() == answer


def test_slas_come_soonest_breach_first_with_both_times_the_budget_and_whom_to_call(
    visitor: Visitor, bank: Site
) -> None:
    page = visitor.visit(bank.url + ASKED)
    rows = page.get_by_role("table", name="Promises to customers affected").locator("tbody tr")
    expect(rows).to_have_count(2)
    for row, said in (
        (0, ("sla-shop", "T-1 §4", "Fans", "Shop", "Down", "availability 99.9% a month")),
        (
            0,
            (
                "after 43 min 12 s",
                "10:43:12 CET",
                "09:43:12 UTC",
                "overdrawn by 3 h 16 min",
                "of 43 min 12 s",
            ),
        ),
        (1, ("sla-archive", "Clubs", "holds", "if it went on, would breach", "2026-11-24 03:31:12 CET")),
        (1, ("13 h 31 min left", "of 17 h 31 min")),
    ):
        for text in said:
            expect(rows.nth(row)).to_contain_text(text)
    call = rows.first.get_by_role("link", name="noc@hostco.example")
    expect(call).to_have_attribute("href", "mailto:noc@hostco.example")
    expect(rows.first).to_contain_text("under uc-host (HC-7 §3)")


def test_services_show_the_path_that_carries_the_outage_and_what_nobody_knows_is_said(
    visitor: Visitor, bank: Site
) -> None:
    page = visitor.visit(bank.url + ASKED)
    down = page.get_by_role("region", name="Down 4 cannot work")
    path = down.get_by_role("list", name="What carries the outage to Shop")
    expect(path.get_by_role("listitem")).to_have_text(["Shop", "Web server"])
    expect(down).to_contain_text("provider hostco fails")
    expect(page.get_by_role("region", name="At risk 1")).to_contain_text("News")
    not_known = page.get_by_role("region", name="Not known of 1 service")
    expect(not_known).to_contain_text("that they are not listed as affected does not mean that they are up")
    expect(not_known).to_contain_text("Mail")
    page.get_by_role("link", name="1 Not known").click()
    expect(not_known).to_be_in_viewport()


def test_agreements_between_providers_are_counted_and_shown_on_demand(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(bank.url + ASKED)
    page.get_by_role("button", name="2 promises hidden: show").click()
    expect(
        page.get_by_role("table", name="Promises between providers affected").locator("tbody tr").first
    ).to_contain_text("uc-host")


def test_targets_on_tickets_fall_due(visitor: Visitor, bank: Site) -> None:
    bank.write(load(str(FIXTURES / "service-desk.yaml")), id="desk")
    page = visitor.visit(f"{bank.url}/outage?portfolio=desk&provider=desk-team&from=2026-11-24T15:00:00Z")
    row = page.get_by_role("row", name="sla-response")
    for said in (
        "falls due after 10 min",
        "16:10 CET",
        "15:10 UTC",
        "response time 15 min of P1",
        "no contact stated",
    ):
        expect(row).to_contain_text(said)
    expect(row).to_contain_text("elapsed time was counted, not opening hours")


def test_a_start_is_given_in_local_time(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(f"{bank.url}/outage?portfolio=shop&provider=hostco")
    page.get_by_label("at", exact=True).check()
    start = page.get_by_label("Start, in your time")
    start.fill("2026-12-01T10:00")
    start.blur()
    expect(page.get_by_text("2026-12-01 09:00 UTC").first).to_be_visible()
    expect(page).to_have_url(f"{bank.url}/outage?provider=hostco&from=2026-12-01T09:00:00Z&portfolio=shop")


def test_what_is_not_there_is_said_with_the_nearest_names(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(f"{bank.url}/outage?portfolio=shop&provider=hostca")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The outage: the server refused the question")
    expect(alert).to_contain_text("hostco")
    page.get_by_role("button", name="Remove provider hostca").click()
    expect(alert).to_have_count(0)


def test_a_duration_that_is_none_is_refused_in_words(visitor: Visitor, bank: Site) -> None:
    visitor.expected = ("400 (Bad Request)",)
    page = visitor.visit(f"{bank.url}/outage?portfolio=shop&provider=hostco&for=long")
    expect(page.get_by_role("alert")).to_contain_text("long")
