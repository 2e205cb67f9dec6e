"""One portfolio of a store, as this process knows it."""

import logging
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from olagraph.documents import InvalidPortfolio
from olagraph.stores import Change, Store, StoreError
from olagraph_api.snapshots.computing import Computing, Turns
from olagraph_api.snapshots.fresh_reads import FreshReads, Start
from olagraph_api.snapshots.futures import done_future, failed_future
from olagraph_api.snapshots.observer import Observer
from olagraph_api.snapshots.snapshot import Snapshot
from olagraph_api.snapshots.store_state import StoreState, store_unavailable
from olagraph_api.snapshots.versions import Version, advanced, latest_change, loaded

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of a portfolio.

    Attributes:
        portfolio: its id.
        snapshot: the latest; None where the store holds no such portfolio.
        stale_since: while the store does not answer, when the snapshot was last known to be the latest.
    """

    portfolio: str
    snapshot: Snapshot | None
    stale_since: datetime | None = None


class _Marked(NamedTuple):
    """What a read gave, and the mark of the store before it."""

    mark: Hashable
    seen: "Future[Seen]"


class Followed:
    """A portfolio that is read anew when it has changed.

    Args:
        id: of the portfolio.
        store: holds it, or not.
        state: whether the store answers.
        turns: shared by all portfolios of the process.
        start: has something run in a thread.
        now: the time in UTC.
        changed: called when there is another snapshot, or none any more.
        observer: told what happens.
    """

    def __init__(
        self,
        id: str,
        *,
        store: Store,
        state: StoreState,
        turns: Turns,
        start: Start,
        now: Callable[[], datetime],
        changed: "Callable[[Followed], None]",
        observer: Observer,
    ) -> None:
        self.id = id
        self._store = store
        self._state = state
        self._turns = turns
        self._now = now
        self._changed = changed
        self._observer = observer
        self._reads: FreshReads[Seen] = FreshReads(self._read, start)
        self._computing = self._new_computing()
        self._marked: _Marked | None = None
        self._version: Version | None = None
        self._snapshot: Snapshot | None = None
        self._confirmed: datetime | None = None
        self._asking_since: float | None = None

    @property
    def snapshot(self) -> Snapshot | None:
        """The latest that is known, without asking the store."""
        return self._snapshot

    @property
    def revision(self) -> int:
        """Of the latest that is known; 0 where there is none."""
        return 0 if self._snapshot is None else self._snapshot.revision

    @property
    def is_idle(self) -> bool:
        """Whether nothing is read."""
        return self._reads.is_idle

    def fresh(self) -> "Future[Seen]":
        """What a read gives that begins after this call; while the store does not answer, what is known.

        The future is done at once where the store tells that nobody has written to it since the latest read.
        """
        if self._state.is_failing:
            return self._stale()
        marked = self._marked
        if marked is not None and marked.mark == self._store.mark():
            return marked.seen
        return self._reads.ask()

    def give_up_after(self, seconds: float) -> None:
        """Answer with what is known whoever has waited this long for the store."""
        since = self._asking_since
        if since is not None and time.monotonic() - since > seconds:
            self._state.failed(f"no answer within {seconds:g} s")
            self._reads.give_up(self._stale())

    def confirm(self, asked: datetime) -> None:
        """Take the snapshot for the latest that there was at a moment."""
        self._confirmed = asked
        if self._snapshot is not None:
            self._observer.known(self.id, self._snapshot.revision, asked)

    def keep_up(self, today: date) -> None:
        """Compute what almost every query needs, before anybody asks for it."""
        if self._snapshot is not None:
            self._computing.keep_up(self._snapshot, today=today)

    def join(self, seconds: float) -> None:
        """Wait for what is being computed, for so long at most each."""
        self._computing.join(seconds)

    def _stale(self) -> "Future[Seen]":
        if self._snapshot is None:
            return failed_future(store_unavailable())
        return done_future(Seen(portfolio=self.id, snapshot=self._snapshot, stale_since=self._confirmed))

    def _read(self) -> Seen:
        self._marked = None
        mark = self._store.mark()  # first: whatever is written from here on makes it another one
        try:
            self._follow()
        except StoreError as error:
            self._state.failed(error)
            return self._stale().result()
        except InvalidPortfolio as invalid:
            _log.error("%s, portfolio %r: %s", self._store.address, self.id, invalid)
            return self._stale().result()
        seen = Seen(portfolio=self.id, snapshot=self._snapshot)
        if mark is not None:
            self._marked = _Marked(mark, done_future(seen))
        return seen

    def _follow(self) -> None:
        asked_at = self._now()
        latest = self._latest()
        known = self._version
        version: Version | None = None
        if latest is not None:
            if known is not None:
                version = known if known.change == latest else advanced(self._store, self.id, known, latest)
            if version is None:
                version = loaded(self._store, self.id, latest)
                self._computing = self._new_computing()  # revisions may count from 1 again
        if version is not known:
            self._take(version)
        self.confirm(asked_at)

    def _latest(self) -> Change | None:
        self._asking_since = time.monotonic()
        try:
            return latest_change(self._store, self.id)
        finally:
            self._asking_since = None

    def _new_computing(self) -> Computing:
        return Computing(self._turns, self._observer)

    def _take(self, version: Version | None) -> None:
        self._version = version
        self._snapshot = version and Snapshot(
            self.id, version.change.revision, version.portfolio, computing=self._computing
        )
        self._changed(self)
