"""What the things of a portfolio are called in reports for people."""

from collections.abc import Iterable, Sequence

from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Agreement, AgreementKind, Portfolio
from olagraph.reports.visible import label


class Names:
    """Names by id, made visible; an id stands for itself where nothing else is stated.

    Args:
        portfolio: whose things they are.
        graph: of the portfolio, where there is one already.
    """

    def __init__(self, portfolio: Portfolio, graph: PortfolioGraph | None = None) -> None:
        self._graph = graph or PortfolioGraph(portfolio)

    def provider(self, id: str) -> str:
        """A provider's name."""
        found = self._graph.providers.get(id)
        return label((found and found.name) or id)

    def service(self, id: str) -> str:
        """A service's name."""
        found = self._graph.services.get(id)
        return label((found and found.name) or id)

    def agreement(self, id: str) -> Agreement | None:
        """The agreement of that id."""
        return self._graph.agreements.get(id)

    def customer(self, id: str, *, kind: AgreementKind) -> str:
        """The name of an agreement's other party: an SLA's is looked for among customers first (FORMAT)."""
        customer, provider = self._graph.customers.get(id), self._graph.providers.get(id)
        found = (customer or provider) if kind is AgreementKind.SLA else (provider or customer)
        return label((found and found.name) or id)

    def customers(self, agreement: Agreement) -> str:
        """The other parties in words: "Retail and 2 more"; empty for standard terms."""
        kind = self.kind(agreement)
        return enumeration([self.customer(id, kind=kind) for id in agreement.customers], most=2)

    def kind(self, agreement: Agreement) -> AgreementKind:
        """The kind as stated, else as it follows from the parties."""
        return self._graph.kind_of(agreement)

    def clause(self, agreement: str) -> str:
        """Where to look it up: the stated clause, else the agreement's id."""
        found = self._graph.agreements.get(agreement)
        return label((found and found.ref) or agreement)

    def promiser(self, agreement: str) -> str:
        """The name of the provider who made a promise; the agreement's id where it is not known."""
        found = self._graph.agreements.get(agreement)
        return self.provider(found.provider) if found else label(agreement)


def enumeration(items: Sequence[str], *, most: int) -> str:
    """`a, b and 3 more`."""
    if len(items) > most + 1:
        return f"{', '.join(items[:most])} and {len(items) - most} more"
    return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def plural(count: int, noun: str) -> str:
    """`1 target`, `2 targets`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def distinct(items: Iterable[str]) -> list[str]:
    """Each item once, in the order of its first appearance."""
    return list(dict.fromkeys(items))
