"""Stores in SQLite files for tests, and what others do to the files."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from olagraph.model.entities import Customer, Portfolio, Provider, ProviderKind
from olagraph.stores import StoreError
from olagraph.stores.sqlite import SqliteStore

SMALL = Portfolio(name="Small", providers=(Provider(id="it", kind=ProviderKind.INTERNAL),))
WITH_RETAIL = replace(SMALL, customers=(Customer(id="retail", name="Retail"),))


@contextmanager
def store_in(file: Path, *, create: bool = True, patience: float = 30.0) -> Iterator[SqliteStore]:
    """The store in a file."""
    opened = SqliteStore.open(file, shown=f"sqlite:///{file}", create=create, patience=patience)
    with closing(opened) as store:
        yield store


@contextmanager
def shell(file: Path) -> Iterator[sqlite3.Connection]:
    """What somebody at the sqlite3 shell does to a file."""
    with closing(sqlite3.connect(file)) as connection, connection:
        yield connection


@contextmanager
def refused(file: Path, *causes: str, error: type[StoreError] = StoreError) -> Iterator[None]:
    """One line, about this file, that says each of the causes and remedies."""
    with pytest.raises(error) as raised:
        yield
    text = str(raised.value)
    assert text.startswith(f"sqlite:///{file}"), text
    assert text.isprintable(), text
    for cause in causes:
        assert cause in text


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Without the superuser's rights, to whom nothing is read-only."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
