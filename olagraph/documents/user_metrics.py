"""Metrics of the portfolio's own: rows for the metric table, by naming a rule family (SEMANTICS §5)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from olagraph.documents.reading import Kind, Reading
from olagraph.documents.records import EXTRA_PREFIX, Field, Record, Stated
from olagraph.documents.scalars import Flag, Identifier, OneOf, Text
from olagraph.documents.targets import OWN_PART, TARGET, metric_names
from olagraph.metrics.table import BUILT_IN_METRICS, DIMENSIONS
from olagraph.model.entities import Better, Family, Metric

_BUILT_IN_NAMES = metric_names(BUILT_IN_METRICS)

_UNITS: Mapping[Family, frozenset[str]] = MappingProxyType(
    {
        Family.STRUCTURE_FUNCTION: frozenset({"ratio"}),
        Family.SUCCESS_RATE: frozenset({"ratio"}),
        Family.TIME: frozenset({"s"}),
        Family.RESTORE: frozenset({"s"}),
        Family.JITTER: frozenset({"s"}),
        Family.FAILURE_REPAIR: frozenset({"s"}),
    }
)
"""The units in which a family's rules mean something; families that are not listed take any."""

_BETTER: Mapping[Family, Better] = MappingProxyType(
    {
        Family.STRUCTURE_FUNCTION: Better.HIGHER,
        Family.SUCCESS_RATE: Better.HIGHER,
        Family.RATE: Better.HIGHER,
        Family.TIME: Better.LOWER,
        Family.RESTORE: Better.LOWER,
        Family.JITTER: Better.LOWER,
        Family.MAXIMUM: Better.LOWER,
        Family.SUM: Better.LOWER,
    }
)
"""The direction in which a family's bounds hold; families that are not listed take either."""


class MetricRecord(Record[Metric]):
    """A row of the metric table: a new name, and a unit and direction that its family composes."""

    def attributes(self, stated: Stated, reading: Reading) -> dict[str, Any]:
        values = stated.values
        for key in ("id", "complement"):
            name = values.get(key)
            if name in _BUILT_IN_NAMES:
                raise reading.fault(
                    *stated.at(key), f"{name!r} is a built-in metric", expected="another name"
                )
            if name is not None and (
                name in TARGET.by_key or name in OWN_PART.by_key or name.startswith(EXTRA_PREFIX)
            ):
                raise reading.fault(
                    *stated.at(key), f"{name!r} means something else in a target", expected="another name"
                )
        family, unit, better = values["family"], values["unit"], values["better"]
        units = _UNITS.get(family, frozenset(DIMENSIONS))
        if unit not in units:
            raise reading.fault(
                *stated.at("unit"), f"unit {unit} with family {family}", expected=" or ".join(sorted(units))
            )
        if better is not _BETTER.get(family, better):
            raise reading.fault(
                *stated.at("better"), f"{better} with family {family}", expected=str(_BETTER[family])
            )
        if "complement" in values and unit != "ratio":
            raise reading.fault(
                *stated.at("complement"), f"a complement of a metric in {unit}", expected="unit ratio"
            )
        return super().attributes(stated, reading)


METRIC = MetricRecord(
    "metric",
    Metric,
    (
        Field(
            key="id",
            codec=Identifier(),
            required=True,
            description="The key that targets use; no built-in one.",
        ),
        Field(
            key="unit",
            codec=OneOf(DIMENSIONS, what="unit"),
            required=True,
            description="Of computed values: ratio, s, 1/s, bit/s, money or number.",
        ),
        Field(
            key="better",
            codec=OneOf(Better, what="direction"),
            required=True,
            description="Which way it improves: higher or lower.",
        ),
        Field(
            key="family",
            codec=OneOf(Family, what="rule family"),
            required=True,
            description="How it composes; none = tracked and compared back to back, never composed.",
        ),
        Field(
            key="complement", codec=Identifier(), description="A name for 1 - value that targets may use too."
        ),
        Field(
            key="ticket", codec=Flag(), description="Measured on a ticket's clock, along the ticket's path."
        ),
        Field(key="source", codec=Text(), description="Where the rule comes from."),
    ),
    description="A metric of the portfolio's own, composed by the rules of a family.",
    kind=Kind.METRIC,
)
