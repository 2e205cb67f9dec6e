"""A server with accounts asks who one is."""

from pathlib import Path

from playwright.sync_api import expect

from olagraph.documents import load
from olagraph_api.security.key_file import create_key
from olagraph_api.security.principals import Role
from olagraph_api.security.settings import KeySettings, SecuritySettings
from tests.web.conftest import FIXTURES
from tests.web.serving import NOW, site
from tests.web.visiting import Visitor, barriers


def test_a_key_opens_the_pages_until_one_signs_out(visitor: Visitor, tmp_path: Path, built: None) -> None:
    file = tmp_path / "keys.json"
    _, key = create_key(file, role=Role.VIEWER, portfolios=["default"], label="Duty manager", now=NOW)
    visitor.expected = ("401 (Unauthorized)", "WebSocket")
    with site(tmp_path, security=SecuritySettings(keys=KeySettings(file=file))) as guarded:
        guarded.write(load(str(FIXTURES / "bank-payments.yaml")))
        page = visitor.visit(guarded.url)
        field = page.get_by_label("API key or access token")
        expect(field).to_be_visible()
        assert barriers(page) == []

        field.fill("olagraph_0123456789abcdef_wrong")
        field.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("does not accept the key")
        field.fill(key)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("17 SLA targets")).to_be_visible()
        expect(page.get_by_text("Duty manager, viewer")).to_be_visible()
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(field).to_be_visible()
        page.close()  # before the server goes, which it would complain about
