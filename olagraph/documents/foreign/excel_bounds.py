"""Bounds on workbooks, checked before openpyxl sees them: it builds whatever a part of a workbook describes."""

import io
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from openpyxl.xml.constants import ARC_CONTENT_TYPES, ARC_STYLE, ARC_WORKBOOK

from olagraph.documents.faults import shown
from olagraph.documents.tree import Limits, UnparsableError

SAVE_AS = "save it as an Excel workbook (.xlsx), without a password"
"""What helps with every workbook that cannot be read."""

_OLD = bytes.fromhex("D0CF11E0A1B11AE1")  # a compound file: .xls, and what Excel encrypts
_SHORT_PARTS = frozenset({ARC_CONTENT_TYPES, ARC_STYLE, ARC_WORKBOOK})
_RELATIONS = ".rels"
_MOST_TAGS_IN_SHORT_PARTS = (
    250_000  # each is built as an object of half a kilobyte; Excel has up to 65,490 styles
)


def workbook_fault(found: str, *, expected: str | None = None) -> UnparsableError:
    """A fault of a workbook as a whole."""
    return UnparsableError(found, line=1, column=1, expected=expected)


def check_bounds(content: bytes, limits: Limits) -> None:
    """Refuse a file that is no workbook of Excel, or of which a part would take more than the limits allow.

    Raises:
        UnparsableError: it is in another format, has a password, or is too large: unpacked, or by its XML tags, of
            which a part may have as many as a file may have values; or it has XML entities.
        BadZipFile, and others: it is damaged.
    """
    if content.startswith(_OLD):
        raise workbook_fault(f"a workbook of the old format (.xls), or with a password: {SAVE_AS}")
    room = limits.size
    with ZipFile(io.BytesIO(content)) as archive:
        if ARC_CONTENT_TYPES not in archive.namelist():
            raise workbook_fault(f"no workbook of Excel: {SAVE_AS}")
        for part in archive.infolist():
            if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # others are not unpacked piece by piece
                raise workbook_fault(f"a workbook packed in a way that none is: {SAVE_AS}")
            with archive.open(part) as packed:
                unpacked = packed.read(room + 1)
            room -= len(unpacked)
            if room < 0:
                raise workbook_fault(
                    f"a workbook of more than {limits.size} bytes when it is unpacked",
                    expected="a smaller one",
                )
            _check_xml(part.filename, unpacked, limits)


def _check_xml(part: str, content: bytes, limits: Limits) -> None:
    if b"<!ENTITY" in content.replace(b"\0", b""):  # without the zeros of UTF-16
        raise workbook_fault(f"XML entities in the part {shown(part)} of a workbook: {SAVE_AS}")
    is_short = part in _SHORT_PARTS or part.endswith(_RELATIONS)
    most = min(limits.nodes, _MOST_TAGS_IN_SHORT_PARTS) if is_short else limits.nodes
    if content.count(b"<") > most:
        raise workbook_fault(
            f"more than {most} XML tags in the part {shown(part)} of a workbook", expected="a smaller one"
        )
