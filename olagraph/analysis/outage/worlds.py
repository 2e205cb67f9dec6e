"""Witnesses by the thousand: which nodes some further failure takes down with an outage, and not without it.

Sixty-four worlds, the bits of a word, are evaluated at once, each with an outage and without. In every world some
services that work have failed as well: those that a group can spare no longer, now that the outage has taken
branches of it. Groups are spread over the worlds, so that in one world few of them disturb one another; and where a
group needs another one below it to fall first, its branches fail in worlds in which that one does. A node that is down
with the outage and up without it, in any world, is at risk for certain. That none is found proves nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from olagraph.analysis.outage.network import Mask, Network, Nodes
from olagraph.analysis.outage.spreading import Failure, composing, reached

Words: TypeAlias = NDArray[np.uint64]

_WORLDS = 64
_EVERY = np.uint64(2**_WORLDS - 1)
_ONE = np.uint64(1)
_COLOURS = 4
"""In how many worlds each group is tried."""

_MOST_ROUNDS = 12
"""As deep as redundancy within redundancy is followed."""

_WORTH_A_ROUND = 1 / 30
"""A round that adds a smaller share is the last."""


def shown_at_risk(
    network: Network,
    failure: Failure,
    is_down: Mask,
    touched: Mask,
    carrying: Mask | None,
    *,
    turn: int = 0,
) -> Mask:
    """The touched nodes for which some world is a witness.

    Args:
        touched: the nodes asked about, with the touched ones that they are composed of: those that are up and
            composed of some that are not, or that are not delivered.
        turn: other worlds in every turn.
    """
    groups = _Groups.of(network, failure, is_down, touched, carrying)
    if not len(groups.node):
        return network.mask()
    struck: Words = np.zeros(network.count, dtype=np.uint64)
    first = turn * _MOST_ROUNDS
    groups.strike(struck, groups.unaided, first)
    failing = network.mask(network.breaker[groups.operand[groups.may_fail]])
    above = reached(network, np.flatnonzero(failing), carrying)
    region = composing(network, np.flatnonzero(touched), above | touched)
    worlds = _Worlds(network, failure, is_down, region, carrying)
    proven = network.mask()
    for place in range(first, first + _MOST_ROUNDS):
        without, with_it = worlds.evaluate(struck)
        shown: Words = np.where(touched, with_it & ~without, np.uint64(0))
        new = (shown != 0) & ~proven
        proven |= new
        if np.count_nonzero(new) <= _WORTH_A_ROUND * np.count_nonzero(proven):
            break
        groups.build_on(struck, shown, place)
    return proven


def _spread(numbers: NDArray[np.int64], number: int) -> NDArray[np.int64]:
    """The numbers, thrown about: the same ones always to the same places."""
    mixed = (numbers.astype(np.uint64) + np.uint64(number)) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(40)).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """The touched groups with their operands: first those that the outage has not reached.

    Attributes:
        node: the groups.
        starts: where the operands of each begin.
        group: by operand, the place of its group in `node`.
        operand: the operands.
        may_fail: by operand, whether it is up and one service can take it down.
        missing: by group, how many operands more must fail for it to be down with the outage.
        unaided: by group, whether the outage has taken operands of it, and enough others may fail.
    """

    network: Network
    node: Nodes
    starts: Nodes
    group: Nodes
    operand: Nodes
    may_fail: Mask
    missing: Nodes
    unaided: Mask

    @classmethod
    def of(
        cls, network: Network, failure: Failure, is_down: Mask, touched: Mask, carrying: Mask | None
    ) -> "_Groups":
        """The groups among the touched nodes."""
        edges = network.needed
        node = np.flatnonzero(touched & (network.spare > 0))
        found = edges.below(node)
        if carrying is not None:
            cut = np.zeros(len(edges.user), dtype=np.bool_)
            cut[failure.felt_cut] = True
            found = found[carrying[found] | cut[found]]
            lost = is_down[edges.operand[found]] | cut[found]
        else:
            lost = is_down[edges.operand[found]]
        place = np.searchsorted(node, edges.user[found])
        order = np.lexsort((touched[edges.operand[found]], place))
        found, lost, place = found[order], lost[order], place[order]
        operand = edges.operand[found]
        may_fail = ~lost & (network.breaker[operand] >= 0)
        many = len(node)
        lost_count = np.bincount(place[lost], minlength=many)
        missing = network.spare[node] + 1 - lost_count
        enough = np.bincount(place[may_fail], minlength=many) >= missing
        starts = np.searchsorted(place, np.arange(many))
        return cls(network, node, starts, place, operand, may_fail, missing, (lost_count > 0) & enough)

    def _places(self, number: int) -> Iterator[Words]:
        """The numbers of the worlds in which groups are tried, others in every round."""
        for colour in range(_COLOURS):
            yield (_spread(self.node, number * _COLOURS + colour) % _WORLDS).astype(np.uint64)

    def strike(self, struck: Words, groups: Mask, number: int) -> None:
        """Lets as many operands of some groups fail as are missing, each in worlds of its group."""
        chosen = self._chosen(self.may_fail, self.missing, groups)
        services, group = self.network.breaker[self.operand[chosen]], self.group[chosen]
        for place in self._places(number):
            np.bitwise_or.at(struck, services, (_ONE << place)[group])

    def build_on(self, struck: Words, shown: Words, number: int) -> None:
        """Lets operands fail beside one that falls with the outage, in worlds in which it does."""
        falling = np.flatnonzero((shown[self.operand] != 0) & self.may_fail)
        if not len(falling):
            return
        # One of those that fall, another one every round.
        falling = falling[np.argsort(_spread(falling, number), kind="stable")]
        first = np.full(len(self.node), -1, dtype=np.int64)
        first[self.group[falling]] = falling
        others = self.may_fail.copy()
        others[first[first >= 0]] = False
        missing = self.missing - 1
        enough = np.bincount(self.group[others], minlength=len(self.node)) >= missing
        chosen = self._chosen(others, missing, (first >= 0) & enough)
        services, group = self.network.breaker[self.operand[chosen]], self.group[chosen]
        bits = shown[self.operand[first]]
        for place in self._places(number):
            np.bitwise_or.at(struck, services, _one_bit(bits, place)[group])

    def _chosen(self, among: Mask, many: Nodes, groups: Mask) -> Nodes:
        """The first so many of the operands in a set, of some groups."""
        before: Nodes = np.cumsum(among) - among  # in the set, among all operands before
        rank: Nodes = before - before[self.starts][self.group]
        return np.flatnonzero(among & groups[self.group] & (rank < many[self.group]))


def _one_bit(words: Words, begin: Words) -> Words:
    """One of the bits set in each word: the first from `begin` on, else the first of all."""
    later = words & (_EVERY << begin)
    words = np.where(later != 0, later, words)
    lowest: Words = words & (~words + _ONE)
    return lowest


@dataclass(frozen=True, slots=True, eq=False)
class _Needing:
    """Nodes of one level of which all operands are needed.

    Attributes:
        operand: of all of them, in turn.
        cut: the places of operands that are not delivered in the outage.
        starts: where the operands of each begin.
    """

    node: Nodes
    operand: Nodes
    cut: Nodes
    starts: Nodes


@dataclass(frozen=True, slots=True, eq=False)
class _Sparing:
    """Nodes of one level with as many operands and as many to spare.

    Attributes:
        operand: a row a node.
        cut: the operands that are not delivered in the outage.
    """

    node: Nodes
    operand: Nodes
    cut: Mask
    spare: int


class _Worlds:
    """The structure functions of a region, ready to be evaluated in all worlds at once."""

    def __init__(
        self, network: Network, failure: Failure, is_down: Mask, region: Mask, carrying: Mask | None
    ) -> None:
        self._network = network
        self._down = np.flatnonzero(is_down)
        self._steps = list(self._plan(failure, is_down, region, carrying))

    def _plan(
        self, failure: Failure, is_down: Mask, region: Mask, carrying: Mask | None
    ) -> Iterator[_Needing | _Sparing]:
        """The nodes of the region, operands first, with the operands that may fail."""
        network, edges = self._network, self._network.needed
        nodes = np.flatnonzero(region)
        nodes = nodes[np.argsort(network.level[nodes], kind="stable")]
        found = edges.below(nodes)
        cut = np.zeros(len(edges.user), dtype=np.bool_)
        cut[failure.felt_cut] = True
        operand = edges.operand[found]
        felt = cut[found] | (region | is_down)[operand]
        if carrying is not None:
            felt &= cut[found] | carrying[found]
        found, operand = found[felt], operand[felt]
        user = edges.user[found]
        count = np.bincount(user, minlength=network.count)
        for level in _runs(network.level[user]):
            spare = network.spare[user[level]]
            needing = level.start + np.flatnonzero(spare == 0)
            if len(needing):
                starts = np.flatnonzero(np.diff(user[needing], prepend=-1))
                cut_here = np.flatnonzero(cut[found[needing]])
                yield _Needing(user[needing[starts]], operand[needing], cut_here, starts)
            sparing = level.start + np.flatnonzero((spare > 0) & (count[user[level]] > spare))
            some, many = network.spare[user[sparing]], count[user[sparing]]
            order = np.lexsort((many, some))
            sparing, some, many = sparing[order], some[order], many[order]
            for alike in _runs(some * (many.max(initial=0) + 1) + many):
                rows = sparing[alike].reshape(-1, many[alike.start])
                yield _Sparing(user[rows[:, 0]], operand[rows], cut[found[rows]], int(some[alike.start]))

    def evaluate(self, struck: Words) -> tuple[Words, Words]:
        """The worlds in which each node is down: without the outage, and with it.

        Args:
            struck: by node, the worlds in which it fails itself.
        """
        down = np.stack((struck, struck), axis=1)
        down[self._down, 1] = _EVERY
        while True:
            before = down.copy() if self._network.circular else None
            for step in self._steps:
                self._take(step, down)
            if before is None or np.array_equal(before, down):
                return down[:, 0], down[:, 1]

    @staticmethod
    def _take(step: _Needing | _Sparing, down: Words) -> None:
        operands = down[step.operand]
        if isinstance(step, _Needing):
            operands[step.cut, 1] = _EVERY
            down[step.node] |= np.bitwise_or.reduceat(operands, step.starts, axis=0)
            return
        operands[step.cut, 1] = _EVERY
        if step.operand.shape[1] == step.spare + 1:
            down[step.node] |= np.bitwise_and.reduce(operands, axis=1)
            return
        # more[j]: more than j of the operands so far are down
        more = np.zeros((step.spare + 1, len(step.node), 2), dtype=np.uint64)
        for each in np.moveaxis(operands, 1, 0):
            more[1:] |= more[:-1] & each
            more[0] |= each
        down[step.node] |= more[-1]


def _runs(sorted_numbers: Nodes) -> Iterator[slice]:
    """The runs of equal numbers."""
    ends = np.flatnonzero(np.diff(sorted_numbers)) + 1
    places = [0, *ends.tolist(), len(sorted_numbers)]
    return (slice(begin, end) for begin, end in pairwise(places) if begin < end)
