"""The frame of an HTML report: one file, no scripts, nothing from elsewhere, light and dark, fit to print."""

from collections.abc import Iterable

from olagraph.analysis.results import Severity, Verdict
from olagraph.reports.layout import SEVERITY_ICONS, VERDICT_ICONS
from olagraph.reports.markup import html

_STYLE = """
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #57606a; --back: #fff; --line: #d0d7de;
  --head: #f6f8fa; --good: #116329; --doubt: #7d4e00; --bad: #a40e26; --unknown: #6639ba; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --quiet: #9198a1; --back: #0d1117; --line: #3d444d;
    --head: #161b22; --good: #56d364; --doubt: #e3b341; --bad: #ff7b72; --unknown: #d2a8ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 75rem; padding: 1.5rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2rem; }
h3 { font-size: 1rem; margin-bottom: 0; }
.summary { font-size: 1.1rem; font-weight: 600; } .quiet { color: var(--quiet); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } caption { text-align: start; color: var(--quiet); }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: start; vertical-align: top; }
th, td { overflow-wrap: break-word; }
thead th { background: var(--head); } th[scope=rowgroup], th[scope=row] { font-weight: 400; }
td.number { font-variant-numeric: tabular-nums; }
.tree { white-space: pre-wrap; }
.mark { font-weight: 600; white-space: nowrap; }
.good { color: var(--good); } .doubt { color: var(--doubt); }
.bad { color: var(--bad); } .unknown { color: var(--unknown); }
@media print { body { max-width: none; padding: 0; font-size: .8rem; } tbody, li { break-inside: avoid; }
  .scroll { overflow: visible; } }
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

_VERDICT_CLASSES = {
    Verdict.SUPPORTED: "good",
    Verdict.CONDITIONAL: "doubt",
    Verdict.UNSUPPORTED: "bad",
    Verdict.INFEASIBLE: "bad",
    Verdict.UNKNOWN: "unknown",
}
_SEVERITY_CLASSES = {Severity.ERROR: "bad", Severity.WARNING: "doubt", Severity.INFO: "quiet"}


def page(*, title: str, body: Iterable[str]) -> str:
    """A whole page; `title` is plain text, `body` is HTML."""
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{html(title)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        *body,
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def verdict_mark(verdict: Verdict) -> str:
    """A verdict as colour, icon and word."""
    icon = f'<span aria-hidden="true">{VERDICT_ICONS[verdict]}</span>'
    return f'<span class="mark {_VERDICT_CLASSES[verdict]}">{icon} {verdict.value}</span>'


def severity_mark(severity: Severity, words: str) -> str:
    """A severity as colour, icon and `words`, which are plain text."""
    icon = f'<span aria-hidden="true">{SEVERITY_ICONS[severity]}</span>'
    return f'<span class="mark {_SEVERITY_CLASSES[severity]}">{icon} {html(words)}</span>'


def header_row(*titles: str) -> str:
    """The head of a table."""
    cells = "".join(f'<th scope="col">{html(title)}</th>' for title in titles)
    return f"<thead><tr>{cells}</tr></thead>"


def items(entries: Iterable[str]) -> str:
    """A list of entries that are HTML."""
    return f"<ul>{''.join(f'<li>{entry}</li>' for entry in entries)}</ul>"
