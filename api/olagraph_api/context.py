"""What resolvers read as `info.context`: who asks, when, and the portfolios as they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from graphql import GraphQLError

from olagraph.stores import Store, Tenant
from olagraph_api.limits import Code, refusal
from olagraph_api.security.authorization import authorize, visible_tenants
from olagraph_api.security.errors import Forbidden, PortfolioNotFound
from olagraph_api.security.principals import Permission, Principal
from olagraph_api.snapshots import Snapshot


class Snapshots(Protocol):
    """Where a context takes snapshots from."""

    def current(self, portfolio: str) -> Snapshot | None:
        """The latest snapshot; None where the store holds no such portfolio."""
        ...

    def tenants(self) -> tuple[Tenant, ...]:
        """The portfolios that the store holds."""
        ...


@dataclass(slots=True, kw_only=True)
class Context:
    """The context of one operation.

    Attributes:
        principal: who asks.
        request_id: stands in logs and errors.
        store: where portfolios are kept.
        snapshots: what is known of them.
        clock: tells the time.
    """

    principal: Principal
    request_id: str
    store: Store
    snapshots: Snapshots
    clock: Callable[[], datetime]

    def now(self) -> datetime:
        """The time in UTC."""
        return self.clock()

    def today(self) -> date:
        """The day in UTC."""
        return self.now().date()

    def require(self, permission: Permission, portfolio_id: str) -> None:
        """Return if the principal may do this in the portfolio.

        Raises:
            GraphQLError: UNKNOWN_PORTFOLIO where it is not granted, FORBIDDEN where the role is too low.
        """
        try:
            authorize(self.principal, permission, portfolio=portfolio_id)
        except PortfolioNotFound:
            raise unknown_portfolio(portfolio_id) from None
        except Forbidden as forbidden:
            raise refusal(str(forbidden), Code.FORBIDDEN) from None

    def snapshot(self, portfolio_id: str) -> Snapshot:
        """The portfolio as it is: at least as new as when the request arrived, and one snapshot for all its fields.

        Raises:
            GraphQLError: UNKNOWN_PORTFOLIO, where there is none of this name or it is not granted.
        """
        self.require(Permission.READ, portfolio_id)
        snapshot = self.snapshots.current(portfolio_id)
        if snapshot is None:
            raise unknown_portfolio(portfolio_id)
        return snapshot

    def portfolios(self) -> tuple[Tenant, ...]:
        """The portfolios granted, by id."""
        return visible_tenants(self.principal, self.snapshots.tenants())


def unknown_portfolio(portfolio_id: str) -> GraphQLError:
    """The refusal of a portfolio that is not there, or not granted."""
    return refusal(str(PortfolioNotFound(portfolio_id)), Code.UNKNOWN_PORTFOLIO)
