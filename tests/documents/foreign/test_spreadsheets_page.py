"""What the page on spreadsheets says is what is read."""

import re
from pathlib import Path

import pytest

from olagraph.documents import Limits
from olagraph.documents.foreign.sheets import SHEETS

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "spreadsheets.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| ((?:\**`\w+`\** ?)+)\|$", re.MULTILINE)


def test_the_table_of_columns_is_that_of_the_code():
    stated = {name: tuple(columns.split()) for name, columns in ROW.findall(PAGE)}
    assert stated == {
        sheet.name: tuple(f"**`{c.key}`**" if c.required else f"`{c.key}`" for c in sheet.columns)
        for sheet in SHEETS.values()
    }


def test_the_sheets_that_take_no_extra_columns_are_named():
    assert [sheet.name for sheet in SHEETS.values() if not sheet.extra] == ["metrics"]


def test_the_worked_example_can_be_imported(csv, imported):
    providers, agreements, services, targets = re.findall(
        r"^```csv\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE
    )
    files = csv(providers=providers, agreements=agreements, services=services, targets=targets)
    portfolio = imported(*files)
    (agreement,) = portfolio.agreements
    assert agreement.covers.services == tuple(service.id for service in portfolio.services)
    assert [str(target.value) for target in agreement.targets] == ["99.95%", "200 ms", "8 h"]


@pytest.mark.parametrize(
    "limit", [f"{Limits().size >> 20} MiB", f"{Limits().nodes:,}", f"{Limits().scalar:,}"]
)
def test_the_limits_are_those_of_the_code(limit):
    assert limit in PAGE
