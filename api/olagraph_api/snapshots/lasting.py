"""Large things that last, out of the way of the garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from olagraph.documents.collector import collector_paused


@contextmanager
def made_to_last(*, whole: bool = True) -> Iterator[None]:
    """What is made inside is large, and lasts: the collector does not look through it, neither meanwhile nor later.

    What is not made as a whole, but goes on from what was there, is small, and left to the collector.

    It would hold up every thread for seconds. What is made here goes when nobody refers to it any more. Only where
    something is frozen already, as servers have it; and only for what is made rarely, as circles that others made
    meanwhile stay, too.
    """
    if not whole:
        yield
        return
    with collector_paused():
        yield
        if gc.get_freeze_count():
            gc.freeze()
