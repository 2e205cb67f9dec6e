"""The board: every promise with its verdict, the worst first."""

from playwright.sync_api import Locator, Page, expect

from tests.web.portfolios import many_promises
from tests.web.serving import Site
from tests.web.visiting import Visitor


def rows(page: Page) -> Locator:
    return page.locator(".targets tbody tr")


def test_the_worst_target_comes_first_with_its_reason_and_what_to_do(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(bank.url)
    expect(page).to_have_title("Calder & Wick Bank, payment journey – olagraph")
    expect(page.get_by_role("heading", level=1)).to_have_text("Calder & Wick Bank, payment journey")
    expect(page.get_by_label("As of")).to_have_value("2026-11-23")
    first = rows(page).first
    for said in (
        "Infeasible",
        "sla-instant-corporate",
        "SLA-CB-2026 §3",
        "Corporate banking",
        "Instant transfer",
        "availability 99.7% a month",
        "0.42 points short",
        "rests on Listkeeper's 99.5% on Watchlist feed (LK-88) and cannot hold",
        "have Listkeeper's uc-listkeeper (LK-88) promise 99.92%",
    ):
        expect(first).to_contain_text(said)
    expect(page.get_by_role("table", name="Targets, SLA")).to_have_attribute("aria-rowcount", "18")


def test_a_count_lists_its_targets_alone_and_the_address_says_so(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(bank.url)
    unsupported = page.get_by_role("button", name="3 Unsupported does not hold")
    unsupported.click()
    expect(page.get_by_text("3 SLA targets found, the worst first.")).to_be_visible()
    expect(page).to_have_url(f"{bank.url}/?verdict=UNSUPPORTED")
    expect(unsupported).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="1 Unknown is not known").click()
    expect(page.get_by_text("4 SLA targets found")).to_be_visible()
    page.reload()
    expect(page.get_by_text("4 SLA targets found")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_text("17 SLA targets, the worst first.")).to_be_visible()
    expect(page).to_have_url(f"{bank.url}/")


def test_targets_are_found_by_text_metric_and_kind(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(bank.url)
    page.get_by_label("Search").fill("treasury")
    expect(page.get_by_text("5 SLA targets found")).to_be_visible()
    page.get_by_label("Metric").select_option("rto")
    expect(page.get_by_text("1 SLA target found")).to_be_visible()
    expect(rows(page).first).to_contain_text("4 h")
    expect(page).to_have_url(f"{bank.url}/?metric=rto&q=treasury")
    page.get_by_label("Search").fill("no such thing")
    expect(page.get_by_text("No target matches these filters.")).to_be_visible()


def test_what_is_hidden_is_counted_and_can_be_shown(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(bank.url)
    page.get_by_role("button", name="9 of other kinds hidden: show").click()
    expect(page.get_by_text("26 SLA or OLA or UC targets")).to_be_visible()
    expect(rows(page).first).to_contain_text("ola-screening")
    page.get_by_role("tab", name="Not assessed").click()
    expect(page.get_by_text("2 targets without a verdict")).to_be_visible()
    expect(page.get_by_text("2 agreements not in force on this day")).to_be_visible()


def test_findings_are_listed_with_what_to_do(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(bank.url)
    tab = page.get_by_role("tab", name="Findings")
    tab.click()
    count = tab.inner_text().removeprefix("Findings (").removesuffix(")")
    expect(page.get_by_text(f"{count} findings, errors first.")).to_be_visible()
    warnings = page.get_by_role("button", name="Warning")
    warnings.click()
    expect(page.get_by_text(f"{warnings.inner_text().split()[-1]} findings found")).to_be_visible()
    page.get_by_role("button", name="CYCLE").click()
    only = page.get_by_role("row", name="Circular dependency")
    expect(only).to_contain_text("Core banking and Key vault need each other")
    expect(only).to_contain_text("break the circle")
    expect(page).to_have_url(f"{bank.url}/?show=findings&severity=WARNING&code=CYCLE")


def test_another_day_has_other_verdicts_and_stays_chosen_on_other_pages(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(bank.url)
    page.get_by_label("As of").fill("2028-06-30")
    expect(page).to_have_url(f"{bank.url}/?asOf=2028-06-30")
    expect(page.get_by_role("button", name="3 Infeasible")).to_have_count(0)
    page.get_by_role("tab", name="Not assessed").click()
    page.get_by_role("link", name="sla-instant-treasury").click()
    expect(page).to_have_url(f"{bank.url}/agreement/sla-instant-treasury?asOf=2028-06-30")
    expect(page.get_by_text("It is not in force on this day")).to_be_visible()
    page.get_by_role("button", name="Today").click()
    expect(page.get_by_text("Treasury's 99.95% rests on Listkeeper's")).to_be_visible()


def test_a_change_appears_by_itself_and_what_one_looks_at_stays_where_it_is(
    visitor: Visitor, bank: Site
) -> None:
    bank.write(many_promises(range(5, 300)), id="many")
    page = visitor.visit(f"{bank.url}/?portfolio=many")
    expect(page.get_by_text("295 SLA targets")).to_be_visible()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    page.mouse.move(700, 500)
    page.mouse.wheel(0, 6000)
    page.wait_for_timeout(500)  # until the wheel has come to rest
    names = [row.inner_text() for row in rows(page).locator("a").all()]
    looked_at = rows(page).filter(has_text=names[len(names) // 2])
    expect(looked_at).to_be_in_viewport()
    before = looked_at.bounding_box()

    bank.write(many_promises(range(300)), id="many")
    expect(page.get_by_text("Just now: 5 new.")).to_be_attached()
    expect(page.get_by_text("300 SLA targets")).to_be_attached()
    after = looked_at.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) <= 1
    expect(page.get_by_text("Revision 2")).to_be_attached()


def test_only_the_rows_in_sight_are_in_the_page_and_the_rest_is_a_click_away(
    visitor: Visitor, bank: Site
) -> None:
    bank.write(many_promises(range(450)), id="many-more")
    page = visitor.visit(f"{bank.url}/?portfolio=many-more")
    expect(page.get_by_text("450 SLA targets")).to_be_visible()
    assert rows(page).count() < 50
    page.get_by_role("button", name="250 hidden: show more").click()
    page.get_by_role("button", name="50 hidden: show more").click()
    expect(page.locator(".more")).to_have_count(0)
    page.keyboard.press("End")
    expect(rows(page).filter(has_text="sla-0449")).to_be_in_viewport()


def test_without_a_connection_the_page_says_so_and_asks_now_and_then(visitor: Visitor, bank: Site) -> None:
    bank.write(many_promises(range(3)), id="cut-off")
    page = visitor.visit(f"{bank.url}/?portfolio=cut-off", cut_off=True)
    expect(page.get_by_text("3 SLA targets")).to_be_visible()
    expect(page.get_by_text("Not live")).to_be_visible()
    bank.write(many_promises(range(4)), id="cut-off")
    page.clock.run_for(15_000)
    expect(page.get_by_text("4 SLA targets")).to_be_visible()
    expect(page.get_by_text("Revision 2")).to_be_visible()
