"""Explanations as Markdown: a table a view."""

from collections.abc import Iterator

from olagraph.analysis.results import Explanation, View
from olagraph.reports.assessment.as_markdown import verdict
from olagraph.reports.explanation.steps import StepRow, step_rows
from olagraph.reports.markup import markdown
from olagraph.reports.names import Names
from olagraph.reports.sentences import Wording
from olagraph.reports.subject import ExplanationReport


def render(report: ExplanationReport) -> str:
    """Each explained target with the steps of both views."""
    wording = Wording(Names(report.portfolio), currency=report.portfolio.currency)
    return "\n\n".join(block for each in report.explanations for block in _explanation(each, wording)) + "\n"


def _explanation(explanation: Explanation, wording: Wording) -> Iterator[str]:
    assessment = explanation.assessment
    title = f"{assessment.agreement.id}: {wording.names.service(assessment.service)}"
    yield f"## {markdown(title)}, {markdown(wording.target(assessment.target, assessment.metric))}"
    yield f"{verdict(assessment.verdict)}: {markdown(wording.verdict(assessment))}"
    for view, root in ((View.CONTRACTED, explanation.contracted), (View.ACHIEVABLE, explanation.achievable)):
        yield f"### {view.value}: {assessment.view(view).verdict.value}"
        yield "\n".join(
            [
                "| Step | Guaranteed | Independent | Ceiling | Share |",
                "|---|---:|---:|---:|---:|",
                *(_row(row) for row in step_rows(root, assessment, wording)),
            ]
        )


def _row(row: StepRow) -> str:
    notes = "".join(f"<br>{markdown(note)}" for note in row.notes)
    lead = row.lead.replace(" ", "&nbsp;")
    values = map(markdown, (row.guaranteed, row.independent, row.ceiling, row.share))
    return f"| {lead}{markdown(row.label)}{notes} | {' | '.join(values)} |"
