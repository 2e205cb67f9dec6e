"""Numbers as the sentences of findings print them."""

import pytest

from olagraph.analysis.wording import value
from olagraph.model.entities import Better, Family, Metric


def metric(unit: str) -> Metric:
    """A metric of a unit."""
    return Metric(id="any", unit=unit, better=Better.HIGHER, family=Family.RATE)


@pytest.mark.parametrize(
    ("unit", "number", "worded"),
    [
        ("bit/s", 1e9, "1 Gbit/s"),
        ("bit/s", 2.5e12, "2.5 Tbit/s"),
        ("bit/s", 64_000.0, "64 kbit/s"),
        ("bit/s", 0.5, "0.5 bit/s"),
        ("bit/s", 0.0, "0 bit/s"),
        ("bit/s", 3e18, "3,000,000 Tbit/s"),
        ("1/s", 2_000_000.0, "2,000,000/s"),
        ("1/s", 200.0, "200/s"),
        ("1/s", 3 / 3_600, "3/h"),
        ("1/s", 5 / 86_400, "5/d"),
        ("1/s", 0.0, "0/s"),
        ("1/s", float("inf"), "unlimited"),
        ("money", 1_234_567.8, "1,234,570"),
        ("number", 12.5, "12.5"),
        ("number", -0.5, "-0.5"),
        ("s", 5_400.0, "1.5 h"),
        ("ratio", 0.999, "99.9%"),
    ],
)
def test_a_value_is_in_the_unit_that_people_would_use(unit: str, number: float, worded: str) -> None:
    assert value(metric(unit), number) == worded
