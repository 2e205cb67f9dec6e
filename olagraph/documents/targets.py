"""Targets and own parts: one metric each, complements turned round, no two alike."""

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import Any

from olagraph.documents.codecs import Definitions, ListOf, Schema
from olagraph.documents.conditions import When
from olagraph.documents.exclusions import EXCLUSION
from olagraph.documents.quantities import QuantityOf, Share, any_quantity_schema, percentage, turned_round
from olagraph.documents.reading import FaultRecordedError, Kind, Place, Reading
from olagraph.documents.records import Field, Record, Stated
from olagraph.documents.scalars import Hours, OneOf, Text, Whole, WindowOfTime
from olagraph.documents.tree import Node, ScalarNode
from olagraph.metrics.table import BUILT_IN_METRICS, DIMENSIONS, STATISTIC_FAMILIES
from olagraph.model.entities import MEAN, Metric, Population, Strength, Target
from olagraph.model.quantity import Dimension, Quantity

_ALWAYS = "max"


class Statistic:
    """`for`: a fraction of cases, `mean`, or `max` (the same as no `for`: always)."""

    def read(self, node: Node, place: Place, reading: Reading) -> Decimal | str | None:
        if isinstance(node, ScalarNode) and node.text in (MEAN, _ALWAYS):
            return MEAN if node.text == MEAN else None
        fraction = Share().read(node, place, reading)
        if fraction == 0:
            raise reading.fault(
                node, place, "`for` not a single case", expected="a fraction above 0, or mean"
            )
        return None if fraction == 1 else fraction

    def write(self, value: Decimal | str) -> object:
        return value if isinstance(value, str) else percentage(value)

    def schema(self, definitions: Definitions) -> Schema:
        return {"anyOf": [{"enum": [MEAN, _ALWAYS]}, Share().schema(definitions)]}


POPULATION = Record(
    "population",
    Population,
    (
        Field(
            key="name", codec=Text(), required=True, description="What both sides of a promise call it, P1."
        ),
        Field(key="share", codec=QuantityOf(Dimension.RATIO), description="Its share of all cases."),
    ),
    description="The cases that a target speaks of.",
)


class Cases:
    """A population: its name, or its name and share."""

    def read(self, node: Node, place: Place, reading: Reading) -> Population:
        if isinstance(node, ScalarNode):
            return Population(name=Text().read(node, place, reading))
        return POPULATION.read(node, place, reading)

    def write(self, value: Population) -> object:
        return value.name if value.share is None else POPULATION.write(value)

    def schema(self, definitions: Definitions) -> Schema:
        return {"anyOf": [{"type": ["string", "number"]}, POPULATION.schema(definitions)]}


_WINDOW = Field(key="window", codec=WindowOfTime(), description="Where it differs from the agreement's.")
_FIELDS = (
    Field(
        key="for",
        attribute="for_",
        codec=Statistic(),
        description="A fraction of cases such as 95%, or mean; absent = always.",
    ),
    Field(
        key="priority",
        attribute="population",
        codec=Cases(),
        description="The ticket priority it speaks of, P1; a share may be stated: {name: P1, share: 5%}.",
    ),
    Field(
        key="population",
        attribute="population",
        codec=Cases(),
        description="The cases it speaks of: a name, or {name, share}; absent = all.",
    ),
    Field(key="clock", codec=Hours(), description="The calendar on which a ticket's time runs."),
    Field(key="when", codec=When(), description="Traits that the service must have for it to hold."),
    Field(
        key="strength",
        codec=OneOf(Strength, what="strength"),
        description="guarantee, commitment (default), objective, best_effort; the first two back.",
    ),
    Field(
        key="assume",
        codec=QuantityOf(Dimension.RATIO),
        description="Beside a 100 % target, a credit formula: what to compose with.",
    ),
    Field(
        key="averaged_over",
        codec=Whole(least=1),
        description="How many members one averaged figure speaks of.",
    ),
    Field(
        key="hours",
        codec=Hours(),
        description="24x7 or a calendar's id, where it differs from the agreement's.",
    ),
    Field(
        key="exclusions",
        codec=ListOf(EXCLUSION, expected="a list of exclusions"),
        description="Where they differ from the agreement's.",
    ),
    Field(key="measured_at", codec=Text(), description="Where it is measured, in words."),
)


