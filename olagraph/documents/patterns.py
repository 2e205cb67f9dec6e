"""The patterns of workflow expressions: steps, redundancy, choice, repeat (SEMANTICS §3)."""

from fractions import Fraction
from typing import Any, Protocol

from olagraph.documents.codecs import Codec, Definitions, ListOf, Schema
from olagraph.documents.quantities import QuantityOf, Share
from olagraph.documents.reading import Place, Reading
from olagraph.documents.records import Field, Record, Stated
from olagraph.documents.scalars import Flag, Whole
from olagraph.documents.tree import ListNode, MappingNode, Node
from olagraph.model.quantity import Dimension
from olagraph.model.workflow import (
    AllOf,
    Branch,
    Choice,
    KOfN,
    Parallel,
    Pattern,
    Repeat,
    Sequence,
    Step,
)

STEP_KEY = "step"


class Expression(Codec[Step], Protocol):
    """What patterns are made of: anything that stands for a step.

    Attributes:
        name: prefix of the names in the JSON Schema.
    """

    name: str

    def read_of(self, node: Node, place: Place, reading: Reading) -> str | Pattern:
        """What a step is a use of: a service's id or a pattern."""
        ...

    def write_of(self, of: str | Pattern) -> object:
        """What reads as `of`."""
        ...


def is_step(node: Node) -> bool:
    """Whether a node is a step with attributes, `{step: ..., ...}`."""
    return isinstance(node, MappingNode) and any(key.text == STEP_KEY for key, _ in node.entries)


class Steps(ListOf[Step]):
    """Steps of one list: no service twice."""

    def check(self, values: list[Step], nodes: list[Node], place: Place, reading: Reading) -> None:
        _check_distinct([step.of for step in values], nodes, place, reading)


def _check_distinct(uses: list[str | Pattern], nodes: list[Node], place: Place, reading: Reading) -> None:
    first: dict[str, Node] = {}
    for use, node in zip(uses, nodes, strict=True):
        if isinstance(use, str) and (other := first.setdefault(use, node)) is not node:
            found = f"service {use!r} twice in one list, first at line {other.line}, column {other.column}"
            reading.fault(node, place, found, expected="each service once in a list")


class Branches(Steps):
    """Branches of a redundancy group: none optional; timeouts on all but perhaps the last, or on none."""

    def __init__(self, expression: Expression, *, race: bool) -> None:
        super().__init__(expression, expected="a list of branches", least=1)
        self.race = race

    def check(self, values: list[Step], nodes: list[Node], place: Place, reading: Reading) -> None:
        super().check(values, nodes, place, reading)
        for step, node in zip(values, nodes, strict=True):
            if step.optional:
                reading.fault(
                    node, place, "an optional branch of a redundancy group", expected="no `optional` here"
                )
        timed = [step.timeout is not None for step in values]
        if self.race and any(timed) and not all(timed[:-1]):
            found = "a timeout on some branches but not on others"
            expected = "one on every branch but the last (failover in order), or none (a race)"
            reading.fault(nodes[timed.index(False)], place, found, expected=expected)


class ListPattern:
    """A pattern that is a list of steps."""

    def __init__(self, pattern: type[Sequence] | type[Parallel] | type[AllOf], steps: Steps) -> None:
        self.pattern, self.steps = pattern, steps

    def read(self, node: Node, place: Place, reading: Reading) -> Pattern:
        return self.pattern(self.steps.read(node, place, reading))

    def write(self, value: Sequence | Parallel | AllOf) -> object:
        return self.steps.write(value.steps)

    def schema(self, definitions: Definitions) -> Schema:
        return self.steps.schema(definitions)


def _step_fields(expression: Expression) -> tuple[Field, ...]:
    return (
        Field(
            key=STEP_KEY,
            attribute="of",
            codec=Use(expression),
            required=True,
            description="A service's id or an expression.",
        ),
        Field(key="timeout", codec=QuantityOf(Dimension.DURATION), description="How long the caller waits."),
        Field(key="optional", codec=Flag(), description="A soft dependency: it degrades, never breaks."),
        Field(
            key="cached_for",
            codec=QuantityOf(Dimension.DURATION),
            description="An outage shorter than this is not felt.",
        ),
    )


