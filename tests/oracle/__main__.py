"""Thousands of random portfolios against olagraph: `python -m tests.oracle --count 5000`."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from random import Random
from typing import Any

from tests.oracle.aiming import aimed
from tests.oracle.comparison import RefusedError, differences
from tests.oracle.portfolios import METRICS, portfolio
from tests.oracle.shrinking import shrunk


def _failures(document: dict[str, Any], metric: str) -> list[str]:
    try:
        return differences(document, metric)
    except RefusedError as refused:
        return [f"refused: {refused}"]
    except AssertionError as crash:
        return [f"crashed: {crash.__cause__!r}"]


def _still_differs(document: dict[str, Any], *, metric: str, like: str) -> bool:
    try:
        return any(_gist(line) == like for line in differences(document, metric))
    except RefusedError:
        return False
    except AssertionError as crash:
        return like == _gist(f"crashed: {crash.__cause__!r}")
    except Exception:  # the oracle trusts its input; what was taken away may have been needed
        return False


def _gist(line: str) -> str:
    """What kind of difference a line tells of, names and numbers apart."""
    return " ".join(word for word in line.split(": ", 1)[-1].split()[:2] if not word[0].isdigit())


def _documents(metric: str, seeds: range) -> Iterator[tuple[int, dict[str, Any]]]:
    """Portfolios by seed; every other one on availability has its targets moved to where verdicts turn."""
    for seed in seeds:
        document = portfolio(Random(seed), metric)
        yield seed, aimed(document, Random(seed)) if metric == "availability" and seed % 2 else document


def main() -> int:
    """Compare, shrink and print counterexamples; the exit code says whether there were any."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="portfolios per metric")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--metric", choices=METRICS, action="append", help="one or several (default: all)")
    parser.add_argument("--show", type=int, default=3, help="counterexamples to shrink and print per metric")
    given = parser.parse_args()
    failing: Counter[str] = Counter()
    for metric in given.metric or METRICS:
        for seed, document in _documents(metric, range(given.first, given.first + given.count)):
            lines = _failures(document, metric)
            failing[metric] += bool(lines)
            if lines and failing[metric] <= given.show:
                small = shrunk(document, partial(_still_differs, metric=metric, like=_gist(lines[0])))
                print(f"{metric}, seed {seed}:", *_failures(small, metric), sep="\n  ")
                print(json.dumps(small))
        print(f"{metric}: {failing[metric]} of {given.count} portfolios differ", file=sys.stderr)
    return int(failing.total() > 0)


if __name__ == "__main__":
    sys.exit(main())
