"""An answer to "could this be promised?" as Markdown."""

from olagraph.reports.feasibility.answer import in_words
from olagraph.reports.layout import VERDICT_ICONS
from olagraph.reports.markup import markdown
from olagraph.reports.subject import FeasibilityReport


def render(report: FeasibilityReport) -> str:
    """The answer first, then why, what could be promised instead, and what is in the way."""
    said = in_words(report)
    blocks = [
        f"## {markdown(said.question)}",
        f"**{VERDICT_ICONS[said.mark]} {said.answer}** ({said.entry.verdict.value})",
        markdown(said.entry.sentence),
        "\n".join(
            [
                "| The best that could be promised today | Guaranteed | Independent | Ceiling |",
                "|---|---|---|---|",
                *(f"| {' | '.join(map(markdown, row))} |" for row in said.best),
            ]
        ),
        *([f"Most in the way: {markdown(said.blocking)}."] if said.blocking else []),
    ]
    return "\n\n".join(blocks) + "\n"
