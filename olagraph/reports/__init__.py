"""Results as text, JSON, Markdown, HTML, SARIF and JUnit.

Values in, the text of a report out, newline-terminated; writing it somewhere is the caller's affair. A format
is imported when it is asked for.
"""

from importlib import import_module

from olagraph.reports.layout import Layout
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
    "EXPLANATION_FORMATS",
    "FEASIBILITY_FORMATS",
    "HISTORY_FORMATS",
    "AssessmentReport",
    "ChangesReport",
    "ExplanationReport",
    "FeasibilityReport",
    "HistoryReport",
    "Layout",
    "render",
]

ASSESSMENT_FORMATS = ("text", "json", "markdown", "html", "sarif", "junit")
EXPLANATION_FORMATS = ("text", "json", "markdown", "html")
FEASIBILITY_FORMATS = ("text", "json", "markdown", "html")
CHANGES_FORMATS = ("text", "json")
HISTORY_FORMATS = ("text", "json")

_PACKAGES = {
    AssessmentReport: "assessment",
    ExplanationReport: "explanation",
    FeasibilityReport: "feasibility",
    ChangesReport: "changes",
    HistoryReport: "history",
}


def render(
    report: AssessmentReport | ExplanationReport | FeasibilityReport | ChangesReport | HistoryReport,
    format: str,
    *,
    layout: Layout | None = None,
) -> str:
    """The report in one of the formats that its kind has.

    Args:
        layout: width and colour of the format `text`; 100 columns without colour if not given.
    """
    module = import_module(f"{__name__}.{_PACKAGES[type(report)]}.as_{format}")
    text: str = module.render(report, layout or Layout()) if format == "text" else module.render(report)
    return text
