"""Random portfolios, loaded; their seed names them."""

import json
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from olagraph.analysis.settings import Settings
from olagraph.documents import load_text
from olagraph.model.entities import Portfolio
from tests.oracle.portfolios import DAY, portfolio

SETTINGS = Settings(as_of=date.fromisoformat(DAY))

WORDS = {
    "availability": "availability",
    "success_rate": "success_rate",
    "latency": "latency",
    "percentile": "latency",
}


def drawn(seed: int, metric: str) -> Portfolio:
    """A random portfolio on one metric."""
    return load_text(json.dumps(portfolio(Random(seed), metric)), "drawn.json")


def renamed(seed: int, old: str, new: str, values: dict[str, str]) -> Portfolio:
    """A random portfolio on a metric that is composed as another."""
    document = portfolio(Random(seed), old)
    for target in stated_targets(document):
        if (value := target.pop(WORDS[old], None)) is not None:
            target[new] = values.get(value, value)
    return load_text(json.dumps(document), "drawn.json")


def stated_targets(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every target and own part of a document."""
    for row in (*document["agreements"], *document["services"]):
        yield from (*row.get("targets", ()), *row.get("own", ()))
