"""Explanations as one HTML page: a table a view."""

from collections.abc import Iterator

from olagraph.analysis.results import Explanation, View
from olagraph.reports.explanation.steps import StepRow, step_rows
from olagraph.reports.html_page import header_row, page, verdict_mark
from olagraph.reports.markup import html
from olagraph.reports.names import Names
from olagraph.reports.sentences import Wording
from olagraph.reports.subject import ExplanationReport


def render(report: ExplanationReport) -> str:
    """Each explained target with the steps of both views."""
    wording = Wording(Names(report.portfolio), currency=report.portfolio.currency)
    agreements = dict.fromkeys(each.assessment.agreement.id for each in report.explanations)
    title = f"{', '.join(agreements)}, {report.as_of}"
    body = [f"<h1>{html(title)}</h1>"]
    for each in report.explanations:
        body += _explanation(each, wording)
    return page(title=title, body=body)


def _explanation(explanation: Explanation, wording: Wording) -> Iterator[str]:
    assessment = explanation.assessment
    target = wording.target(assessment.target, assessment.metric)
    yield f"<h2>{html(wording.names.service(assessment.service))}, {html(target)}</h2>"
    yield f"<p>{verdict_mark(assessment.verdict)}: {html(wording.verdict(assessment))}</p>"
    for view, root in ((View.CONTRACTED, explanation.contracted), (View.ACHIEVABLE, explanation.achievable)):
        mark = verdict_mark(assessment.view(view).verdict)
        yield f'<div class="scroll"><table><caption>{view.value}: {mark}</caption>'
        yield header_row("Step", "Guaranteed", "Independent", "Ceiling", "Share of the budget")
        yield "<tbody>"
        yield from (_row(row) for row in step_rows(root, assessment, wording))
        yield "</tbody></table></div>"


def _row(row: StepRow) -> str:
    notes = "".join(f'<br><span class="quiet">{html(note)}</span>' for note in row.notes)
    lead = f'<span class="tree" aria-hidden="true">{row.lead}</span>'
    values = (row.guaranteed, row.independent, row.ceiling, row.share)
    numbers = "".join(f'<td class="number">{html(value)}</td>' for value in values)
    return f'<tr><th scope="row">{lead}{html(row.label)}{notes}</th>{numbers}</tr>'
