"""Look-ups and walks over one portfolio."""

from collections.abc import Container, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date

from olagraph.graph.offers import Offers
from olagraph.graph.sections import by_id, in_same_order
from olagraph.graph.uses import VIA, Use, Uses
from olagraph.model.entities import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    Customer,
    Portfolio,
    Provider,
    ProviderKind,
    Service,
)


class PortfolioGraph:
    """Look-ups and walks over one portfolio. Built once, never changed.

    Args:
        earlier: the graph of another portfolio. What follows from entities that are the same objects in both is not
            worked out again; a look-up of which nothing has changed is the same object in both.

    Attributes:
        portfolio: the snapshot.
        providers, customers, services: by id.
        agreements: by id, with what they inherit filled in.
    """

    def __init__(self, portfolio: Portfolio, *, earlier: "PortfolioGraph | None" = None) -> None:
        self.portfolio = portfolio
        self.providers: Mapping[str, Provider] = by_id(
            portfolio.providers, earlier=None if earlier is None else earlier.providers
        )
        self.customers: Mapping[str, Customer] = by_id(
            portfolio.customers, earlier=None if earlier is None else earlier.customers
        )
        self.services: Mapping[str, Service] = by_id(
            portfolio.services, earlier=None if earlier is None else earlier.services
        )
        stated = by_id(portfolio.agreements, earlier=None if earlier is None else earlier._offers.stated)
        if earlier is not None and not (
            in_same_order(earlier.services, self.services) and in_same_order(earlier._offers.stated, stated)
        ):
            earlier = None
        self._uses: Uses = Uses(self.services, earlier=None if earlier is None else earlier._uses)
        self._offers: Offers = Offers(
            stated, self.services, earlier=None if earlier is None else earlier._offers
        )
        self.agreements = self._offers.agreements
        self._owners = {p.id: tuple(self._walk_owners(p.id)) for p in portfolio.providers}

    def _walk_owners(self, provider: str) -> Iterator[str]:
        owner = self.providers[provider].parent
        while owner is not None:
            yield owner
            owner = self.providers[owner].parent

    # Parties ---------------------------------------------------------------------------------------------

    def owners(self, provider: str) -> tuple[str, ...]:
        """The owners of `provider`, nearest first."""
        return self._owners[provider]

    def is_external(self, provider: str) -> bool:
        """Whether `provider` is a supplier rather than one of our own teams."""
        return self.providers[provider].kind is ProviderKind.EXTERNAL

    def kind_of(self, agreement: Agreement) -> AgreementKind:
        """The stated kind, else the one that follows from the parties (SEMANTICS §7, `KIND_MISMATCH`)."""
        if agreement.kind is not None:
            return agreement.kind
        if any(party in self.customers for party in agreement.customers):
            return AgreementKind.SLA
        return AgreementKind.UC if self.is_external(agreement.provider) else AgreementKind.OLA

    def party_name(self, party: str) -> str:
        """What people call a provider or a customer."""
        found = self.customers.get(party) or self.providers.get(party)
        return (found.name if found else None) or party

    def service_name(self, service: str) -> str:
        """What people call a service."""
        return self.services[service].name or service

    # Agreements -------------------------------------------------------------------------------------------

    def covered_by(self, agreement: Agreement) -> tuple[str, ...]:
        """The ids of the services that `agreement` covers, each promised on its own."""
        return self._offers.covered[agreement.id]

    def covering(self, service: str) -> tuple[Agreement, ...]:
        """Every agreement that covers `service`, whoever it is made to."""
        found = {a.id: a for party in self._offers.by_service.get(service, {}).values() for a in party}
        return tuple(found.values())

    def covered_twice(self) -> AbstractSet[str]:
        """The services that several agreements cover."""
        return self._offers.covered_twice

    def candidates(self, *, user: str, service: str, day: date) -> Iterator[tuple[Agreement, ...]]:
        """The agreements that may back the use of `service` by the provider `user`, one level of nearness
        after another.

        Signed, in force on `day`, covering the service, made by another provider than `user`; nearest first: made to
        `user`, to its owners, to everybody (SEMANTICS §1). Levels without a candidate are left out.
        """
        parties = self._offers.by_service.get(service)
        if parties is None:
            return
        for party in (user, *self.owners(user), None):
            level = tuple(
                a
                for a in parties.get(party, ())
                if a.provider != user and a.status is AgreementStatus.SIGNED and a.in_force(day)
            )
            if level:
                yield level

    # Services ---------------------------------------------------------------------------------------------

    def uses(self, service: str) -> tuple[Use, ...]:
        """What `service` uses directly, workflow before requires."""
        return self._uses.of[service]

    def used_by(self, service: str) -> tuple[Use, ...]:
        """The direct uses of `service`."""
        return self._uses.by.get(service, ())

    def users(self, service: str, *, day: date) -> tuple[str, ...]:
        """The providers that use `service`: through a service of their own, or to resell it on `day`."""
        own = self.services[service].provider
        through = (self.services[use.user].provider for use in self._uses.by.get(service, ()))
        resellers = (a.provider for a in self.covering(service) if a.provider != own and a.in_force(day))
        return tuple(dict.fromkeys((*through, *resellers)))

    def upstream(self, service: str, *, via: Container[str] = VIA) -> frozenset[str]:
        """Every service that `service` uses, directly or through others; itself if it is on a cycle.

        Args:
            via: the kinds of uses that are followed.
        """
        return self._uses.upstream(service, via=via)

    def downstream(self, service: str, *, via: Container[str] = VIA) -> frozenset[str]:
        """Every service that uses `service`, directly or through others; itself if it is on a cycle.

        Args:
            via: the kinds of uses that are followed.
        """
        return self._uses.downstream(service, via=via)

    def above(self, services: Iterable[str]) -> frozenset[str]:
        """Some services and every service that uses any of them, directly or through others."""
        return self._uses.above(services)

    def path(self, *, user: str, used: str, longest: int = 64) -> tuple[str, ...]:
        """A shortest chain of uses from one service to another, both ends included.

        Empty if there is none, or none of at most `longest` uses: nobody reads a longer one.
        """
        return self._uses.path(user=user, used=used, longest=longest)

    def used_first(self) -> tuple[str, ...]:
        """All services, each after those that it uses, as far as circles allow."""
        return self._uses.used_first()

    def cycles(self) -> tuple[tuple[str, ...], ...]:
        """The groups of services that use each other in a circle, each group sorted by id."""
        return self._uses.cycles()
