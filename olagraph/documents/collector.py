"""The cyclic garbage collector, out of the way of work that makes no cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Trees have no cycles, and the cyclic collector's passes over a million nodes outlast reading them.

    What was made meanwhile counts as old afterwards: otherwise the first thing that the collector does is to look
    through it all.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if not gc.get_freeze_count():  # what somebody else froze stays frozen
                gc.freeze()
                gc.unfreeze()
            gc.enable()
