"""Metrics for Prometheus, in a registry of our own; of several processes behind one port, those of all of them."""

import os
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from olagraph_api.security.audit import Outcome
from olagraph_api.snapshots import Observer

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which processes share their metrics; it is prometheus_client's own."""

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LONG_SECONDS = (0.01, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Metrics(Observer):
    """What a server counts and measures."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        self._operations = Counter(
            "olagraph_operations_total",
            "GraphQL operations by type and outcome: done, refused or failed.",
            ["type", "outcome"],
            registry=registry,
        )
        self._seconds = Histogram(
            "olagraph_operation_seconds",
            "Time from the arrival of a query or mutation to its answer.",
            ["type"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._cost = Counter(
            "olagraph_operation_cost_total",
            "Units of cost that operations took, refunds taken off.",
            ["type"],
            registry=registry,
        )
        self._subscriptions = Gauge(
            "olagraph_open_subscriptions",
            "Subscriptions that are open.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._store_up = Gauge(
            "olagraph_store_up",
            "Whether the store answered when it was last asked (1) or not (0).",
            multiprocess_mode="livemin",
            registry=registry,
        )
        self._revision = Gauge(
            "olagraph_snapshot_revision",
            "The revision of a portfolio that is served.",
            ["portfolio"],
            multiprocess_mode="livemin",
            registry=registry,
        )
        self._confirmed = Gauge(
            "olagraph_snapshot_confirmed_timestamp_seconds",
            "When that was last known to be the latest.",
            ["portfolio"],
            multiprocess_mode="livemin",
            registry=registry,
        )
        self._assessments = Histogram(
            "olagraph_assessment_seconds",
            "Time that assessments of a portfolio took.",
            buckets=_LONG_SECONDS,
            registry=registry,
        )

    def operation(self, type_: str, outcome: Outcome, *, seconds: float, cost: int) -> None:
        """An operation is over."""
        self._operations.labels(type_, outcome.value).inc()
        self._cost.labels(type_).inc(cost)
        if type_ != "subscription":
            self._seconds.labels(type_).observe(seconds)

    def subscription(self, *, opened: bool) -> None:
        """A subscription was opened, or has ended."""
        self._subscriptions.inc(1 if opened else -1)

    def assessed(self, portfolio: str, revision: int, seconds: float) -> None:
        """An assessment was computed."""
        self._assessments.observe(seconds)

    def known(self, portfolio: str, revision: int, confirmed: datetime) -> None:
        """A portfolio is known at a revision."""
        self._revision.labels(portfolio).set(revision)
        self._confirmed.labels(portfolio).set(confirmed.timestamp())

    def forgotten(self, portfolio: str) -> None:
        """A portfolio is not known any more."""
        if SHARED_FOLDER not in os.environ:  # what processes share cannot be taken back
            for gauge in (self._revision, self._confirmed):
                gauge.remove_by_labels({"portfolio": portfolio})

    def store_answers(self, *, answers: bool) -> None:
        """The store was asked."""
        self._store_up.set(answers)

    def exposition(self) -> bytes:
        """All of it as Prometheus reads it."""
        folder = os.environ.get(SHARED_FOLDER)
        if folder is None:
            return generate_latest(self._registry)
        _bury(Path(folder))
        shared = CollectorRegistry()
        MultiProcessCollector(shared, folder)  # type: ignore[no-untyped-call]
        return generate_latest(shared)


def _bury(folder: Path) -> None:
    """Have the gauges of processes that are no more count no more."""
    for pid in {int(file.stem.rpartition("_")[2]) for file in folder.glob("gauge_live*_*.db")}:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]
        except PermissionError:
            continue
