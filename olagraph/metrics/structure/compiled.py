"""A structure compiled once and evaluated for as many unavailabilities as needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from olagraph.metrics.structure import closed_forms
from olagraph.metrics.structure.budget import OutOfBudget
from olagraph.metrics.structure.certified import Certified
from olagraph.metrics.structure.closed_forms import CLOSED_FORMS
from olagraph.metrics.structure.cover import least_cover
from olagraph.metrics.structure.cut_family import CutFamily
from olagraph.metrics.structure.diagram import Diagram
from olagraph.metrics.structure.diagrams import build_diagram
from olagraph.metrics.structure.gates import Structure
from olagraph.metrics.structure.limits import Limits
from olagraph.metrics.structure.minimal_cuts import MinimalCuts
from olagraph.metrics.structure.modules import Part, partition, simplify
from olagraph.metrics.structure.relaxation import ceiling_bounds, guaranteed_bounds, independent_bounds

DEFAULT_LIMITS = Limits()


def compile_structure(structure: Structure, limits: Limits = DEFAULT_LIMITS) -> "Compiled":
    """Simplifies, splits into independent modules, and builds a diagram for each that is no closed form.

    Raises:
        ValueError: an operand that does not exist, a `k` out of range, or a cycle below the root.
    """
    parts, whole = partition(simplify(structure), structure.components)
    diagrams = tuple(part.knot and build_diagram(part.knot, len(part.inputs), limits) for part in parts)
    return Compiled(structure.components, parts, whole, diagrams, limits)


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """The unavailability of a whole as a function of its components' (`compile_structure` makes it).

    Every method takes one unavailability in [0, 1] per component, in the order of their indices.

    Attributes:
        components: how many there are.
        parts: the modules from the bottom up; see `Part`.
        whole: the input that is the whole: a component, or components + the index of a part.
        diagrams: of the parts that are knots, as far as the limits allow.
        limits: what they were built with.
    """

    components: int
    parts: tuple[Part, ...]
    whole: int
    diagrams: tuple[Diagram | None, ...]
    limits: Limits

    @property
    def relevant(self) -> tuple[int, ...]:
        """The components left after simplification, ascending."""
        inputs = chain((self.whole,), *(part.inputs for part in self.parts))
        return tuple(sorted(i for i in inputs if i < self.components))

    @property
    def closed_form(self) -> bool:
        """Whether every module is all, any or k of disjoint parts (read-once, k-of-n included)."""
        return all(part.knot is None for part in self.parts)

    @property
    def solved(self) -> bool:
        """Whether every knot has its diagram, so that the independent basis is exact."""
        return all(
            part.knot is None or d is not None for part, d in zip(self.parts, self.diagrams, strict=True)
        )

    def independent(self, q: Sequence[float]) -> Certified:
        """The unavailability if components fail independently (SEMANTICS §5).

        Exact by diagram; bounds (`relaxation`) where a diagram is out of reach.
        """
        low = self._checked(q)
        if self.solved:
            for part, diagram in zip(self.parts, self.diagrams, strict=True):
                values = [low[i] for i in part.inputs]
                low.append(
                    diagram.probability(values) if diagram else closed_forms.independent(part.k, values)
                )
            return Certified(low[self.whole], low[self.whole])
        bounds = self._bounds(q)
        return bounds[self.whole]

    def _bounds(self, q: Sequence[float]) -> list[Certified]:
        """Bounds on every component and part on the independent basis."""
        found = [Certified(u, u) for u in q]
        for part, diagram in zip(self.parts, self.diagrams, strict=True):
            low = [found[i].low for i in part.inputs]
            high = [found[i].high for i in part.inputs]
            if diagram is not None:
                found.append(_ordered(diagram.probability(low), diagram.probability(high)))
            elif part.knot is not None:
                found.append(independent_bounds(part.knot, low, high))
            else:
                form = closed_forms.independent
                found.append(_ordered(form(part.k, low), form(part.k, high)))
        return found

    def guaranteed(self, q: Sequence[float]) -> Certified:
        """The largest unavailability over all dependences with these marginals (SEMANTICS §5)."""
        low = self._checked(q)
        high = list(low)
        for part, diagram in zip(self.parts, self.diagrams, strict=True):
            below = [low[i] for i in part.inputs]
            above = [high[i] for i in part.inputs]
            if diagram is not None:
                value = least_cover(diagram, above, self.limits.programme_steps)
                floor = value if below == above else least_cover(diagram, below, self.limits.programme_steps)
                value = Certified(floor.low, value.high)
            elif part.knot is not None:
                value = guaranteed_bounds(part.knot, below, above)
            else:
                value = _both(closed_forms.guaranteed, part.k, below, above)
            low.append(value.low)
            high.append(value.high)
        return Certified(low[self.whole], high[self.whole])

    def ceiling(self, q: Sequence[float]) -> Certified:
        """The smallest unavailability over all dependences with exactly these marginals (SEMANTICS §5)."""
        low = self._checked(q)
        high = list(low)
        for part, diagram in zip(self.parts, self.diagrams, strict=True):
            below = [low[i] for i in part.inputs]
            above = [high[i] for i in part.inputs]
            if diagram is not None:
                steps = self.limits.programme_steps
                up = least_cover(diagram.mirrored, [1 - u for u in below], steps)
                least_up = (
                    up if below == above else least_cover(diagram.mirrored, [1 - u for u in above], steps)
                )
                value = Certified(1 - up.high, 1 - least_up.low)
            elif part.knot is not None:
                value = ceiling_bounds(part.knot, below, above)
            else:
                value = _both(closed_forms.ceiling, part.k, below, above)
            low.append(value.low)
            high.append(value.high)
        return Certified(low[self.whole], high[self.whole])

    def birnbaum(self, q: Sequence[float]) -> list[float]:
        """d independent / d q for every component (Birnbaum's importance); 0.0 for those that do not matter.

        Where a knot's diagram is out of reach (`solved` is false) each of its inputs is taken at 1, the most
        that any importance can be: what is unavailable most then ranks first.
        """
        bounds = self._bounds(self._checked(q))
        values = [(b.low + b.high) / 2 for b in bounds]
        found = [0.0] * len(values)
        found[self.whole] = 1.0
        for j in range(len(self.parts) - 1, -1, -1):
            part, diagram, weight = self.parts[j], self.diagrams[j], found[self.components + j]
            inputs = [values[i] for i in part.inputs]
            if diagram is not None:
                derivatives = diagram.derivatives(inputs)
            elif part.knot is not None:
                derivatives = [1.0] * len(inputs)
            else:
                derivatives = closed_forms.derivatives(part.k, inputs)
            for i, derivative in zip(part.inputs, derivatives, strict=True):
                found[i] += weight * derivative
        return found[: self.components]

    def minimal_cuts(self) -> MinimalCuts | None:
        """The minimal cuts; None where a knot's diagram, or its cuts, are out of reach within the limits."""
        families: list[CutFamily | None] = []
        try:
            for part, diagram in zip(self.parts, self.diagrams, strict=True):
                if part.knot is not None and diagram is None:
                    return None
                families.append(CutFamily(diagram, self.limits.cut_steps) if diagram is not None else None)
        except OutOfBudget:
            return None
        return MinimalCuts(self.components, self.parts, self.whole, tuple(families))

    def exact(self, q: Sequence[Fraction], basis: str) -> Fraction | None:
        """The unavailability in rational arithmetic, for ties; None unless `closed_form`.

        Args:
            basis: "guaranteed", "independent" or "ceiling".
        """
        if not self.closed_form:
            return None
        form = CLOSED_FORMS[basis]
        values = list(q)
        for part in self.parts:
            values.append(form(part.k, [values[i] for i in part.inputs]))
        return values[self.whole]

    def _checked(self, q: Sequence[float]) -> list[float]:
        if len(q) != self.components:
            raise ValueError(f"{len(q)} unavailabilities for {self.components} components")
        if not all(0 <= u <= 1 for u in q):
            raise ValueError("an unavailability outside [0, 1]")
        return list(q)


def _both(
    form: closed_forms.ClosedForm[float], k: int, below: Sequence[float], above: Sequence[float]
) -> Certified:
    low = form(k, below)
    return Certified(low, low if below == above else form(k, above))


def _ordered(low: float, high: float) -> Certified:
    return Certified(low, max(low, high))
