"""What reading a portfolio collects on the way: faults, ids and references, and where they are stated."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from olagraph.documents.faults import Fault, shown
from olagraph.documents.nearest import NearestNames
from olagraph.documents.tree import MappingNode, Node, ScalarNode, UnparsableError, is_nothing
from olagraph.model.entities import Metric


class Kind(StrEnum):
    """The kinds of things with ids; ids are unique per kind."""

    CALENDAR = "calendar"
    PROVIDER = "provider"
    CUSTOMER = "customer"
    SERVICE = "service"
    AGREEMENT = "agreement"
    METRIC = "metric"
    INCIDENT = "incident"


class Place(NamedTuple):
    """A place in a document, as a chain of steps up to the file.

    Attributes:
        parent: the place that holds this one; None for a file.
        step: the file's name, a key, or the index or id of an item.
        item: whether the step is an item of a list, shown in brackets.
    """

    parent: "Place | None"
    step: str | int
    item: bool = False

    def key(self, key: str) -> "Place":
        """The place of a key's value."""
        return Place(self, key)

    def file_and_path(self) -> tuple[str, str]:
        """The file's name and the path in it, `services[web-shop].workflow.sequence[1]`."""
        steps: list[str] = []
        place = self
        while place.parent is not None:
            step = (
                place.step if isinstance(place.step, int) or place.step.isprintable() else shown(place.step)
            )
            steps.append(f"[{step}]" if place.item else f".{step}")
            place = place.parent
        return str(place.step), "".join(reversed(steps)).removeprefix(".")


class Reference(NamedTuple):
    """A use of an id: of which kinds it may be, the one preferred first."""

    kinds: tuple[Kind, ...]
    id: str
    node: ScalarNode
    place: Place


class Definition(NamedTuple):
    """Where an id is stated, and which keys its record states."""

    node: Node
    place: Place
    keys: frozenset[str]


class FaultRecordedError(Exception):
    """A fault has been recorded; what holds it has no value."""


@dataclass(slots=True)
class Reading:
    """The state of one reading.

    Readers record every fault here, and raise `FaultRecordedError` where that leaves no value. A portfolio is
    made only if no fault was recorded.

    Attributes:
        faults: in the order found.
        files: in the order read.
        definitions: the ids stated so far.
        references: the ids used so far; resolved when all files are read.
        unreadable: kinds of which some could not be read, so that an unknown id of them proves nothing.
        metrics: built-in and own metrics by their names, with whether the name is the complement's.
        currency: the portfolio's, if stated.
        uses: how often services are used in workflows and `requires`.
        common_causes: the branches of groups that state `common_cause`: the service, None for an expression.
    """

    faults: list[Fault] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    definitions: dict[Kind, dict[str, Definition]] = field(
        default_factory=lambda: {kind: {} for kind in Kind}
    )
    references: list[Reference] = field(default_factory=list)
    unreadable: set[Kind] = field(default_factory=set)
    metrics: dict[str, tuple[Metric, bool]] = field(default_factory=dict)
    currency: str | None = None
    uses: dict[str, int] = field(default_factory=dict)
    common_causes: list[tuple[tuple[str | None, Node, Place], ...]] = field(default_factory=list)
    _nearest: NearestNames = field(default_factory=NearestNames)
    _names: dict[str, Collection[str]] = field(default_factory=dict)

    def faults_in_order(self) -> tuple[Fault, ...]:
        """The faults by file, line and column."""
        order = {file: index for index, file in enumerate(self.files)}
        return tuple(
            sorted(
                self.faults, key=lambda fault: (order.get(fault.file, -1), fault.line or 0, fault.column or 0)
            )
        )

    def names(self, what: str, *groups: Iterable[str]) -> Collection[str]:
        """The names in `groups` together, remembered under `what`: not gathered anew for every fault."""
        if what not in self._names:
            self._names[what] = dict.fromkeys(name for group in groups for name in group)
        return self._names[what]

    def fault(
        self, node: Node, place: Place, found: str, *, expected: str | None = None, nearest: str | None = None
    ) -> FaultRecordedError:
        """Record a fault; the answer is for raising where no value can be given."""
        file, path = place.file_and_path()
        self.faults.append(
            Fault(
                file=node.file or file,
                line=node.line,
                column=node.column,
                path=path,
                found=found,
                expected=expected,
                nearest=nearest,
            )
        )
        return FaultRecordedError()

    def unparsable(self, error: UnparsableError, *, file: str) -> None:
        """Record that a file is no document at all."""
        self.faults.append(
            Fault(file=file, line=error.line, column=error.column, found=error.found, expected=error.expected)
        )

    def unknown(
        self,
        name: str,
        names: Collection[str],
        node: Node,
        place: Place,
        *,
        what: str,
        expected: str | None = None,
    ) -> FaultRecordedError:
        """Record a name that is not one of `names`, with the nearest one."""
        nearest = self._nearest.find(name, names, what=what)
        if expected is None and len(names) <= 12:
            expected = "one of " + ", ".join(names) if names else f"a {what}, and none is stated"
        return self.fault(node, place, f"unknown {what} {shown(name)}", expected=expected, nearest=nearest)

    def define(self, kind: Kind, id_: str, definition: Definition) -> None:
        """Record where an id is stated, and that it is stated already if it is."""
        first = self.definitions[kind].setdefault(id_, definition)
        if first is not definition:
            file, _ = first.place.file_and_path()
            self.fault(
                definition.node,
                definition.place,
                f"{kind} {shown(id_)} is stated already at {file}:{first.node.line}:{first.node.column}",
                expected="each id once",
            )

    def entries(self, node: Node, place: Place, *, expected: str) -> Mapping[str, tuple[ScalarNode, Node]]:
        """Keys of a mapping, each with its node and its value's; one stated twice is recorded and read once.

        Raises:
            FaultRecordedError: not a mapping.
        """
        if not isinstance(node, MappingNode):
            raise self.fault(node, place, f"found {described(node)}", expected=expected)
        entries: dict[str, tuple[ScalarNode, Node]] = {}
        for entry in node.entries:
            key_node = entry[0]
            key = key_node.text
            if key in entries:
                first = entries[key][0]
                self.fault(
                    key_node,
                    place,
                    f"key {shown(key)} is stated already at line {first.line}, column {first.column}",
                    expected="each key once",
                )
            elif key == "" or is_nothing(key_node):
                self.fault(key_node, place, "an empty key", expected="text, in quotes if need be")
            else:
                entries[key] = entry
        return entries


def described(node: Node) -> str:
    """A node in a few words."""
    if isinstance(node, ScalarNode):
        return "nothing" if is_nothing(node) else shown(node.text)
    if isinstance(node, MappingNode):
        return "a mapping" if node.entries else "an empty mapping"
    return "a list" if node.items else "an empty list"
