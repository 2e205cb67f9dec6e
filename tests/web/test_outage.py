"""Who is hit if something fails."""

from playwright.sync_api import expect

from olagraph.documents import load
from tests.web.conftest import FIXTURES
from tests.web.serving import Site
from tests.web.visiting import Visitor

ASKED = "/outage?provider=interclear&from=2026-11-23T09:00:00Z&for=4+h"


def test_what_fails_is_found_by_typing_and_the_address_holds_the_question(
    visitor: Visitor, bank: Site
) -> None:
    page = visitor.visit(f"{bank.url}/outage")
    field = page.get_by_role("combobox", name="What fails?")
    field.press_sequentially("interclear")
    option = page.get_by_role("option", name="provider Interclear interclear external")
    expect(option).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(page).to_have_url(f"{bank.url}/outage?provider=interclear")
    expect(page.get_by_text("4 services down; 4 SLAs of 2 customers affected.")).to_be_visible()
    expect(field).to_have_value("")

    field.press_sequentially("watchlist")
    page.get_by_role("option", name="service Watchlist feed").click()
    expect(page).to_have_url(f"{bank.url}/outage?provider=interclear&service=watchlist")
    page.get_by_label("Lasts").fill("4 h")
    page.get_by_label("Lasts").press("Tab")
    expect(page.get_by_text("for 4 h.")).to_be_visible()
    page.get_by_role("button", name="Remove service Watchlist feed").click()
    page.get_by_role("button", name="Keep this start in the address").click()
    expect(page).to_have_url(bank.url + ASKED)

    answer = page.get_by_role("table", name="SLAs affected").inner_text()
    another = visitor.visit(page.url)
    expect(another.get_by_role("table", name="SLAs affected").get_by_role("row")).to_have_count(5)
    assert another.get_by_role("table", name="SLAs affected").inner_text() == answer


def test_slas_come_soonest_breach_first_with_both_times_the_budget_and_whom_to_call(
    visitor: Visitor, bank: Site
) -> None:
    page = visitor.visit(bank.url + ASKED)
    table = page.get_by_role("table", name="SLAs affected")
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(4)
    for row, said in (
        (
            0,
            (
                "sla-instant-treasury",
                "after 21 min 36 s",
                "10:21:36 CET",
                "09:21:36 UTC",
                "overdrawn by 3 h 38 min",
            ),
        ),
        (1, ("sla-instant-corporate", "after 2 h 9 min", "12:09:36 CET", "11:09:36 UTC")),
        (2, ("sla-settlement-treasury", "after 3 h 36 min", "Treasury", "Down")),
        (
            3,
            (
                "sla-settlement-corporate",
                "holds",
                "if it went on, would breach",
                "13 h 31 min left",
                "of 17 h 31 min",
            ),
        ),
    ):
        for text in said:
            expect(rows.nth(row)).to_contain_text(text)
    call = rows.first.get_by_role("link", name="operations@interclear.example")
    expect(call).to_have_attribute("href", "mailto:operations@interclear.example")
    expect(rows.first).to_contain_text("under uc-interclear-gateway (IC-PART-19 §6.1)")


def test_services_show_the_path_that_carries_the_outage_and_what_nobody_knows_is_said(
    visitor: Visitor, bank: Site
) -> None:
    page = visitor.visit(bank.url + ASKED)
    down = page.get_by_role("region", name="Down 4 cannot work")
    expect(down.get_by_role("list", name="What carries the outage to Daily settlement")).to_have_text(
        "Daily settlementClearing house"
    )
    expect(down).to_contain_text("provider interclear fails")
    not_known = page.get_by_role("region", name="Not known of 1 service")
    expect(not_known).to_contain_text("that they are not listed as affected does not mean that they are up")
    expect(not_known).to_contain_text("Consent registry")
    page.get_by_role("link", name="1 Not known").click()
    expect(not_known).to_be_in_viewport()


def test_agreements_between_providers_are_counted_and_shown_on_demand(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(bank.url + ASKED)
    page.get_by_role("button", name="2 OLAs and UCs hidden: show").click()
    expect(page.get_by_role("table", name="OLAs and UCs affected").locator("tbody tr")).to_have_count(2)


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
    page = visitor.visit(f"{bank.url}/outage?provider=interclear")
    page.get_by_label("at", exact=True).check()
    start = page.get_by_label("Start, in your time")
    start.fill("2026-12-01T10:00")
    start.press("Tab")
    start.blur()
    expect(page.get_by_text("2026-12-01 09:00 UTC").first).to_be_visible()
    expect(page).to_have_url(f"{bank.url}/outage?provider=interclear&from=2026-12-01T09:00:00Z")


def test_what_is_not_there_is_said_with_the_nearest_names(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(f"{bank.url}/outage?provider=interclaer")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The outage: the server refused the question")
    expect(alert).to_contain_text("interclear")
    page.get_by_role("button", name="Remove provider interclaer").click()
    expect(alert).to_have_count(0)


def test_a_duration_that_is_none_is_refused_in_words(visitor: Visitor, bank: Site) -> None:
    visitor.expected = ("400 (Bad Request)",)
    page = visitor.visit(f"{bank.url}/outage?provider=interclear&for=long")
    expect(page.get_by_role("alert")).to_contain_text("long")
