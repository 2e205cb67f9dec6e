"""The portfolios of a store as one process knows them: read when asked for, and again when they have changed."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Event, Lock, Thread

from graphql import GraphQLError

from olagraph.stores import Store, StoreError, Tenant
from olagraph_api.snapshots.computing import Turns
from olagraph_api.snapshots.followed import Followed, Seen
from olagraph_api.snapshots.fresh_reads import FreshReads
from olagraph_api.snapshots.futures import done_future, failed_future
from olagraph_api.snapshots.observer import Observer
from olagraph_api.snapshots.parts import assessment_on
from olagraph_api.snapshots.snapshot import Snapshot
from olagraph_api.snapshots.store_state import StoreState, store_unavailable
from olagraph_api.snapshots.watchers import Watchers
from olagraph_api.snapshots.workers import Workers

_READERS = 8
_LOADED_AT_START = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTenants:
    """The portfolios that a store holds.

    Attributes:
        tenants: by id.
        asked: when.
        is_stale: whether the store does not answer any more.
    """

    tenants: tuple[Tenant, ...]
    asked: datetime
    is_stale: bool = False


class Snapshots:
    """The snapshots of one process; for any thread.

    Whoever asks gets what a query finds that begins after he asked, so that no answer is older than what was written
    before, whoever wrote it. Beside that, a thread looks for changes: for those who subscribe, and so that assessments
    are computed before they are asked for.

    Args:
        store: holds the portfolios.
        now: the time in UTC.
        pause: seconds between two looks for changes.
        patience: seconds after which a store that does not answer counts as failing.
        most: how many portfolios are kept; those asked for last.
        observer: told what happens.
    """

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], datetime],
        pause: float = 0.4,
        patience: float = 2.0,
        most: int = 100,
        observer: Observer | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self._pause = pause
        self._patience = patience
        self._most = most
        self._observer = observer or Observer()
        self._state = StoreState(store.address, now)
        self._turns = Turns()
        self._workers = Workers(_READERS)
        self._tenants = FreshReads(self._read_tenants, self._workers.start)
        self._seen_tenants: SeenTenants | None = None
        self._lock = Lock()
        self._followed: dict[str, Followed] = {}
        self._asked: dict[str, float] = {}
        self._watchers = Watchers()
        self._loading: list[Future[Seen]] | None = None
        self._today = now().date()
        self._closing = Event()
        self._looking = Thread(target=self._look_for_changes, name="changes", daemon=True)

    def start(self) -> None:
        """Look for changes from now on."""
        self._looking.start()

    def close(self) -> None:
        """Stop; the store may be closed afterwards."""
        self._closing.set()
        self._turns.is_closed = True
        if self._looking.is_alive():
            self._looking.join(self._patience)
        self._workers.close(patience=self._patience)
        # What solves programs must not be in the midst of one when the process ends.
        for followed in self._kept():
            followed.join(self._patience)

    @property
    def store_answers(self) -> bool:
        """Whether the store answered when it was last asked."""
        return not self._state.is_failing

    @property
    def is_loaded(self) -> bool:
        """Whether the portfolios that the store held at the start have been read."""
        if self._loading:
            self._loading = [future for future in self._loading if not future.done()]
        return self._loading == []

    def fresh(self, portfolio: str) -> "Future[Seen]":
        """A portfolio as it is, by a query that begins after this call; while the store does not answer, as known.

        The future raises GraphQLError, STORE_UNAVAILABLE, where nothing is known.
        """
        with self._lock:
            followed = self._followed.get(portfolio)
            if followed is None:
                followed = self._followed[portfolio] = self._follow(portfolio)
            self._asked[portfolio] = time.monotonic()
        return followed.fresh()

    def fresh_tenants(self) -> "Future[SeenTenants]":
        """The portfolios that the store holds, likewise."""
        return self._stale_tenants() if self._state.is_failing else self._tenants.ask()

    async def changes(self, portfolio: str) -> AsyncGenerator[Snapshot]:
        """A portfolio as it is, and again whenever it has changed: the latest, however many there were between.

        Ends when it is removed, and at once where the store holds none of this name.
        """
        told: Snapshot | None = None
        async for snapshot, _ in self._events(portfolio):
            if snapshot is not told:
                told = snapshot
                yield snapshot

    async def assessments(self, portfolio: str) -> AsyncGenerator[tuple[Snapshot, date]]:
        """Likewise, with its assessment of the day computed, and that day; again also when another day has come."""
        told: tuple[Snapshot, date] | None = None
        async for snapshot, day in self._events(portfolio):
            assessed = await asyncio.wrap_future(snapshot.with_part(assessment_on(day)))
            if (assessed, day) != told:
                told = assessed, day
                yield told

    async def _events(self, portfolio: str) -> AsyncGenerator[tuple[Snapshot, date]]:
        with self._watchers.watching(portfolio) as woken:
            await asyncio.wrap_future(self.fresh(portfolio))
            while True:
                woken.clear()
                with self._lock:
                    followed = self._followed.get(portfolio)
                if followed is None or followed.snapshot is None:
                    return
                yield followed.snapshot, self._today
                await woken.wait()

    def _follow(self, portfolio: str) -> Followed:
        return Followed(
            portfolio,
            store=self._store,
            state=self._state,
            turns=self._turns,
            start=self._workers.start,
            now=self._now,
            changed=self._changed,
            observer=self._observer,
        )

    def _changed(self, followed: Followed) -> None:
        followed.keep_up(self._today)
        self._watchers.wake(followed.id)

    def _read_tenants(self) -> SeenTenants:
        asked = self._now()
        try:
            tenants = self._store.tenants()
        except StoreError as error:
            self._state.failed(error)
            return self._stale_tenants().result()
        self._state.answered()
        self._seen_tenants = SeenTenants(tenants=tenants, asked=asked)
        return self._seen_tenants

    def _stale_tenants(self) -> "Future[SeenTenants]":
        seen = self._seen_tenants
        return (
            failed_future(store_unavailable()) if seen is None else done_future(replace(seen, is_stale=True))
        )

    def _look_for_changes(self) -> None:
        while not self._closing.is_set():
            seen = self._tenants_now()
            self._observer.store_answers(answers=self.store_answers)
            if seen is not None:
                self._look(seen)
            self._closing.wait(self._pause)

    def _tenants_now(self) -> SeenTenants | None:
        """The portfolios held; None where the store does not say."""
        asked, began = self._tenants.ask(), time.monotonic()
        while not self._closing.is_set():
            for followed in self._kept():
                followed.give_up_after(self._patience)
            try:
                seen = asked.result(self._pause)
            except TimeoutError:
                if time.monotonic() - began > self._patience:
                    self._state.failed(f"no answer within {self._patience:g} s")
                    self._tenants.give_up(self._stale_tenants())
                    return None
            except GraphQLError:
                return None
            else:
                return None if seen.is_stale else seen
        return None

    def _look(self, seen: SeenTenants) -> None:
        if self._loading is None:
            self._loading = [self.fresh(tenant.id) for tenant in seen.tenants[:_LOADED_AT_START]]
        revisions = {tenant.id: tenant.revision for tenant in seen.tenants}
        yesterday, self._today = self._today, self._now().date()
        for followed in self._kept():
            if followed.revision != revisions.get(followed.id, 0):
                followed.fresh()
                continue
            followed.confirm(seen.asked)
            if self._today != yesterday:
                self._changed(followed)
        self._forget()

    def _kept(self) -> tuple[Followed, ...]:
        with self._lock:
            return tuple(self._followed.values())

    def _forget(self) -> None:
        """Let go of names that the store does not hold, and of portfolios that were not asked for in a long time."""
        watched = self._watchers.names()
        with self._lock:
            free = [each for id_, each in self._followed.items() if each.is_idle and id_ not in watched]
            gone = [each for each in free if each.snapshot is None]
            rest = sorted((each for each in free if each.snapshot), key=lambda each: self._asked[each.id])
            surplus = len(self._followed) - len(gone) - self._most
            for followed in (*gone, *rest[: max(surplus, 0)]):
                del self._followed[followed.id], self._asked[followed.id]
                self._observer.forgotten(followed.id)
