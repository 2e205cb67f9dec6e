"""The change log of a portfolio: who changed what, when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from olagraph.documents.changes import Action, ChangeSet
from olagraph.documents.entities import Key

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of the change log: everything that one writer wrote at once.

    Attributes:
        revision: of the portfolio after it, from 1.
        at: when, in UTC.
        by: who.
        what: in words, "import of bank.yaml".
        counts: how many entities were added, changed and removed.
        subjects: the first entities that it touched.
    """

    revision: int
    at: datetime
    by: str
    what: str
    counts: Mapping[Action, int]
    subjects: tuple[Key, ...]

    def __str__(self) -> str:
        named = ", ".join(map(str, self.subjects[:_MOST_NAMED]))
        rest = sum(self.counts.values()) - len(self.subjects[:_MOST_NAMED])
        more = f" and {rest:,} more" if rest > 0 else ""
        return f"revision {self.revision} by {self.by} on {self.at:%Y-%m-%d %H:%M:%S} UTC ({self.what}: {named}{more})"


class Logged(NamedTuple):
    """A change with its edits."""

    change: Change
    edits: ChangeSet
