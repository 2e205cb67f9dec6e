"""Located trees of one or several files -> one portfolio."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from olagraph.documents.codecs import Anything, Codec
from olagraph.documents.faults import InvalidPortfolio
from olagraph.documents.fields import FORMAT_VERSION, HEADER, PORTFOLIO, SECTIONS
from olagraph.documents.reading import FaultRecordedError, Kind, Place, Reading
from olagraph.documents.records import EXTRA_PREFIX
from olagraph.documents.references import check_references
from olagraph.documents.targets import metric_names
from olagraph.documents.tree import ListNode, Node, ScalarNode
from olagraph.metrics.table import BUILT_IN_METRICS
from olagraph.model.entities import Metric, Portfolio


class Document(NamedTuple):
    """A file that could be parsed."""

    file: str
    root: Node


class _Top(NamedTuple):
    """The top level of one file."""

    place: Place
    root: Node
    entries: Mapping[str, tuple[ScalarNode, Node]]


def read_portfolio(documents: Iterable[Document], reading: Reading) -> Portfolio:
    """The one portfolio that the documents state together.

    Args:
        documents: in the order in which their things are listed.
        reading: fresh, or with the faults of files that could not be parsed.

    Raises:
        InvalidPortfolio: with everything that is wrong; nothing is half-loaded.
    """
    reading.metrics.update(metric_names(BUILT_IN_METRICS))
    tops = [top for document in documents if (top := _top(document, reading)) is not None]
    header = _header(tops, reading)
    extra = _extra(tops, reading)
    reading.currency = header.get("currency")
    lists: dict[str, Any] = {}
    for key, kind in SECTIONS:
        lists[key] = _section(key, kind, tops, reading)
        if kind is Kind.METRIC:
            _name_metrics(lists[key], reading)
    check_references(reading)
    if reading.faults:
        raise InvalidPortfolio(reading.faults_in_order())
    return Portfolio(**header, **lists, extra=tuple(extra.items()))


def _top(document: Document, reading: Reading) -> _Top | None:
    place = Place(None, document.file)
    try:
        entries = reading.entries(document.root, place, expected="a portfolio that begins with `olagraph: 1`")
    except FaultRecordedError:
        reading.unreadable.update(Kind)
        return None
    for key, (key_node, _) in entries.items():
        if key not in PORTFOLIO.by_key and not key.startswith(EXTRA_PREFIX):
            expected = f"one of {', '.join(PORTFOLIO.by_key)}"
            reading.unknown(
                key, PORTFOLIO.by_key, key_node, place, what="key of a portfolio", expected=expected
            )
            reading.unreadable.update(Kind)  # it may be a list under a misspelt name
    return _Top(place, document.root, entries)


def _header(tops: list[_Top], reading: Reading) -> dict[str, Any]:
    """Version, name and currency: stated by any of the files, and alike wherever they are stated."""
    header: dict[str, Any] = {}
    for key in HEADER:
        for top in tops:
            if key in top.entries:
                _merge(header, key, top, PORTFOLIO.by_key[key].codec, reading)
    all_parsed = len(tops) == len(reading.files)
    if tops and all_parsed and not any("olagraph" in top.entries for top in tops):
        found = "no format version" if len(tops) == 1 else "no format version in any of the files"
        reading.fault(tops[0].root, tops[0].place, found, expected=f"`olagraph: {FORMAT_VERSION}`")
    header.pop("olagraph", None)
    return header


def _extra(tops: list[_Top], reading: Reading) -> dict[str, object]:
    """The x- keys of all files, alike wherever they are stated."""
    extra: dict[str, object] = {}
    for top in tops:
        for key in top.entries:
            if key.startswith(EXTRA_PREFIX):
                _merge(extra, key, top, Anything(), reading)
    return extra


def _merge(merged: dict[str, Any], key: str, top: _Top, codec: Codec[Any], reading: Reading) -> None:
    node, place = top.entries[key][1], top.place.key(key)
    try:
        value = codec.read(node, place, reading)
    except FaultRecordedError:
        return
    if merged.setdefault(key, value) != value:
        reading.fault(
            node,
            place,
            "another value than in a file before",
            expected="the same in every file that states it",
        )


def _section(key: str, kind: Kind, tops: list[_Top], reading: Reading) -> tuple[Any, ...]:
    """The items of one list from all files; none if any is faulty."""
    items: list[Any] = []
    for top in tops:
        if key in top.entries:
            node = top.entries[key][1]
            if not isinstance(node, ListNode):
                reading.unreadable.add(kind)
            try:
                items.extend(PORTFOLIO.by_key[key].codec.read(node, top.place.key(key), reading))
            except FaultRecordedError:
                continue
    return tuple(items)


def _name_metrics(metrics: tuple[Metric, ...], reading: Reading) -> None:
    """Make the portfolio's own metrics known by their names; no two share one."""
    for metric in metrics:
        for name, meaning in metric_names((metric,)).items():
            first, _ = reading.metrics.setdefault(name, meaning)
            if first is not metric and first.id != metric.id:
                definition = reading.definitions[Kind.METRIC][metric.id]
                found = f"{name!r} is a name of metric {first.id!r} already"
                reading.fault(definition.node, definition.place, found, expected="each name once")
