"""API keys: `olagraph_<id>_<secret>`, of which only a digest is kept.

The secret is 256 bits of chance, so there is nothing for a dictionary to guess and one round of SHA-256 keeps it:
a slow hash guards passwords that people choose, and here would only let strangers burn our processor.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, StringConstraints

from olagraph_api.security.errors import Unauthenticated
from olagraph_api.security.principals import Principal, Role

PREFIX = "olagraph_"

_ID_BYTES = 8
_SECRET_BYTES = 32
_SPELLED = re.compile(rf"{PREFIX}([0-9a-f]{{{2 * _ID_BYTES}}})_[0-9a-f]{{{2 * _SECRET_BYTES}}}")
_NO_DIGEST = "0" * 64  # compared with where there is no such key, so that the work is the same

Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What is kept of a key; the key itself is shown once, when it is made.

    Attributes:
        id: the part that may be shown: in lists, in the audit log.
        digest: SHA-256 of the whole key, in hexadecimal digits.
        role, portfolios: see Principal.
        label: whose it is or what for.
        created: when it was made.
        expires: the first moment at which it no longer counts; None = never.
        revoked: when it was revoked; None = it was not.
    """

    id: Annotated[str, StringConstraints(pattern=rf"^[0-9a-f]{{{2 * _ID_BYTES}}}$")]
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = field(repr=False)
    role: Role
    portfolios: frozenset[Text]
    label: Text
    created: AwareDatetime
    expires: AwareDatetime | None = None
    revoked: AwareDatetime | None = None

    def principal(self) -> Principal:
        """Who holds the key."""
        return Principal(id=f"key:{self.id}", name=self.label, role=self.role, portfolios=self.portfolios)

    def refused_at(self, now: datetime) -> str | None:
        """Why the key does not count at a moment; None = it does."""
        if self.revoked is not None:
            return f"key {self.id} is revoked"
        if self.expires is not None and now >= self.expires:
            return f"key {self.id} has expired"
        return None


def new_key(
    *, role: Role, portfolios: frozenset[str], label: str, created: datetime, expires: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key: what is kept of it, and the key itself, which is for its holder alone."""
    id_ = secrets.token_hex(_ID_BYTES)
    spelled = f"{PREFIX}{id_}_{secrets.token_hex(_SECRET_BYTES)}"
    kept = ApiKey(
        id=id_,
        digest=_digest(spelled),
        role=role,
        portfolios=portfolios,
        label=label,
        created=created,
        expires=expires,
    )
    return kept, spelled


def find_key(keys: Mapping[str, ApiKey], spelled: str, *, now: datetime) -> ApiKey:
    """The key that `spelled` is. Every refusal takes the same steps.

    Args:
        keys: by id.

    Raises:
        Unauthenticated: there is no such key, or it does not count now.
    """
    match = _SPELLED.fullmatch(spelled)
    if match is None:
        raise Unauthenticated("not the spelling of a key")
    held = keys.get(match[1])
    same = hmac.compare_digest(_digest(spelled), _NO_DIGEST if held is None else held.digest)
    if held is None or not same:
        raise Unauthenticated(f"there is no such key: id {match[1]}")
    reason = held.refused_at(now)
    if reason is not None:
        raise Unauthenticated(reason)
    return held


def _digest(spelled: str) -> str:
    return hashlib.sha256(spelled.encode("ascii")).hexdigest()
