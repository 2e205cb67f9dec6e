"""Every page can be used by everybody: axe-core finds nothing, and nothing is wider than the window."""

import pytest
from playwright.sync_api import Page, expect

from olagraph.model.entities import Portfolio
from tests.web.serving import Site
from tests.web.visiting import NARROW, WIDE, Visitor, barriers, overflow

# What a page shows when all of it is there.
PAGES = {
    "/": "sla-instant-treasury",
    "/?show=findings": "Target out of reach",
    "/?show=unassessed": "its condition is not met by the service",
    "/agreement/sla-card-merchants": "Findings",
    "/agreement/sla-instant-corporate": "clauses it rests on",
    "/outage": "Choose one or several things that fail at once",
    "/outage?provider=interclear&from=2026-11-23T09:00:00Z&for=4+h": "Consent registry",
    "/outage?provider=nobody": "The outage",
    "/?portfolio=empty": "No agreement yet",
    "/?portfolio=missing": "There is no portfolio missing here",
    "/agreement/nothing": "There is no agreement nothing here",
    "/no/such/page": "There is no such page",
}


def is_settled(page: Page, shows: str) -> None:
    expect(page.get_by_text(shows).first).to_be_visible()
    expect(page.get_by_text("Loading")).to_have_count(0)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_barriers_in_light_and_dark(
    path: str, size: tuple[int, int], visitor: Visitor, bank: Site
) -> None:
    bank.write(Portfolio(name="Nothing yet"), id="empty")
    page = visitor.visit(bank.url + path, size=size)
    is_settled(page, PAGES[path])
    assert barriers(page) == []
    assert overflow(page) == 0
    page.emulate_media(color_scheme="dark")
    assert barriers(page) == []


def test_the_keyboard_skips_to_the_content(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(bank.url)
    is_settled(page, "sla-instant-treasury")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("As of")).to_be_focused()
