"""Which files the SQLite store opens, and what it says to those that it does not."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from olagraph.stores import NoStore, open_store, parse_address
from tests.stores.sqlite_files import SMALL, WITH_RETAIL, as_somebody_else, refused, shell, store_in
from tests.stores.writing import TENANT, put

ROOT = Path(__file__).resolve().parents[2]


def test_reading_never_creates_a_file(file):
    with refused(file, "does not exist", "`olagraph db init", error=NoStore), store_in(file, create=False):
        pass
    assert not any(file.parent.iterdir())


def test_an_empty_file_is_a_store_only_when_it_is_to_be_one(file):
    file.touch()
    with refused(file, "is an empty file", "`olagraph db init", error=NoStore), store_in(file, create=False):
        pass
    assert file.stat().st_size == 0
    with store_in(file) as store:
        assert store.tenants() == ()


def test_a_url_names_the_file_and_the_portfolio(file):
    address = parse_address(f"sqlite:///{file}?portfolio=b", {})
    with closing(open_store(address, create=True)) as store:
        put(store, SMALL, portfolio=address.portfolio)
        assert store.address == f"sqlite:///{file}?portfolio=b"
        assert [tenant.id for tenant in store.tenants()] == ["b"]


@pytest.mark.parametrize("name", ["with space.db", "50%.db", "a?b=c#d.db", "ünï.db", "file:x", ":memory:"])
def test_whatever_its_name_the_file_is_that_file(tmp_path, name):
    with store_in(tmp_path / name) as store:
        put(store, SMALL)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    with store_in(tmp_path / name, create=False) as store:
        assert store.load(TENANT).portfolio == SMALL


@pytest.mark.parametrize("create", [False, True], ids=["reading", "creating"])
class TestNotAStore:
    """Nothing is written into what is not ours."""

    def test_a_directory(self, tmp_path, create):
        with refused(tmp_path, "is a directory: name a file in it"), store_in(tmp_path, create=create):
            pass

    def test_a_pipe(self, file, create):
        os.mkfifo(file)
        with refused(file, "is no ordinary file"), store_in(file, create=create):
            pass

    @pytest.mark.parametrize(
        "content", [b"olagraph: 1\n", b"\x00" * 100, os.urandom(5000)], ids=["text", "0", "?"]
    )
    def test_another_kind_of_file(self, file, create, content):
        file.write_bytes(content)
        with refused(file, "is no SQLite database: name another file"), store_in(file, create=create):
            pass
        assert file.read_bytes() == content
        assert list(file.parent.iterdir()) == [file]

    @pytest.mark.parametrize(
        "script", ["CREATE TABLE theirs (x)", "PRAGMA application_id = 7; PRAGMA user_version = 1"]
    )
    def test_the_database_of_another_application(self, file, create, script):
        with shell(file) as theirs:
            theirs.executescript(script)
        before = file.read_bytes()
        with refused(file, "of another application: name another file"), store_in(file, create=create):
            pass
        assert file.read_bytes() == before
        assert list(file.parent.iterdir()) == [file]

    def test_the_store_of_a_newer_olagraph(self, file, create):
        with store_in(file) as store:
            put(store, SMALL)
        with shell(file) as newer:
            newer.execute("PRAGMA user_version = 1000")
        with (
            refused(file, "by a newer olagraph (schema 1000", "upgrade olagraph"),
            store_in(file, create=create),
        ):
            pass

    def test_a_name_in_a_folder_that_is_not_there(self, tmp_path, create):
        file = tmp_path / "no" / "portfolios.db"
        cause = "there is no folder" if create else "does not exist"
        with refused(file, cause), store_in(file, create=create):
            pass

    def test_a_name_below_a_file(self, file, create):
        file.touch()
        below = file / "portfolios.db"
        with refused(below, "cannot be reached (Not a directory)"), store_in(below, create=create):
            pass

    def test_a_name_that_is_too_long(self, tmp_path, create):
        long = tmp_path / ("x" * 300)
        with refused(long, "cannot be reached (File name too long)"), store_in(long, create=create):
            pass


def test_the_store_of_an_older_olagraph_is_brought_up_to_date_on_request(file):
    with store_in(file):
        pass
    with shell(file) as older:
        for kind, name in older.execute(
            "SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL"
        ).fetchall():
            older.execute(f"DROP {kind} {name}")
        older.execute("PRAGMA user_version = 0")
    with (
        refused(file, "by an older olagraph (schema 0; ", "`olagraph db init sqlite:///"),
        store_in(file, create=False),
    ):
        pass
    with store_in(file) as store:
        put(store, SMALL)


def test_a_python_with_an_old_sqlite_is_told_so(file, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    with refused(file, "needs SQLite 3.37", "use a newer Python"), store_in(file):
        pass


class TestReadOnly:
    """A file or folder that may not be written."""

    @pytest.fixture
    def folder(self):
        """A folder that others may enter, with a store in it."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            folder.chmod(0o777)
            with as_somebody_else(), store_in(folder / "portfolios.db") as store:
                put(store, SMALL)
            yield folder
            folder.chmod(0o777)

    def test_a_file_that_may_only_be_read_is_read_and_not_written(self, folder):
        file = folder / "portfolios.db"
        file.chmod(0o444)
        with as_somebody_else(), store_in(file, create=False) as store:
            assert store.load(TENANT).portfolio == SMALL
            with refused(file, "may only be read", "allow writing"):
                put(store, WITH_RETAIL)

    def test_a_file_that_may_not_even_be_read(self, folder):
        file = folder / "portfolios.db"
        file.chmod(0)
        with as_somebody_else(), refused(file, "cannot be opened"), store_in(file, create=False):
            pass

    def test_a_folder_that_may_not_be_written(self, folder):
        file = folder / "portfolios.db"
        folder.chmod(0o555)
        with as_somebody_else():
            with refused(file, "cannot be opened", "in its folder"), store_in(file, create=False):
                pass
            with refused(folder / "new.db", "cannot be opened", "in its folder"), store_in(folder / "new.db"):
                pass

    def test_a_folder_that_may_not_be_entered(self, folder):
        file = folder / "portfolios.db"
        folder.chmod(0)
        with as_somebody_else(), refused(file, "cannot be reached (Permission denied)"), store_in(file):
            pass


def test_looking_at_an_address_loads_no_database():
    """`olagraph --help` and the assessment of a file start without what only stores need."""
    code = "import sys, olagraph.stores; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"sqlite3", "neo4j", "orjson"} & set(done.stdout.split())
