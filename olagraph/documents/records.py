"""Records: mappings with known keys, declared once as data for reading, writing and the JSON Schema alike."""

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from olagraph.documents.codecs import Anything, Codec, Definitions, Schema, define
from olagraph.documents.faults import shown
from olagraph.documents.reading import Definition, FaultRecordedError, Kind, Place, Reading
from olagraph.documents.scalars import is_id
from olagraph.documents.tree import MappingNode, Node, ScalarNode

T = TypeVar("T")

EXTRA_PREFIX = "x-"

_NO_DEFAULT = object()

Entry: TypeAlias = tuple[ScalarNode, Node]
"""A key of a mapping with its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key of a record.

    Attributes:
        key: as written in the file.
        attribute: of the model, where it differs from the key.
        codec: what the key holds.
        required: whether the record must state it.
        description: for people, in editors.
    """

    key: str
    codec: Codec[Any]
    description: str
    attribute: str = ""
    required: bool = False

    @property
    def name(self) -> str:
        """The attribute of the model."""
        return self.attribute or self.key


class Stated(NamedTuple):
    """What a record states: values by key as they were read, and the nodes they were read from."""

    values: dict[str, Any]
    nodes: Mapping[str, Node]
    node: Node
    place: Place

    def at(self, key: str) -> tuple[Node, Place]:
        """Where a key's value stands."""
        return self.nodes[key], self.place.key(key)


class Record(Generic[T]):
    """A mapping with known keys <-> a value of the model.

    Args:
        name: its name in the JSON Schema.
        label: what people call it, where that is not its name.
        model: makes the value from its attributes.
        fields: the keys, in the order in which they are written.
        kind: of things with ids: the path shows the id, which is unique.
        extra: whether `x-` keys are kept.
    """

    def __init__(
        self,
        name: str,
        model: Callable[..., T],
        fields: tuple[Field, ...],
        *,
        description: str,
        label: str = "",
        kind: Kind | None = None,
        extra: bool = False,
    ) -> None:
        self.name, self.model, self.fields, self.description = name, model, fields, description
        self.label, self.kind, self.extra = label or name.replace("-", " "), kind, extra
        self.by_key = {field.key: field for field in fields}
        self.required = tuple(field.key for field in fields if field.required)
        self.defaults = _defaults(model)
        hint = ", ".join(f"`{key}`" for key in self.required or tuple(self.by_key)[:3])
        self.expected = f"{self.label} as a mapping with {hint}"

    def read(self, node: Node, place: Place, reading: Reading) -> T:
        """The value that a mapping states.

        Raises:
            FaultRecordedError: after every fault in it was recorded.
        """
        if self.kind is not None:
            place = self._identified(self.kind, node, place, reading)
        entries = reading.entries(node, place, expected=self.expected)
        stated = Stated({}, {key: value for key, (_, value) in entries.items()}, node, place)
        extra: list[tuple[str, object]] = []
        faulty = False
        for key, (key_node, value_node) in entries.items():
            field = self.by_key.get(key)
            try:
                if field is not None:
                    stated.values[key] = field.codec.read(value_node, Place(place, key), reading)
                elif self.extra and key.startswith(EXTRA_PREFIX):
                    extra.append((key, Anything().read(value_node, Place(place, key), reading)))
                else:
                    self.read_other(key, key_node, value_node, stated, reading)
            except FaultRecordedError:
                faulty = True
        for key in self.required:
            if key not in entries:
                faulty = True
                reading.fault(node, place, f"{self.label} without `{key}`", expected=self.expected)
        if faulty:
            raise FaultRecordedError
        attributes = self.attributes(stated, reading)
        if extra:
            attributes["extra"] = tuple(extra)
        return self.model(**attributes)

    def read_other(
        self, key: str, key_node: ScalarNode, value_node: Node, stated: Stated, reading: Reading
    ) -> None:
        """Read a key that is none of the fields: here, an unknown key."""
        self.unknown_key(
            key, key_node, stated, reading, names=self.by_key, expected=f"one of {', '.join(self.by_key)}"
        )

    def unknown_key(
        self,
        key: str,
        key_node: ScalarNode,
        stated: Stated,
        reading: Reading,
        *,
        names: Collection[str],
        expected: str,
    ) -> None:
        """Record an unknown key.

        Raises:
            FaultRecordedError: always.
        """
        if key.startswith(EXTRA_PREFIX) and not self.extra:
            found = f"key {shown(key)} in {self.label}, which keeps no x- keys"
            raise reading.fault(key_node, stated.place, found, expected="it further out")
        raise reading.unknown(
            key, names, key_node, stated.place, what=f"key of {self.label}", expected=expected
        )

    def attributes(self, stated: Stated, reading: Reading) -> dict[str, Any]:
        """Attributes of the model from what was read. Subclasses check here what must hold between keys.

        Raises:
            FaultRecordedError: something does not hold.
        """
        return {self.by_key[key].name: value for key, value in stated.values.items()}

    def stated(self, value: T) -> dict[str, Any]:
        """By key, what must be written for `value`: everything that differs from the model's defaults."""
        return self.differing(value, self.fields)

    def differing(self, value: T, fields: tuple[Field, ...]) -> dict[str, Any]:
        """By key, the attributes of `value` that differ from the model's defaults."""
        written: dict[str, Any] = {}
        for field in fields:
            name = field.attribute or field.key
            attribute, default = getattr(value, name), self.defaults.get(name, _NO_DEFAULT)
            if attribute is not default and attribute != default:
                written[field.key] = attribute
        return written

    def write(self, value: T) -> object:
        """The mapping that reads as `value`."""
        written = {key: self.by_key[key].codec.write(stated) for key, stated in self.stated(value).items()}
        return {**written, **dict(getattr(value, "extra", ()))}

    def schema(self, definitions: Definitions) -> Schema:
        """A reference to the record's schema, under its name."""
        reference: Schema = {"$ref": f"#/$defs/{self.name}"}
        if self.name not in definitions:
            definitions[self.name] = {}  # a record may hold itself
            define(definitions, self.name, self.object_schema(definitions))
        return reference

    def object_schema(self, definitions: Definitions) -> Schema:
        """The record's own schema."""
        schema: Schema = {
            "type": "object",
            "description": self.description,
            "properties": {
                field.key: {**field.codec.schema(definitions), "description": field.description}
                for field in self.fields
            },
            "additionalProperties": False,
        }
        if self.extra:
            schema["patternProperties"] = {f"^{EXTRA_PREFIX}": {}}
        if self.required:
            schema["required"] = list(self.required)
        return schema

    def identity(self, entries: Iterable[Entry]) -> ScalarNode | None:
        """The id of the thing that a mapping states, with where it stands; None if no id can be read."""
        for key, value in entries:
            if key.text == "id" and isinstance(value, ScalarNode) and is_id(value.text):
                return value
        return None

    def _identified(self, kind: Kind, node: Node, place: Place, reading: Reading) -> Place:
        """The place named by the record's id, which is defined here; unchanged if no id can be read."""
        entries = node.entries if isinstance(node, MappingNode) else ()
        own = self.identity(entries)
        if own is None:
            reading.unreadable.add(kind)
            return place
        named = Place(place.parent, own.text, True)
        reading.define(kind, own.text, Definition(own, named, frozenset(key.text for key, _ in entries)))
        return named


def _defaults(model: object) -> dict[str, object]:
    if not isinstance(model, type) or not dataclasses.is_dataclass(model):
        return {}
    return {
        field.name: field.default
        for field in dataclasses.fields(model)
        if field.default is not dataclasses.MISSING
    }
