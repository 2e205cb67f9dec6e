"""A portfolio -> its file: canonical, readable, and the same portfolio when it is loaded again."""

from typing import Literal

from olagraph.documents.emit import emit_json, emit_yaml
from olagraph.documents.fields import PORTFOLIO
from olagraph.model.entities import Portfolio


def dump(portfolio: Portfolio, *, format: Literal["yaml", "json"] = "yaml") -> str:
    """The text that loads as `portfolio`: keys in the field table's order, no defaults, numbers as written.

    Args:
        portfolio: as it was loaded, or made of values that a file can state.
        format: `yaml` or `json`; the same shape in both.
    """
    document = PORTFOLIO.write(portfolio)
    assert isinstance(document, dict)
    return emit_json(document) if format == "json" else emit_yaml(document)
