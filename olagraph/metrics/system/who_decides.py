"""Who decides: which components below a node its value rests on, and how much."""

from collections.abc import Callable, Collection, Iterator, Mapping

from olagraph.metrics.bit_sets import at_least
from olagraph.metrics.system.acyclic import post_order
from olagraph.metrics.system.compose import birnbaum_importance
from olagraph.metrics.system.descent import Descent
from olagraph.metrics.system.local import LocalStructures
from olagraph.metrics.system.values import Values


class WhoDecides:
    """What the components below a node mean for it. See `System` for what is answered.

    Args:
        earlier: the same of a graph that differs in the stale nodes alone.
    """

    def __init__(
        self,
        structures: LocalStructures,
        values: Values,
        *,
        earlier: "WhoDecides | None",
        stale: Collection[int],
    ) -> None:
        self._structures = structures
        self._values = values
        self._worst_cuts: dict[int, float] = {}
        self._shares: dict[int, list[float]] = {}
        self._descent = Descent()
        self._changed: frozenset[int] = frozenset()
        if earlier is not None:
            self._worst_cuts = earlier._structures.still_true(earlier._worst_cuts, stale)
            self._shares = earlier._structures.still_true(earlier._shares, stale)
            if not structures.circular and not earlier._structures.circular:
                self._descent, self._changed = earlier._descent, earlier._changed
                if not structures.same_shape_as(earlier._structures):
                    self._changed |= frozenset(stale)

    def missing(self, root: int) -> list[int]:
        """The components below `root` whose two ends differ."""
        return list(self._walk(root, lambda node: self._values.value(node).missing))

    def components(self, root: int) -> list[int]:
        """Every component below `root`."""
        return list(self._walk(root, lambda _: True))

    def _walk(self, root: int, enter: Callable[[int], bool]) -> Iterator[int]:
        seen = {root}
        pending = [root]
        while pending:
            node = pending.pop()
            if not enter(node):
                continue
            if node in self._structures.components:
                yield node
            else:
                new = [n for n in self._structures.parts(node) if n not in seen]
                seen.update(new)
                pending.extend(reversed(new))

    def cuts(self, root: int, *, above: float) -> list[int]:
        """The components whose failure alone takes `root` down and whose unavailability is above a limit.

        Only where a branch holds such a component is it entered, so long chains of good components cost nothing.
        """
        found: list[int] = []
        pending = [root]
        while pending:
            node = pending.pop()
            if self._worst_cut(node) <= above:
                continue
            if node in self._structures.components:
                found.append(node)
            else:
                pending.extend(reversed(self._cut_leaves(node)))
        return found

    def _worst_cut(self, root: int) -> float:
        """The largest unavailability among the components whose failure alone takes `root` down."""
        pending = [root]
        while pending:
            node = pending[-1]
            if node in self._worst_cuts:
                pending.pop()
                continue
            if node in self._structures.components:
                self._worst_cuts[node] = self._values.value(node).at_best.guaranteed
                continue
            leaves = self._cut_leaves(node)
            unknown = [leaf for leaf in leaves if leaf not in self._worst_cuts]
            if unknown:
                pending.extend(unknown)
            else:
                self._worst_cuts[node] = max((self._worst_cuts[leaf] for leaf in leaves), default=0.0)
        return self._worst_cuts[root]

    def _cut_leaves(self, node: int) -> list[int]:
        alternative = self._structures.alternatives.get(node)
        if alternative is not None:
            return [alternative.promised]
        local = self._structures.local(node)
        if local.needed:
            return list(local.leaves)
        if len(local.leaves) == 1:
            return list(local.leaves)
        down: list[int] = []  # gate -> bit set of the leaves each of which alone takes it down
        for gate in local.gates:
            operands = [1 << o if o >= 0 else down[~o] for o in gate.operands]
            down.append(at_least(operands, len(operands) - gate.k + 1))
        bits = down[-1] if down else 0
        return [leaf for i, leaf in enumerate(local.leaves) if bits >> i & 1]

    def importance(self, root: int) -> dict[int, float]:
        """Birnbaum importance of each component on the independent basis, at the best end of what is missing."""
        self._values.value(root)
        weights: dict[int, float] = {root: 1.0}
        for node in reversed(self._below(root)):
            weight = weights.get(node, 0.0)
            if node in self._structures.components or not weight:
                continue
            for part, share in zip(self._structures.parts(node), self._importances(node), strict=True):
                weights[part] = weights.get(part, 0.0) + weight * share
        return {node: weight for node, weight in weights.items() if node in self._structures.components}

    def heaviest(self, roots: Mapping[int, float], *, birnbaum: bool) -> dict[int, float]:
        """By component, the largest weight any root gives it: the root's own times the component's importance in it."""
        for root in roots:
            self._values.value(root)
        self._descent = self._descent.reaching(roots, parts_of=self._structures.parts, changed=self._changed)
        self._changed = frozenset()
        return self._descent.heaviest(dict(roots), self._importances if birnbaum else None)

    def _importances(self, node: int) -> list[float]:
        """The Birnbaum importance of each of a node's parts."""
        found = self._shares.get(node)
        if found is None:
            found = self._shares[node] = self._importance_of_parts(node)
        return found

    def _importance_of_parts(self, node: int) -> list[float]:
        parts = [self._values.value(part).at_best.independent for part in self._structures.parts(node)]
        if node in self._structures.alternatives:
            composed, promised = parts
            return [1.0, 0.0] if composed <= promised else [0.0, 1.0]
        return birnbaum_importance(self._structures.local(node), parts)

    def _below(self, root: int) -> tuple[int, ...]:
        """Everything that `root` is composed of, parts before wholes."""
        order = post_order((root,), self._structures.parts)
        assert order is not None, "circles have been broken"
        return order
