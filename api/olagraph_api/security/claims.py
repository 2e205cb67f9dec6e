"""From the claims of a verified token to a principal."""

from collections.abc import Mapping
from typing import Any

from olagraph.reports.visible import label
from olagraph_api.security.errors import Unauthenticated
from olagraph_api.security.principals import EVERY_PORTFOLIO, Principal, Role
from olagraph_api.security.settings import OidcSettings, PortfolioClaim, RoleClaim

_LONGEST_SUBJECT = 255  # OpenID Connect Core 1.0 §2
_MOST_VALUES = 1_000


def principal_of(claims: Mapping[str, Any], settings: OidcSettings) -> Principal:
    """Who a token speaks for.

    Raises:
        Unauthenticated: no subject, no role or no portfolio follows from the claims.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject or len(subject) > _LONGEST_SUBJECT:
        raise Unauthenticated("the token has no usable subject")
    role = _role(claims, settings.role)
    if role is None:
        raise Unauthenticated(f"the token of {label(subject)} carries no role")
    portfolios = _portfolios(claims, settings.portfolios)
    if not portfolios:
        raise Unauthenticated(f"the token of {label(subject)} grants no portfolio")
    name = claims.get(settings.name_claim)
    shown = label(name) if isinstance(name, str) else ""
    return Principal(id=f"oidc:{subject}", name=shown or label(subject), role=role, portfolios=portfolios)


def _role(claims: Mapping[str, Any], settings: RoleClaim) -> Role | None:
    """The highest of the roles that the claim's values stand for."""
    roles = [settings.values[value] for value in _values(claims, settings.claim) if value in settings.values]
    return max(roles, default=None)


def _portfolios(claims: Mapping[str, Any], settings: PortfolioClaim) -> frozenset[str]:
    granted = set(settings.everyone)
    if settings.claim is not None:
        for value in _values(claims, settings.claim):
            if settings.values is None:
                granted |= {value} - {EVERY_PORTFOLIO}  # all is granted by the configuration alone
            else:
                granted.update(settings.values.get(value, ()))
    return frozenset(granted)


def _values(claims: Mapping[str, Any], path: tuple[str, ...]) -> tuple[str, ...]:
    """The texts of a claim that holds one or a list of them; what is no text does not count."""
    found: Any = claims
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    values = found if isinstance(found, list) else [found]
    return tuple(value for value in values[:_MOST_VALUES] if isinstance(value, str) and value)
