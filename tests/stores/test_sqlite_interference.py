"""What others do to the file of a SQLite store while it is in use, and to the files beside it."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from olagraph.model.entities import Customer
from tests.stores.sqlite_files import SMALL, WITH_RETAIL, refused, shell, store_in
from tests.stores.writing import TENANT, put

ROOT = Path(__file__).resolve().parents[2]
COMPANIONS = ("-wal", "-shm")
MANY = replace(SMALL, customers=tuple(Customer(id=f"c{number}", name="x" * 500) for number in range(500)))

KILLED = """
import os, signal, sys
from pathlib import Path
from tests.stores.sqlite_files import SMALL, WITH_RETAIL, store_in
from tests.stores.writing import put
with store_in(Path(sys.argv[1])) as store:
    put(store, SMALL)
    put(store, WITH_RETAIL)
    os.kill(os.getpid(), signal.SIGKILL)
"""

WRITES = """
import sys
from dataclasses import replace
from pathlib import Path
from tests.stores.sqlite_files import WITH_RETAIL, store_in
from tests.stores.writing import put
with store_in(Path(sys.argv[1])) as store:
    put(store, replace(WITH_RETAIL, name="of another process"))
"""


def run(code, file):
    """A process of its own."""
    return subprocess.run([sys.executable, "-c", code, str(file)], cwd=ROOT, check=False).returncode


def beside(file, suffix):
    """A companion of a file."""
    return file.with_name(file.name + suffix)


@pytest.mark.parametrize(
    "gone", [COMPANIONS, COMPANIONS[:1], COMPANIONS[1:]], ids=["both", "the log", "its index"]
)
def test_what_was_acknowledged_outlives_a_kill_and_the_removal_of_what_the_killed_process_left(file, gone):
    assert run(KILLED, file) == -9
    for suffix in gone:
        beside(file, suffix).unlink()
    with store_in(file, create=False) as store:
        assert (store.revision(TENANT), store.load(TENANT).portfolio) == (2, WITH_RETAIL)
        assert store.check(TENANT) == ()


def test_a_copy_of_the_file_alone_holds_what_was_acknowledged(file):
    with store_in(file) as store:
        put(store, SMALL)
        put(store, WITH_RETAIL)
        copy = file.with_name("copy.db")
        subprocess.run(["cp", file, copy], check=True)  # in this process it would let go of SQLite's locks
    with store_in(copy, create=False) as store:
        assert store.load(TENANT).portfolio == WITH_RETAIL
        assert store.check(TENANT) == ()


@pytest.mark.parametrize(
    "gone", [COMPANIONS, COMPANIONS[:1], COMPANIONS[1:]], ids=["both", "the log", "its index"]
)
def test_whoever_removes_the_companions_of_a_store_in_use_makes_no_change_be_lost(file, gone):
    """Else this process would write on into files that another one cannot see."""
    with store_in(file) as store:
        put(store, SMALL)
        put(store, WITH_RETAIL)
        for suffix in gone:
            beside(file, suffix).unlink()
        assert run(WRITES, file) == 0
        assert store.revision(TENANT) == 3
        assert store.load(TENANT).portfolio.name == "of another process"
        put(store, replace(WITH_RETAIL, name="of this one"))
    with store_in(file, create=False) as store:
        assert (store.revision(TENANT), store.load(TENANT).portfolio.name) == (4, "of this one")
        assert store.check(TENANT) == ()


def test_a_mark_holds_while_nobody_writes_whoever_reads(file):
    with store_in(file) as store, store_in(file) as other:
        put(store, SMALL)
        mark = store.mark()
        assert mark is not None
        assert other.load(TENANT) == store.load(TENANT)
        assert store.mark() == mark


def test_a_mark_does_not_outlive_the_write_of_another_process(file):
    with store_in(file) as store:
        put(store, SMALL)
        mark = store.mark()
        assert run(WRITES, file) == 0
        assert store.mark() != mark


@pytest.mark.parametrize("gone", [COMPANIONS, COMPANIONS[:1], COMPANIONS[1:]], ids=["both", "log", "index"])
def test_a_mark_does_not_outlive_the_removal_of_the_companions(file, gone):
    with store_in(file) as store:
        put(store, SMALL)
        mark = store.mark()
        for suffix in gone:
            beside(file, suffix).unlink()
        assert run(WRITES, file) == 0
        assert store.mark() != mark
        assert store.load(TENANT).portfolio.name == "of another process"


def test_a_mark_does_not_outlive_the_file(file):
    with store_in(file) as store:
        put(store, SMALL)
        copy = file.with_name("copy.db")
        subprocess.run(["cp", file, copy], check=True)
        mark = store.mark()
        file.unlink()
        assert store.mark() is None
        for suffix in COMPANIONS:
            beside(file, suffix).unlink(missing_ok=True)
        copy.rename(file)
        assert store.mark() not in (None, mark)


def test_a_closed_store_tells_no_mark(file):
    with store_in(file) as store:
        assert store.mark() is not None
    assert store.mark() is None


def test_while_somebody_reads_on_without_the_companions_nobody_writes(file):
    reading, done = Event(), Event()
    with store_in(file) as store:
        put(store, SMALL)

        def read():
            with store._connections.reading():
                reading.set()
                done.wait()

        reader = Thread(target=read)
        reader.start()
        reading.wait()
        beside(file, "-shm").unlink()
        try:
            with refused(file, "was removed while it was in use; nothing was written: try again"):
                put(store, WITH_RETAIL)
        finally:
            done.set()
            reader.join()
        put(store, WITH_RETAIL)
        assert store.load(TENANT).portfolio == WITH_RETAIL


def test_somebody_who_locks_the_whole_file_is_waited_for_only_so_long(file):
    with store_in(file) as store:
        put(store, SMALL)
    with closing(sqlite3.connect(file, isolation_level=None)) as somebody:
        somebody.execute("PRAGMA locking_mode = EXCLUSIVE")
        somebody.execute("BEGIN EXCLUSIVE")
        for create in (False, True):
            with (
                refused(file, "is locked by another writer, which did not let go in time: try again"),
                store_in(file, create=create, patience=0.05),
            ):
                pass
    with store_in(file, create=False) as store:
        assert store.load(TENANT).portfolio == SMALL


def test_a_store_whose_journal_somebody_changed_is_used_on(file):
    with store_in(file) as store:
        put(store, SMALL)
    with shell(file) as somebody:
        assert somebody.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    with store_in(file, create=False) as store:
        put(store, WITH_RETAIL)
        with store_in(file) as other:
            assert other.load(TENANT).portfolio == WITH_RETAIL
            put(other, SMALL)
        assert store.load(TENANT).portfolio == SMALL


LIMITED = """
import resource, sys
from pathlib import Path
from olagraph.stores import StoreError
from tests.stores.sqlite_files import SMALL, store_in
from tests.stores.test_sqlite_interference import MANY
from tests.stores.writing import TENANT, put

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

def refused(store, portfolio):
    try:
        put(store, portfolio)
    except StoreError as error:
        print(error)
    else:
        raise AssertionError("it was written")

with store_in(Path(sys.argv[1])) as store:
    put(store, SMALL)
    limit(200_000)
    refused(store, MANY)
    assert store.load(TENANT).portfolio == SMALL
    assert store.check(TENANT) == ()
    limit(resource.RLIM_INFINITY)
    put(store, MANY)
    limit(200_000)
    refused(store, SMALL)
    assert store.load(TENANT).portfolio == MANY
    assert store.check(TENANT) == ()
"""


def test_files_that_cannot_grow_keep_what_was_there(file):
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(file)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert all("cannot be read or written, says its disk" in line for line in lines)
