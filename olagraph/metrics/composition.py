"""The composed tree: a service's workflow resolved down to numbered components (SEMANTICS §3 and §4).

A component is a promise, an own part or a missing promise. Nodes compare by identity and are shared by
reference, so a graph of services is a graph of nodes, each held once. It cannot be cyclic: nodes are frozen
and built from the leaves upwards (a cycle between services is answered before a tree is built). Sharing is an
economy only: the request shares, times, rates and costs of SEMANTICS §5 count every visit.
"""

from collections import abc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, TypeVar

from olagraph.metrics.basis import Bases as Bases  # what every rule of composition answers with

Number: TypeAlias = float | Fraction
"""A float, or a Fraction (or int) where a value is evaluated exactly; `math.inf` is infinity in both."""


NumberType: TypeAlias = type[float] | type[Fraction]
"""Which of the two a value is computed in."""


@dataclass(frozen=True, slots=True)
class Value:
    """The value of one component, converted to the target's terms (SEMANTICS §6).

    Attributes:
        worst: after the worst conversion; `guaranteed` and `independent` take it.
        favourable: after the most favourable one; `ceiling` takes it.
    """

    worst: Number
    favourable: Number


Values: TypeAlias = abc.Sequence[Value]
"""The values of the components, by their number."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A leaf: the component of this number."""

    component: int


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """One after the other."""

    steps: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True, eq=False)
class Parallel:
    """All at once, wait for all."""

    steps: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True, eq=False)
class AllOf:
    """Supporting services that must all work; occurs inside `requires` only."""

    steps: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class KOfN:
    """Redundancy: at least `k` of the branches.

    Attributes:
        race: written as `any_of` (k is 1): a race, or failover in order if branches carry timeouts.
        timeouts: empty, or one entry a branch in seconds; in failover every branch but the last has one.
        load_shared: all branches are in use and add their throughput.
    """

    k: int
    steps: "tuple[Node, ...]"
    race: bool = False
    timeouts: tuple[Fraction | None, ...] = ()
    load_shared: bool = False

    @property
    def failover(self) -> bool:
        """Whether branches are tried in order."""
        return any(timeout is not None for timeout in self.timeouts)


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A choice: one branch is taken, with probabilities that sum to 1, or unknown ones (None)."""

    steps: "tuple[Node, ...]"
    probabilities: tuple[Fraction, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Repeat:
    """A step done `max` times, or again with `probability` each time; exactly one of the two is given."""

    step: "Node"
    max: int | None = None
    probability: Fraction | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Limited:
    """A use that is cut by a timeout (in seconds, outside `any_of`), or optional, or both."""

    step: "Node"
    timeout: Fraction | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """One event that several descriptions speak of, a composition and a promise on the whole: the better counts."""

    steps: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Delivery:
    """A whole service: workflow, `requires` and own part, as far as they are known.

    None means perfect; what is missing is a component of its own.
    """

    service: str
    workflow: "Node | None" = None
    requires: "Node | None" = None
    own: "Node | None" = None


Node: TypeAlias = (
    Part | Sequence | Parallel | AllOf | KOfN | Choice | Repeat | Limited | Alternative | Delivery
)


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """The distinct nodes of a tree, children before parents, the root last.

    Attributes:
        nodes: each node once; parts of the same component are one node.
        children: of each node, the places in `nodes` of what is below it, an entry a use. For a
            `Delivery`: its workflow, `requires` (in a walk that holds them) and own part, as far as they are
            there, in this order.
    """

    nodes: tuple[Node, ...]
    children: tuple[tuple[int, ...], ...]

    @property
    def root(self) -> int:
        """The place of the root."""
        return len(self.nodes) - 1


def calls(root: Node) -> Walk:
    """What a request goes through: everything but `requires`."""
    return _walk(root, requires=False)


def needed(root: Node) -> Walk:
    """What a service rests upon: everything, `requires` included."""
    return _walk(root, requires=True)


def directly_below(node: Node, *, requires: bool) -> "tuple[Node, ...]":
    """What a node is composed of; of a service without or with what it requires."""
    if isinstance(node, Part):
        return ()
    if isinstance(node, Repeat | Limited):
        return (node.step,)
    if isinstance(node, Delivery):
        stated = (node.workflow, node.requires if requires else None, node.own)
        return tuple(part for part in stated if part is not None)
    return node.steps


def _walk(root: Node, *, requires: bool) -> Walk:
    """Depth first without recursion: chains of services are longer than the interpreter's stack."""
    places: dict[tuple[str, int], int] = {}
    nodes: list[Node] = []
    children: list[tuple[int, ...]] = []
    pending: list[tuple[Node, bool]] = [(root, False)]
    while pending:
        node, opened = pending.pop()
        key = _key(node)
        if key in places:
            continue
        below = directly_below(node, requires=requires)
        if not opened and below:
            pending.append((node, True))
            pending.extend((child, False) for child in reversed(below))
            continue
        children.append(tuple(places[_key(child)] for child in below))
        places[key] = len(nodes)
        nodes.append(node)
    return Walk(tuple(nodes), tuple(children))


def _key(node: Node) -> tuple[str, int]:
    return ("component", node.component) if isinstance(node, Part) else ("node", id(node))


V = TypeVar("V")


def fold(walk: Walk, rule: Callable[[int, list[V]], V]) -> V:
    """The value of the root, where `rule(place, values of the children)` gives the value of a node.

    Each node is evaluated once; a value is let go as soon as its last parent has used it.
    """
    uses = [0] * len(walk.nodes)
    for below in walk.children:
        for child in below:
            uses[child] += 1
    values: dict[int, V] = {}
    for place, below in enumerate(walk.children):
        values[place] = rule(place, [values[child] for child in below])
        for child in below:
            uses[child] -= 1
            if not uses[child]:
                del values[child]
    return values[walk.root]


def number_type(values: Iterable[Number]) -> NumberType:
    """Fraction if every value is exact (an int, a Fraction or an infinity), else float."""
    for value in values:
        if isinstance(value, float) and value - value == 0:
            return float
    return Fraction


def quotient(dividend: Number, divisor: int) -> Number:
    """The quotient, exact if `dividend` is (two ints would make a float)."""
    return Fraction(dividend, divisor) if isinstance(dividend, int) else dividend / divisor


def worst(values: Values) -> list[Number]:
    """The worst conversions."""
    return [value.worst for value in values]


def favourable(values: Values) -> list[Number]:
    """The most favourable conversions."""
    return [value.favourable for value in values]
