"""Credits: what is owed when a metric misses its target, in tiers of thresholds in the metric's dimension."""

from typing import Any

from olagraph.documents.codecs import Definitions, ListOf, Schema
from olagraph.documents.quantities import (
    Fee,
    QuantityOf,
    Share,
    any_quantity_schema,
    turned_round,
)
from olagraph.documents.reading import FaultRecordedError, Kind, Place, Reading
from olagraph.documents.records import Field, Record, Stated
from olagraph.documents.scalars import scalar_text
from olagraph.documents.tree import Node
from olagraph.metrics.table import DIMENSIONS
from olagraph.model.entities import Credit, CreditTier, Metric
from olagraph.model.quantity import Dimension, Quantity

_OTHER_SIDE = {"below": "above", "above": "below"}


class MetricName:
    """The name of a metric or of its complement."""

    def read(self, node: Node, place: Place, reading: Reading) -> tuple[Metric, bool]:
        text = scalar_text(node, place, reading, expected="the name of a metric")
        if text not in reading.metrics:
            if text in reading.definitions[Kind.METRIC] or Kind.METRIC in reading.unreadable:
                raise FaultRecordedError  # what is wrong with the metric was recorded
            raise reading.unknown(text, reading.metrics, node, place, what="metric")
        return reading.metrics[text]

    def write(self, value: str) -> object:
        return value

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "string"}


class Threshold(QuantityOf):
    """A value of the metric that a schedule speaks of; 1 - x where it names the complement."""

    def __init__(self, dimension: Dimension, *, is_complement: bool) -> None:
        super().__init__(dimension)
        self.is_complement = is_complement

    def read(self, node: Node, place: Place, reading: Reading) -> Quantity:
        value = super().read(node, place, reading)
        try:
            return turned_round(value) if self.is_complement else value
        except ValueError as error:
            raise reading.fault(node, place, f"1 - {value}: {error}") from None

    def schema(self, definitions: Definitions) -> Schema:
        return any_quantity_schema(definitions)


class TierRecord(Record[CreditTier]):
    """A tier states `below` or `above`; of a complement they change sides."""

    def __init__(self, dimension: Dimension, *, is_complement: bool) -> None:
        threshold = Threshold(dimension, is_complement=is_complement)
        self.is_complement = is_complement
        super().__init__(
            "credit-tier",
            CreditTier,
            (
                Field(key="below", codec=threshold, description="Owed at a value below this one."),
                Field(key="above", codec=threshold, description="Owed at a value above this one."),
                Field(
                    key="credit",
                    codec=Share(percent=True),
                    required=True,
                    description="The share of the fee that is owed.",
                ),
            ),
            description="A step of a credit schedule: `below` or `above` a value, this share of the fee.",
        )

    def attributes(self, stated: Stated, reading: Reading) -> dict[str, Any]:
        sides = [key for key in _OTHER_SIDE if key in stated.values]
        if len(sides) != 1:
            found = "both `below` and `above`" if sides else "a tier without a threshold"
            raise reading.fault(
                stated.node, stated.place, found, expected="exactly one of `below` and `above`"
            )
        attributes = super().attributes(stated, reading)
        if self.is_complement:
            attributes[_OTHER_SIDE[sides[0]]] = attributes.pop(sides[0])
        return attributes


def _tiers(dimension: Dimension, *, is_complement: bool = False) -> ListOf[CreditTier]:
    return ListOf(TierRecord(dimension, is_complement=is_complement), expected="a list of tiers")


class Tiers:
    """Tiers are read once the metric is known, which gives their dimension; until then, their node."""

    def read(self, node: Node, place: Place, reading: Reading) -> Node:
        return node

    def write(self, value: tuple[CreditTier, ...]) -> object:
        return _tiers(Dimension.NUMBER).write(value)

    def schema(self, definitions: Definitions) -> Schema:
        return _tiers(Dimension.NUMBER).schema(definitions)


class CreditRecord(Record[Credit]):
    """A credit on one metric."""

    def attributes(self, stated: Stated, reading: Reading) -> dict[str, Any]:
        metric, is_complement = stated.values["metric"]
        attributes = {**super().attributes(stated, reading), "metric": metric.id}
        if "tiers" in stated.values:
            tiers = _tiers(DIMENSIONS[metric.unit], is_complement=is_complement)
            attributes["tiers"] = tiers.read(*stated.at("tiers"), reading)
        return attributes


CREDIT = CreditRecord(
    "credit",
    Credit,
    (
        Field(
            key="metric", codec=MetricName(), required=True, description="The metric whose miss is credited."
        ),
        Field(key="fee", codec=Fee(), description="The fee of one window, in the portfolio's currency."),
        Field(key="tiers", codec=Tiers(), description="Steps of the schedule."),
        Field(
            key="cap", codec=Share(percent=True), description="The most that is owed, as a share of the fee."
        ),
    ),
    description="What is owed when a metric misses its target.",
)
