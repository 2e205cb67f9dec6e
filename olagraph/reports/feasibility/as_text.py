"""An answer to "could this be promised?" as text."""

from olagraph.reports.feasibility.answer import in_words
from olagraph.reports.layout import VERDICT_ICONS, VERDICT_INKS, Ink, Layout
from olagraph.reports.subject import FeasibilityReport


def render(report: FeasibilityReport, layout: Layout) -> str:
    """The answer first, then why, what could be promised instead, and what is in the way."""
    said = in_words(report)
    answer = layout.paint(f"{VERDICT_ICONS[said.mark]} {said.answer}", VERDICT_INKS[said.mark])
    lines = [
        *layout.wrap(said.question, indent=0),
        f"{answer} ({said.entry.verdict.value})",
        *layout.wrap(said.entry.sentence, indent=2),
        *(line for remark in said.entry.remarks for line in layout.wrap(remark, indent=2)),
        "",
        layout.paint("The best that could be promised today", Ink.HEADING),
    ]
    for view, guaranteed, independent, ceiling in said.best:
        lines += layout.wrap(
            f"guaranteed {guaranteed}, independent {independent}, ceiling {ceiling}",
            indent=14,
            first=f"  {view}",
        )
    if said.blocking:
        lines += ["", *layout.wrap(f"Most in the way: {said.blocking}.", indent=0)]
    return "\n".join(lines) + "\n"
