"""Snapshots of portfolios: each with everything derived from it, computed once; and those that a process knows."""

from olagraph_api.snapshots.followed import Seen
from olagraph_api.snapshots.observer import Observer
from olagraph_api.snapshots.snapshot import Snapshot
from olagraph_api.snapshots.snapshots import SeenTenants, Snapshots

__all__ = ["Observer", "Seen", "SeenTenants", "Snapshot", "Snapshots"]
