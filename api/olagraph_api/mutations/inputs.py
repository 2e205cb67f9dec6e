"""The entities of a portfolio as clients state them.

Fields are those of the portfolio file. One that is left out stays as it is, or at its default in a new entity; null
removes what is stated. Pieces that the file nests (workflows, targets, hours …) are JSON in the file's shape.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias

import strawberry

from olagraph.documents.entities import HEADER_KEY, Key
from olagraph.documents.plain import Plain
from olagraph.documents.reading import Kind
from olagraph.documents.records import EXTRA_PREFIX
from olagraph.model.entities import Incident
from olagraph.model.quantity import Quantity
from olagraph_api.changes import NotChanged, Problem, ProblemCode
from olagraph_api.schema.enums import AgreementKind, AgreementStatus, ProviderKind, described
from olagraph_api.schema.scalars import Duration, Json, QuantityText
from olagraph_api.schema.types import IncidentInput

_EXTRA = "extra"
_FILE_KEYS = {"from_": "from"}


def _field(description: str, *, name: str | None = None) -> Any:
    return strawberry.field(name=name, default=strawberry.UNSET, description=description)


def _required(description: str) -> Any:
    return strawberry.field(description=description)


_EXTRA_KEYS = "Its x- keys, by their names; a key that is null is removed, one that is left out stays."


@strawberry.input(description="A provider: an internal team or an external supplier.")
class ProviderInput:
    id: strawberry.ID = _required("Its id.")
    name: str | None = _field("For people.")
    kind: ProviderKind | None = _field(
        "Whether it is one of our own teams or a supplier; a new one must say."
    )
    parent: strawberry.ID | None = _field("The id of the provider that owns it.")
    region: str | None = _field("Where it works from.")
    contact: str | None = _field("Whom to call.")
    extra: Json | None = _field(_EXTRA_KEYS)


@strawberry.input(description="A customer or a business unit.")
class CustomerInput:
    id: strawberry.ID = _required("Its id.")
    name: str | None = _field("For people.")
    parent: strawberry.ID | None = _field("The id of the customer that it is part of.")
    contact: str | None = _field("Whom to call.")
    extra: Json | None = _field(_EXTRA_KEYS)


@strawberry.input(description="A service: what one provider delivers.")
class ServiceInput:
    id: strawberry.ID = _required("Its id.")
    name: str | None = _field("For people.")
    provider: strawberry.ID | None = _field("The id of who delivers it; a new one must say.")
    owner: str | None = _field("A person or team.")
    criticality: int | None = _field("1 (most) to 5.")
    tags: list[str] | None = _field("Agreements may cover services by tag.")
    region: str | None = _field("Where it runs.")
    zone: str | None = _field("Where in the region it runs.")
    traits: Json | None = _field("What a target's `when` asks for: {zones: 2}.")
    demand: QuantityText | None = _field("How often it is called: 180/s.")
    workflow: Json | None = _field(
        "How it is delivered from other services, in the shape of the portfolio file."
    )
    requires: Json | None = _field(
        "Supporting services that must work too, in the shape of the portfolio file."
    )
    own: Json | None = _field(
        "The provider's own part: a list of targets in the shape of the portfolio file."
    )
    supply_chain: Json | None = _field("Suppliers behind it: a list of {provider, rank}.")
    extra: Json | None = _field(_EXTRA_KEYS)


@strawberry.input(description="An agreement: a promise between two parties about services.")
class AgreementInput:
    id: strawberry.ID = _required("Its id.")
    kind: AgreementKind | None = _field("SLA, OLA or UC; if it is not stated it follows from the parties.")
    name: str | None = _field("For people.")
    provider: strawberry.ID | None = _field("The id of who promises; a new one must say.")
    customer: list[strawberry.ID] | None = _field("Ids of those who are promised; none: standard terms.")
    covers: Json | None = _field('Ids of services, "all", or {tags: [...]} of the provider\'s services.')
    status: AgreementStatus | None = _field("Whether it is signed; drafts back nothing.")
    from_: date | None = _field("The first day in force.", name="from")
    to: date | None = _field("The last day in force.")
    renews: bool | None = _field("Whether it goes on after its last day unless somebody gives notice.")
    review: date | None = _field("When it is to be reviewed.")
    notice: Duration | None = _field("How long before its end notice must be given: P90D.")
    ref: str | None = _field("The clause; printed with every finding about it.")
    link: str | None = _field("Where the document is.")
    hours: str | None = _field("24x7 or the id of a calendar.")
    window: str | None = _field(
        "Over which its shares are measured: day, week, month, quarter, year, 30d, rolling 28d."
    )
    exclusions: Json | None = _field("Time that does not count, in the shape of the portfolio file.")
    targets: Json | None = _field(
        "All its targets, in the shape of the portfolio file; for one of them use setTarget."
    )
    credits: Json | None = _field("What is owed when a target is missed, in the shape of the portfolio file.")
    claim: Json | None = _field("Within which time a credit must be claimed: {within, after}.")
    inherits: strawberry.ID | None = _field("The id of the agreement that it inherits from.")
    extra: Json | None = _field(_EXTRA_KEYS)


@strawberry.input(description="A calendar: opening hours in a time zone with holidays.")
class CalendarInput:
    id: strawberry.ID = _required("Its id.")
    name: str | None = _field("For people.")
    timezone: str | None = _field("An IANA name, Europe/London; a new one must say.")
    hours: Json | None = _field('Opening hours: {"mon-fri": "09:00-17:00"}; a new one must say.')
    holidays: Json | None = _field("A public-holiday code, a list of days, or both in one list.")
    extra: Json | None = _field(_EXTRA_KEYS)


@strawberry.input(description="A metric of the portfolio's own, composed by the rules of a family.")
class MetricInput:
    id: strawberry.ID = _required("Its id: the key that targets use.")
    unit: str | None = _field(
        "Of computed values: ratio, s, 1/s, bit/s, money or number; a new one must say."
    )
    better: str | None = _field("Which way it improves: higher or lower; a new one must say.")
    family: str | None = _field("The rule family; none is tracked, never composed. A new one must say.")
    complement: str | None = _field("A name for 1 - value that targets may use too.")
    ticket: bool | None = _field("Measured on a ticket's clock, along the ticket's path.")
    source: str | None = _field("Where the rule comes from.")


@strawberry.input(description="The portfolio's own fields.")
class PortfolioInput:
    name: str | None = _field("For people.")
    currency: str | None = _field("Of every fee and cost: EUR.")
    extra: Json | None = _field(_EXTRA_KEYS)


class EntityKind(Enum):
    """The kinds of entities of a portfolio."""

    METRIC = Kind.METRIC
    CALENDAR = Kind.CALENDAR
    PROVIDER = Kind.PROVIDER
    CUSTOMER = Kind.CUSTOMER
    SERVICE = Kind.SERVICE
    AGREEMENT = Kind.AGREEMENT
    INCIDENT = Kind.INCIDENT


described(
    EntityKind,
    "The kinds of entities of a portfolio.",
    {
        EntityKind.METRIC: "A metric of the portfolio's own.",
        EntityKind.CALENDAR: "Opening hours.",
        EntityKind.PROVIDER: "Who delivers.",
        EntityKind.CUSTOMER: "Who is promised.",
        EntityKind.SERVICE: "What is delivered.",
        EntityKind.AGREEMENT: "A promise.",
        EntityKind.INCIDENT: "A time in which a service was not available.",
    },
)


@strawberry.input(description="What becomes of one entity.")
class ChangeInput:
    kind: EntityKind = _required("Its kind.")
    id: strawberry.ID = _required("Its id.")
    entity: Json | None = _required(
        "The entity as a whole, in the shape of the portfolio file; null removes it. Its id may be left out."
    )

    @property
    def key(self) -> Key:
        """Which entity."""
        return Key(str(self.kind.value), self.id)


Entity: TypeAlias = (
    ProviderInput | CustomerInput | ServiceInput | AgreementInput | CalendarInput | MetricInput
)

KINDS: Mapping[type, Kind] = {
    ProviderInput: Kind.PROVIDER,
    CustomerInput: Kind.CUSTOMER,
    ServiceInput: Kind.SERVICE,
    AgreementInput: Kind.AGREEMENT,
    CalendarInput: Kind.CALENDAR,
    MetricInput: Kind.METRIC,
}
"""The kind of entity that an input states."""


def key_of(stated: Entity | PortfolioInput) -> Key:
    """Which entity an input states."""
    return HEADER_KEY if isinstance(stated, PortfolioInput) else Key(str(KINDS[type(stated)]), stated.id)


def plain_of(stated: Entity | PortfolioInput) -> Plain:
    """What an input states, in the shape of the portfolio file; None stands for what is to be removed.

    Raises:
        NotChanged: `extra` holds what are no x- keys.
    """
    plain: Plain = {}
    for each in fields(stated):
        value = getattr(stated, each.name)
        if value is strawberry.UNSET:
            continue
        if each.name == _EXTRA:
            plain |= _extra_keys(value)
        else:
            plain[_FILE_KEYS.get(each.name, each.name)] = _plain(value)
    return plain


def entities_of(changes: Sequence[ChangeInput]) -> dict[Key, Plain | None]:
    """What becomes of each entity, as a whole.

    Raises:
        NotChanged: an entity twice, one that is no mapping, or whose id is another.
    """
    entities: dict[Key, Plain | None] = {}
    problems = []
    for place, change in enumerate(changes):
        entity: Any = change.entity
        message = None
        if change.key in entities:
            message = f"{change.key} appears twice among the changes"
        elif entity is not None and not isinstance(entity, dict):
            message = f"{change.key}: an entity is an object in the shape of the portfolio file, or null"
        elif entity is not None and entity.get("id", change.id) != change.id:
            message = f"{change.key} cannot have another id"
        if message is None:
            entities[change.key] = None if entity is None else {"id": change.id, **entity}
        else:
            problems.append(Problem(message=message, code=ProblemCode.INVALID, field=("changes", str(place))))
    if problems:
        raise NotChanged(problems)
    return entities


def incident_of(stated: IncidentInput) -> Incident:
    """The incident that an input states; whether it can be one is checked with the portfolio."""
    share = Decimal(1) if stated.share is None else stated.share
    return Incident(service=stated.service, from_=stated.from_, to=stated.to, share=share)


def _extra_keys(extra: object) -> Plain:
    if not isinstance(extra, Mapping) or not all(key.startswith(EXTRA_PREFIX) for key in extra):
        message = f"`extra` holds x- keys alone: {{{EXTRA_PREFIX}cost-centre: 4711}}"
        raise NotChanged.because(message, ProblemCode.INVALID, _EXTRA)
    return dict(extra)


def _plain(value: object) -> object:
    match value:
        case Enum():
            return str(value.value)
        case Quantity():
            return str(value)
        case date():
            return value.isoformat()
        case float():
            return Decimal(repr(value))
        case list():
            return [_plain(each) for each in value]
    return value
