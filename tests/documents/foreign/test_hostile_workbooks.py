"""Workbooks made to harm are refused before they take the time or the memory that they ask for."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from olagraph.documents import Limits
from olagraph.documents.foreign.excel import read_workbook
from olagraph.documents.tree import UnparsableError

SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
STYLES = "xl/styles.xml"
TYPES = "[Content_Types].xml"
SAVE_AS = "save it as an Excel workbook (.xlsx), without a password"
STRICT = b"http://purl.oclc.org/ooxml/"
TRANSITIONAL = b"http://schemas.openxmlformats.org/"


def parts():
    """The parts of a small workbook."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "providers"
    for row in (["id", "kind"], ["acme", "external"]):
        sheet.append(row)
    book.save(file := io.BytesIO())
    book.close()
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


PARTS = parts()


def packed(changed, compression=zipfile.ZIP_DEFLATED):
    """The small workbook with some parts changed, and without those that are None."""
    with zipfile.ZipFile(file := io.BytesIO(), "w", compression) as archive:
        for name, content in {**PARTS, **changed}.items():
            if content is not None:
                archive.writestr(name, content)
    return file.getvalue()


def edited(part, old, new):
    """The small workbook with a part edited."""
    assert old in PARTS[part]
    return packed({part: PARTS[part].replace(old, new)})


def with_rows(rows):
    """The small workbook with further rows, in XML."""
    return edited(SHEET, b"</sheetData>", rows + b"</sheetData>")


@pytest.fixture
def read(tmp_path, imported):
    """The providers of a workbook of these bytes."""

    def read(content):
        (tmp_path / "hostile").write_bytes(content)
        return [provider.id for provider in imported(tmp_path / "hostile", from_format="excel").providers]

    return read


@pytest.fixture
def fault(tmp_path, monkeypatch, faults_of):
    """The one fault of a workbook of these bytes."""
    monkeypatch.chdir(tmp_path)

    def fault(content, **options):
        Path("hostile").write_bytes(content)
        (only,) = faults_of("hostile", from_format="excel", **options)
        return only

    return fault


def test_a_sheet_may_claim_to_be_huge(read):
    assert read(edited(SHEET, b'"A1:B2"', b'"A1:XFD1048576"')) == ["acme"]
    assert read(edited(SHEET, b'"A1:B2"', b'"everywhere"')) == ["acme"]


def test_rows_far_apart_take_no_room(read):
    far = b'<row r="1048576"><c r="A1048576" t="str"><v>ops</v></c><c r="B1048576" t="str"><v>internal</v></c></row>'
    assert read(with_rows(b'<row r="1048575"><c r="XFD1048575" s="0"/></row>' + far)) == ["acme", "ops"]


@pytest.mark.parametrize(
    "rows",
    [
        b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (row, row) for row in range(3, 10)),
        b"".join(b'<row r="%d"><c r="XFD%d" t="e"/></row>' % (row, row) for row in range(3, 10)),
        b"".join(b'<row r="%d"><c r="XFD%d"><f>A1</f></c></row>' % (row, row) for row in range(3, 10)),
    ],
    ids=["values", "errors", "formulas"],
)
def test_cells_beyond_the_limit_are_refused_and_those_before_them_count(fault, rows):
    assert fault(with_rows(rows), limits=Limits(nodes=100_000)) == (
        "hostile:1:1: more than 100000 cells in a workbook;"
        " expected a smaller one; empty cells count up to the last of a row"
    )


def test_merged_cells_beyond_the_limit_are_refused(fault):
    rows = b"".join(b'<row r="%d"><c r="B%d"><v>1</v></c></row>' % (row, row) for row in range(3, 1000))
    merged = b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 1000 + b"</mergeCells>"
    content = edited(SHEET, b"</sheetData>", rows + b"</sheetData>" + merged)
    assert fault(content, limits=Limits(nodes=100_000)).startswith("hostile:1:1: more than 100000 cells")


def test_an_archive_that_unpacks_to_more_than_the_limit_is_refused(fault):
    bomb = packed({"xl/sharedStrings.xml": b" " * 50_000_000})
    assert len(bomb) < 100_000
    assert fault(bomb, limits=Limits(size=10_000_000)) == (
        "hostile:1:1: a workbook of more than 10000000 bytes when it is unpacked; expected a smaller one"
    )


