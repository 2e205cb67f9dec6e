"""Mean times between failures of systems, against published figures (tests/reference/families.yaml)."""

import math
from pathlib import Path

import pytest
import yaml

from olagraph.metrics.families.failure_repair import UpAndDown, failure_repair

REFERENCE = yaml.safe_load((Path(__file__).parents[2] / "reference" / "families.yaml").read_text("utf-8"))
UP_WITH = {
    "series": lambda up, n: up == n,
    "parallel": lambda up, n: up >= 1,
    "2-of-3": lambda up, n: up >= 2,
}


def system(structure: str, down: list[float]) -> tuple[float, list[float]]:
    """Unavailability and Birnbaum importances, by enumeration."""

    def unavailability(q: list[float]) -> float:
        total = 0.0
        for world in range(2 ** len(q)):
            failed = [bool(world >> i & 1) for i in range(len(q))]
            if not UP_WITH[structure](len(q) - sum(failed), len(q)):
                total += math.prod(x if f else 1 - x for x, f in zip(q, failed, strict=True))
        return total

    birnbaum = [
        unavailability([*down[:i], 1.0, *down[i + 1 :]]) - unavailability([*down[:i], 0.0, *down[i + 1 :]])
        for i in range(len(down))
    ]
    return unavailability(down), birnbaum


@pytest.mark.parametrize("case", REFERENCE["failure_and_repair"], ids=str)
def test_a_published_system_has_its_published_mean_times(case):
    components = [UpAndDown(mttf=1 / failure, mttr=1 / repair) for failure, repair in case["rates"]]
    down = [part.mttr / (part.mttf + part.mttr) for part in components]
    unavailability, birnbaum = system(case["structure"], down)
    found = failure_repair(components, birnbaum=birnbaum, unavailability=unavailability)
    published = {
        "frequency": found.frequency,
        "mean_up": found.mttf,
        "mean_down": found.mttr,
        "mtbf": found.mtbf,
    }
    for name, value in published.items():
        if name in case:
            assert value == pytest.approx(case[name], rel=1e-6)
    if "availability" in case:
        assert found.mttf / found.mtbf == pytest.approx(case["availability"], rel=1e-6)


def test_a_system_that_never_fails_is_up_for_ever():
    found = failure_repair([UpAndDown(5, 1)], birnbaum=[0.0], unavailability=0.0)
    assert (found.frequency, found.mttf, found.mttr, found.mtbf) == (0, math.inf, 0, math.inf)
