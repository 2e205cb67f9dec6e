"""The cyclic garbage collector, paused while much is made that has no cycles."""

import gc

import pytest

from olagraph.documents.collector import collector_paused


def test_the_collector_pauses_and_runs_again_whatever_happens():
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), collector_paused():
        1 / 0  # noqa: B018
    assert gc.isenabled()


def test_where_it_did_not_run_it_does_not_run_afterwards():
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_was_made_meanwhile_is_old_afterwards():
    with collector_paused():
        made: list[object] = [[]]
    assert any(each is made for each in gc.get_objects(generation=2))


def test_what_somebody_froze_stays_frozen():
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with collector_paused():
            pass
        assert gc.get_freeze_count() >= frozen > 0
    finally:
        gc.unfreeze()
