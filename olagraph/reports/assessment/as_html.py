"""An assessment as one HTML page: every target and every finding, nothing folded away."""

from collections.abc import Iterator, Sequence

from olagraph.analysis.results import Verdict
from olagraph.reports.digest import SEVERITY_NOUNS, CodeGroup, Digest, TargetEntry, ViewLine, digest
from olagraph.reports.html_page import header_row, items, page, severity_mark, verdict_mark
from olagraph.reports.markup import html, web_address
from olagraph.reports.sentences import VERDICT_WORDS
from olagraph.reports.subject import AssessmentReport

_COLUMNS = ("Verdict", "Agreement", "Service and target", "View", "Guaranteed", "Independent", "Ceiling")
_BASES = (
    ("Guaranteed", "what the contracts alone guarantee, however outages coincide"),
    ("Independent", "what follows if failures are independent"),
    ("Ceiling", "the best that could happen with every promise exactly at its target"),
    ("Contracted", "the promises one level down; shown beside the other view where they differ"),
    ("Achievable", "the promises and own parts all the way down"),
)


def render(report: AssessmentReport) -> str:
    """The assessment as a self-contained page."""
    said = digest(report.portfolio, report.assessment, baseline=report.baseline, source=report.source)
    return page(title=f"{said.title}, {said.as_of}", body=_body(said))


def _body(said: Digest) -> Iterator[str]:
    yield f"<h1>{html(said.title)}</h1>"
    yield f'<p>Assessed as of <time datetime="{said.as_of}">{said.as_of}</time></p>'
    yield f'<p class="summary">{html(said.summary)}</p>'
    if said.background:
        yield f"<p>Behind them {html(said.background)}</p>"
    yield f"<p>{html(said.counted)}</p>"
    yield from targets_table("SLA targets", said.slas)
    yield from targets_table("OLA and UC targets", said.others)
    yield from _findings(said)
    if said.not_in_force:
        yield f"<h2>Not in force</h2><p>{html(said.not_in_force)}</p>"
    if said.not_assessed:
        yield f"<h2>Listed, not assessed</h2>{items(map(html, said.not_assessed))}"
    yield from _legend()


def targets_table(title: str, entries: Sequence[TargetEntry]) -> Iterator[str]:
    """A table of assessed targets, a row group each; nothing without any."""
    if not entries:
        return
    yield f'<h2>{html(title)}</h2><div class="scroll"><table><caption>The worst first</caption>'
    yield header_row(*_COLUMNS)
    for entry in entries:
        yield "<tbody>"
        yield from _rows(entry)
        yield "</tbody>"
    yield "</table></div>"


def _rows(entry: TargetEntry) -> Iterator[str]:
    draft = " (draft)" if entry.draft else ""
    clause = f'<br><span class="quiet">{html(entry.clause)}</span>' if entry.clause else ""
    customers = f"<br>for {html(entry.customers)}" if entry.customers else ""
    allowed = f" ({html(entry.allowed)})" if entry.allowed else ""
    first, *others = entry.views
    height = f' rowspan="{len(entry.views) + 1}"'
    yield (
        f"<tr><td{height}>{verdict_mark(entry.verdict)}{draft}</td>"
        f'<th scope="rowgroup"{height}>{_linked(entry)}{clause}{customers}</th>'
        f"<td{height}>{html(entry.service)}<br>{html(entry.target)}{allowed}</td>{_values(first)}</tr>"
    )
    yield from (f"<tr>{_values(view)}</tr>" for view in others)
    remarks = "".join(f'<br><span class="quiet">{html(remark)}</span>' for remark in entry.remarks)
    fix = f"<br>→ {html(entry.fix)}" if entry.fix else ""
    yield f'<tr><td colspan="4">{html(entry.sentence)}{remarks}{fix}</td></tr>'


def _linked(entry: TargetEntry) -> str:
    address = web_address(entry.link)
    name = html(entry.agreement)
    return f'<a href="{html(address)}" rel="noreferrer noopener">{name}</a>' if address else name


def _values(view: ViewLine) -> str:
    times = f'<br><span class="quiet">{html(view.times)}</span>' if view.times else ""
    numbers = "".join(
        f'<td class="number">{html(value)}</td>'
        for value in (view.guaranteed, view.independent, view.ceiling)
    )
    return f"<td>{view.view.value}<br>{verdict_mark(view.verdict)}{times}</td>{numbers}"


def _findings(said: Digest) -> Iterator[str]:
    for severity, noun in SEVERITY_NOUNS.items():
        groups = [group for group in said.findings if group.severity is severity]
        if groups:
            yield f"<h2>{severity_mark(severity, f'{noun.capitalize()}s ({said.count(severity):,})')}</h2>"
            yield from (_group(group) for group in groups)


def _group(group: CodeGroup) -> str:
    entries = items(
        html(entry.message) + (f"<br>→ {html(entry.fix)}" if entry.fix else "") for entry in group.entries
    )
    return (
        f"<h3>{html(group.code.title)} ({len(group.entries):,})</h3>"
        f'<p class="quiet">{html(group.code.help)} <code>{html(group.code.code)}</code></p>{entries}'
    )


def _legend() -> Iterator[str]:
    verdicts = [f"{verdict_mark(verdict)}: {html(VERDICT_WORDS[verdict])}" for verdict in reversed(Verdict)]
    words = [f"{html(word)}: {html(meaning)}" for word, meaning in _BASES]
    yield f"<h2>How to read it</h2>{items([*verdicts, *words])}"
