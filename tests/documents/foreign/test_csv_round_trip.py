"""What is written as CSV reads as what it was."""

import csv
import io
import tempfile
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from olagraph.documents import load
from olagraph.documents.foreign import csv_files, documents_of, write_csv_folder
from olagraph.documents.foreign.cells import EXTRA, TEXT, Spot, must_be_marked, style_of, unmarked
from olagraph.documents.foreign.csv_text import read_csv, write_csv
from olagraph.documents.foreign.sheets import SHEETS
from olagraph.documents.portfolios import read_portfolio
from olagraph.documents.reading import Reading
from olagraph.documents.scalars import Text
from olagraph.documents.tree import Limits
from olagraph.model.entities import Customer, Portfolio
from tests.documents.portfolio_strategies import portfolios, texts

FIXTURES = sorted(
    path for path in (Path(__file__).parents[3] / "fixtures").glob("*.yaml") if path.name != "expected.yaml"
)
RUNS_IN_A_SPREADSHEET = ("=", "+", "@", "\t", "\r")


def read(folder):
    reading = Reading()
    imported = documents_of([folder], from_format="csv", reading=reading)
    assert imported.ignored == ()
    return read_portfolio(imported.documents, reading)


def with_extra_keys_in_order(value):
    """A portfolio with the x- keys of everything sorted: of two columns one comes first, in all rows."""
    if isinstance(value, tuple):
        return tuple(map(with_extra_keys_in_order, value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {
        field.name: with_extra_keys_in_order(getattr(value, field.name))
        for field in fields(value)
        if field.name in Portfolio.__dataclass_fields__ or field.name in ("own", "targets")
    }
    if hasattr(value, "extra"):
        changed["extra"] = tuple(sorted(value.extra, key=lambda entry: entry[0]))
    return replace(value, **changed)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(portfolios())
def test_a_portfolio_written_as_csv_reads_as_the_same_portfolio(portfolio):
    with tempfile.TemporaryDirectory() as folder:
        write_csv_folder(portfolio, folder)
        again = read(folder)
    assert with_extra_keys_in_order(again) == with_extra_keys_in_order(portfolio)
    assert csv_files(again) == csv_files(portfolio)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_fixture_written_as_csv_reads_as_it_was(path, tmp_path):
    portfolio = load(path)
    write_csv_folder(portfolio, tmp_path)
    assert read(tmp_path) == portfolio


@given(texts, st.sampled_from([TEXT, EXTRA, *(c.style for sheet in SHEETS.values() for c in sheet.columns)]))
def test_any_text_in_a_cell_reads_as_itself(text, style):
    cell = style.write(text)
    assert cell
    if must_be_marked(text, style):
        assert unmarked(cell, style) == text
    else:
        assert (cell, unmarked(cell, style)) == (text, None)
    node = style.read(cell, Spot(row=1, column=1), Limits())
    found = node.items[0] if hasattr(node, "items") and node.items else node
    assert getattr(found, "text", None) == text or style.words


@given(texts)
def test_no_text_runs_as_a_formula(text):
    assert not style_of(Text()).write(text).startswith(RUNS_IN_A_SPREADSHEET)


@pytest.mark.parametrize("number", ["-5", "-0.5", "-1e-3", "12"])
def test_a_number_below_zero_is_a_number_and_not_a_formula(number):
    assert TEXT.write(number) == number


@pytest.mark.parametrize("text", ["'s-Hertogenbosch", "''", "'=1"])
def test_an_apostrophe_of_the_text_itself_stays(text):
    cell = TEXT.write(text)
    assert (unmarked(cell) or cell) == text


@given(st.lists(st.lists(texts, min_size=2, max_size=3), max_size=4))
def test_the_csv_is_what_other_readers_of_csv_read(rows):
    content = write_csv(rows)
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == rows
    assert [row.cells for row in read_csv(content, Limits())] == rows


def test_kinds_that_are_not_there_get_no_file(tmp_path):
    assert [path.name for path in write_csv_folder(Portfolio(), tmp_path / "new" / "folder")] == [
        "portfolio.csv"
    ]
    assert read(tmp_path / "new" / "folder") == Portfolio()


def test_an_export_replaces_the_one_before(tmp_path):
    write_csv_folder(Portfolio(name="old"), tmp_path)
    write_csv_folder(Portfolio(name="new"), tmp_path)
    assert read(tmp_path).name == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["portfolio.csv"]


def test_an_export_is_refused_where_more_would_be_read_than_was_written(tmp_path):
    (tmp_path / "customers.csv").write_text("id\nold\n", encoding="utf-8")
    with pytest.raises(FileExistsError, match="would be read as part of this portfolio"):
        write_csv_folder(Portfolio(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["customers.csv"]


def test_an_export_that_cannot_be_written_whole_leaves_the_one_before(tmp_path):
    write_csv_folder(Portfolio(name="old", customers=(Customer(id="c"),)), tmp_path)
    (tmp_path / "customers.csv").unlink()
    (tmp_path / "customers.csv").mkdir()
    with pytest.raises(IsADirectoryError, match="it is a folder"):
        write_csv_folder(Portfolio(name="new", customers=(Customer(id="c"),)), tmp_path)
    (tmp_path / "customers.csv").rmdir()
    assert read(tmp_path).name == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["portfolio.csv"]


def test_what_an_export_has_begun_with_is_removed_when_it_fails(tmp_path):
    (tmp_path / ".customers.csv.new").mkdir()
    with pytest.raises(OSError, match=r"\.customers\.csv\.new"):
        write_csv_folder(Portfolio(customers=(Customer(id="c"),)), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".customers.csv.new"]
