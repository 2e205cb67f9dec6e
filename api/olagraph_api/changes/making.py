"""What a client asks for -> the next portfolio, valid as a whole."""

from collections.abc import Mapping, Sequence

from olagraph.documents import InvalidPortfolio
from olagraph.documents.editing import edited
from olagraph.documents.entities import HEADER_KEY, SECTION_OF, Key, header, written
from olagraph.documents.formats import read_content
from olagraph.documents.nearest import NearestNames
from olagraph.documents.plain import Plain, node_of
from olagraph.documents.reading import FaultRecordedError, Kind, Place, Reading
from olagraph.documents.targets import TARGET, metric_names
from olagraph.metrics.table import metric_table
from olagraph.model.entities import Agreement, Incident, Population, Portfolio, Target
from olagraph.stores import Store, UnknownRevision
from olagraph_api.changes.problems import NotChanged, ProblemCode, problems_of

SOURCE = "the change"
"""What faults call the file that there is not."""


def saved(
    portfolio: Portfolio,
    entities: Mapping[Key, Plain | None],
    *,
    arguments: Mapping[Key, tuple[str, ...]],
    whole: bool = False,
) -> Portfolio:
    """The portfolio with entities changed, added or removed.

    Args:
        entities: in the shape of the portfolio file; None removes the entity.
        arguments: by entity, the steps to the argument that states it, for problems.
        whole: the entities are stated as a whole; else fields that are left out stay as they are. Fields that are
            None are removed either way.

    Raises:
        NotChanged: an entity to remove is not there, or the portfolio would not be valid.
    """
    missing = [
        key
        for key, plain in entities.items()
        if plain is None and key != HEADER_KEY and _found(portfolio, key) is None
    ]
    if missing:
        raise NotChanged(
            problem for key in missing for problem in _unknown(portfolio, key, arguments[key]).problems
        )
    edits: dict[Key, Plain | None] = {}
    for key, plain in entities.items():
        if plain is None:
            edits[key] = None
            continue
        merged = {**({} if whole else _stated(portfolio, key)), **plain}
        edits[key] = {name: value for name, value in merged.items() if value is not None}
    try:
        return edited(portfolio, edits, source=SOURCE)
    except InvalidPortfolio as error:
        raise NotChanged(problems_of(error.faults, arguments)) from None


def with_incidents(portfolio: Portfolio, incidents: Sequence[Incident]) -> Portfolio:
    """The portfolio with incidents added, or changed where they are known by their ids.

    Raises:
        NotChanged: it would not be valid.
    """
    keys = [Key(str(Kind.INCIDENT), incident.id) for incident in incidents]
    return saved(
        portfolio,
        {key: written(key.kind, incident) for key, incident in zip(keys, incidents, strict=True)},
        arguments={key: ("incidents", str(place)) for place, key in enumerate(keys)},
        whole=True,
    )


def with_target(
    portfolio: Portfolio, agreement_id: str, *, metric: str, value: str, told_apart_by: Mapping[str, str]
) -> Portfolio:
    """The portfolio with the value of one target of an agreement set; with a new target where there is none.

    Args:
        metric: its name, or that of its complement.
        value: as in the portfolio file.
        told_apart_by: `for`, `priority` and `window`, as far as they are needed to say which target.

    Raises:
        NotChanged: there is no such agreement or metric, several targets are meant, or it would not be valid.
    """
    agreement = _agreement(portfolio, agreement_id)
    place = _place(portfolio, agreement, metric, told_apart_by)
    targets = _stated_targets(agreement)
    if place is None:
        targets.append({metric: value, **told_apart_by})
    else:
        said = {key: said for key, said in targets[place].items() if key != agreement.targets[place].metric}
        targets[place] = {metric: value, **said}
    return _with_targets(portfolio, agreement, targets)


def without_target(
    portfolio: Portfolio, agreement_id: str, *, metric: str, told_apart_by: Mapping[str, str]
) -> Portfolio:
    """The portfolio without one target of an agreement; arguments as for `with_target`.

    Raises:
        NotChanged: there is no such agreement, metric or target, or several targets are meant.
    """
    agreement = _agreement(portfolio, agreement_id)
    place = _place(portfolio, agreement, metric, told_apart_by)
    if place is None:
        message = f"agreement {agreement_id!r} states no such target on {metric}"
        raise NotChanged.because(message, ProblemCode.UNKNOWN_ID, "metric")
    targets = _stated_targets(agreement)
    del targets[place]
    return _with_targets(portfolio, agreement, targets)


