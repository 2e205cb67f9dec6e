"""How much work a structure may cost before bounds take the place of the exact value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Budgets in nodes and steps, never in seconds, so that equal input gives equal output on every machine.

    Attributes:
        plain_steps: how many operations the plain builder may take before the compiled one is asked.
        diagram_nodes: the largest store of diagram nodes of the compiled builder (some 30 bytes a node).
        programme_steps: how many nodes and row entries one guaranteed or ceiling programme may look at (four
            million a second).
        cut_steps: how many operations the minimal cuts of one part may take (half a million a second).
    """

    plain_steps: int = 3_000
    diagram_nodes: int = 1 << 21
    programme_steps: int = 20_000_000
    cut_steps: int = 2_000_000
