"""How a failure spreads upwards: what is down, what is touched, and along which shortest paths."""

from dataclasses import dataclass

import numpy as np

from olagraph.analysis.outage.network import Edges, Mask, Network, Nodes, distinct

_NOBODY = -1


@dataclass(frozen=True, slots=True, eq=False)
class Failure:
    """What fails in a network.

    Attributes:
        struck: the service nodes that fail themselves.
        cut, cut_optional: needed and optional edges that fail though their operands may be up.
        unfelt, unfelt_optional: needed and optional edges through which nothing is felt.
    """

    struck: Nodes
    cut: Nodes
    cut_optional: Nodes
    unfelt: Nodes
    unfelt_optional: Nodes

    def carrying(self, edges: Edges, *, optional: bool) -> Mask | None:
        """The edges through which an operand's failure is felt; None = all."""
        cut, unfelt = (self.cut_optional, self.unfelt_optional) if optional else (self.cut, self.unfelt)
        if not len(cut) and not len(unfelt):
            return None
        carrying = np.ones(len(edges.user), dtype=np.bool_)
        carrying[cut] = carrying[unfelt] = False
        return carrying

    @property
    def felt_cut(self) -> Nodes:
        """The needed edges that fail and are felt."""
        return np.setdiff1d(self.cut, self.unfelt)

    @property
    def felt_cut_optional(self) -> Nodes:
        """The optional edges that fail and are felt."""
        return np.setdiff1d(self.cut_optional, self.unfelt_optional)


def above(edges: Edges, nodes: Nodes, carrying: Mask | None) -> Nodes:
    """The edges out of some nodes that carry."""
    found = edges.above(nodes)
    return found if carrying is None else found[carrying[found]]


def down(network: Network, failure: Failure) -> Mask:
    """The nodes that are down: the least fixed point, in rounds from what has failed itself."""
    edges = network.needed
    carrying = failure.carrying(edges, optional=False)
    is_down = network.mask(failure.struck)
    lost = np.zeros(network.count, dtype=np.int64)
    scratch = np.empty(network.count, dtype=np.int64)
    fallen, hit = failure.struck, edges.user[failure.felt_cut]
    while len(fallen) or len(hit):
        hit = np.concatenate((hit, edges.user[above(edges, fallen, carrying)]))
        np.add.at(lost, hit, 1)
        fallen = distinct(hit[(lost[hit] > network.spare[hit]) & ~is_down[hit]], scratch)
        is_down[fallen] = True
        hit = hit[:0]
    return is_down


def reached(network: Network, start: Nodes, carrying: Mask | None) -> Mask:
    """The nodes `start` and all that are composed of any of them."""
    found = network.mask(start)
    scratch = np.empty(network.count, dtype=np.int64)
    frontier = start
    while len(frontier):
        users = network.needed.user[above(network.needed, frontier, carrying)]
        frontier = distinct(users[~found[users]], scratch)
        found[frontier] = True
    return found


def composing(network: Network, nodes: Nodes, among: Mask) -> Mask:
    """Some nodes and all that they are composed of, as far as it is in a set."""
    found = network.mask(nodes)
    scratch = np.empty(network.count, dtype=np.int64)
    frontier = nodes
    while len(frontier):
        operands = network.needed.operand[network.needed.below(frontier)]
        frontier = distinct(operands[among[operands] & ~found[operands]], scratch)
        found[frontier] = True
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """Where a walk begins: a node, the service through which it is reached (-1: none) and after how many uses."""

    node: Nodes
    through: Nodes
    distance: Nodes


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """The shortest chains of uses by which nodes are reached; of equally short ones the first by id.

    Attributes:
        through: by node, the service used that leads on; -1 = none.
        distance: by node, the number of uses; -1 = not reached.
    """

    through: Nodes
    distance: Nodes

    @classmethod
    def none(cls, network: Network) -> "Paths":
        """Nothing is reached yet."""
        return cls(np.full(network.count, _NOBODY), np.full(network.count, -1))


def extend(
    paths: Paths,
    network: Network,
    start: Arrivals,
    *,
    allowed: Mask,
    carrying: Mask | None,
    only_from: Mask | None = None,
) -> None:
    """Adds to `paths` what is reached from `start` through allowed nodes.

    Args:
        only_from: nodes in this set are reached from nodes in it only.
    """
    services = len(network.services)
    edges = network.needed
    distance = 0
    settled = np.empty(0, dtype=np.int64)
    waiting = np.ones(len(start.node), dtype=np.bool_)
    while len(settled) or waiting.any():
        now = waiting & (start.distance == distance)
        waiting &= ~now
        node, through = start.node[now], start.through[now]
        sources = settled
        arrived, arrived_through = [], []
        while len(sources) or len(node):
            out = above(edges, sources, carrying)
            source, user = edges.operand[out], edges.user[out]
            if only_from is not None:
                legal = ~only_from[user] | only_from[source]
                source, user = source[legal], user[legal]
            # Inner nodes belong to their service: no use more, and the same service leads on.
            via = np.where(source < services, source, paths.through[source])
            node, through = np.concatenate((node, user)), np.concatenate((through, via))
            new = allowed[node] & (paths.distance[node] < 0)
            inner = new & (node >= services)
            sources = _settle(paths, node[inner], through[inner], distance)
            arrived.append(node[new & ~inner])
            arrived_through.append(through[new & ~inner])
            node, through = node[:0], through[:0]
        settled = (
            node
            if not arrived
            else _settle(paths, np.concatenate(arrived), np.concatenate(arrived_through), distance)
        )
        distance += 1


def _settle(paths: Paths, nodes: Nodes, through: Nodes, distance: int) -> Nodes:
    """Each node once, reached through the first service by id."""
    order = np.lexsort((through, nodes))
    nodes, through = nodes[order], through[order]
    first = np.ones(len(nodes), dtype=np.bool_)
    first[1:] = nodes[1:] != nodes[:-1]
    nodes = nodes[first]
    paths.through[nodes], paths.distance[nodes] = through[first], distance
    return nodes
