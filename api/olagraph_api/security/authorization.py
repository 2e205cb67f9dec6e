"""Whether a principal may do something: the one place that decides."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from olagraph_api.security.errors import Forbidden, PortfolioNotFound
from olagraph_api.security.principals import EVERY_PORTFOLIO, LEAST_ROLE, STORE_WIDE, Permission, Principal


class _Tenant(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Tenant)


def authorize(principal: Principal, permission: Permission, *, portfolio: str) -> None:
    """Return if the principal may do this in the portfolio, whether or not there is one of that name.

    Raises:
        PortfolioNotFound: it is not granted. This comes before the role, so that refusals tell nothing.
        Forbidden: the role is too low.
    """
    if not principal.sees(portfolio):
        raise PortfolioNotFound(portfolio)
    _check_role(principal, permission)


def authorize_store(principal: Principal, permission: Permission) -> None:
    """Return if the principal may do what reaches past any one portfolio (STORE_WIDE).

    Raises:
        Forbidden: the role is too low, or not every portfolio is granted: an admin of one tenant who could
            make keys could make one for all.
    """
    if permission not in STORE_WIDE:
        raise ValueError(f"to {permission} is a matter of one portfolio")
    _check_role(principal, permission)
    if EVERY_PORTFOLIO not in principal.portfolios:
        raise Forbidden(f"to {permission} takes a grant of every portfolio")


def visible_tenants(principal: Principal, tenants: Iterable[T]) -> tuple[T, ...]:
    """Those of a store's portfolios that the principal may know of, in their order."""
    return tuple(tenant for tenant in tenants if principal.sees(tenant.id))


def _check_role(principal: Principal, permission: Permission) -> None:
    if not principal.may(permission):
        raise Forbidden(f"to {permission} takes the role {LEAST_ROLE[permission]}; yours is {principal.role}")
