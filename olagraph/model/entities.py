"""Who promises what to whom about which service: providers, customers, services, agreements, calendars
(SEMANTICS §1).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from olagraph.model.moment import moment_text
from olagraph.model.quantity import Quantity
from olagraph.model.window import Window
from olagraph.model.workflow import Step

Trait: TypeAlias = str | Decimal | bool
"""The value of a trait of a service: text, a number, or yes/no."""

Extra: TypeAlias = tuple[tuple[str, object], ...]
"""`x-` keys with their plain values (text, Decimal, bool, None, tuples, dicts): kept and exported, never
interpreted.
"""

ROUND_THE_CLOCK = "24x7"
"""The hours that never close; every other value of `hours` is a calendar's id."""


class ProviderKind(StrEnum):
    """Whether a provider is one of our own teams or a supplier."""

    INTERNAL = "internal"
    EXTERNAL = "external"


class AgreementKind(StrEnum):
    """The three kinds of agreement of ITIL and ISO 20000."""

    SLA = "SLA"
    """To a customer."""
    OLA = "OLA"
    """Internal provider to internal provider."""
    UC = "UC"
    """Underpinning contract: external supplier to us."""


class AgreementStatus(StrEnum):
    """Only signed agreements back anything; drafts are assessed and marked as such."""

    DRAFT = "draft"
    SIGNED = "signed"


class Strength(StrEnum):
    """How firmly a target is meant; only guarantees and commitments back anything."""

    GUARANTEE = "guarantee"
    COMMITMENT = "commitment"
    OBJECTIVE = "objective"
    BEST_EFFORT = "best_effort"


class Cause(StrEnum):
    """A reason of an outage that a promise may exclude."""

    THIRD_PARTY = "third_party"
    CUSTOMER = "customer"
    FORCE_MAJEURE = "force_majeure"


class ClaimStart(StrEnum):
    """From when the time to claim a credit runs."""

    INCIDENT = "incident"
    WINDOW = "window"
    TICKET_CLOSED = "ticket_closed"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Whoever delivers: an internal team or an external supplier.

    Attributes:
        parent: the id of the owning provider (mergers, groups).
    """

    id: str
    kind: ProviderKind
    name: str | None = None
    parent: str | None = None
    region: str | None = None
    contact: str | None = None
    extra: Extra = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whoever an SLA is promised to: a customer or a business unit."""

    id: str
    name: str | None = None
    parent: str | None = None
    contact: str | None = None
    extra: Extra = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """The cases a target speaks of; a ticket priority is one.

    Attributes:
        name: what the two sides of a promise call it, "P1".
        share: its share of all cases, a ratio; None = not stated.
    """

    name: str
    share: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Time that does not count. Exactly one of `at_most`, `unlimited` and `cause` is stated.

    Attributes:
        name: exclusions of the same name on both sides of a promise coincide.
        at_most: the most hours excluded in each window `per`.
        per: the window of the allowance; None = the promise's own window.
    """

    name: str | None = None
    at_most: Quantity | None = None
    per: Window | None = None
    unlimited: bool = False
    cause: Cause | None = None


class Comparison(StrEnum):
    """How a condition compares a trait."""

    EQUAL = "="
    UNEQUAL = "!="
    AT_LEAST = ">="
    AT_MOST = "<="
    MORE = ">"
    LESS = "<"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of `when`: the service's trait compared with a value."""

    trait: str
    comparison: Comparison
    value: Trait


MEAN = "mean"
"""The statistic of a target on a mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One service level target; also an own part of a service.

    Attributes:
        metric: the id of a metric, never a complement's name (`unavailability` is turned round on loading).
        value: the promised value in the metric's dimension.
        for_: the statistic: a fraction of cases (0 < for_ <= 1), `"mean"`, or None = always.
        when: conditions on the service's traits that must all hold.
        assume: the value to compose with in place of a 100 % target, which is a credit formula.
        averaged_over: how many members one averaged figure speaks of.
        clock: the calendar on which a ticket's time runs; None = the hours of the promise.
        window, hours, exclusions: where they differ from the agreement's; None = the agreement's.
        measured_at: where it is measured, in words.
    """

    metric: str
    value: Quantity
    for_: Decimal | str | None = None
    when: tuple[Condition, ...] = ()
    strength: Strength = Strength.COMMITMENT
    assume: Quantity | None = None
    averaged_over: int | None = None
    window: Window | None = None
    hours: str | None = None
    exclusions: tuple[Exclusion, ...] | None = None
    clock: str | None = None
    population: Population | None = None
    measured_at: str | None = None
    extra: Extra = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """One link of the chain of suppliers behind a service that no agreement of ours covers.

    Attributes:
        provider: the id of the supplier.
        rank: how far it is from the service's provider: 1 supplies it directly, 2 supplies that one.
    """

    provider: str
    rank: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What one provider delivers.

    Attributes:
        workflow: how it is delivered from others; None = not stated.
        requires: supporting services that must work as well; None = not stated.
        own: the provider's own part in the service, a target a metric.
        demand: how often it is called, a rate.
        criticality: 1 (most) to 5.
        owner: a person or team; not a provider's `parent`.
        supply_chain: suppliers of the provider, behind this service: they count in outages and in
            concentration, never in composition.
    """

    id: str
    provider: str
    name: str | None = None
    workflow: Step | None = None
    requires: Step | None = None
    own: tuple[Target, ...] = ()
    region: str | None = None
    zone: str | None = None
    traits: tuple[tuple[str, Trait], ...] = ()
    demand: Quantity | None = None
    tags: tuple[str, ...] = ()
    criticality: int | None = None
    owner: str | None = None
    supply_chain: tuple[Supplier, ...] = ()
    extra: Extra = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A time in which a service was not available, or a share of it was not.

    Attributes:
        service: the id of the service.
        from_, to: with a time zone.
        share: of the service that was not available, above 0 and at most 1.
        id: of its ticket; empty = that of its service and start, see `incident_id`.
    """

    service: str
    from_: datetime
    to: datetime
    share: Decimal = Decimal(1)
    id: str = ""
    extra: Extra = ()

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", incident_id(self.service, moment_text(self.from_)))


