"""An answer to "could this be promised?" in words, for every format that people read."""

from collections.abc import Callable
from dataclasses import dataclass

from olagraph.analysis.results import Answer, Basis, Feasibility, Level, Verdict, View
from olagraph.reports.digest import TargetEntry, target_entry
from olagraph.reports.names import Names
from olagraph.reports.sentences import NO_MEANING, Asked, Wording
from olagraph.reports.subject import FeasibilityReport

ANSWERS = {
    Answer.YES: (Verdict.SUPPORTED, "yes"),
    Answer.IF_INDEPENDENT: (Verdict.CONDITIONAL, "if failures are independent"),
    Answer.NO: (Verdict.UNSUPPORTED, "no"),
    Answer.UNKNOWN: (Verdict.UNKNOWN, "nobody can tell"),
}
"""Each answer with the verdict whose colour and icon it wears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerInWords:
    """The answer, as text.

    Attributes:
        question: "Could Web shop promise availability 99.95% a month?".
        answer: in a few words; `mark` is the verdict whose colour and icon it wears.
        entry: the target as if it were promised.
        best: rows of view, guaranteed, independent, ceiling: the best that could be promised today.
        blocking: the part that blocks it most; None where nothing does.
    """

    question: str
    answer: str
    mark: Verdict
    entry: TargetEntry
    best: tuple[tuple[str, str, str, str], ...]
    blocking: str | None


def in_words(report: FeasibilityReport) -> AnswerInWords:
    """The answer of `report` in words."""
    feasibility = report.feasibility
    assessment = feasibility.assessment
    wording = Wording(Names(report.portfolio), currency=report.portfolio.currency)
    service = wording.names.service(assessment.service)
    mark, answer = ANSWERS[feasibility.answer]
    return AnswerInWords(
        question=f"Could {service} promise {wording.target(assessment.target, assessment.metric)}?",
        answer=answer,
        mark=Verdict.INFEASIBLE if assessment.verdict is Verdict.INFEASIBLE else mark,
        entry=target_entry(assessment, wording),
        best=tuple(_best(feasibility, view, wording) for view in View if view in feasibility.best),
        blocking=wording.weak_part(feasibility.blocking, assessment) if feasibility.blocking else None,
    )


def _best(feasibility: Feasibility, view: View, wording: Wording) -> tuple[str, str, str, str]:
    levels, said = feasibility.best[view], best_said(feasibility, view, wording)
    guaranteed, independent, ceiling = (
        said(levels[basis], feasibility.assessment) if basis in levels else NO_MEANING for basis in Basis
    )
    return view.value, guaranteed, independent, ceiling


def best_said(feasibility: Feasibility, view: View, wording: Wording) -> Callable[[Level, Asked], str]:
    """How the best that could be promised is said: of a percentile it is the time that reaches its fraction."""
    return wording.level if feasibility.assessment.view(view).time_at is None else wording.time
