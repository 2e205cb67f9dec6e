"""Snapshots of portfolios: each with everything derived from it, computed once."""

from olagraph_api.snapshots.snapshot import Snapshot

__all__ = ["Snapshot"]