class Use:
    """What `step` holds: a service's id or a pattern."""

    def __init__(self, expression: Expression) -> None:
        self.expression = expression

    def read(self, node: Node, place: Place, reading: Reading) -> str | Pattern:
        return self.expression.read_of(node, place, reading)

    def write(self, value: str | Pattern) -> object:
        return self.expression.write_of(value)

    def schema(self, definitions: Definitions) -> Schema:
        return self.expression.schema(definitions)


class StepRecord(Record[Step]):
    """A step with what is said about this one use of it."""

    def __init__(self, expression: Expression) -> None:
        super().__init__(
            f"{expression.name}-step",
            Step,
            _step_fields(expression),
            label="step",
            description="A use of a service or an expression.",
        )


class BranchRecord(Record[Branch]):
    """A branch of a choice: a step, and its probability."""

    def __init__(self, expression: Expression) -> None:
        probability = Field(
            key="probability", codec=Share(), description="On all branches, summing to 1, or on none."
        )
        super().__init__(
            f"{expression.name}-branch",
            Branch,
            (*_step_fields(expression), probability),
            label="branch of a choice",
            description="A branch of a choice.",
        )

    def attributes(self, stated: Stated, reading: Reading) -> dict[str, Any]:
        attributes = super().attributes(stated, reading)
        probability = attributes.pop("probability", None)
        return {"step": Step(**attributes), "probability": probability}

    def stated(self, value: Branch) -> dict[str, Any]:
        return {**_step_stated(value.step), **_present("probability", value.probability)}


class ChoicePattern:
    """A list of branches: probabilities on all of them, summing to exactly 1, or on none."""

    def __init__(self, expression: Expression) -> None:
        self.expression = expression
        self.record = BranchRecord(expression)
        self.branches = ChoiceBranches(self, expected="a list of branches", least=1)

    def read(self, node: Node, place: Place, reading: Reading) -> Choice:
        return Choice(self.branches.read(node, place, reading))

    def write(self, value: Choice) -> object:
        return self.branches.write(value.branches)

    def schema(self, definitions: Definitions) -> Schema:
        return self.branches.schema(definitions)


class BranchOf:
    """One branch: a step with attributes, or any other expression."""

    def __init__(self, choice: ChoicePattern) -> None:
        self.choice = choice

    def read(self, node: Node, place: Place, reading: Reading) -> Branch:
        if is_step(node):
            return self.choice.record.read(node, place, reading)
        return Branch(step=self.choice.expression.read(node, place, reading))

    def write(self, value: Branch) -> object:
        if value.probability is None:
            return self.choice.expression.write(value.step)
        return self.choice.record.write(value)

    def schema(self, definitions: Definitions) -> Schema:
        return {"anyOf": [self.choice.expression.schema(definitions), self.choice.record.schema(definitions)]}


class ChoiceBranches(ListOf[Branch]):
    """The branches of a choice."""

    def __init__(self, choice: ChoicePattern, *, expected: str, least: int) -> None:
        super().__init__(BranchOf(choice), expected=expected, least=least)

    def check(self, values: list[Branch], nodes: list[Node], place: Place, reading: Reading) -> None:
        _check_distinct([branch.step.of for branch in values], nodes, place, reading)
        probabilities = [branch.probability for branch in values]
        stated = [probability for probability in probabilities if probability is not None]
        if stated and None in probabilities:
            found = "a probability on some branches but not on others"
            reading.fault(
                nodes[probabilities.index(None)], place, found, expected="one on every branch, or none"
            )
        elif stated and (total := sum(map(Fraction, stated))) != 1:
            first = nodes[0]
            reading.fault(first, place, f"probabilities that sum to {_readable(total)}", expected="exactly 1")


def _readable(total: Fraction | int) -> str:
    """A sum of exact decimals, in full if it is short."""
    return f"{float(total):.12g}" if float(total) != 1 else "almost, but not exactly, 1"


