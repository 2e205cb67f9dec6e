"""The composition of an availability, step by step."""

from olagraph.analysis.explain_parts import part_step
from olagraph.analysis.judge_availability import AvailabilityJudge
from olagraph.analysis.judged import ratio_level
from olagraph.analysis.results import ExplanationStep, StepKind
from olagraph.graph import PortfolioGraph

_DEEPEST = 40
"""Below this many levels nobody reads on; the values there are still exact."""


class AvailabilityExplainer:
    """Walks the structure below one node. Each service is shown once, later uses refer to it."""

    def __init__(self, graph: PortfolioGraph, judge: AvailabilityJudge, root: int) -> None:
        self._graph = graph
        self._judge = judge
        self._root = root
        self._shown: set[int] = set()
        whole = judge.system.value(root).at_best.independent
        importance = judge.system.importance(root)
        self._shares = {
            node: weight * judge.system.value(node).at_best.independent / whole if whole > 0 else 0.0
            for node, weight in importance.items()
        }

    def step(self) -> ExplanationStep:
        """The whole composition."""
        return self._step(self._root, depth=0)

    def _step(self, node: int, *, depth: int) -> ExplanationStep:
        value = self._judge.system.value(node)
        worst, best = value.at_worst, value.at_best
        guaranteed = ratio_level(worst.guaranteed, best.guaranteed, exact=value.exact)
        independent = ratio_level(worst.independent, best.independent, exact=value.exact)
        ceiling = ratio_level(worst.ceiling, best.ceiling, exact=value.exact)
        outline = self._judge.outline(node)
        if outline is None:
            return part_step(
                self._graph,
                self._judge.part(node),
                guaranteed=guaranteed,
                independent=independent,
                ceiling=ceiling,
                share=self._shares.get(node),
            )
        notes: list[str] = []
        steps: tuple[ExplanationStep, ...] = ()
        if node in self._shown:
            notes.append("shown above; it is one and the same component here")
        elif depth >= _DEEPEST:
            notes.append("what it rests on is not shown: explain an agreement on this service")
        else:
            self._shown.add(node)
            steps = tuple(self._step(operand, depth=depth + 1) for operand in outline.operands)
        if self._judge.is_perfect(node):
            notes.append("its own part is not stated and is taken as perfect")
        if outline.label and outline.service:
            notes.append(outline.label)
        name = self._graph.service_name(outline.service) if outline.service else outline.label
        return ExplanationStep(
            kind=StepKind.SERVICE if outline.service else StepKind.PATTERN,
            label=name,
            service=outline.service,
            guaranteed=guaranteed,
            independent=independent,
            ceiling=ceiling,
            notes=tuple(notes),
            steps=steps,
        )