def incident_id(service: str, begins: str) -> str:
    """The id of an incident that states none: `web-shop/2026-12-01T09:00:00Z`.

    Args:
        service: the id of the service.
        begins: the start, as `moment_text` writes it.
    """
    return f"{service}/{begins}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Covers:
    """Which services an agreement speaks of, each on its own.

    Attributes:
        services: service ids, of any provider (a reseller covers another's).
        all: every service of the agreement's provider.
        tags: every service of the agreement's provider with any of these tags.
    """

    services: tuple[str, ...] = ()
    all: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTier:
    """A step of a credit schedule: at a value below (or above) the threshold, this share of the fee."""

    credit: Decimal
    below: Quantity | None = None
    above: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What is owed when a metric misses its target.

    Attributes:
        fee: the fee of one window, in the portfolio's currency.
        tiers: steps; `credit` is a ratio of the fee.
        cap: the most that is owed, a ratio of the fee; None = no cap.
    """

    metric: str
    fee: Decimal | None = None
    tiers: tuple[CreditTier, ...] = ()
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Within which time after what a credit must be claimed."""

    within: Quantity
    after: ClaimStart


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A promise between two parties about services.

    Attributes:
        kind: as stated; None = follows from the parties.
        customers: ids of the other party; empty = standard terms open to all.
        covers: None = a template that others inherit from, not assessed.
        hours: `24x7` or a calendar's id; None = inherited, else 24x7.
        window: None = inherited, else the other side's.
        from_, to: the first and last day in force; None = unbounded.
        renews: it goes on after `to` unless somebody gives notice.
        inherits: the id of the parent agreement.
        ref, link: the clause and the document, printed with every finding.
    """

    id: str
    provider: str
    kind: AgreementKind | None = None
    name: str | None = None
    customers: tuple[str, ...] = ()
    covers: Covers | None = None
    targets: tuple[Target, ...] = ()
    hours: str | None = None
    window: Window | None = None
    exclusions: tuple[Exclusion, ...] | None = None
    from_: date | None = None
    to: date | None = None
    renews: bool = False
    review: date | None = None
    notice: Quantity | None = None
    credits: tuple[Credit, ...] | None = None
    claim: Claim | None = None
    inherits: str | None = None
    ref: str | None = None
    link: str | None = None
    status: AgreementStatus = AgreementStatus.SIGNED
    extra: Extra = ()

    def in_force(self, day: date) -> bool:
        """Whether `day` lies between `from` and `to`, both inclusive."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """One open range of one weekday.

    Attributes:
        weekday: 0 = Monday to 6 = Sunday.
        opens, closes: minutes after midnight; `closes` past 1440 runs into the next day.
    """

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Opening hours in a time zone with holidays.

    Attributes:
        timezone: an IANA name, "Europe/London".
        hours: open ranges, by weekday and opening.
        holiday_codes: public-holiday codes, "GB-ENG".
        holidays: single closed days.
    """

    id: str
    timezone: str
    hours: tuple[OpeningHours, ...]
    name: str | None = None
    holiday_codes: tuple[str, ...] = ()
    holidays: tuple[date, ...] = ()
    extra: Extra = ()


class Better(StrEnum):
    """Which way a metric improves."""

    HIGHER = "higher"
    LOWER = "lower"


class Family(StrEnum):
    """Rule families: how a metric composes (SEMANTICS §5)."""

    STRUCTURE_FUNCTION = "structure_function"
    SUCCESS_RATE = "success_rate"
    RATE = "rate"
    TIME = "time"
    RESTORE = "restore"
    JITTER = "jitter"
    FAILURE_REPAIR = "failure_repair"
    MAXIMUM = "maximum"
    SUM = "sum"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One row of the metric table.

    Attributes:
        unit: the unit of computed values: `ratio`, `s`, `1/s`, `bit/s`, `money` or `number`.
        complement: the name of 1 - value, accepted in files and turned round on loading.
        ticket: measured on a ticket's clock, along the ticket's path.
        source: where the rule comes from.
    """

    id: str
    unit: str
    better: Better
    family: Family
    complement: str | None = None
    ticket: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """Everything one file, directory or store holds: an immutable snapshot."""

    name: str = ""
    currency: str | None = None
    calendars: tuple[Calendar, ...] = ()
    providers: tuple[Provider, ...] = ()
    customers: tuple[Customer, ...] = ()
    services: tuple[Service, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    metrics: tuple[Metric, ...] = ()
    incidents: tuple[Incident, ...] = ()
    extra: Extra = field(default=())
