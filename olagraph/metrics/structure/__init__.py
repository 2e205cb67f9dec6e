"""The exact engine: the unavailability of one structure function on three bases, and who contributes to it.

`compile_structure` simplifies a graph of gates, splits it into independent modules and builds decision
diagrams for what is no closed form. The resulting `Compiled` gives the unavailability under independence
(exact), the worst case over all dependences (`guaranteed`) and the best (`ceiling`), and Birnbaum's
importance of every component. See SEMANTICS §5.
"""

from olagraph.metrics.structure import closed_forms
from olagraph.metrics.structure.certified import Certified
from olagraph.metrics.structure.compiled import Compiled, compile_structure
from olagraph.metrics.structure.gates import Gate, Structure
from olagraph.metrics.structure.limits import Limits
from olagraph.metrics.structure.minimal_cuts import MinimalCuts

__all__ = [
    "Certified",
    "Compiled",
    "Gate",
    "Limits",
    "MinimalCuts",
    "Structure",
    "closed_forms",
    "compile_structure",
]
