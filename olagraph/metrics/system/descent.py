"""The order in which weights run down from wholes to their parts."""

from collections.abc import Callable, Collection, Sequence

from olagraph.metrics.system.acyclic import post_order


class Descent:
    """What some nodes are composed of, wholes before their parts.

    Attributes:
        nodes: by place; some places may have gone out of use.
        places: by node.
        parts: of each place the places of its parts.
        sequence: the places, wholes first.
    """

    def __init__(self) -> None:
        self.nodes: list[int] = []
        self.places: dict[int, int] = {}
        self.parts: list[tuple[int, ...]] = []
        self.sequence: list[int] = []

    def reaching(
        self,
        roots: Collection[int],
        *,
        parts_of: Callable[[int], Sequence[int]],
        changed: Collection[int],
    ) -> "Descent":
        """The same for further roots, and with other parts of the nodes that have changed.

        A changed node is composed of nothing but nodes, and part of nothing but changed nodes.
        """
        if not changed and all(root in self.places for root in roots):
            return self
        kept = {node: place for node, place in self.places.items() if node not in changed}
        below = post_order(
            (root for root in roots if root not in kept),
            lambda node: [part for part in parts_of(node) if part not in kept],
        )
        assert below is not None, "circles have been broken"
        if not below and len(kept) == len(self.places):
            return self
        descent = Descent()
        descent.nodes, descent.places, descent.parts = list(self.nodes), kept, list(self.parts)
        new = []
        for node in reversed(below):
            kept[node] = len(descent.nodes)
            new.append(kept[node])
            descent.nodes.append(node)
        descent.parts += [tuple(kept[part] for part in parts_of(node)) for node in reversed(below)]
        lasting = set(kept.values()) - set(new)
        descent.sequence = [*new, *(place for place in self.sequence if place in lasting)]
        return descent

    def heaviest(
        self, weights: dict[int, float], shares_of: Callable[[int], Sequence[float]] | None
    ) -> dict[int, float]:
        """By node without parts, the largest weight that reaches it.

        Args:
            weights: at least 0, of the nodes to start from.
            shares_of: by node, the factor for each of its parts; None = all are 1.
        """
        found = [-1.0] * len(self.nodes)
        for node, weight in weights.items():
            found[self.places[node]] = weight
        ends = {}
        for place in self.sequence:
            weight = found[place]
            if weight < 0:
                continue
            parts = self.parts[place]
            if not parts:
                ends[self.nodes[place]] = weight
            elif shares_of is None or not weight:
                for part in parts:
                    if weight > found[part]:
                        found[part] = weight
            else:
                for part, share in zip(parts, shares_of(self.nodes[place]), strict=True):
                    if weight * share > found[part]:
                        found[part] = weight * share
        return ends
