"""What the fields of the portfolio file hold.

Each codec reads a node, writes a value, and describes itself as JSON Schema.
"""

from collections.abc import Iterable
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from olagraph.documents.reading import FaultRecordedError, Place, Reading, described
from olagraph.documents.tree import ListNode, MappingNode, Node, ScalarNode, value_of

T = TypeVar("T")

Schema: TypeAlias = dict[str, Any]
"""A JSON Schema."""

Definitions: TypeAlias = dict[str, Schema]
"""The `$defs` of a JSON Schema."""


class Codec(Protocol[T]):
    """One kind of value in the file and in the model."""

    def read(self, node: Node, place: Place, reading: Reading) -> T:
        """The value that `node` spells.

        Raises:
            FaultRecordedError: after every fault below `node` was recorded in `reading`.
        """
        ...

    def write(self, value: T) -> object:
        """The plain value (text, Decimal, int, bool, None, lists, dicts) that reads as `value`."""
        ...

    def schema(self, definitions: Definitions) -> Schema:
        """The JSON Schema of what `read` accepts; parts with a name go into `definitions`."""
        ...


def define(definitions: Definitions, name: str, schema: Schema) -> Schema:
    """A reference to a schema by its name."""
    definitions[name] = schema
    return {"$ref": f"#/$defs/{name}"}


class ListOf(Generic[T]):
    """A list of one kind of thing."""

    def __init__(self, codec: Codec[T], *, expected: str, least: int = 0) -> None:
        self.codec, self.expected, self.least = codec, expected, least

    def read(self, node: Node, place: Place, reading: Reading) -> tuple[T, ...]:
        if not isinstance(node, ListNode):
            raise reading.fault(node, place, f"found {described(node)}", expected=self.expected)
        if len(node.items) < self.least:
            raise reading.fault(
                node, place, "an empty list", expected=f"{self.expected}, at least {self.least}"
            )
        values: list[T] = []
        nodes: list[Node] = []
        for index, item in enumerate(node.items):
            try:
                values.append(self.codec.read(item, Place(place, index, True), reading))
            except FaultRecordedError:
                continue
            nodes.append(item)
        complete = len(values) == len(node.items)
        self.check(values, nodes, place, reading)
        if not complete:
            raise FaultRecordedError
        return tuple(values)

    def check(self, values: list[T], nodes: list[Node], place: Place, reading: Reading) -> None:
        """What must hold between the items that could be read."""

    def write(self, value: Iterable[T]) -> object:
        return [self.codec.write(item) for item in value]

    def schema(self, definitions: Definitions) -> Schema:
        schema: Schema = {"type": "array", "items": self.codec.schema(definitions)}
        return {**schema, "minItems": self.least} if self.least else schema


class DistinctNames(ListOf[str]):
    """A list of names, each once."""

    def check(self, values: list[str], nodes: list[Node], place: Place, reading: Reading) -> None:
        seen: set[str] = set()
        for value, node in zip(values, nodes, strict=True):
            if value in seen:
                reading.fault(node, place, f"{value!r} twice in one list", expected="each once")
            seen.add(value)

    def schema(self, definitions: Definitions) -> Schema:
        return {**super().schema(definitions), "uniqueItems": True}


class OneOrMore:
    """A name, or a list of names."""

    def __init__(self, codec: Codec[str], *, expected: str) -> None:
        self.codec = codec
        self.list = DistinctNames(codec, expected=expected, least=1)

    def read(self, node: Node, place: Place, reading: Reading) -> tuple[str, ...]:
        if isinstance(node, ScalarNode):
            return (self.codec.read(node, place, reading),)
        return self.list.read(node, place, reading)

    def write(self, value: tuple[str, ...]) -> object:
        return self.codec.write(value[0]) if len(value) == 1 else self.list.write(value)

    def schema(self, definitions: Definitions) -> Schema:
        return {"anyOf": [self.codec.schema(definitions), self.list.schema(definitions)]}


class Anything:
    """Whatever an `x-` key holds: kept and exported, never interpreted."""

    def read(self, node: Node, place: Place, reading: Reading) -> object:
        if isinstance(node, ScalarNode):
            try:
                return value_of(node)
            except ValueError as error:
                raise reading.fault(
                    node, place, str(error), expected="quotes, if it is not a number"
                ) from None
        if isinstance(node, MappingNode):
            entries = reading.entries(node, place, expected="a mapping")
            return {key: self.read(value, place.key(key), reading) for key, (_, value) in entries.items()}
        return tuple(
            self.read(item, Place(place, index, True), reading) for index, item in enumerate(node.items)
        )

    def write(self, value: object) -> object:
        return value

    def schema(self, definitions: Definitions) -> Schema:
        return {}
