"""Where the same promise stands at several places of a tree, and what lies between those places.

A promise speaks of all calls of its service together (SEMANTICS §5): with v visits a request it leaves v·ε of
them failing or late, and those may all fall on one of the places. A rule that looks at each place alone stays
sound only where what lies between the places weighs them alike. `sharing` says what lies there, node by node.
"""

import math
from dataclasses import dataclass
from enum import IntFlag

from olagraph.metrics.composition import (
    AllOf,
    Alternative,
    Choice,
    Delivery,
    KOfN,
    Limited,
    Number,
    NumberType,
    Parallel,
    Part,
    Repeat,
    Sequence,
    Walk,
    quotient,
)


class Between(IntFlag):
    """What lies between the places at which a node is used."""

    NOTHING = 0
    SEQUENCE = 1
    """Steps one after the other, `max` repeats, services."""
    PARALLEL = 2
    CHOICE = 4
    """A choice of known probabilities."""
    UNKNOWN_CHOICE = 8
    REDUNDANCY = 16
    AGAIN = 32
    """A repeat with a probability."""
    TIMEOUT = 64
    OPTIONAL = 128
    """An optional step without a timeout."""
    OPTIONAL_TIMEOUT = 256


@dataclass(frozen=True, slots=True)
class Sharing:
    """How often each node of a walk is used.

    Attributes:
        between: what lies between the places of use of each node; None where it is used at one place only.
        partings: the nodes below which the ways to a shared node part.
    """

    between: tuple[Between | None, ...]
    partings: frozenset[int]


def sharing(walk: Walk) -> Sharing:
    """What lies between the places of use of each node.

    The paths to a node part at its immediate dominator (Cooper, Harvey and Kennedy 2001); everything on them
    from there on counts. A place deep below a repeated service is one place: the service as a whole is used
    twice.
    """
    parents: list[list[int]] = [[] for _ in walk.nodes]
    for place, below in enumerate(walk.children):
        for child in below:
            parents[child].append(place)
    dominator = [0] * len(walk.nodes)
    depth = [0] * len(walk.nodes)
    between: list[Between | None] = [None] * len(walk.nodes)
    partings: set[int] = set()
    kinds = [_kind(walk, place) for place in range(len(walk.nodes))]
    dominator[walk.root] = walk.root
    for place in reversed(range(walk.root)):  # parents before children
        common = parents[place][0]
        for parent in parents[place][1:]:
            common = _common(common, parent, dominator=dominator, depth=depth)
        dominator[place], depth[place] = common, depth[common] + 1
        if len(parents[place]) > 1:
            crossed = kinds[common]
            seen = {common}
            for parent in parents[place]:
                while parent not in seen:
                    seen.add(parent)
                    crossed |= kinds[parent] | (between[parent] or Between.NOTHING)
                    parent = dominator[parent]
            between[place] = crossed
            partings.add(common)
    return Sharing(tuple(between), frozenset(partings))


def _common(first: int, second: int, *, dominator: list[int], depth: list[int]) -> int:
    while first != second:
        if depth[first] < depth[second]:
            second = dominator[second]
        else:
            first = dominator[first]
    return first


def _kind(walk: Walk, place: int) -> Between:
    node = walk.nodes[place]
    match node:
        case Part():
            return Between.NOTHING
        case Sequence() | Delivery():
            return Between.SEQUENCE
        case Parallel() | AllOf():
            return Between.PARALLEL
        case KOfN():
            if not node.failover and node.k == len(node.steps):
                return Between.PARALLEL
            return Between.REDUNDANCY
        case Alternative():
            return Between.REDUNDANCY
        case Choice():
            return Between.UNKNOWN_CHOICE if node.probabilities is None else Between.CHOICE
        case Repeat():
            return Between.SEQUENCE if node.max is not None else Between.AGAIN
        case Limited(timeout=None):
            return Between.OPTIONAL if node.optional else Between.SEQUENCE
        case Limited():
            return Between.OPTIONAL_TIMEOUT if node.optional else Between.TIMEOUT


def visits_per_use(walk: Walk, place: int, *, number: NumberType) -> tuple[Number, ...]:
    """How often each child of a node is visited per visit of the node; a branch of an unknown choice always."""
    node = walk.nodes[place]
    if isinstance(node, Choice) and node.probabilities is not None:
        return tuple(number(probability) for probability in node.probabilities)
    if isinstance(node, Repeat):
        if node.max is not None:
            return (node.max,)
        assert node.probability is not None
        return (1 / (1 - number(node.probability)),)
    return (1,) * len(walk.children[place])