class TargetRecord(Record[Target]):
    """A target: a key that names a metric, and what is said about it."""

    def read_other(
        self, key: str, key_node: ScalarNode, value_node: Node, stated: Stated, reading: Reading
    ) -> None:
        if key not in reading.metrics:
            stated.values["metric"] = None
            if key in reading.definitions[Kind.METRIC] or Kind.METRIC in reading.unreadable:
                raise FaultRecordedError  # what is wrong with the metric was recorded
            names = reading.names(f"key of {self.label}", self.by_key, reading.metrics)
            expected = f"a metric, or one of {', '.join(self.by_key)}"
            self.unknown_key(key, key_node, stated, reading, names=names, expected=expected)
        if "metric" in stated.values:
            raise reading.fault(
                key_node, stated.place, f"a second metric, `{key}`", expected="one metric a target"
            )
        metric, is_complement = reading.metrics[key]
        stated.values["metric"] = metric
        place = stated.place.key(key)
        value = QuantityOf(DIMENSIONS[metric.unit]).read(value_node, place, reading)
        stated.values["value"] = _as_metric(value, is_complement, value_node, place, reading)
        stated.values["is_complement"] = is_complement

    def attributes(self, stated: Stated, reading: Reading) -> dict[str, Any]:
        values = stated.values
        if "metric" not in values:
            expected = "a metric, such as `availability: 99.9%` or `latency: 2 s`"
            raise reading.fault(stated.node, stated.place, "a target without a metric", expected=expected)
        metric, is_complement = values.pop("metric"), values.pop("is_complement")
        value: Quantity = values.pop("value")
        if values.get("for") is not None and metric.family not in STATISTIC_FAMILIES:
            families = ", ".join(sorted(STATISTIC_FAMILIES))
            raise reading.fault(
                *stated.at("for"),
                f"`for` beside {metric.id}",
                expected=f"no `for`: it belongs to the families {families}",
            )
        if "priority" in values and "population" in values:
            raise reading.fault(
                *stated.at("population"), "both `priority` and `population`", expected="one of them"
            )
        if "assume" in values:
            if value.dimension is not Dimension.RATIO or value.exact != 1:
                expected = "it only beside a 100 % target of a ratio"
                raise reading.fault(
                    *stated.at("assume"), f"`assume` beside {metric.id} {value}", expected=expected
                )
            values["assume"] = _as_metric(values["assume"], is_complement, *stated.at("assume"), reading)
        return {**super().attributes(stated, reading), "metric": metric.id, "value": value}

    def stated(self, value: Target) -> dict[str, Any]:
        written = super().stated(value)
        written.pop("population", None)
        return written

    def write(self, value: Target) -> object:
        rest = super().write(value)
        assert isinstance(rest, dict)
        return {value.metric: QuantityOf(value.value.dimension).write(value.value), **rest}

    def object_schema(self, definitions: Definitions) -> Schema:
        schema = super().object_schema(definitions)
        schema["properties"] = {**_metric_schemas(definitions), **schema["properties"]}
        # A metric of the portfolio's own may be any other key (see schema.json_schema).
        return {**schema, "additionalProperties": any_quantity_schema(definitions), "minProperties": 1}

    @property
    def known_keys(self) -> tuple[str, ...]:
        """The keys of a target in a portfolio without metrics of its own."""
        return (*metric_names(BUILT_IN_METRICS), *self.by_key)


class Targets(ListOf[Target]):
    """Targets, no two alike in metric, `for`, population, clock, window, `when` and strength."""

    def check(self, values: list[Target], nodes: list[Node], place: Place, reading: Reading) -> None:
        first: dict[Hashable, Node] = {}
        for target, node in zip(values, nodes, strict=True):
            other = first.setdefault(_likeness(target), node)
            if other is not node:
                reading.fault(
                    node,
                    place,
                    f"a target on {target.metric} like the one at line {other.line}, column {other.column}",
                    expected="a difference in metric, for, population, clock, window, when or strength",
                )


def _likeness(target: Target) -> Hashable:
    population = target.population.name if target.population is not None else None
    when = frozenset((condition, type(condition.value)) for condition in target.when)  # true is not 1
    return target.metric, target.for_, population, target.clock, target.window, when, target.strength


def _as_metric(value: Quantity, is_complement: bool, node: Node, place: Place, reading: Reading) -> Quantity:
    """The metric's value: what is stated for its complement, turned round.

    Raises:
        FaultRecordedError: 1 - x has too many digits.
    """
    if not is_complement:
        return value
    try:
        return turned_round(value)
    except ValueError as error:
        raise reading.fault(node, place, f"1 - {value}: {error}") from None


def metric_names(metrics: tuple[Metric, ...]) -> dict[str, tuple[Metric, bool]]:
    """Metrics by the names that files may use, with whether the name is the complement's."""
    names: dict[str, tuple[Metric, bool]] = {}
    for metric in metrics:
        names[metric.id] = (metric, False)
        if metric.complement is not None:
            names[metric.complement] = (metric, True)
    return names


def _metric_schemas(definitions: Definitions) -> Mapping[str, Schema]:
    schemas = {}
    for name, (metric, is_complement) in metric_names(BUILT_IN_METRICS).items():
        meaning = (
            f"1 - {metric.id}" if is_complement else f"A target on {metric.id}, {metric.better} is better."
        )
        schemas[name] = {**QuantityOf(DIMENSIONS[metric.unit]).schema(definitions), "description": meaning}
    return schemas


TARGET = TargetRecord(
    "target",
    Target,
    (_FIELDS[0], _WINDOW, *_FIELDS[1:]),
    description="One service level target: a metric with its value, and what is said about it.",
    extra=True,
)
OWN_PART = TargetRecord(
    "own-part",
    Target,
    _FIELDS,
    description="The provider's own part in a service: a metric with its value. It takes no window.",
    extra=True,
)
