"""The portfolio as a graph: who uses whom, who promises what to whom, paths and cycles.

Everything here is about references, nothing about values: which agreement is near enough to back a use is a
question of the graph (SEMANTICS §1), what it is worth is `analysis`'s.
"""

from olagraph.graph.inheritance import inherited
from olagraph.graph.portfolio_graph import PortfolioGraph
from olagraph.graph.uses import VIA, Use

__all__ = ["VIA", "PortfolioGraph", "Use", "inherited"]
