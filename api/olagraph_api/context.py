"""What resolvers read as `info.context`: who asks, when, and the portfolios as they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType

from graphql import GraphQLError

from olagraph.stores import Store, Tenant
from olagraph_api.limits import Code, refusal
from olagraph_api.security.authorization import authorize, visible_tenants
from olagraph_api.security.errors import Forbidden, PortfolioNotFound
from olagraph_api.security.principals import Permission, Principal
from olagraph_api.snapshots import Seen, SeenTenants, Snapshot, Snapshots
from olagraph_api.waiting import Unready, being_read, is_repeated

_NOTHING: Mapping[str, Seen] = MappingProxyType({})


@dataclass(slots=True)
class Outcome:
    """What became of a mutation, for the audit log.

    Attributes:
        portfolio: the one that it was about.
        before, after: its revisions.
        refused: the code of the reason why nothing was written.
    """

    portfolio: str | None = None
    before: int | None = None
    after: int | None = None
    refused: str | None = None


class Context:
    """The context of one attempt to execute an operation.

    Args:
        principal: who asks.
        request_id: stands in logs and errors.
        store: where portfolios are kept; mutations write to it.
        snapshots: what this process knows of them.
        clock: tells the time.
        seen: the portfolios that were asked for before the attempt, by id; it sees them as they were then.
        tenants: likewise.

    Attributes:
        outcome: told by mutations.
    """

    def __init__(
        self,
        *,
        principal: Principal,
        request_id: str,
        store: Store,
        snapshots: Snapshots,
        clock: Callable[[], datetime],
        seen: Mapping[str, Seen] = _NOTHING,
        tenants: SeenTenants | None = None,
    ) -> None:
        self.principal = principal
        self.request_id = request_id
        self.store = store
        self.snapshots = snapshots
        self.outcome = Outcome()
        self._clock = clock
        self._seen = dict(seen)
        self._tenants = tenants

    def now(self) -> datetime:
        """The time in UTC."""
        return self._clock().astimezone(UTC)

    def today(self) -> date:
        """The day in UTC."""
        return self.now().date()

    def require(self, permission: Permission, portfolio_id: str) -> None:
        """Return if the principal may do this in the portfolio, whether or not there is one of that name.

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
        """The portfolio as it is: no older than the request, and the same one for every field of the operation.

        Raises:
            GraphQLError: UNKNOWN_PORTFOLIO, where there is none of this name or it is not granted.
            Unready: it is still to be read, and who asks is run again.
        """
        self.require(Permission.READ, portfolio_id)
        seen = self._seen.get(portfolio_id)
        if seen is None:
            reading = self.snapshots.fresh(portfolio_id)
            if is_repeated():
                raise Unready(reading, being_read(f"portfolio {portfolio_id!r}"))
            seen = self._seen[portfolio_id] = reading.result()
        if seen.snapshot is None:
            raise unknown_portfolio(portfolio_id)
        return seen.snapshot

    def see(self, snapshot: Snapshot) -> None:
        """From now on, take a snapshot for the portfolio as it is: for the next event of a subscription."""
        self._seen[snapshot.id] = Seen(portfolio=snapshot.id, snapshot=snapshot)

    def portfolios(self) -> tuple[Tenant, ...]:
        """The portfolios granted, by id."""
        if self._tenants is None:
            reading = self.snapshots.fresh_tenants()
            if is_repeated():
                raise Unready(reading, being_read("list of portfolios"))
            self._tenants = reading.result()
        return visible_tenants(self.principal, self._tenants.tenants)


def unknown_portfolio(portfolio_id: str) -> GraphQLError:
    """The refusal of a portfolio that is not there, or not granted: the two look alike."""
    return refusal(str(PortfolioNotFound(portfolio_id)), Code.UNKNOWN_PORTFOLIO)
