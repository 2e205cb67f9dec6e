"""Files of incidents alone, read beside a portfolio that they are no part of."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from olagraph.documents.faults import InvalidPortfolio
from olagraph.documents.fields import PORTFOLIO
from olagraph.documents.portfolios import Document
from olagraph.documents.reading import Definition, FaultRecordedError, Kind, Place, Reading
from olagraph.documents.records import EXTRA_PREFIX
from olagraph.documents.references import check_references
from olagraph.documents.source import parsed_documents
from olagraph.documents.tree import ListNode
from olagraph.model.entities import Incident, Portfolio

_KEYS = _VERSION, _INCIDENTS = ("olagraph", "incidents")


def load_incidents(sources: Sequence[str | Path], portfolio: Portfolio) -> tuple[Incident, ...]:
    """The incidents in files and folders, of services of a portfolio.

    Args:
        sources: in the shape of portfolio files, with nothing but incidents; `-` for standard input.

    Raises:
        InvalidPortfolio: with everything that is wrong.
    """
    reading = Reading()
    reading.definitions[Kind.SERVICE] = {service.id: _KNOWN for service in portfolio.services}
    found: list[Incident] = []
    for document in parsed_documents(sources, reading=reading):
        try:
            found.extend(_incidents(document, reading))
        except FaultRecordedError:
            continue
    check_references(reading)
    if reading.faults:
        raise InvalidPortfolio(reading.faults_in_order())
    return tuple(found)


_KNOWN = Definition(ListNode((), 0, 0), Place(None, ""), frozenset())
"""Of what the portfolio states: nothing is asked about it but whether it is there."""


def _incidents(document: Document, reading: Reading) -> tuple[Incident, ...]:
    place = Place(None, document.file)
    entries = reading.entries(document.root, place, expected="a file with `incidents`")
    for key, (key_node, _) in entries.items():
        if key in PORTFOLIO.by_key and key not in _KEYS:
            reading.fault(key_node, place, f"`{key}` in a file of incidents", expected="`incidents` alone")
        elif key not in _KEYS and not key.startswith(EXTRA_PREFIX):
            reading.unknown(key, _KEYS, key_node, place, what="key of a file of incidents")
    if _VERSION in entries:
        with suppress(FaultRecordedError):
            PORTFOLIO.by_key[_VERSION].codec.read(entries[_VERSION][1], place.key(_VERSION), reading)
    if _INCIDENTS not in entries:
        raise reading.fault(document.root, place, "no incidents", expected="`incidents: [...]`")
    codec = PORTFOLIO.by_key[_INCIDENTS].codec
    found: tuple[Incident, ...] = codec.read(entries[_INCIDENTS][1], place.key(_INCIDENTS), reading)
    return found
