"""What an outage takes along: services by state, agreements by how soon they breach. All frozen (SEMANTICS §9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from olagraph.model.entities import Agreement, AgreementKind, Metric, Target
from olagraph.model.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """What fails at once, by id; several kinds are one outage.

    Attributes:
        providers: with everything they own or provide, and every service that has one of them in its supply chain.
        agreements: the services they cover, as delivered under them.
        regions, zones: every service that lies there.
    """

    providers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    agreements: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.providers, self.services, self.agreements, self.regions, self.zones))


class ServiceState(StrEnum):
    """What becomes of a service, the worst first; an untouched one is not listed."""

    DOWN = "DOWN"
    AT_RISK = "AT_RISK"
    """Up, but what failed is relevant to it: some further failure would take it down that would not have before."""
    DEGRADED = "DEGRADED"
    """Up, but an optional step has failed, in it or in what it needs; or only some of its users still have it."""

    @property
    def rank(self) -> int:
        """0 for the worst state."""
        return list(ServiceState).index(self)


class CauseKind(StrEnum):
    """How a failure strikes a service at first hand."""

    SERVICE = "service"
    PROVIDER = "provider"
    SUPPLIER = "supplier"
    """A provider in the service's supply chain."""
    REGION = "region"
    ZONE = "zone"
    AGREEMENT = "agreement"
    """What it is delivered under, or what the service used is delivered to it under."""


@dataclass(frozen=True, slots=True)
class Cause:
    """The failure that strikes a service at first hand: its kind, and the id as it was asked for."""

    kind: CauseKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceImpact:
    """What becomes of one service.

    Attributes:
        through: the service used that carries the outage to it; None where it has failed itself.
        cause: what strikes it at first hand; None where `through` carries the outage from further down.
    """

    service: str
    state: ServiceState
    through: str | None = None
    cause: Cause | None = None


class Remark(StrEnum):
    """What a computed budget or instant leaves out."""

    ELAPSED_TIME = "elapsed_time"
    """The target speaks of opening hours; elapsed time was counted."""
    WINDOW_ASSUMED = "window_assumed"
    """Neither target nor agreement states a window; a month was taken."""
    BLOCKS = "blocks"
    """Where a block of days begins is not known; the worst midnight was taken."""
    UNLIMITED_EXCLUSION = "unlimited_exclusion"
    """The target excludes some time without a limit; if this outage is such time, it does not count."""
    CAUSE_EXCLUDED = "cause_excluded"
    """The target excludes outages by their cause; if this one has it, it does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """An availability target in the window in which the outage hurts it most.

    Attributes:
        target: what was promised; `window` is the window counted in.
        begins, ends: the window.
        allowed: the seconds of downtime that the target allows in it, exact.
        already: the seconds that incidents have used up in it.
        downtime: the seconds that this outage adds in it; None for an open-ended one.
        breaches_at: the instant after which more than `allowed` is used up; None = it does not breach.
        holds_until: the same if the outage went on; None = it never would.
    """

    target: Target
    window: Window
    begins: datetime
    ends: datetime
    allowed: Fraction
    already: Fraction
    downtime: Fraction | None
    breaches_at: datetime | None
    holds_until: datetime | None
    remarks: tuple[Remark, ...] = ()

    @property
    def breach(self) -> bool:
        """Whether more than the allowed downtime is used up; equal is not."""
        return self.breaches_at is not None

    @property
    def left(self) -> Fraction | None:
        """The seconds of the budget that are left after the outage, negative if it is overdrawn."""
        return None if self.downtime is None else self.allowed - self.already - self.downtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A target on restoring or on tickets that falls due."""

    target: Target
    metric: Metric
    at: datetime
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Whom to call about an outage, and under which clause.

    Attributes:
        service: the service at the end of the path, which has failed.
        provider: who delivers it.
        contact: the provider's, else its nearest owner's.
        agreements: ids of what it is delivered under to the service before it on the path; none within one provider.
    """

    service: str
    provider: str
    contact: str | None
    agreements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementImpact:
    """What becomes of one agreement on one covered service.

    Attributes:
        state: of the service as delivered under the agreement.
        budgets: one an availability target that counts, the soonest breach first.
        due: targets on restoring and on tickets, the soonest first; only while the service is down.
        escalation: whom to call.
    """

    agreement: Agreement
    kind: AgreementKind
    service: str
    state: ServiceState
    budgets: tuple[Budget, ...]
    due: tuple[Due, ...]
    escalation: Escalation

    @property
    def budget(self) -> Budget | None:
        """The budget that breaches first; None where no target on availability counts."""
        return self.budgets[0] if self.budgets else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """What an outage takes along.

    Attributes:
        from_: the start, in UTC.
        for_: the duration; None = open-ended.
        capacity_lost: the share of what failed that is lost, above 0 and at most 1.
        services: by id, the worst states first; untouched services are left out.
        agreements: SLAs before the others; of either the soonest breach first.
        customers: ids of the customers of the affected SLAs, the soonest hit first.
        not_known: ids of services of which nobody says what they depend on, and that nothing known affects, sorted.
        proven: whether every service at risk was shown to be; else, as proof was out of reach, some may rest on what
            has lost a branch without needing the branch. None is left out.
    """

    failed: Failed
    from_: datetime
    for_: timedelta | None
    capacity_lost: Fraction
    services: Mapping[str, ServiceImpact]
    agreements: Sequence[AgreementImpact]
    customers: tuple[str, ...]
    not_known: tuple[str, ...]
    proven: bool = True

    def path(self, service: str) -> tuple[str, ...]:
        """The shortest chain of uses from an affected service down to one that has failed, both included."""
        chain = [service]
        impact = self.services[service]
        while impact.cause is None and impact.through is not None:
            chain.append(impact.through)
            impact = self.services[impact.through]
        if impact.through is not None:
            chain.append(impact.through)
        return tuple(chain)
