"""Which nodes are up and yet at risk: the redundancy that an outage has used up.

What failed is relevant to a node that is up if some further failure, of services that still work, takes the node
down with the outage and would not have done so without it. Such a failure is a witness. Most are found at once: where a
group has lost branches, as many of the others as it can still spare, and one more, are tried, all groups side by
side as the bits of one walk upwards. Where groups do not nest and every choice was tried, no witness is a proof, too.
What is left (groups within groups that share what they need) goes to the exact engine if it is small. Of large
outages, most witnesses are found in worlds first.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, islice, product

import numpy as np

from olagraph.analysis.outage.network import Mask, Network
from olagraph.analysis.outage.spreading import Failure, composing, reached
from olagraph.analysis.outage.worlds import shown_at_risk
from olagraph.metrics.bit_sets import at_least
from olagraph.metrics.conversion import Share
from olagraph.metrics.system import Component, SystemBuilder

_MOST_CHOICES = 8
"""How many witnesses are tried for one group."""

_MOST_NODES = 60
"""A structure of nested groups beyond this size for which no witness was found counts as at risk: the safe side."""

_FEW = 300
"""Beyond so many touched nodes most witnesses are found in worlds (see `worlds`) instead of one by one."""

_MOST_TURNS = 3
_WORTH_A_TURN = 0.9
"""How often worlds are made for what is left, and of how little must be left for another turn."""

_MOST_SEARCHED = 1_000
"""If the nodes for which no world is a witness are composed of more than these, they count as at risk, too."""


def at_risk(network: Network, failure: Failure, is_down: Mask) -> tuple[Mask, bool]:
    """The nodes that are up and to which the failure is relevant, and whether that is shown for all of them."""
    carrying = failure.carrying(network.needed, optional=False)
    if not len(failure.cut) and len(network.idle):
        carrying = np.ones(len(network.needed.user), dtype=np.bool_) if carrying is None else carrying
        carrying[network.idle] = False
    start = is_down.copy()
    start[network.needed.user[failure.felt_cut]] = True
    touched = reached(network, np.flatnonzero(start), carrying) & ~is_down
    proven, open_, searched = network.mask(), touched, touched
    if np.count_nonzero(touched) > _FEW:
        for turn in range(_MOST_TURNS):
            left = np.count_nonzero(open_)
            proven |= shown_at_risk(network, failure, is_down, searched, carrying, turn=turn)
            open_ = touched & ~proven
            searched = composing(network, np.flatnonzero(open_), touched)
            if np.count_nonzero(open_) > _WORTH_A_TURN * left:
                break
    if not open_.any():
        return proven, True
    if np.count_nonzero(searched) > _MOST_SEARCHED:
        return touched, False
    search = _Search(network, failure, is_down, searched, carrying)
    search.try_witnesses()
    search.decide_the_rest()
    return proven | network.mask(sorted(search.proven)), search.exact


class _Search:
    """The search for witnesses in one outage."""

    def __init__(
        self, network: Network, failure: Failure, is_down: Mask, touched: Mask, carrying: Mask | None
    ) -> None:
        self._network = network
        self._down: frozenset[int] = frozenset(np.flatnonzero(is_down).tolist())
        self._touched_mask = touched
        self._touched: frozenset[int] = frozenset(np.flatnonzero(touched).tolist())
        self._carrying = carrying
        self._struck = frozenset(failure.struck.tolist())
        edges, cut = network.needed, failure.felt_cut
        self._cut = frozenset(zip(edges.user[cut].tolist(), edges.operand[cut].tolist(), strict=True))
        self._unfelt = np.zeros(len(edges.user), dtype=np.bool_)
        self._unfelt[failure.unfelt] = True
        self._below: dict[int, list[int]] = {}
        self._witnesses: dict[frozenset[int], int] = {}
        self._shown: dict[int, int] = {}  # by node, the witnesses that show it to be at risk
        self._settled: set[int] = set()  # groups of which every witness was tried
        self.proven: set[int] = set()
        self.exact = True  # every one of them is shown, none is only on the safe side

    # Structure -----------------------------------------------------------------------------------------------

    def _operands(self, node: int) -> list[int]:
        """The operands that are felt."""
        if node not in self._below:
            edges = self._network.needed
            found = edges.by_user[edges.user_starts[node] : edges.user_starts[node + 1]]
            felt = found if self._carrying is None else found[~self._unfelt[found]]
            self._below[node] = edges.operand[felt].tolist()
        return self._below[node]

    def _is_lost(self, user: int, operand: int) -> bool:
        """Whether an operand is down, or is not delivered to this user."""
        return operand in self._down or (user, operand) in self._cut

    def _is_service(self, node: int) -> bool:
        return node < len(self._network.services)

    # Witnesses -----------------------------------------------------------------------------------------------

    def try_witnesses(self) -> None:
        """Tries the failures that suggest themselves, until there are no new ones."""
        groups = np.flatnonzero(self._touched_mask & (self._network.spare > 0)).tolist()
        while True:
            known = len(self._witnesses)
            for group in groups:
                if group not in self.proven:
                    self._suggest(group)
            if len(self._witnesses) == known:
                return
            self._walk(known)

    def _suggest(self, group: int) -> None:
        """Witnesses for one group: what it has lost, what may be lost with it, and enough of the rest."""
        operands = self._operands(group)
        up = [operand for operand in operands if not self._is_lost(group, operand)]
        lost = len(operands) - len(up)
        sound = [operand for operand in up if operand not in self._touched]
        shaky = [operand for operand in up if operand in self._shown]
        missing = int(self._network.spare[group]) + 1 - lost
        tried: list[frozenset[int]] = []
        if lost:
            tried = list(islice(self._choices(sound, missing), _MOST_CHOICES + 1))
            if len(sound) == len(up) and len(tried) <= _MOST_CHOICES:
                self._settled.add(group)
        if shaky and len(tried) <= _MOST_CHOICES:
            bits = self._shown[shaky[0]]
            with_it = list(self._witnesses)[(bits & -bits).bit_length() - 1]
            others = [
                *sound,
                *(operand for operand in up if operand in self._touched and operand != shaky[0]),
            ]
            more = self._choices(others, missing - 1)
            tried += [with_it | witness for witness in islice(more, _MOST_CHOICES)]
        for witness in tried[:_MOST_CHOICES]:
            self._witnesses.setdefault(witness, len(self._witnesses))

    def _choices(self, nodes: list[int], many: int) -> Iterator[frozenset[int]]:
        """Sets of services whose failure takes so many of the nodes down."""
        for chosen in combinations(nodes, many):
            for each in product(
                *(list(islice(self._taking_down(node), _MOST_CHOICES + 1)) for node in chosen)
            ):
                yield frozenset().union(*each)

    def _taking_down(self, node: int) -> Iterator[frozenset[int]]:
        """Sets of services each of which takes a node down; of its own, where the node is a service."""
        if self._is_service(node):
            yield frozenset((node,))
        else:
            yield from self._choices(self._operands(node), int(self._network.spare[node]) + 1)

    def _walk(self, first: int) -> None:
        """Which witnesses, from the one at place `first` on, take which nodes down, without the outage and with it."""
        struck: dict[int, int] = {}
        for witness, place in islice(self._witnesses.items(), first, None):
            for node in witness:
                struck[node] = struck.get(node, 0) | 1 << place
        every = (1 << len(self._witnesses)) - (1 << first)
        without: dict[int, int] = {}
        with_it: dict[int, int] = {}
        walk = [(node, self._operands(node), int(self._network.spare[node])) for node in self._region(struck)]
        changed = True
        while changed:
            changed = False
            for node, operands, spare in walk:
                own = struck.get(node, 0)
                before = own | at_least([without.get(operand, 0) for operand in operands], spare + 1)
                after = before
                if node in self._touched:
                    taken = [
                        every if self._is_lost(node, operand) else with_it.get(operand, 0)
                        for operand in operands
                    ]
                    after = own | at_least(taken, spare + 1)
                if before != without.get(node, 0) or after != with_it.get(node, 0):
                    without[node], with_it[node] = before, after
                    changed = self._network.circular
        for node in self._touched & with_it.keys():
            shown = with_it[node] & ~without[node]
            if shown:
                self._shown[node] = self._shown.get(node, 0) | shown
                self.proven.add(node)

    def _region(self, struck: dict[int, int]) -> list[int]:
        """What lies between the services that witnesses strike and the touched nodes, operands first."""
        network = self._network
        start = np.array(sorted(struck), dtype=np.int64)
        hit = reached(network, start, self._carrying)
        frontier = np.flatnonzero(hit & self._touched_mask)
        region = network.mask(frontier)
        while len(frontier):
            operands = network.needed.operand[network.needed.below(frontier)]
            frontier = np.unique(operands[hit[operands] & ~region[operands]])
            region[frontier] = True
        nodes = np.flatnonzero(region)
        ordered: list[int] = nodes[np.argsort(network.order[nodes])].tolist()
        return ordered

    # What no witness was found for -----------------------------------------------------------------------------

    def decide_the_rest(self) -> None:
        """Decides the nodes with an operand that depends on the outage; no others can."""
        ordered = sorted(self._touched - self.proven, key=self._network.order.__getitem__)
        self._settle()
        changed = True
        while changed:
            changed = False
            rest = []
            for node in ordered:
                if node in self._settled:
                    continue
                if not self._depends_below(node):
                    rest.append(node)
                elif self._is_relevant(node):
                    self.proven.add(node)
                    changed = True
            ordered = rest

    def _settle(self) -> None:
        """Finds the nodes below which every touched group is settled: all the witnesses there are were tried."""
        groups = {node for node in self._touched if self._network.spare[node]} - self._settled
        start = np.array(sorted(groups), dtype=np.int64)
        open_nodes = reached(self._network, start, self._carrying)
        self._settled |= {node for node in self._touched if not open_nodes[node]}

    def _depends_below(self, node: int) -> bool:
        return any(operand in self.proven or self._is_lost(node, operand) for operand in self._operands(node))

    def _is_relevant(self, node: int) -> bool:
        """Whether the outage, as one component among the services, has any importance for a node."""
        below = list(self._structure(node))
        if len(below) > _MOST_NODES:
            self.exact = False
            return True
        builder = SystemBuilder()
        nodes = {each: builder.reserve() for each in below}
        # Unlikely enough for long chains to hold, likely enough for redundancy to break in doubles.
        unlikely = Share(worst=Fraction(1, 2 * len(below)), favourable=Fraction(0))
        outage = builder.component(Component(at_worst=unlikely, at_best=unlikely))
        for each in below:
            operands = [
                builder.gate(2, (nodes[operand], outage)) if (each, operand) in self._cut else nodes[operand]
                for operand in self._operands(each)
            ]
            if self._is_service(each):
                operands.append(builder.component(Component(at_worst=unlikely, at_best=unlikely)))
                if each in self._struck:
                    operands.append(outage)
                builder.gate(len(operands), operands, node=nodes[each])
            else:
                # Operands through which nothing is felt are always up.
                edges = self._network.needed
                stated = int(edges.user_starts[each + 1] - edges.user_starts[each])
                up = stated - int(self._network.spare[each]) - (stated - len(operands))
                builder.gate(max(up, 0), operands if up > 0 else (), node=nodes[each])
        system = builder.build()
        if system.importance(nodes[node]).get(outage, 0.0) > 0:
            return True
        known = system.value(nodes[node]).exact
        self.exact = self.exact and known
        return not known

    def _structure(self, node: int) -> Iterator[int]:
        seen = {node}
        pending = [node]
        while pending:
            current = pending.pop()
            yield current
            for operand in self._operands(current):
                if operand not in seen:
                    seen.add(operand)
                    pending.append(operand)
                    if len(seen) > _MOST_NODES:
                        yield from pending
                        return
