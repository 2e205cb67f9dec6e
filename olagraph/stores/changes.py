"""Entities as they lie in a store."""

from typing import NamedTuple

from olagraph.documents.change_log import Change, Logged
from olagraph.documents.plain import Plain

__all__ = ["Change", "Logged", "Stored"]


class Stored(NamedTuple):
    """An entity as it lies in a store; `position` gives its place among those of its kind."""

    position: int
    plain: Plain
