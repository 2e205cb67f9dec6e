"""An answer to "could this be promised?" as JSON."""

from olagraph.reports import plain
from olagraph.reports.names import Names
from olagraph.reports.subject import FeasibilityReport


def render(report: FeasibilityReport) -> str:
    """The answer, the target as if it were promised, the best that could be, and what blocks it."""
    feasibility = report.feasibility
    assessment = feasibility.assessment
    return plain.document(
        {
            "portfolio": report.portfolio.name,
            "currency": report.portfolio.currency,
            "as_of": report.as_of.isoformat(),
            "service": assessment.service,
            "answer": feasibility.answer.value,
            "assessment": plain.assessment(assessment, Names(report.portfolio)),
            "best": {
                view.value: plain.levels(levels, assessment.metric)
                for view, levels in feasibility.best.items()
            },
            "blocking": plain.weak_part_in_full(feasibility.blocking) if feasibility.blocking else None,
        }
    )
