"""A structure written down, node by node, so that it can be read and gone on from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from olagraph.analysis.parts import Part
from olagraph.metrics.system import System, SystemBuilder

Key: TypeAlias = tuple[str | int, ...]
"""What a node stands for, within one service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """How a composed node came about.

    Attributes:
        label: the pattern; empty for a service.
        service: the service that the node is the whole of.
        operands: what it is composed of.
    """

    label: str
    service: str | None
    operands: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One structure and its system.

    Attributes:
        builder: has built the system.
        nodes: by service, what its nodes stand for.
        parts: what each component stands for, by node.
        outlines: how each composed node came about.
        perfect: the services whose own part is not stated beside a workflow and is taken as perfect, by node.
        converted: the components for which any promise was converted.
        promised: the components that an agreement binds, with its id and their unavailability, if certain and not 0.
        groundless: the nodes of circles that rest on nothing: composed, and yet unknown components.
    """

    builder: SystemBuilder
    system: System
    nodes: Mapping[str, Mapping[Key, int]]
    parts: Mapping[int, Part]
    outlines: Mapping[int, Outline]
    perfect: Mapping[int, str]
    converted: AbstractSet[int]
    promised: Mapping[int, tuple[str, float]]
    groundless: AbstractSet[int]

    def outline(self, node: int) -> Outline | None:
        """How a node came about; None for a component."""
        return None if node in self.parts else self.outlines.get(node)

    def perfect_below(self, roots: Iterable[int]) -> frozenset[str]:
        """The services that any of `roots` rests on and whose own part is taken as perfect."""
        if not self.perfect:
            return frozenset()
        found: set[str] = set()
        seen: set[int] = set()
        pending = list(roots)
        while pending:
            node = pending.pop()
            if node in seen:
                continue
            seen.add(node)
            if node in self.perfect:
                found.add(self.perfect[node])
            outline = self.outlines.get(node)
            if outline is not None:
                pending.extend(outline.operands)
        return frozenset(found)


class Nodes:
    """The numbers of nodes by what they stand for.

    Args:
        earlier: those of an earlier structure.
        stated: the services of which none stands any more; nodes that come again have the number they had.
    """

    def __init__(
        self, earlier: Mapping[str, Mapping[Key, int]] | None = None, stated: AbstractSet[str] = frozenset()
    ) -> None:
        self._earlier = earlier or {}
        self._found: dict[str, Mapping[Key, int]] = dict(self._earlier)
        self._own: dict[str, dict[Key, int]] = {}
        self._stated = stated & self._earlier.keys()
        for service in self._stated:
            self._found[service] = self._own[service] = {}

    def find(self, service: str, key: Key) -> int | None:
        """The node that stands for something."""
        known = self._found.get(service)
        return None if known is None else known.get(key)

    def put(self, service: str, key: Key, node: int) -> int:
        """Notes that a node stands for something."""
        own = self._own.get(service)
        if own is None:  # nodes of an earlier structure stay as they are
            own = self._own[service] = dict(self._found.get(service, {}))
            self._found[service] = own
        own[key] = node
        return node

    def number(self, service: str, key: Key, *, new: Callable[[], int]) -> int:
        """The node to stand for something: the one that did, else a new one."""
        node = self.find(service, key)
        if node is None:
            node = self._earlier.get(service, {}).get(key)
            self.put(service, key, new() if node is None else node)
        return self._found[service][key]

    def earlier(self, service: str) -> Iterable[Key]:
        """What the nodes of a service stood for before."""
        return self._earlier.get(service, ())

    def gone(self) -> set[int]:
        """The nodes that stood for something and do not any more."""
        before = {node for service in self._stated for node in self._earlier[service].values()}
        return before - {node for service in self._stated for node in self._found[service].values()}

    def of(self, services: AbstractSet[str]) -> Iterator[int]:
        """The nodes of some services."""
        for service in services & self._found.keys():
            yield from self._found[service].values()

    def all(self) -> Mapping[str, Mapping[Key, int]]:
        """What all nodes stand for, by service."""
        return self._found
