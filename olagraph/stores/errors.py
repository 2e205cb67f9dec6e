"""What a store says when it cannot do what it was asked: one line each, with place, cause and remedy."""

from olagraph.documents.change_log import Change


class StoreError(Exception):
    """A store, or the system below it, failed or refused. Its text is one line and holds no password."""


class WrongAddress(StoreError):  # noqa: N818 - an argument that is wrong, not a store
    """A URL that names no store."""


class WrongSetting(StoreError):  # noqa: N818 - an argument that is wrong, not a server
    """A setting that no server could have."""


class NoStore(StoreError):  # noqa: N818 - the API's word for it
    """There is nothing yet where the store should be; opening it with `create` makes it."""


class UnknownPortfolio(StoreError):  # noqa: N818 - the API's word for it
    """The store holds no portfolio of this name."""

    def __init__(self, address: str, portfolio: str, names: tuple[str, ...]) -> None:
        held = (
            f"it holds {', '.join(names[:10])}{', …' if len(names) > 10 else ''}" if names else "it is empty"
        )
        super().__init__(f"{address} holds no portfolio {portfolio!r}: {held}")
        self.portfolio, self.names = portfolio, names


class UnknownRevision(StoreError):  # noqa: N818 - the API's word for it
    """The portfolio has no such revision."""

    def __init__(self, portfolio: str, revision: int, latest: int) -> None:
        super().__init__(f"portfolio {portfolio!r} has no revision {revision}: they run from 0 to {latest}")
        self.portfolio, self.revision, self.latest = portfolio, revision, latest


class Conflict(StoreError):  # noqa: N818 - the API's word for it
    """The portfolio was changed by somebody else since it was read; nothing was written.

    Attributes:
        expected: the revision that the writer had read.
        actual: the revision in the store.
        changes: what was changed since, oldest first.
    """

    def __init__(self, portfolio: str, expected: int, actual: int, changes: tuple[Change, ...]) -> None:
        told = [f"{len(changes) - 3} earlier changes"] if len(changes) > 3 else []
        told += map(str, changes[-3:])
        since = f": {'; '.join(told)}" if told else ""  # it may have been removed, and made anew
        super().__init__(
            f"portfolio {portfolio!r} is at revision {actual}, not {expected}{since}."
            " Nothing was written; read it again and repeat the change"
        )
        self.portfolio, self.expected, self.actual, self.changes = portfolio, expected, actual, changes
