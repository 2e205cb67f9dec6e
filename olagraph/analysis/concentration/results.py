"""What concentration says: what hangs on whom, how important every part is, what fails together. All frozen."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from olagraph.analysis.losses import Loss, LossKind
from olagraph.analysis.results import Missing
from olagraph.model.entities import Agreement, ProviderKind, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A target of an agreement, as written.

    Attributes:
        target: with the agreement's window and hours filled in.
    """

    agreement: Agreement
    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class LossImpact:
    """What one loss takes along. All tuples hold ids, sorted.

    Attributes:
        loss: the provider, owner (with everything it owns), region or zone that is lost.
        provider_kind: of a provider or owner.
        provides: the services that it provides; of a region or zone those that lie there.
        supplies: the services of others that have it in their supply chain.
        agreements: those that it makes, and of a region or zone those that cover what lies there; signed, in force.
        tightest_promise: the highest availability promised in them.
        down: the services that are down without it.
        at_risk: the services that are up without it, but some further failure takes them down that would not have
            before: redundancy that they rest on has lost a branch.
        slas_down: the SLAs of which a service is down, or no longer delivered.
        slas_at_risk: the other SLAs of which a service is at risk.
        customers: the customers of `slas_down`.
        tightest_sla: the highest availability promised in `slas_down`.
        share_of_slas: `slas_down` as a ratio of all SLAs in force; 0 where there are none.
    """

    loss: Loss
    provider_kind: ProviderKind | None
    provides: tuple[str, ...]
    supplies: tuple[str, ...]
    agreements: tuple[str, ...]
    tightest_promise: Promised | None
    down: tuple[str, ...]
    at_risk: tuple[str, ...]
    slas_down: tuple[str, ...]
    slas_at_risk: tuple[str, ...]
    customers: tuple[str, ...]
    tightest_sla: Promised | None
    share_of_slas: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """What hangs on every provider, owner, region and zone.

    Attributes:
        portfolio: its name.
        as_of: the day; agreements are those signed and in force on it.
        losses: by SLAs down, then customers, then services down, the most first; ties by id.
        services: how many services the portfolio holds.
        slas: how many SLAs are in force.
        proven: whether every service `at_risk` was shown to be; else, as proof was out of reach, some may rest on what
            has lost a branch without needing the branch. None is left out.
        not_known: ids of the services of which nobody says what they are made of, sorted; what hangs on whom is not
            known of them.
    """

    portfolio: str
    as_of: date
    losses: tuple[LossImpact, ...]
    services: int
    slas: int
    proven: bool
    not_known: tuple[str, ...]

    def of_kind(self, kind: LossKind) -> tuple[LossImpact, ...]:
        """The losses of one kind, ranked."""
        return tuple(each for each in self.losses if each.loss.kind is kind)


class ElementKind(StrEnum):
    """Whose importance is measured."""

    COMPONENT = "component"
    """What one promise, own part or missing promise stands for."""
    COMMON_CAUSE = "common_cause"
    """The event that takes all branches of a redundant group down at once."""
    AGREEMENT = "agreement"
    """All components that rest on one agreement, at once."""
    PROVIDER = "provider"
    """All components of the services of one provider, at once."""
    OWNER = "owner"
    """All components of the services of one provider and of everybody whom it owns, at once."""
    REGION = "region"
    """All components of the services that lie in one region, at once."""
    ZONE = "zone"
    """All components of the services that lie in one zone, at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """How much one element matters to a service, failures being independent (SEMANTICS §8).

    Q is the unavailability of the service; "failed" and "perfect" put the unavailability of every component of the
    element to 1 and to 0. For one component the measures are those of the textbooks; for several at once see
    docs/concentration.md.

    Attributes:
        kind: what it is.
        id: of the agreement, provider or owner, the name of the region or zone; of a component, that of the service
            that it is a part of; of a common cause, the sorted ids of the branches, joined by `+`.
        agreement: of a component, the agreement that bounds it.
        missing: nothing stands for it: it is taken as perfect, Q and all measures are those at best.
        components: how many it holds.
        unavailability: q of a single component or common cause.
        birnbaum: Q(failed) − Q(perfect).
        criticality: (Q − Q(perfect)) / Q, which is birnbaum · q / Q for one component; None where Q is 0.
        fussell_vesely: P(some failed minimal cut set holds one of its components) / Q, exact; None where Q is 0 or
            the number is out of reach.
        raw: risk achievement worth, Q(failed) / Q; None where Q is 0.
        rrw: risk reduction worth, Q / Q(perfect); `math.inf` where nothing is left; None where Q is 0.
    """

    kind: ElementKind
    id: str
    agreement: str | None
    missing: bool
    components: int
    unavailability: float | None
    birnbaum: float
    criticality: float | None
    fussell_vesely: float | None
    raw: float | None
    rrw: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceImportance:
    """The importances in one service, in the view `achievable` on the basis `independent`.

    Attributes:
        service: its id.
        agreement: the SLA in whose terms it was asked: that with the highest availability; None = round the clock,
            as no SLA on it is in force.
        low, high: bounds of Q, at the best end of what is missing; equal where it is exact.
        missing: what nothing stands for.
        elements: by kind, then the most critical first; empty where Q is out of reach.
    """

    service: str
    agreement: str | None
    low: float
    high: float
    missing: tuple[Missing, ...]
    elements: tuple[Importance, ...]

    @property
    def exact(self) -> bool:
        """Whether Q itself is known."""
        return self.low == self.high

    def of_kind(self, kind: ElementKind) -> tuple[Importance, ...]:
        """The elements of one kind, the most critical first."""
        return tuple(each for each in self.elements if each.kind is kind)


class CutBy(StrEnum):
    """What the members of a cut set are."""

    COMPONENT = "component"
    """What a service does itself: of services that state an own part, and of those whose workflow needs nothing."""
    PROVIDER = "provider"
    """Providers, each with everything it provides or supplies, alone."""
    OWNER = "owner"
    """Ultimate owners, each with everything it owns; a provider that nobody owns is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutSets:
    """The minimal cut sets of a service: the smallest sets whose joint failure takes it down.

    Attributes:
        orders: entry i is how many have i members, exact; None where they are out of reach.
        smallest: the first of them, ids sorted within; those with fewer members first, then by id.
    """

    service: str
    by: CutBy
    orders: tuple[int, ...] | None
    smallest: tuple[tuple[str, ...], ...]

    @property
    def count(self) -> int | None:
        """How many there are; None where that is out of reach."""
        return None if self.orders is None else sum(self.orders)

    @property
    def lowest_order(self) -> int | None:
        """The number of members of the smallest; None where there are none, or they are out of reach."""
        return next((order for order, count in enumerate(self.orders or ()) if count), None)
