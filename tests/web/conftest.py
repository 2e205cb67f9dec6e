"""A browser, and a site with a portfolio for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from hatch_build import stale
from olagraph.documents import load
from tests.web.chromium import ARGUMENTS, chromium
from tests.web.serving import Site, site
from tests.web.visiting import Visitor

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"


@pytest.fixture(scope="package")  # not longer: while it is open, no other test can run an event loop
def browser() -> Iterator[Browser]:
    """One browser for all tests of pages."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def built() -> None:
    """The pages as their sources are now."""
    if stale(ROOT):
        pytest.fail("The pages are not built, or older than their sources: make ui builds them")


@pytest.fixture(scope="package")
def bank(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with the bank's payment journey. Tests that change something give it portfolios of their own."""
    with site(tmp_path_factory.mktemp("site")) as running:
        running.write(load(str(FIXTURES / "bank-payments.yaml")))
        yield running


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Somebody with a browser that must not complain about anything."""
    visitor = Visitor(browser)
    yield visitor
    visitor.close()
    assert visitor.complaints == []