class RepeatRecord(Record[Repeat]):
    """A step done `max` times, or again with `probability`."""

    def __init__(self, expression: Expression) -> None:
        super().__init__(
            f"{expression.name}-repeat",
            Repeat,
            (
                *_step_fields(expression),
                Field(key="max", codec=Whole(least=1), description="How many times it is done."),
                Field(
                    key="probability",
                    codec=Share(one=False),
                    description="With which it is done again, each time; below 1.",
                ),
            ),
            label="repeat",
            description="A step done several times: either `max` or `probability`.",
        )

    def attributes(self, stated: Stated, reading: Reading) -> dict[str, Any]:
        attributes = super().attributes(stated, reading)
        given: dict[str, Any] = {
            key: attributes.pop(key) for key in ("max", "probability") if key in attributes
        }
        if len(given) != 1:
            found = "both `max` and `probability`" if given else "neither `max` nor `probability`"
            raise reading.fault(stated.node, stated.place, found, expected="exactly one of them")
        return {"step": Step(**attributes), **given}

    def stated(self, value: Repeat) -> dict[str, Any]:
        return {
            **_step_stated(value.step),
            **_present("max", value.max),
            **_present("probability", value.probability),
        }


def _step_stated(step: Step) -> dict[str, Any]:
    return {
        STEP_KEY: step.of,
        **_present("timeout", step.timeout),
        **({"optional": True} if step.optional else {}),
        **_present("cached_for", step.cached_for),
    }


def _present(key: str, value: object) -> dict[str, Any]:
    return {} if value is None else {key: value}


class Redundancy:
    """`any_of`: a list or `{of, common_cause, load_shared}`; `k_of_n`: the mapping with `k`."""

    def __init__(self, expression: Expression, *, race: bool) -> None:
        self.race = race
        self.branches = Branches(expression, race=race)
        self.record = GroupRecord(expression, self.branches, race=race)

    def read(self, node: Node, place: Place, reading: Reading) -> KOfN:
        if self.race and isinstance(node, ListNode):
            return KOfN(k=1, steps=self.branches.read(node, place, reading), race=True)
        return self.record.read(node, place, reading)

    def write(self, value: KOfN) -> object:
        if self.race and value.common_cause is None and not value.load_shared:
            return self.branches.write(value.steps)
        return self.record.write(value)

    def schema(self, definitions: Definitions) -> Schema:
        record = self.record.schema(definitions)
        return {"anyOf": [self.branches.schema(definitions), record]} if self.race else record


class GroupRecord(Record[KOfN]):
    """A redundancy group with `k` or attributes."""

    def __init__(self, expression: Expression, branches: Branches, *, race: bool) -> None:
        self.race = race
        k = Field(
            key="k", codec=Whole(least=1), required=True, description="How many of the branches must work."
        )
        fields = (
            Field(key="of", attribute="steps", codec=branches, required=True, description="The branches."),
            Field(
                key="common_cause",
                codec=Share(),
                description="The share of the weakest branch's failures that takes all down at once.",
            ),
            Field(
                key="load_shared",
                codec=Flag(),
                description="All branches are in use and add their throughput.",
            ),
        )
        super().__init__(
            f"{expression.name}-{'any-of' if race else 'k-of-n'}",
            KOfN,
            fields if race else (k, *fields),
            label="any_of" if race else "k_of_n",
            description="Redundancy: one branch suffices."
            if race
            else "Redundancy: at least k branches must work.",
        )

    def attributes(self, stated: Stated, reading: Reading) -> dict[str, Any]:
        attributes = super().attributes(stated, reading)
        steps: tuple[Step, ...] = attributes["steps"]
        k = attributes.get("k", 1)
        if k > len(steps):
            raise reading.fault(
                *stated.at("k"), f"{k} of {len(steps)} branches", expected=f"1 to {len(steps)}"
            )
        if attributes.get("common_cause") is not None:
            of, _ = stated.at("of")
            nodes = of.items if isinstance(of, ListNode) else ()
            place = stated.place.key("common_cause")
            group = (
                (step.of if isinstance(step.of, str) else None, node, place)
                for step, node in zip(steps, nodes, strict=True)
            )
            reading.common_causes.append(tuple(group))
        return {**attributes, "k": k, "race": self.race}
