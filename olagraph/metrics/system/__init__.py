"""Many structure functions over one shared graph: the availability of every service at once (SEMANTICS §4 and §5).

A `System` holds one graph of components and gates in which any node can be asked for its unavailability. What is common
to several questions is computed once: a gate whose inside is used nowhere else is a module (Dutuit and Rauzy 1996); its
values enter everything above it as if it were a component, so a chain of ten thousand services costs ten thousand steps
however many agreements are assessed along it. What remains shared goes to the exact engine in `structure`.

All numbers are *un*availabilities, so that nine nines survive. A component carries two of them: `worst` for the bases
`guaranteed` and `independent`, `favourable` for the basis `ceiling` (SEMANTICS §6); both at the worst and at the best
that what is missing could be.
"""

from olagraph.metrics.system.builder import SystemBuilder
from olagraph.metrics.system.component import Component
from olagraph.metrics.system.solver import Solver
from olagraph.metrics.system.system import System
from olagraph.metrics.system.valued import Valued

__all__ = ["Component", "Solver", "System", "SystemBuilder", "Valued"]
