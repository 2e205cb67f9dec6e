"""GraphiQL, under the same policy as every page."""

from playwright.sync_api import expect

from tests.web.serving import Site
from tests.web.visiting import Visitor


def test_a_query_is_run_and_dialogs_open_without_a_complaint(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(bank.url)
    page.get_by_role("link", name="API").click()
    expect(page).to_have_url(f"{bank.url}/graphiql/")
    page.locator(".graphiql-query-editor .CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("{ portfolio { name } }")
    page.get_by_role("button", name="Execute query").click()
    expect(page.locator(".result-window")).to_contain_text("Calder & Wick Bank")
    page.get_by_label("Show Documentation Explorer").click()
    expect(page.get_by_text("Subscription").first).to_be_visible()
    page.get_by_label("Open settings dialog").click()
    expect(page.get_by_role("dialog")).to_be_visible()
