"""A graph of components and gates in which any node can be asked."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from operator import pos

from olagraph.metrics.basis import Basis
from olagraph.metrics.system.acyclic import Gate, Rank
from olagraph.metrics.system.component import Alternative, Component
from olagraph.metrics.system.local import LocalStructures
from olagraph.metrics.system.solver import Solver
from olagraph.metrics.system.valued import Valued
from olagraph.metrics.system.values import Values
from olagraph.metrics.system.who_decides import WhoDecides


class System:
    """Values of the nodes of one graph, each computed at most once. See `SystemBuilder`.

    The values of a node follow from what is below it: they are the same, to the last bit, whatever else there is.

    Attributes:
        structures: what lies between its nodes.
    """

    structures: LocalStructures
    _values: Values
    _who_decides: WhoDecides

    def __init__(
        self,
        *,
        count: int,
        components: Mapping[int, Component],
        gates: Mapping[int, Gate],
        alternatives: Mapping[int, Alternative],
        common_cause: Mapping[int, Fraction],
        solver: Solver,
        rank: Rank = pos,
        earlier: "System | None" = None,
        stale: Collection[int] = (),
        reshaped: bool = True,
        entered: Collection[int] | None = None,
    ) -> None:
        self.structures = LocalStructures(
            count=count,
            components=components,
            gates=gates,
            alternatives=alternatives,
            solver=solver,
            rank=rank,
            earlier=None if earlier is None else earlier.structures,
            stale=stale,
            reshaped=reshaped,
            entered=entered,
        )
        self._values = Values(
            self.structures,
            common_cause,
            solver,
            earlier=None if earlier is None else earlier._values,
            stale=stale,
        )
        self._who_decides = WhoDecides(
            self.structures,
            self._values,
            earlier=None if earlier is None else earlier._who_decides,
            stale=stale,
        )

    def value(self, root: int) -> Valued:
        """The unavailability of `root` on all bases."""
        return self._values.value(root)

    def exact(self, root: int, basis: Basis, *, at_best: bool) -> Fraction | None:
        """The unavailability of `root` in rational arithmetic; None where it is no closed form or too long a one.

        Used near ties only: in doubles a product that equals its target is judged missed in a quarter of the cases.
        """
        return self._values.exact(root, basis, at_best=at_best)

    def missing(self, root: int) -> list[int]:
        """The components below `root` whose two ends differ."""
        return self._who_decides.missing(root)

    def components(self, root: int) -> list[int]:
        """Every component below `root`."""
        return self._who_decides.components(root)

    def cuts(self, root: int, *, above: float) -> list[int]:
        """The components whose failure alone takes `root` down and whose unavailability is above a limit."""
        return self._who_decides.cuts(root, above=above)

    def importance(self, root: int) -> dict[int, float]:
        """Birnbaum importance of each component on the independent basis, at the best end of what is missing."""
        return self._who_decides.importance(root)

    def heaviest(self, roots: Mapping[int, float], *, birnbaum: bool) -> dict[int, float]:
        """By component, the largest weight any root gives it: the root's own times the component's importance in it.

        Args:
            roots: weights by node.
            birnbaum: multiply by Birnbaum importance (independent basis, at the best end); else by 1, which bounds how
                much any basis can change with one component.
        """
        return self._who_decides.heaviest(roots, birnbaum=birnbaum)
