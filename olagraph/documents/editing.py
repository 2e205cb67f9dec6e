"""Edits of single entities -> the next portfolio, with every fault that they make.

What a portfolio holds already is valid, so only what edits can break is read: the entities edited, those that name
what is removed, and, where a service changes, the groups with a common cause. The rest is known by its ids.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from olagraph.documents.entities import (
    HEADER,
    KIND_OF,
    RECORDS,
    SECTION_OF,
    Key,
    document_of,
    entities,
    written,
)
from olagraph.documents.faults import InvalidPortfolio
from olagraph.documents.plain import Plain, node_of
from olagraph.documents.portfolios import read_portfolio
from olagraph.documents.reading import Definition, FaultRecordedError, Kind, Place, Reading, Reference
from olagraph.documents.references import check_references
from olagraph.documents.targets import metric_names
from olagraph.documents.tree import ScalarNode
from olagraph.metrics.table import BUILT_IN_METRICS
from olagraph.model.entities import Portfolio
from olagraph.model.workflow import KOfN, Step, uses

_MEANS_MORE = frozenset({HEADER, str(Kind.METRIC)})
"""Edits of these change how other entities are read: the currency, the names and units of metrics."""

_OWNERS = {"providers": ("parent", Kind.PROVIDER), "customers": ("parent", Kind.CUSTOMER)}
_OWNERS |= {"agreements": ("inherits", Kind.AGREEMENT)}


def edited(portfolio: Portfolio, edits: Mapping[Key, Plain | None], *, source: str) -> Portfolio:
    """The portfolio after edits: changed entities stay in their place, new ones come last.

    Args:
        portfolio: a valid one.
        edits: by entity, what it is to be in the shape of the portfolio file; None removes it. Its id is that of
            the key.
        source: names the edits in faults.

    Returns:
        A valid portfolio. Entities that are not edited are the same objects as before.

    Raises:
        InvalidPortfolio: with everything that would be wrong; faults name places by their paths.
        KeyError: what is to be removed is not there.
    """
    for key, plain in edits.items():
        if plain is None and not any(e.id == key.id for e in getattr(portfolio, SECTION_OF[key.kind])):
            raise KeyError(key)
    if any(key.kind in _MEANS_MORE for key in edits):
        return _read_whole(portfolio, edits, source=source)
    reading = Reading(files=[source], currency=portfolio.currency)
    reading.metrics.update(metric_names((*BUILT_IN_METRICS, *portfolio.metrics)))
    suspects = _suspects(portfolio, edits)
    top = Place(None, source)
    entries: dict[str, dict[str, Any]] = {kind: {} for kind in SECTION_OF}
    for key in (*edits, *suspects):
        plain = edits[key] if key in edits else suspects[key]
        if plain is None:
            continue
        place = Place(top.key(SECTION_OF[key.kind]), key.id, True)
        try:
            entries[key.kind][key.id] = RECORDS[key.kind].read(node_of(plain), place, reading)
        except FaultRecordedError:
            continue
    for section in KIND_OF:  # after what is edited, which is then blamed for a circle
        _know(section, portfolio, reading, top.key(section), but=edits.keys() | suspects)
    if reading.common_causes:
        _count_uses(portfolio, reading, but=edits.keys() | suspects)
    check_references(reading)
    if reading.faults:
        raise InvalidPortfolio(reading.faults_in_order())
    sections: dict[str, Any] = {
        SECTION_OF[kind]: tuple(_replaced(kind, getattr(portfolio, SECTION_OF[kind]), edits, new))
        for kind, new in entries.items()
        if any(key.kind == kind for key in edits)
    }
    return replace(portfolio, **sections)


def _read_whole(portfolio: Portfolio, edits: Mapping[Key, Plain | None], *, source: str) -> Portfolio:
    wanted: dict[Key, Plain | None] = {**dict(entities(portfolio)), **edits}
    stated = ((key, plain) for key, plain in wanted.items() if plain is not None)
    return read_portfolio([document_of(stated, source=source)], Reading(files=[source]))


def _suspects(portfolio: Portfolio, edits: Mapping[Key, Plain | None]) -> dict[Key, Plain]:
    """The entities that are not edited and may become faulty."""
    removed = frozenset(key.id for key, plain in edits.items() if plain is None)
    services_change = any(key.kind == Kind.SERVICE for key in edits)
    found: dict[Key, Plain] = {}
    for kind, section in SECTION_OF.items():
        for entity in getattr(portfolio, section):
            key = Key(kind, entity.id)
            if key not in edits and (
                (removed and _mentions(entity, removed))
                or (services_change and kind == Kind.SERVICE and _has_common_cause(entity))
            ):
                found[key] = written(kind, entity)
    return found


def _mentions(value: object, texts: Collection[str]) -> bool:
    """Whether any of the texts stands anywhere in a value of the model."""
    if isinstance(value, str):
        return value in texts
    if isinstance(value, tuple):
        return any(_mentions(item, texts) for item in value)
    return is_dataclass(value) and any(
        _mentions(getattr(value, field.name), texts) for field in fields(value)
    )


def _has_common_cause(service: Any) -> bool:
    return any(
        isinstance(pattern, KOfN) and pattern.common_cause is not None
        for expression in (service.workflow, service.requires)
        if expression is not None
        for pattern in _patterns(expression)
    )


def _patterns(step: Step) -> Iterator[object]:
    pending = [step]
    while pending:
        of = pending.pop().of
        if not isinstance(of, str):
            yield of
            pending.extend(of.steps)


def _know(
    section: str, portfolio: Portfolio, reading: Reading, place: Place, *, but: Collection[Key]
) -> None:
    """Tell a reading the ids that stay, and what they are part of."""
    kind = KIND_OF[section]
    owner = _OWNERS.get(section)
    for entity in getattr(portfolio, section):
        if Key(kind, entity.id) in but:
            continue
        node, own = ScalarNode(entity.id, False, 0, 0), Place(place, entity.id, True)
        structure = frozenset(
            key for key in ("workflow", "requires") if getattr(entity, key, None) is not None
        )
        reading.definitions[Kind(kind)][entity.id] = Definition(node, own, structure)
        if owner is not None and (parent := getattr(entity, owner[0])) is not None:
            reading.references.append(Reference((owner[1],), parent, node, own.key(owner[0])))


def _count_uses(portfolio: Portfolio, reading: Reading, *, but: Collection[Key]) -> None:
    for service in portfolio.services:
        if Key(str(Kind.SERVICE), service.id) in but:
            continue
        for expression in (service.workflow, service.requires):
            for step, _ in uses(expression) if expression is not None else ():
                reading.uses[str(step.of)] = reading.uses.get(str(step.of), 0) + 1


def _replaced(
    kind: str, those: tuple[Any, ...], edits: Mapping[Key, Plain | None], new: dict[str, Any]
) -> Iterator[Any]:
    for entity in those:
        key = Key(kind, entity.id)
        if key not in edits:
            yield entity
        elif edits[key] is not None:
            yield new.pop(entity.id)
    yield from (entity for id_, entity in new.items() if Key(kind, id_) in edits)