def test_a_size_that_an_archive_only_claims_has_no_effect(fault):
    content = packed({SHEET: PARTS[SHEET] + b" " * 50_000_000})
    claimed = content.replace(
        (len(PARTS[SHEET]) + 50_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    )
    assert claimed != content
    assert SAVE_AS in fault(claimed, limits=Limits(size=10_000_000))


@pytest.mark.parametrize(
    ("part", "old", "new", "most"),
    [
        (SHEET, b"</row>", b"<c/>" * 300_001 + b"</row>", 300_000),
        (STYLES, b"</cellXfs>", b"<xf/>" * 250_001 + b"</cellXfs>", 250_000),
        (BOOK, b"</sheets>", b"<sheet/>" * 250_001 + b"</sheets>", 250_000),
    ],
    ids=["cells", "styles", "sheets"],
)
def test_a_part_of_too_many_tags_is_refused(fault, part, old, new, most):
    assert fault(edited(part, old, new), limits=Limits(nodes=300_000)) == (
        f"hostile:1:1: more than {most} XML tags in the part '{part}' of a workbook; expected a smaller one"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_entities_are_refused(fault, encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    assert fault(packed({SHEET: text.encode(encoding)})) == (
        f"hostile:1:1: XML entities in the part '{SHEET}' of a workbook: {SAVE_AS}"
    )


def test_nothing_outside_of_the_workbook_is_read(tmp_path, fault):
    (tmp_path / "elsewhere").write_text("secret")
    text = b'<!DOCTYPE x SYSTEM "elsewhere"><worksheet>&elsewhere;</worksheet>'
    assert fault(packed({SHEET: text})).startswith("hostile:1:1: a workbook that cannot be read")
    target = b'Target="/xl/worksheets/sheet1.xml"'
    relations = edited(
        "xl/_rels/workbook.xml.rels", target, b'Target="../../elsewhere" TargetMode="External"'
    )
    assert fault(relations).startswith("hostile:1:1: a workbook that cannot be read")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "a workbook that cannot be read, 'File is not a zip file'"),
        (b"id,kind\n", "a workbook that cannot be read, 'File is not a zip file'"),
        (b"PK\x03\x04nonsense", "a workbook that cannot be read, 'File is not a zip file'"),
        (packed({})[:-30], "a workbook that cannot be read, 'File is not a zip file'"),
        (bytes.fromhex("D0CF11E0A1B11AE1"), "a workbook of the old format (.xls), or with a password"),
        (packed({TYPES: None, "content.xml": b"<office/>"}), "no workbook of Excel"),
        (edited(TYPES, b"sheet.main+xml", b"sheet.binary.main"), "a workbook that cannot be read"),
        (packed({}, zipfile.ZIP_BZIP2), "a workbook packed in a way that none is"),
        (packed({SHEET: b"<worksheet><sheetData>"}), "a workbook that cannot be read, 'no element found"),
        (packed({SHEET: None}), "a workbook that cannot be read"),
        (
            packed({STYLES: b"<styleSheet><fonts><font/></styleSheet>"}),
            "a workbook that cannot be read, 'mismatched",
        ),
        (
            packed({name: PARTS[name].replace(TRANSITIONAL, STRICT) for name in (BOOK, SHEET)}),
            'a workbook without sheets, or a "Strict Open XML Spreadsheet"',
        ),
        (
            edited(BOOK, b"</sheets>", b'<sheet name="services" sheetId="2" r:id="rId1"/></sheets>'),
            "a workbook of which two sheets are one",
        ),
    ],
    ids=range(13),
)
def test_what_cannot_be_read_is_to_be_saved_as_a_workbook(fault, content, found):
    said = fault(content)
    assert said.startswith(f"hostile:1:1: {found}")
    assert said.endswith(f": {SAVE_AS}")


def test_openpyxl_prints_nothing(fault, capfd):
    assert "list index out of range" in fault(
        edited(STYLES, b'name="Normal" xfId="0"', b'name="Normal" xfId="9"')
    )
    assert capfd.readouterr() == ("", "")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(PARTS)), st.data())
def test_a_damaged_workbook_is_read_or_refused(part, data):
    whole = PARTS[part]
    at = data.draw(st.integers(0, len(whole)))
    damaged = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 20)) :]
    try:
        read_workbook("hostile", packed({part: damaged}), Limits())
        fault = ""
    except UnparsableError as error:
        fault = error.found
    assert "\n" not in fault