def imported(
    portfolio: Portfolio, content: bytes, format: str, *, name: str, merge: bool
) -> tuple[Portfolio, tuple[str, ...]]:
    """The portfolio that a file holds, merged into one that is there if asked for.

    Args:
        content: of the file.
        format: one of `IMPORT_FORMATS`.
        name: what the file is called in problems.
        merge: what the file does not name stays; else it is removed.

    Returns:
        The portfolio, and what was left out of it: sheets that are none of a portfolio.

    Raises:
        NotChanged: it would not be valid.
    """
    try:
        return read_content(
            content, format, name=name, base=portfolio if merge else None, base_name="the portfolio"
        )
    except InvalidPortfolio as error:
        raise NotChanged(problems_of(error.faults, {})) from None


def restored(store: Store, portfolio_id: str, revision: int) -> Portfolio:
    """The portfolio as it was at a revision.

    Raises:
        NotChanged: there is no such revision.
        StoreError: the store does not answer.
    """
    try:
        return store.load(portfolio_id, revision=revision).portfolio
    except UnknownRevision as unknown:
        raise NotChanged.because(str(unknown), ProblemCode.UNKNOWN_ID, "revision") from None


def _agreement(portfolio: Portfolio, id_: str) -> Agreement:
    key = Key(str(Kind.AGREEMENT), id_)
    found = _found(portfolio, key)
    if found is None:
        raise _unknown(portfolio, key, ("agreement",))
    assert isinstance(found, Agreement)
    return found


def _place(
    portfolio: Portfolio, agreement: Agreement, metric: str, told_apart_by: Mapping[str, str]
) -> int | None:
    """Where a target stands in its agreement; None where there is none.

    Raises:
        NotChanged: there is no such metric, or several targets are meant.
    """
    names = metric_names(tuple(metric_table(portfolio).values()))
    if metric not in names:
        nearest = NearestNames().find(metric, names, what="metric")
        message = f"there is no metric {metric!r}{_meant(nearest)}"
        raise NotChanged.because(message, ProblemCode.UNKNOWN_ID, "metric")
    wanted = _read_fields(told_apart_by)
    places = [
        place
        for place, target in enumerate(agreement.targets)
        if target.metric == names[metric][0].id and all(_is(target, *field) for field in wanted.items())
    ]
    if len(places) > 1:
        stated = "; ".join(
            str(said) for place, said in enumerate(_stated_targets(agreement)) if place in places
        )
        message = (
            f"agreement {agreement.id!r} states several such targets on {metric}: {stated};"
            " `for`, `priority` and `window` tell them apart, or save the agreement with its targets"
        )
        raise NotChanged.because(message, ProblemCode.AMBIGUOUS, "metric")
    return places[0] if places else None


def _read_fields(told_apart_by: Mapping[str, str]) -> dict[str, object]:
    """By attribute of a target, what is asked of it.

    Raises:
        NotChanged: what no target could have.
    """
    reading = Reading(files=[SOURCE])
    wanted: dict[str, object] = {}
    for key, text in told_apart_by.items():
        field = TARGET.by_key[key]
        try:
            wanted[field.name] = field.codec.read(node_of(text), Place(None, SOURCE).key(key), reading)
        except FaultRecordedError:
            continue
    if reading.faults:
        raise NotChanged(problems_of(reading.faults_in_order(), {}))
    return wanted


def _is(target: Target, attribute: str, wanted: object) -> bool:
    found = getattr(target, attribute)
    if isinstance(wanted, Population):
        return found is not None and found.name == wanted.name
    return bool(found == wanted)


def _stated_targets(agreement: Agreement) -> list[Plain]:
    targets: list[Plain] = written(str(Kind.AGREEMENT), agreement).get("targets", [])
    return list(targets)


def _with_targets(portfolio: Portfolio, agreement: Agreement, targets: Sequence[Plain]) -> Portfolio:
    key = Key(str(Kind.AGREEMENT), agreement.id)
    return saved(portfolio, {key: {"targets": list(targets) or None}}, arguments={key: ("agreement",)})


def _found(portfolio: Portfolio, key: Key) -> object | None:
    return next((each for each in getattr(portfolio, SECTION_OF[key.kind]) if each.id == key.id), None)


def _stated(portfolio: Portfolio, key: Key) -> Plain:
    """An entity in the shape of the portfolio file; its id alone if it is new."""
    if key == HEADER_KEY:
        return header(portfolio)
    found = _found(portfolio, key)
    return {"id": key.id} if found is None else written(key.kind, found)


def _unknown(portfolio: Portfolio, key: Key, argument: tuple[str, ...]) -> NotChanged:
    ids = [each.id for each in getattr(portfolio, SECTION_OF[key.kind])]
    nearest = NearestNames().find(key.id, ids, what=key.kind)
    message = f"there is no {key.kind} {key.id!r}{_meant(nearest)}"
    return NotChanged.because(message, ProblemCode.UNKNOWN_ID, *argument)


def _meant(nearest: str | None) -> str:
    return "" if nearest is None else f"; did you mean {nearest!r}?"
