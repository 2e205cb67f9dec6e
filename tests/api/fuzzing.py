"""Random operations, made by schemathesis from the schema that the server describes: no 5xx, no hang, nothing masked.

    python -m tests.api.fuzzing [--cases 10000] [--seed 1]

Asks a running server over an embedded store with a bank's payment journey, and counts what it answers.
"""

import argparse
import json
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from olagraph.documents import load
from olagraph.documents.changes import difference
from olagraph.model.entities import Portfolio
from olagraph.stores import Store, open_store, parse_address
from olagraph_api.app import create_app
from olagraph_api.limits import Limits
from olagraph_api.security.clock import Clock
from olagraph_api.settings import AppSettings
from tests.api.clock import NOW
from tests.house.listings import ROOT

LONGEST_S = 20.0
"""An operation may take ten; the machine may be busy."""

ROOMY = Limits(
    tokens=20_000,
    depth=40,
    aliases=1_000,
    directives=1_000,
    root_fields=100,
    expanded_fields=20_000,
    cost=10**9,
)
"""Lets through what is refused by its size, so that resolvers are reached: they are what is tried here."""

_nodes = schemathesis.graphql.nodes
_TEXTS = {
    "Date": ["2026-11-23", "2027-06-30", "0001-01-01", "9999-12-31", "tomorrow"],
    "DateTime": ["2026-12-01T09:00:00Z", "1000-01-01T00:00:00Z", "9999-12-31T23:59:59+00:00", "2026-12-01"],
    "Duration": ["PT4H", "PT0.25S", "P400D", "4 h", "PT0S", "-1 h"],
    "Decimal": ["0.5", "1", "0", "1e-30", "-3", "x"],
    "Quantity": ["99.95%", "2 s", "0.9995", "200/s", "12 EUR", "1e40", "", "lots"],
    "Money": ["12000 EUR", "0", "1e99 EUR"],
    "BigInt": ["1", "100000000000000000000"],
    "ID": ["default", "card-payment", "sla-instant-corporate", "listkeeper", "hostpoint", "watchlist", "retail-banking",
           "", "\u0000", "é" * 300, "a/b:c", "W10"],
    "String": ["availability", "latency", "eu-west", "card", "availability 99.9%", "", "\u202e", "95%", "P1", "month",
               "olagraph: 1\nproviders: []", "olagraph: 1\nservices: [{id: a, provider: b}]", "[" * 500],
}  # fmt: skip


_SCALAR_TEXTS = {text for name, texts in _TEXTS.items() if name not in ("ID", "String") for text in texts}
_TEXT = re.compile(r'(?P<name>portfolio: )?(?P<text>"(?:[^"\\\n]|\\.)*")|(?<=portfolio: )-?\d+')


def _register_scalars() -> None:
    for name, texts in _TEXTS.items():
        if name not in ("ID", "String"):
            schemathesis.graphql.scalar(name, st.sampled_from(texts).map(_nodes.String))
    plain = st.recursive(
        st.sampled_from(_TEXTS["ID"]).map(_nodes.String) | st.integers(-5, 10**12).map(_nodes.Int),
        lambda inner: st.lists(inner, max_size=3).map(_nodes.List),
        max_leaves=5,
    )
    schemathesis.graphql.scalar("JSON", plain)


@dataclass
class Report:
    """What the server answered.

    Attributes:
        statuses: how often each HTTP status.
        codes: how often each code of an error.
        answered: operations without any error.
        longest: seconds.
        wrong: operations whose answers a client must never get, with what was wrong.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    longest: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How many operations were sent."""
        return self.statuses.total()

    def add(self, operation: str, response: httpx.Response, *, seconds: float) -> None:
        """Count an answer, and look for what is wrong with it."""
        self.statuses[response.status_code] += 1
        self.longest = max(self.longest, seconds)
        answer = response.json() if response.status_code < 500 else {}
        errors = answer.get("errors", [])
        codes = [error.get("extensions", {}).get("code", "none") for error in errors]
        self.codes.update(set(codes))
        self.answered += not errors
        if response.status_code >= 500 or "INTERNAL" in codes or "none" in codes or seconds > LONGEST_S:
            told = f"{response.status_code}, {seconds:.1f} s, {errors[:2]}"
            self.wrong.append(f"{told}\n{operation[:2_000]}")

    def __str__(self) -> str:
        lines = [
            f"{self.asked} operations, {self.answered} answered without an error, the longest {self.longest:.1f} s"
        ]
        lines += [f"  HTTP {status}: {count}" for status, count in sorted(self.statuses.items())]
        lines += [f"  {code}: {count}" for code, count in self.codes.most_common()]
        return "\n".join([*lines, f"{len(self.wrong)} wrong", *self.wrong[:5]])


def fuzz(url: str, *, cases: int, chance: int) -> Report:
    """Send random operations, as many for each root field.

    Args:
        url: of the GraphQL endpoint.
        cases: how many at least.
        chance: the seed.
    """
    _register_scalars()
    found = schemathesis.graphql.from_url(url).get_all_operations()
    roots = [each.ok() for each in found if isinstance(each, Ok)]
    each_root = -(-cases // len(roots))
    report = Report()
    # Ids and words of the portfolio in place of random text, so that more is found than "there is none".
    with httpx.Client(timeout=LONGEST_S + 10) as client:
        for root in roots:

            @seed(chance)
            @settings(
                max_examples=each_root,
                phases=[Phase.generate],
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(case=root.as_strategy(), words=st.lists(st.sampled_from(_TEXTS["ID"] + _TEXTS["String"]), min_size=8, max_size=8))  # fmt: skip
            def ask(case: Any, words: list[str]) -> None:
                operation = _with_words(case.body, words)
                began = time.monotonic()
                response = client.post(url, json={"query": operation})
                report.add(operation, response, seconds=time.monotonic() - began)

            while report.asked < each_root * (
                roots.index(root) + 1
            ):  # hypothesis stops where it finds nothing new
                before = report.asked
                ask()
                if report.asked == before:
                    break
    return report


def _with_words(operation: str, words: list[str]) -> str:
    """The operation with words of the portfolio for texts that were made up, mostly of the portfolio that is there."""
    left = iter(words)

    def word(text: re.Match[str]) -> str:
        if text["text"] is None:  # an id may be a number
            return '"default"'
        if json.loads(text["text"]) in _SCALAR_TEXTS:
            return text[0]
        chosen = next(left, "default")
        if text["name"] and len(chosen) < 20:  # the portfolio: the longer words stay, they name none
            chosen = "default"
        return f"{text['name'] or ''}{json.dumps(chosen)}"

    return _TEXT.sub(word, operation)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A server with a bank's payment journey; gives the address of its GraphQL endpoint."""
    with closing(open_store(parse_address(f"sqlite:///{folder / 'fuzz.db'}", {}), create=True)) as store:
        _fill(store)
        app_settings = AppSettings(clock=Clock(now=lambda: NOW, ticks=time.monotonic_ns), limits=ROOMY)
        server = uvicorn.Server(uvicorn.Config(create_app(store, app_settings), port=0, log_level="critical"))
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/graphql"
        finally:
            server.should_exit = True
            thread.join()


def _fill(store: Store) -> None:
    bank = load(ROOT / "fixtures" / "bank-payments.yaml")
    store.apply("default", difference(Portfolio(), bank), expected=0, by="Joe", at=NOW, what="begin")


def main() -> None:
    """Fuzz as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as url:
        report = fuzz(url, cases=asked.cases, chance=asked.seed)
    print(report)
    raise SystemExit(bool(report.wrong))


if __name__ == "__main__":
    main()
