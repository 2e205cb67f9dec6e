"""The values of all nodes, in doubles and, near ties, in rational arithmetic."""

from collections.abc import Collection, Mapping
from fractions import Fraction

from olagraph.metrics.basis import Basis
from olagraph.metrics.structure import closed_forms
from olagraph.metrics.system.compose import birnbaum_importance, compose, is_closed
from olagraph.metrics.system.local import LocalStructures
from olagraph.metrics.system.solver import Solver
from olagraph.metrics.system.valued import Valued, better, component_value

_MOST_EXACT_PARTS = 400
"""Beyond this many parts rational arithmetic takes longer than a tie at the twelfth digit is worth."""

_TOP = 8
"""How many of the most expensive components are kept for each node."""


class Values:
    """The values of the nodes of one graph, each computed at most once.

    Args:
        earlier: those of a graph that differs in the stale nodes alone.
    """

    def __init__(
        self,
        structures: LocalStructures,
        common_cause: Mapping[int, Fraction],
        solver: Solver,
        *,
        earlier: "Values | None",
        stale: Collection[int],
    ) -> None:
        self._structures = structures
        self._common_cause = common_cause
        self._solver = solver
        self._values: dict[int, Valued] = {}
        if earlier is not None:
            self._values = earlier._structures.still_true(earlier._values, stale)

    def value(self, root: int) -> Valued:
        """The unavailability of `root` on all bases."""
        pending = [root]
        while pending:
            node = pending[-1]
            if node in self._values:
                pending.pop()
                continue
            missing = [n for n in self._structures.parts(node) if n not in self._values]
            if missing:
                pending.extend(missing)
            else:
                self._values[node] = self._evaluate(node)
                pending.pop()
        return self._values[root]

    def _evaluate(self, node: int) -> Valued:
        component = self._structures.components.get(node)
        if component is not None:
            return component_value(node, component)
        alternative = self._structures.alternatives.get(node)
        if alternative is not None:
            return better(self._values[alternative.composed], self._values[alternative.promised])
        local = self._structures.local(node)
        parts = [self._values[leaf] for leaf in local.leaves]
        beta = self._common_cause.get(node)
        best = compose(self._solver, local, [p.at_best for p in parts], beta, optimistic=True)
        missing = any(p.missing for p in parts)
        exact = best.exact and all(p.exact for p in parts)
        worst = (
            best
            if exact and not missing
            else compose(self._solver, local, [p.at_worst for p in parts], beta, optimistic=False)
        )
        weights = birnbaum_importance(local, [p.at_best.independent for p in parts])
        top = [(weight * cost, c) for weight, p in zip(weights, parts, strict=True) for cost, c in p.top]
        return Valued(
            at_worst=worst.value,
            at_best=best.value,
            missing=missing,
            exact=exact and worst.exact,
            gap=sum(p.gap for p in parts) + max(best.gap, worst.gap),
            closed=beta is None and is_closed(local) and all(p.closed for p in parts),
            parts=sum(p.parts for p in parts),
            top=tuple(sorted(top, key=lambda entry: -entry[0])[:_TOP]),
        )

    def exact(self, root: int, basis: Basis, *, at_best: bool) -> Fraction | None:
        """The unavailability of `root` in rational arithmetic; None where it is no closed form or too long a one."""
        value = self.value(root)
        if not value.closed or value.parts > _MOST_EXACT_PARTS:
            return None
        found: dict[int, Fraction | None] = {}
        pending = [root]
        while pending:
            node = pending[-1]
            if node in found:
                pending.pop()
                continue
            missing = [n for n in self._structures.parts(node) if n not in found]
            if missing:
                pending.extend(missing)
                continue
            found[node] = self._exact_step(node, basis, at_best, found)
            pending.pop()
        return found[root]

    def _exact_step(
        self, node: int, basis: Basis, at_best: bool, found: dict[int, Fraction | None]
    ) -> Fraction | None:
        component = self._structures.components.get(node)
        if component is not None:
            share = component.at_best if at_best else component.at_worst
            return share.favourable if basis is Basis.CEILING else share.worst
        parts = [found[n] for n in self._structures.parts(node)]
        values = [p for p in parts if p is not None]
        if len(values) < len(parts):
            return None
        if node in self._structures.alternatives:
            return min(values)
        local = self._structures.local(node)
        if local.compiled is not None:
            return local.compiled.exact(values, basis)
        if not values:
            return Fraction(0)
        k = len(values) if local.needed else 1
        return closed_forms.CLOSED_FORMS[basis](k, values)