def visits(walk: Walk, *, number: NumberType) -> list[Number]:
    """How often each node is visited per request, its places together; a branch of an unknown choice always."""
    total: list[Number] = [number(0)] * len(walk.nodes)
    total[walk.root] = number(1)
    for place in reversed(range(len(walk.nodes))):
        weights = visits_per_use(walk, place, number=number)
        for child, weight in zip(walk.children[place], weights, strict=True):
            total[child] += total[place] * weight
    return total


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of a shared node at one of its places.

    Attributes:
        total: calls per request at all places together, branches of unknown choices taken always.
        here: those at the place.
        unknown: the place is one whose calls depend on an unknown choice.
    """

    total: Number
    here: Number
    unknown: bool

    def most_late(self, late: Number) -> Number:
        """The largest failing (or late) share of the calls here, if `late` is the share of all calls.

        The other calls come off as well as they can: min(1, v·ε/v_o) of SEMANTICS §5.
        """
        if not late:
            return 0
        if not self.here or self._countless:
            return 1
        return min(1, self.total * late / self.here)

    def longest(self, mean: Number) -> Number:
        """The longest mean time of the calls here, if `mean` is the mean time of all calls."""
        if not mean:
            return 0
        if not self.here or self._countless:
            return math.inf
        return self.total * mean / self.here

    def least_late(self, late: Number) -> Number:
        """The smallest failing (or late) share of the calls here, if `late` is the share of all calls."""
        if late >= 1:
            return 1
        if not self.here or self._countless or self.unknown:
            return 0
        return max(0, (self.total * late - (self.total - self.here)) / self.here)

    @property
    def _countless(self) -> bool:
        return self.total - self.total != 0  # infinite in floating point


class Places:
    """The calls of shared nodes, place by place; counted when first asked for."""

    def __init__(self, walk: Walk, shared: Sharing, *, number: NumberType) -> None:
        self._walk = walk
        self._shared = shared
        self._number = number
        self._visits: list[Number] = []

    def calls(self, place: int, position: int) -> Calls:
        """The calls of the child at `position` of the node at `place`, made there."""
        if not self._visits:
            self._visits = visits(self._walk, number=self._number)
        child = self._walk.children[place][position]
        weight = visits_per_use(self._walk, place, number=self._number)[position]
        between = self._shared.between[child] or Between.NOTHING
        return Calls(
            total=self._visits[child],
            here=self._visits[place] * weight,
            unknown=Between.UNKNOWN_CHOICE in between,
        )


@dataclass(frozen=True, slots=True)
class Burden:
    """The calls of one node among those of a request, as far as they can hide its failures.

    Attributes:
        visits: calls per request.
        harmless: those of them whose failure need not fail the request (redundant or optional).
        most: the most calls of a request that are not harmless: that many failures may fall into one request.
    """

    visits: Number
    harmless: Number
    most: int

    def least_late(self, late: Number) -> Number:
        """The smallest failing (or late) share of the requests, if `late` is the share of the calls."""
        return max(0, quotient(self.visits * late - self.harmless, self.most))


def burden(walk: Walk, shared: int, *, number: NumberType) -> Burden | None:
    """The burden of the node at `shared`; None if its calls are all harmless, unknown in number or unbounded."""
    found: dict[int, Burden] = {shared: Burden(1, 0, 1)}
    for place in range(shared + 1, len(walk.nodes)):
        weights = visits_per_use(walk, place, number=number)
        parts = [
            (found[child], weight)
            for child, weight in zip(walk.children[place], weights, strict=True)
            if child in found
        ]
        if not parts:
            continue
        node = walk.nodes[place]
        kind = _kind(walk, place)
        if kind in (Between.UNKNOWN_CHOICE, Between.AGAIN):
            return None
        total = sum(part.visits * weight for part, weight in parts)
        if kind in (Between.REDUNDANCY, Between.OPTIONAL, Between.OPTIONAL_TIMEOUT):
            found[place] = Burden(total, total, 0)
            continue
        harmless = sum(part.harmless * weight for part, weight in parts)
        if isinstance(node, Choice):
            most = max(part.most for part, _ in parts)
        else:
            most = sum(part.most * int(weight) for part, weight in parts)
        found[place] = Burden(total, harmless, most)
    whole = found[walk.root]
    return whole if whole.most else None
