"""Workflow expressions, of `workflow` and `requires` alike: located trees <-> steps (SEMANTICS §3)."""

from collections.abc import Callable
from typing import Any

from olagraph.documents.codecs import Codec, Definitions, Schema, define
from olagraph.documents.faults import shown
from olagraph.documents.patterns import (
    STEP_KEY,
    ChoicePattern,
    ListPattern,
    Redundancy,
    RepeatRecord,
    StepRecord,
    Steps,
    is_step,
)
from olagraph.documents.reading import Kind, Place, Reading
from olagraph.documents.scalars import Refers
from olagraph.documents.tree import ListNode, Node, ScalarNode
from olagraph.model.workflow import (
    AllOf,
    Choice,
    KOfN,
    Parallel,
    Pattern,
    Repeat,
    Sequence,
    Step,
)


class WorkflowExpression:
    """A service's id, a list, a step with attributes, or one of the patterns that the expression may use."""

    def __init__(
        self, name: str, patterns: tuple[str, ...], *, plain: Callable[[tuple[Step, ...]], Pattern]
    ) -> None:
        self.name, self.plain = name, plain
        self.service = Refers(Kind.SERVICE)
        self.steps = Steps(self, expected="a list of services and expressions", least=1)
        self.step = StepRecord(self)
        every: dict[str, Codec[Any]] = {
            "sequence": ListPattern(Sequence, self.steps),
            "parallel": ListPattern(Parallel, self.steps),
            "all_of": ListPattern(AllOf, self.steps),
            "any_of": Redundancy(self, race=True),
            "k_of_n": Redundancy(self, race=False),
            "choice": ChoicePattern(self),
            "repeat": RepeatRecord(self),
        }
        self.patterns = {key: every[key] for key in patterns}
        self.elsewhere = every.keys() - self.patterns.keys()
        self.expected = f"a service's id, a list, {{step: …}} or one of {', '.join(patterns)}"

    def read(self, node: Node, place: Place, reading: Reading) -> Step:
        if is_step(node):
            return self.step.read(node, place, reading)
        return Step(of=self.read_of(node, place, reading))

    def read_of(self, node: Node, place: Place, reading: Reading) -> str | Pattern:
        """What a step is a use of: a service's id or a pattern."""
        if isinstance(node, ScalarNode):
            service = self.service.read(node, place, reading)
            reading.uses[service] = reading.uses.get(service, 0) + 1
            return service
        if isinstance(node, ListNode):
            return self.plain(self.steps.read(node, place, reading))
        entries = reading.entries(node, place, expected=self.expected)
        if STEP_KEY in entries:
            raise reading.fault(
                node, place, "a step inside a step", expected="one step with all its attributes"
            )
        if len(entries) != 1:
            found = (
                f"the keys {', '.join(map(shown, list(entries)[:4]))} together"
                if entries
                else "an empty mapping"
            )
            expected = f"one of {', '.join(self.patterns)}; attributes go beside `step`"
            raise reading.fault(node, place, found, expected=expected)
        ((key, (key_node, value)),) = entries.items()
        if key in self.elsewhere:  # no nearest name: for all_of it would be any_of
            expected = f"one of {', '.join(self.patterns)}"
            raise reading.fault(key_node, place, f"`{key}` in {self.name}", expected=expected)
        if key not in self.patterns:
            raise reading.unknown(key, self.patterns, key_node, place, what=f"pattern of {self.name}")
        pattern: Pattern = self.patterns[key].read(value, place.key(key), reading)
        return pattern

    def write(self, value: Step) -> object:
        if value.timeout is None and value.cached_for is None and not value.optional:
            return self.write_of(value.of)
        return self.step.write(value)

    def write_of(self, of: str | Pattern) -> object:
        """The id, or the pattern under its key."""
        if isinstance(of, str):
            return of
        if isinstance(of, AllOf):
            return self.steps.write(of.steps)
        key = _key(of)
        return {key: self.patterns[key].write(of)}

    def schema(self, definitions: Definitions) -> Schema:
        reference: Schema = {"$ref": f"#/$defs/{self.name}"}
        if self.name not in definitions:
            definitions[self.name] = {}  # expressions hold expressions
            patterns = [
                {
                    "type": "object",
                    "properties": {key: codec.schema(definitions)},
                    "required": [key],
                    "additionalProperties": False,
                }
                for key, codec in self.patterns.items()
            ]
            forms = [
                self.service.schema(definitions),
                self.steps.schema(definitions),
                self.step.schema(definitions),
                *patterns,
            ]
            define(
                definitions, self.name, {"anyOf": forms, "description": f"In {self.name}: {self.expected}."}
            )
        return reference


_PATTERN_KEYS = {
    Sequence: "sequence",
    Parallel: "parallel",
    Choice: "choice",
    Repeat: "repeat",
}


def _key(pattern: Pattern) -> str:
    if isinstance(pattern, KOfN):
        return "any_of" if pattern.race else "k_of_n"
    return _PATTERN_KEYS[type(pattern)]


WORKFLOW = WorkflowExpression(
    "workflow", ("sequence", "parallel", "any_of", "k_of_n", "choice", "repeat"), plain=Sequence
)
REQUIRES = WorkflowExpression("requires", ("all_of", "any_of", "k_of_n"), plain=AllOf)
