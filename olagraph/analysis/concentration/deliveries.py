"""Who else stands between a user and a service: the resellers that it is delivered through."""

from collections.abc import Iterator
from datetime import date

from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Agreement, AgreementStatus


class Deliveries:
    """The agreements in force on a day, and the resellers in them. Answers are remembered."""

    def __init__(self, graph: PortfolioGraph, day: date) -> None:
        self._graph = graph
        self._day = day
        self._found: dict[tuple[str, str], frozenset[str]] = {}

    def holding(self) -> Iterator[Agreement]:
        """The agreements that are signed and in force."""
        return (a for a in self._graph.agreements.values() if self._holds(a))

    def covering(self, service: str) -> list[Agreement]:
        """Those of them that cover a service."""
        return [a for a in self._graph.covering(service) if self._holds(a)]

    def _holds(self, agreement: Agreement) -> bool:
        return agreement.status is AgreementStatus.SIGNED and agreement.in_force(self._day)

    def resellers(self, *, user: str, service: str) -> frozenset[str]:
        """The providers, other than the service's own, whose failure ends its delivery to the provider `user`.

        All agreements at the nearest level stand together (SEMANTICS §1), each followed through its resellers.
        """
        key = (user, service)
        if key not in self._found:
            own = self._graph.services[service].provider
            seen = {user}
            pending = [user] if user != own else []
            while pending:
                buyer = pending.pop()
                for agreement in next(self._graph.candidates(user=buyer, service=service, day=self._day), ()):
                    if agreement.provider != own and agreement.provider not in seen:
                        seen.add(agreement.provider)
                        pending.append(agreement.provider)
            self._found[key] = frozenset(seen - {user})
        return self._found[key]
