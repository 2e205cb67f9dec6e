"""Results as text, JSON, Markdown, HTML, SARIF and JUnit.

Values in, the text of a report out, newline-terminated; writing it somewhere is the caller's affair. A format
is imported when it is asked for.
"""

from importlib import import_module
from typing import TypeAlias

from olagraph.reports.concentration.subject import ConcentrationReport
from olagraph.reports.layout import Layout
from olagraph.reports.outage.subject import OutageReport
from olagraph.reports.subject import (
    AssessmentReport,
    ChangesReport,
    ExplanationReport,
    FeasibilityReport,
    HistoryReport,
)

__all__ = [
    "ASSESSMENT_FORMATS",
    "CHANGES_FORMATS",
    "CONCENTRATION_FORMATS",
    "EXPLANATION_FORMATS",
    "FEASIBILITY_FORMATS",
    "HISTORY_FORMATS",
    "OUTAGE_FORMATS",
    "AssessmentReport",
    "ChangesReport",
    "ConcentrationReport",
    "ExplanationReport",
    "FeasibilityReport",
    "HistoryReport",
    "Layout",
    "OutageReport",
    "render",
]

ASSESSMENT_FORMATS = ("text", "json", "markdown", "html", "sarif", "junit")
EXPLANATION_FORMATS = ("text", "json", "markdown", "html")
FEASIBILITY_FORMATS = ("text", "json", "markdown", "html")
CHANGES_FORMATS = ("text", "json")
HISTORY_FORMATS = ("text", "json")
OUTAGE_FORMATS = ("text", "json")
CONCENTRATION_FORMATS = ("text", "json")

_PACKAGES = {
    AssessmentReport: "assessment",
    ExplanationReport: "explanation",
    FeasibilityReport: "feasibility",
    ChangesReport: "changes",
    HistoryReport: "history",
    OutageReport: "outage",
    ConcentrationReport: "concentration",
}

Report: TypeAlias = (
    AssessmentReport
    | ExplanationReport
    | FeasibilityReport
    | ChangesReport
    | HistoryReport
    | OutageReport
    | ConcentrationReport
)
"""What can be rendered."""


def render(report: Report, format: str, *, layout: Layout | None = None) -> str:
    """The report in one of the formats that its kind has.

    Args:
        layout: width and colour of the format `text`; 100 columns without colour if not given.
    """
    module = import_module(f"{__name__}.{_PACKAGES[type(report)]}.as_{format}")
    text: str = module.render(report, layout or Layout()) if format == "text" else module.render(report)
    return text
