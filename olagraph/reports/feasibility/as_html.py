"""An answer to "could this be promised?" as one HTML page."""

from collections.abc import Iterator

from olagraph.reports.feasibility.answer import AnswerInWords, in_words
from olagraph.reports.html_page import header_row, page, verdict_mark
from olagraph.reports.markup import html
from olagraph.reports.subject import FeasibilityReport


def render(report: FeasibilityReport) -> str:
    """The answer first, then why, what could be promised instead, and what is in the way."""
    said = in_words(report)
    return page(title=said.question, body=_body(said))


def _body(said: AnswerInWords) -> Iterator[str]:
    yield f"<h1>{html(said.question)}</h1>"
    yield f'<p class="summary">{html(said.answer)}</p>'
    yield f"<p>{verdict_mark(said.entry.verdict)}: {html(said.entry.sentence)}</p>"
    yield '<div class="scroll"><table><caption>The best that could be promised today</caption>'
    yield header_row("View", "Guaranteed", "Independent", "Ceiling")
    yield "<tbody>"
    for view, *values in said.best:
        numbers = "".join(f'<td class="number">{html(value)}</td>' for value in values)
        yield f'<tr><th scope="row">{html(view)}</th>{numbers}</tr>'
    yield "</tbody></table></div>"
    if said.blocking:
        yield f"<p>Most in the way: {html(said.blocking)}.</p>"
