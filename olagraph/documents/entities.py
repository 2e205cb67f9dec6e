"""A portfolio as single entities in the shape of its file: what stores keep, and change logs tell."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from olagraph.documents.calendars import CALENDAR
from olagraph.documents.collector import collector_paused
from olagraph.documents.fields import (
    AGREEMENT,
    CUSTOMER,
    FORMAT_VERSION,
    PORTFOLIO,
    PROVIDER,
    SECTIONS,
    SERVICE,
)
from olagraph.documents.incidents import INCIDENT
from olagraph.documents.plain import Plain, node_of
from olagraph.documents.portfolios import Document, read_portfolio
from olagraph.documents.reading import FaultRecordedError, Kind, Reading
from olagraph.documents.records import EXTRA_PREFIX, Record
from olagraph.documents.restoring import Restoring
from olagraph.documents.targets import metric_names
from olagraph.documents.user_metrics import METRIC
from olagraph.metrics.table import BUILT_IN_METRICS
from olagraph.model.entities import Metric, Portfolio, incident_id

HEADER = "portfolio"
"""The kind of the one entity without an id: the portfolio's name, currency and x- keys."""

SECTION_OF = {str(kind): section for section, kind in SECTIONS}
"""The list of the portfolio that holds the entities of a kind."""

KIND_OF = {section: kind for kind, section in SECTION_OF.items()}
"""The kind of the entities that a list of the portfolio holds."""

KINDS = (HEADER, *SECTION_OF)
"""The kinds of entities, in the order in which a portfolio is read."""

RECORDS: dict[str, Record[Any]] = {
    str(record.kind): record
    for record in (METRIC, CALENDAR, PROVIDER, CUSTOMER, SERVICE, AGREEMENT, INCIDENT)
}
"""How the entities of a kind are read and written."""

_HEADER_FIELDS = tuple(field for field in PORTFOLIO.fields if field.key not in SECTION_OF.values())


class Key(NamedTuple):
    """Which entity: its kind (one of `KINDS`) and its id, empty for the header."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}" if self.id else self.kind


HEADER_KEY = Key(HEADER, "")


def entities(portfolio: Portfolio) -> Iterator[tuple[Key, Plain]]:
    """Every entity of a portfolio, the header first, then in the order of `KINDS` and of the portfolio."""
    yield HEADER_KEY, header(portfolio)
    for kind, section in SECTION_OF.items():
        for entity in getattr(portfolio, section):
            yield Key(kind, entity.id), written(kind, entity)


def header(portfolio: Portfolio) -> Plain:
    """The portfolio's own fields."""
    stated = {
        field.key: getattr(portfolio, field.name) for field in _HEADER_FIELDS if field.key != "olagraph"
    }
    return {**{key: value for key, value in stated.items() if value}, **dict(portfolio.extra)}


def written(kind: str, entity: object) -> Plain:
    """One entity in the shape of the portfolio file."""
    plain = RECORDS[kind].write(entity)
    assert isinstance(plain, dict)
    return plain


def id_of(kind: str, plain: Plain) -> object:
    """The id that an entity states; of an incident that states none, that of its service and start."""
    if kind == Kind.INCIDENT and "id" not in plain:
        return incident_id(plain["service"], plain["from"])
    return plain.get("id")


def plain_document(stored: Iterable[tuple[Key, Plain]]) -> Plain:
    """The portfolio file that states these entities."""
    whole: Plain = {"olagraph": FORMAT_VERSION}
    for key, plain in stored:
        if key.kind == HEADER:
            whole.update(plain)
        else:
            whole.setdefault(SECTION_OF[key.kind], []).append(plain)
    return whole


def portfolio_of(stored: Iterable[tuple[Key, Plain]], *, source: str) -> Portfolio:
    """The portfolio that entities make, in their order.

    They are trusted to be what `entities` gave: references are not looked up. What turns out to be damaged
    is read once more with every check, so that the error says what is wrong.

    Args:
        source: where they lie, for messages.

    Raises:
        InvalidPortfolio: some were damaged.
    """
    stored = list(stored)
    with collector_paused():
        try:
            return _restored(stored)
        except (FaultRecordedError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            return read_portfolio([document_of(stored, source=source)], Reading(files=[source]))


def document_of(stored: Iterable[tuple[Key, Plain]], *, source: str) -> Document:
    """Entities as a document that has no lines, to be read alone or together with files."""
    return Document(source, node_of(plain_document(stored)))


def restorer(kind: str, portfolio: Portfolio) -> Callable[[Plain], Any]:
    """What restores entities of a kind, for a portfolio with its metrics and currency; they are trusted too."""
    return _restoring(portfolio.currency, portfolio.metrics).restorer(RECORDS[kind])


def own_fields(plain: Plain) -> dict[str, Any]:
    """The attributes of `Portfolio` that a header states."""
    restoring = _restoring(None, ())
    fields = {key: value for key, value in plain.items() if not key.startswith(EXTRA_PREFIX)}
    extra = tuple((key, restoring.anything(plain[key])) for key in plain if key not in fields)
    return {"name": "", "currency": None, **fields, "extra": extra}


def _restored(stored: list[tuple[Key, Plain]]) -> Portfolio:
    plains: dict[str, list[Plain]] = {kind: [] for kind in KINDS}
    for key, plain in stored:
        plains[key.kind].append(plain)
    headers = plains.pop(HEADER)
    own = own_fields(headers[0]) if headers else {}
    metrics = tuple(map(_restoring(None, ()).restorer(METRIC), plains.pop(str(Kind.METRIC))))
    restoring = _restoring(own.get("currency"), metrics)
    lists: dict[str, Any] = {
        SECTION_OF[kind]: tuple(map(restoring.restorer(RECORDS[kind]), those))
        for kind, those in plains.items()
    }
    return Portfolio(**own, metrics=metrics, **lists)


def _restoring(currency: str | None, metrics: tuple[Metric, ...]) -> Restoring:
    return Restoring(Reading(metrics=metric_names((*BUILT_IN_METRICS, *metrics)), currency=currency))
