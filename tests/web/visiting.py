"""Visits to pages, in a browser that is watched: what it complains about fails the test."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
WIDE = (1440, 900)
NARROW = (390, 844)
ZONE = "Europe/Berlin"

_SAY_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@dataclass
class Visitor:
    """Opens pages of a site, each in a browser profile of its own.

    Attributes:
        complaints: errors on the console and in scripts, violations of the site's policy, requests to elsewhere.
        expected: texts that make a complaint none.
    """

    browser: Browser
    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    _open: list[BrowserContext] = field(default_factory=list)

    def visit(self, address: str, *, size: tuple[int, int] = WIDE, cut_off: bool = False) -> Page:
        """Open an address.

        Args:
            size: of the window, in pixels.
            cut_off: no change can be pushed to the page, and its timers run when the test says so (`page.clock`).
        """
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id=ZONE,
        )
        context.set_default_timeout(10_000)
        self._open.append(context)
        page = context.new_page()
        page.add_init_script(_SAY_VIOLATIONS)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self._complain(f"script: {error}"))
        home = "/".join(address.split("/")[:3])
        page.on("request", lambda request: self._asked(request, home))
        if cut_off:
            page.route_web_socket("**/graphql", lambda socket: socket.close())
            page.clock.install()
        page.goto(address)
        return page

    def close(self) -> None:
        """Close every page."""
        for context in self._open:
            context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complain(f"{message.type}: {message.text}")

    def _asked(self, request: Request, home: str) -> None:
        if not request.url.startswith(f"{home}/"):
            self._complain(f"elsewhere: {request.url}")

    def _complain(self, complaint: str) -> None:
        if not any(text in complaint for text in self.expected):
            self.complaints.append(complaint)


def barriers(page: Page) -> list[str]:
    """What axe-core finds that keeps people from using the page, a line an element."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html']}: {json.dumps(node['failureSummary'])}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
