"""Imports: a file becomes the portfolio, or is merged into it."""

from olagraph.model.entities import Portfolio
from olagraph_api.changes.making import imported
from olagraph_api.changes.writing import Changed, change
from olagraph_api.context import Context


def import_content(
    context: Context,
    portfolio_id: str,
    content: bytes,
    format: str,
    *,
    name: str,
    merge: bool,
    dry_run: bool,
    expected: int | None,
    what: str,
) -> tuple[Changed, tuple[str, ...]]:
    """Bring a portfolio to what a file says, as one change. One that is not there yet is created.

    Args:
        content, format, name, merge: as for `imported`.
        dry_run, expected, what: as for `change`.

    Returns:
        What changed, and what was left out of it: sheets that are none of a portfolio.

    Raises:
        NotChanged: nothing was written, for these reasons.
        GraphQLError: the principal may not, or the store does not answer.
    """
    left_out: tuple[str, ...] = ()

    def make(before: Portfolio) -> Portfolio:
        nonlocal left_out
        wanted, left_out = imported(before, content, format, name=name, merge=merge)
        return wanted

    changed = change(
        context,
        portfolio_id,
        make,
        expected=expected,
        what=what,
        dry_run=dry_run,
        create_missing=True,
    )
    return changed, left_out
