"""Imports of foreign files, and their faults as people see them."""

import pytest

from olagraph.documents import InvalidPortfolio
from olagraph.documents.foreign import documents_of
from olagraph.documents.portfolios import read_portfolio
from olagraph.documents.reading import Reading


@pytest.fixture
def imported():
    """The portfolio that files hold."""

    def read(*files, from_format="csv", **limits):
        reading = Reading()
        found = documents_of(files, from_format=from_format, reading=reading, **limits)
        return read_portfolio(found.documents, reading)

    return read


@pytest.fixture
def faults_of(imported):
    """The faults of files, each as people see it."""

    def faults(*files, **options):
        with pytest.raises(InvalidPortfolio) as raised:
            imported(*files, **options)
        return [str(fault) for fault in raised.value.faults]

    return faults


@pytest.fixture
def csv(tmp_path, monkeypatch):
    """Writes files of CSV into the folder of the test, the working directory, and gives their names."""
    monkeypatch.chdir(tmp_path)

    def write(**sheets):
        for name, text in sheets.items():
            content = text if isinstance(text, bytes) else text.encode()
            (tmp_path / f"{name}.csv").write_bytes(content)
        return [f"{name}.csv" for name in sheets]

    return write
