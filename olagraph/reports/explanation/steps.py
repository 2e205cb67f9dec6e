"""The steps of an explanation as rows of a tree, top down, for every format that people read."""

from collections.abc import Iterator
from dataclasses import dataclass

from olagraph.analysis.results import ExplanationStep, TargetAssessment
from olagraph.reports import values
from olagraph.reports.sentences import Wording
from olagraph.reports.visible import label, visible

DEEPEST = 100
"""Levels that are shown: further down no reader follows, and formats that nest must end somewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step, as text.

    Attributes:
        lead: the branches of the tree before the label; `below`: before the lines under it.
        guaranteed, independent, ceiling: values; share: of the whole's budget; empty where there is none.
    """

    lead: str
    below: str
    label: str
    guaranteed: str
    independent: str
    ceiling: str
    share: str
    notes: tuple[str, ...]


def step_rows(root: ExplanationStep, assessment: TargetAssessment, wording: Wording) -> Iterator[StepRow]:
    """A row a step, each after the one that it is part of."""
    pending = [(root, 0, "", "")]
    while pending:
        step, depth, lead, below = pending.pop()
        cut = depth == DEEPEST and bool(step.steps)
        children = () if cut else step.steps
        yield StepRow(
            lead=lead,
            below=below + ("│  " if children else "   "),
            label=_label(step),
            guaranteed=wording.level(step.guaranteed, assessment, detailed=True) if step.guaranteed else "",
            independent=wording.level(step.independent, assessment, detailed=True)
            if step.independent
            else "",
            ceiling=wording.level(step.ceiling, assessment, detailed=True) if step.ceiling else "",
            share="" if step.share is None else values.share(step.share),
            notes=tuple(map(visible, step.notes)) + (("Deeper steps are not shown.",) if cut else ()),
        )
        last = len(children) - 1
        for position in range(last, -1, -1):
            branch, under = ("└─ ", "   ") if position == last else ("├─ ", "│  ")
            pending.append((children[position], depth + 1, below + branch, below + under))


def _label(step: ExplanationStep) -> str:
    """The step's own words, with the promise and its clause where neither they nor the notes name them."""
    said = label(step.label)
    told = " ".join([said, *map(visible, step.notes)])
    unsaid = [visible(each) for each in (step.agreement, step.ref) if each and visible(each) not in told]
    return f"{said} ({', '.join(unsaid)})" if unsaid else said
