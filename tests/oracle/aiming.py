"""Targets moved to where verdicts turn: onto the bases and between them."""

from copy import deepcopy
from datetime import date
from itertools import pairwise
from random import Random
from typing import Any

from tests.oracle.assessment import Assessment, assess
from tests.oracle.expression import ratio
from tests.oracle.portfolios import DAY


def aimed(document: dict[str, Any], random: Random) -> dict[str, Any]:
    """The document with the availability target of every assessed SLA on one of its values or between."""
    moved = deepcopy(document)
    rows = assess(document, date.fromisoformat(DAY))
    for agreement in moved["agreements"]:
        mine = [row for row in rows if row.agreement == agreement["id"] and agreement["id"].startswith("sla")]
        for target in agreement["targets"] if mine else []:
            row = next(
                (row for row in mine if row.target == float(ratio(target.get("availability", -1)))), None
            )
            if row is not None:
                target["availability"] = _aim(row, random)
    return moved


def _aim(row: Assessment, random: Random) -> str:
    view = random.choice([row.contracted, row.achievable])
    bases = random.choice([view.worst, view.best])
    values = [bases.guaranteed, bases.independent, bases.ceiling]
    between = [(low + high) / 2 for low, high in pairwise(values)]
    return f"{random.choice([*values, *between]):.7f}"
