"""Principals, their roles, and what each role may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Self

EVERY_PORTFOLIO = "*"


class Role(StrEnum):
    """What a principal may do. Roles are ordered by rank, VIEWER < EDITOR < ADMIN, not by the alphabet."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """0 for the role that may do least."""
        return tuple(type(self)).index(self)

    def __lt__(self, other: str) -> bool:
        return self.rank < Role(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Role(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Role(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Role(other).rank


class Permission(StrEnum):
    """One thing that a role may be allowed."""

    READ = "read"
    WRITE = "write"
    CREATE_PORTFOLIO = "create a portfolio"
    REMOVE_PORTFOLIO = "remove a portfolio"
    WIPE_STORE = "wipe the store"
    MANAGE_KEYS = "manage keys"


LEAST_ROLE: Mapping[Permission, Role] = MappingProxyType(
    {
        Permission.READ: Role.VIEWER,  # a portfolio, its history, everything computed from it
        Permission.WRITE: Role.EDITOR,  # changes, restorations, imports, verdicts written back
        Permission.CREATE_PORTFOLIO: Role.ADMIN,
        Permission.REMOVE_PORTFOLIO: Role.ADMIN,
        Permission.WIPE_STORE: Role.ADMIN,
        Permission.MANAGE_KEYS: Role.ADMIN,
    }
)
"""The lowest role that is allowed each thing."""

STORE_WIDE = frozenset({Permission.WIPE_STORE, Permission.MANAGE_KEYS})
"""What reaches past any one portfolio, so that it takes a grant of every portfolio too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who asks.

    Attributes:
        id: unique and lasting: `key:` and the key's id, `oidc:` and the subject, or `local`.
        name: for people; what the change log and the audit log show.
        role: the same in every portfolio granted.
        portfolios: the ids of the portfolios granted; EVERY_PORTFOLIO in it grants all.
    """

    id: str
    name: str
    role: Role
    portfolios: frozenset[str]

    @classmethod
    def local(cls, name: str) -> Self:
        """Whoever uses this machine, where no accounts are configured and only this machine is served."""
        return cls(id="local", name=name, role=Role.ADMIN, portfolios=frozenset({EVERY_PORTFOLIO}))

    def may(self, permission: Permission) -> bool:
        """Whether the role allows it, in the portfolios granted."""
        return self.role >= LEAST_ROLE[permission]

    def sees(self, portfolio: str) -> bool:
        """Whether the portfolio is granted."""
        return EVERY_PORTFOLIO in self.portfolios or portfolio in self.portfolios
