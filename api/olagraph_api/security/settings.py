"""The settings of everything here. They are checked when they are made; after that nothing can be wrong with them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from olagraph_api.security.https_fetch import is_https
from olagraph_api.security.key_sets import ALGORITHMS
from olagraph_api.security.principals import Role

_CHECKED = ConfigDict(extra="forbid", hide_input_in_errors=True)
_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE)


def _fault(expected: str) -> PydanticCustomError:
    return PydanticCustomError("olagraph", "{expected}", {"expected": expected})


def _algorithm(name: str) -> str:
    if name not in ALGORITHMS:
        raise _fault(f"one of {', '.join(ALGORITHMS)}")
    return name


def _issuer(url: str) -> str:
    if not is_https(url) or "?" in url or "#" in url:
        raise _fault("an https address, without query and fragment")
    return url


def _host(name: str) -> str:
    if not _HOST.fullmatch(name):
        raise _fault("the name of a host without a port, such as olagraph.example or *.example")
    return name.lower()


def _origin(origin: str) -> str:
    parts = urlsplit(origin)
    if (
        parts.scheme not in ("http", "https")
        or not parts.netloc
        or origin != f"{parts.scheme}://{parts.netloc}"
    ):
        raise _fault("an origin, such as https://status.example, without a path; * is not accepted")
    return origin.lower()


def _one_or_several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_one_or_several), Field(min_length=1)]
Algorithms = Annotated[
    tuple[Annotated[str, AfterValidator(_algorithm)], ...],
    BeforeValidator(_one_or_several),
    Field(min_length=1),
]
Units = Annotated[int, Field(ge=1, le=10**12)]


@dataclass(frozen=True, slots=True, kw_only=True, config=_CHECKED)
class KeySettings:
    """API keys.

    Attributes:
        file: made by `olagraph keys create`.
    """

    file: Path


@dataclass(frozen=True, slots=True, kw_only=True, config=_CHECKED)
class RoleClaim:
    """Which claim tells the role.

    Attributes:
        claim: its name, or the names that lead to it through nested objects.
        values: the role that each of its values stands for; the highest counts, none means no access.
    """

    claim: Texts
    values: Annotated[Mapping[Text, Role], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True, config=_CHECKED)
class PortfolioClaim:
    """Which portfolios a token grants.

    Attributes:
        everyone: granted to whoever has a role; `*` = all.
        claim: see RoleClaim; None = no claim is asked.
        values: the portfolios that each value of the claim stands for; None = the values are the portfolios' ids.
    """

    everyone: tuple[Text, ...] = ()
    claim: Texts | None = None
    values: Mapping[Text, Texts] | None = None

    @model_validator(mode="after")
    def _grants_something(self) -> Self:
        if not self.everyone and self.claim is None:
            raise _fault("`everyone` or a `claim`: who may see which portfolio")
        if self.values is not None and self.claim is None:
            raise _fault("the `claim` that `values` are of")
        return self


@dataclass(frozen=True, slots=True, kw_only=True, config=_CHECKED)
class OidcSettings:
    """OpenID Connect: tokens of one issuer.

    Attributes:
        issuer: its https address, exactly as its tokens state it.
        audience: tokens are accepted that are meant for one of these.
        algorithms: the signatures accepted.
        leeway: seconds that the issuer's clock and ours may differ by.
        jwks_file: its keys, where they are not to be fetched.
        ca_file: PEM certificates to trust in place of the system's.
        name_claim: the claim that holds a name for people.
        role, portfolios: what a token grants.
    """

    issuer: Annotated[str, AfterValidator(_issuer)]
    audience: Texts
    role: RoleClaim
    portfolios: PortfolioClaim
    algorithms: Algorithms = ("RS256",)
    leeway: Annotated[int, Field(ge=0, le=300)] = 60
    jwks_file: Path | None = None
    ca_file: Path | None = None
    name_claim: Text = "name"


@dataclass(frozen=True, slots=True, kw_only=True, config=_CHECKED)
class LimitSettings:
    """How much one may ask for.

    Attributes:
        burst: units of cost that a principal may spend at once.
        per_second: units that come back every second.
        failures: refused authentications that one address may have at once; as many come back a minute.
    """

    burst: Units = 200_000
    per_second: Units = 20_000
    failures: Units = 60


@dataclass(frozen=True, slots=True, kw_only=True, config=_CHECKED)
class AuditSettings:
    """The audit log.

    Attributes:
        file: lines of JSON are appended to it.
        variables: write the values of variables, not only their names.
    """

    file: Path
    variables: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, config=_CHECKED)
class SecuritySettings:
    """All of it; the default is loopback without accounts.

    Attributes:
        keys, oidc: how to authenticate; with neither, only this machine can be served.
        limits: see LimitSettings.
        audit: None = no audit log.
        allowed_hosts: names, beside those of this machine, that a request's Host may hold.
        allowed_origins: other sites whose pages may call the API from a browser (CORS).
    """

    keys: KeySettings | None = None
    oidc: OidcSettings | None = None
    limits: LimitSettings = LimitSettings()
    audit: AuditSettings | None = None
    allowed_hosts: Annotated[
        tuple[Annotated[str, AfterValidator(_host)], ...], BeforeValidator(_one_or_several)
    ] = ()
    allowed_origins: Annotated[
        tuple[Annotated[str, AfterValidator(_origin)], ...], BeforeValidator(_one_or_several)
    ] = ()

    @property
    def authenticates(self) -> bool:
        """Whether there is any way to tell who asks."""
        return self.keys is not None or self.oidc is not None
