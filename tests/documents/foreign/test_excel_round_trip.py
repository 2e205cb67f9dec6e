"""What is written as a workbook reads as what it was."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from olagraph.documents import load
from olagraph.documents.foreign import documents_of, excel_book
from olagraph.documents.foreign.excel_book import LONGEST_CELL, MOST_ROWS, write_workbook
from olagraph.documents.foreign.excel_text import escaped, unescaped
from olagraph.documents.formats import TooLargeError
from olagraph.documents.portfolios import read_portfolio
from olagraph.documents.reading import Reading
from olagraph.model.entities import Customer, Portfolio
from tests.documents.foreign.test_csv_round_trip import FIXTURES, with_extra_keys_in_order
from tests.documents.portfolio_strategies import portfolios, texts


def read(content):
    """The portfolio in a workbook."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "book.xlsx")
        file.write_bytes(content)
        reading = Reading()
        return read_portfolio(documents_of([file], from_format="excel", reading=reading).documents, reading)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(portfolios())
def test_a_portfolio_written_as_a_workbook_reads_as_the_same_portfolio(portfolio):
    again = read(write_workbook(portfolio))
    assert with_extra_keys_in_order(again) == with_extra_keys_in_order(portfolio)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_fixture_written_as_a_workbook_reads_as_it_was(path):
    portfolio = load(path)
    assert read(write_workbook(portfolio)) == portfolio


def test_people_find_headers_that_stay_and_columns_that_are_wide_enough(tmp_path):
    (tmp_path / "book.xlsx").write_bytes(write_workbook(load(FIXTURES[0])))
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert book.sheetnames[:2] == ["portfolio", "providers"]
    sheet = book["providers"]
    assert (sheet.freeze_panes, sheet["A1"].value, sheet["A1"].font.bold) == ("A2", "id", True)
    assert sheet.column_dimensions["A"].width > max(len(cell.value) for cell in sheet["A"])
    assert not any(cell.data_type == "f" for sheet in book for row in sheet for cell in row)


@given(texts | st.sampled_from(["_x000D_", "_x005F_x000D_", "_", "_x", "a_x0041_", "\ufffe\r"]))
def test_any_text_comes_back_from_how_excel_spells_it(text):
    assert unescaped(escaped(text)) == text


def test_what_excel_has_spelled_is_read():
    assert unescaped("a_x000D_\nb _x005F_x000D_") == "a\r\nb _x000D_"


def test_what_a_cell_or_a_sheet_does_not_hold_is_refused_and_not_cut(monkeypatch):
    fits = Portfolio(customers=(Customer(id="c", name="n" * LONGEST_CELL),))
    assert read(write_workbook(fits)) == fits
    with pytest.raises(TooLargeError, match="a cell of 32,768 characters in customers"):
        write_workbook(replace(fits, customers=(Customer(id="c", name="n" * (LONGEST_CELL + 1)),)))
    assert MOST_ROWS == 2**20
    monkeypatch.setattr(excel_book, "MOST_ROWS", 1)
    with pytest.raises(TooLargeError, match="2 rows of portfolio; a sheet of Excel has 1"):
        write_workbook(fits)
