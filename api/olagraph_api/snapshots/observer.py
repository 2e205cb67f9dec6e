"""What snapshots tell of themselves."""

from datetime import datetime


class Observer:
    """Told what becomes of snapshots, by any thread; this one does nothing with it."""

    def assessed(self, portfolio: str, revision: int, seconds: float) -> None:
        """An assessment was computed."""

    def known(self, portfolio: str, revision: int, confirmed: datetime) -> None:
        """A portfolio is known at a revision, which was the latest when the store was last asked."""

    def forgotten(self, portfolio: str) -> None:
        """A portfolio is not known any more: it was removed, or not asked for in a long time."""

    def store_answers(self, *, answers: bool) -> None:
        """The store was asked."""
