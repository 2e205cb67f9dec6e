"""The composition of times, request shares, rates and costs, step by step."""

import math

from olagraph.analysis.calls import CallJudge
from olagraph.analysis.explain_parts import part_step
from olagraph.analysis.grounds import Grounds
from olagraph.analysis.items import Item
from olagraph.analysis.judge_outages import OutageJudge
from olagraph.analysis.results import Basis, ExplanationStep, Level, StepKind, View
from olagraph.analysis.wording import duration
from olagraph.graph import PortfolioGraph
from olagraph.metrics import composition as composed
from olagraph.model.entities import Family

_DEEPEST = 40
"""Below this many levels nobody reads on; the values there are still exact."""


def explain_calls(grounds: Grounds, item: Item, view: View) -> ExplanationStep:
    """The composition of one view of an item of any other family than availability."""
    if item.metric.family is Family.FAILURE_REPAIR:
        return _explain_outages(
            grounds.graph,
            OutageJudge(grounds.graph, grounds.promises, item.question, view, [item]),
            item,
        )
    judge = CallJudge(grounds.graph, grounds.promises, grounds.settings, item.question, view, [item])
    judged = judge.judge(item, back_to_back=view is View.CONTRACTED)
    return _CallExplainer(grounds.graph, judge, item, judged.node).step()


class _CallExplainer:
    def __init__(self, graph: PortfolioGraph, judge: CallJudge, item: Item, node: int) -> None:
        self._graph = graph
        self._judge = judge
        self._item = item
        self._root = judge.root(node)
        self._shares = judge.shares(self._root, item)
        self._shown: set[int] = set()

    def step(self) -> ExplanationStep:
        return self._step(self._root, depth=0)

    def _step(self, node: composed.Node, *, depth: int) -> ExplanationStep:
        worst = self._judge.bases(node, self._item, at_best=False)
        best = self._judge.bases(node, self._item, at_best=True)
        guaranteed = self._judge.level(self._item, worst, best, Basis.GUARANTEED)
        independent = self._judge.level(self._item, worst, best, Basis.INDEPENDENT)
        ceiling = self._judge.level(self._item, worst, best, Basis.CEILING)
        if isinstance(node, composed.Part):
            return part_step(
                self._graph,
                self._judge.part(node.component).part,
                guaranteed=guaranteed,
                independent=independent,
                ceiling=ceiling,
                share=self._shares[node.component],
            )
        notes = list(_notes(node))
        below: tuple[composed.Node, ...] = ()
        if id(node) in self._shown:
            notes.append("shown above; every visit counts again")
        elif depth >= _DEEPEST:
            notes.append("what it rests on is not shown: explain an agreement on this service")
        else:
            self._shown.add(id(node))
            below = composed.directly_below(node, requires=self._judge.counts_requires)
        service = node.service if isinstance(node, composed.Delivery) else None
        if (
            isinstance(node, composed.Delivery)
            and node.requires is not None
            and not self._judge.counts_requires
        ):
            notes.append("this speaks of requests made while what it requires is up")
        if isinstance(node, composed.Delivery) and node.own is None:
            notes.append("its own part is not stated and is taken as perfect")
        return ExplanationStep(
            kind=StepKind.SERVICE if service is not None else StepKind.PATTERN,
            label=self._graph.service_name(service) if service is not None else _label(node),
            service=service,
            guaranteed=guaranteed,
            independent=independent,
            ceiling=ceiling,
            notes=tuple(notes),
            steps=tuple(self._step(inner, depth=depth + 1) for inner in below),
        )


def _label(node: composed.Node) -> str:
    match node:
        case composed.Sequence():
            return "sequence"
        case composed.Parallel():
            return "parallel"
        case composed.AllOf():
            return "all of"
        case composed.Choice():
            return "choice"
        case composed.Repeat():
            return "repeat" if node.max is None else f"repeat up to {node.max} times"
        case composed.Limited():
            return "optional" if node.optional else "with a timeout"
        case composed.Alternative():
            return "the better of composition and promise"
        case composed.KOfN():
            return "any of" if node.k == 1 else f"{node.k} of {len(node.steps)}"
        case _:
            return ""


def _notes(node: composed.Node) -> list[str]:
    match node:
        case composed.Limited(timeout=timeout) if timeout is not None:
            return [f"given up after {duration(float(timeout))}"]
        case composed.Choice(probabilities=shares) if shares is not None:
            return ["taken with probabilities " + ", ".join(f"{float(share):.4g}" for share in shares)]
        case composed.Choice():
            return ["which branch is taken is not known"]
        case composed.Repeat(probability=again) if again is not None:
            return [f"done again with probability {float(again):.4g}"]
        case composed.KOfN() if node.failover:
            waits = (duration(float(t)) if t is not None else "no limit" for t in node.timeouts)
            return ["tried in order, waiting " + ", ".join(waits)]
        case composed.KOfN(load_shared=True):
            return ["the load is shared"]
        case _:
            return []


def _explain_outages(graph: PortfolioGraph, judge: OutageJudge, item: Item) -> ExplanationStep:
    """The components with their mean up and down times; the whole follows from their importance."""
    judged = judge.judge(item)
    steps = []
    importance = judge.system.importance(judged.node)
    for node in judge.system.components(judged.node):
        step = part_step(
            graph,
            judge.part(node),
            guaranteed=None,
            independent=_mean_of(judge, item, node),
            ceiling=None,
            share=None,
        )
        weight = importance.get(node, 0.0)
        steps.append(
            ExplanationStep(
                kind=step.kind,
                label=step.label,
                service=step.service,
                agreement=step.agreement,
                ref=step.ref,
                independent=step.independent,
                notes=(*step.notes, f"Birnbaum importance {weight:.4g}"),
            )
        )
    return ExplanationStep(
        kind=StepKind.SERVICE,
        label=graph.service_name(item.service),
        service=item.service,
        independent=judged.view.independent,
        notes=(
            "frequency of failure = sum of importance / (mttf + mttr); mttf = availability / frequency; "
            "mtbf here is the whole cycle, mttf + mttr (ITIL calls that MTBSI, and our mttf MTBF)",
        ),
        steps=tuple(steps),
    )


def _mean_of(judge: OutageJudge, item: Item, node: int) -> Level | None:
    cycle = judge.cycle_of(node)
    if cycle is None:
        return None
    value = {"mttf": cycle.mttf, "mttr": cycle.mttr}.get(item.metric.id, cycle.mttf + cycle.mttr)
    return Level(at_worst=value, at_best=value) if math.isfinite(value) else None
