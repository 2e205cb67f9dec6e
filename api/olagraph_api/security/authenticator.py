"""From an Authorization header to a principal."""

import re
from datetime import datetime

import anyio
import anyio.to_thread

from olagraph_api.security.api_keys import PREFIX
from olagraph_api.security.errors import Unauthenticated
from olagraph_api.security.key_file import KeyFile
from olagraph_api.security.key_sources import FileKeys, IssuerKeys
from olagraph_api.security.principals import Principal
from olagraph_api.security.settings import SecuritySettings
from olagraph_api.security.tokens import LONGEST_TOKEN, TokenVerifier

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)  # RFC 6750 §2.1
_LONGEST_HEADER = LONGEST_TOKEN + 100
_MOST_FETCHING = 4


class Authenticator:
    """Tells who asks, by API key or token; without either, everybody is `anyone`."""

    def __init__(
        self,
        *,
        keys: KeyFile | None = None,
        tokens: TokenVerifier | None = None,
        anyone: Principal | None = None,
    ) -> None:
        """An authenticator.

        Args:
            anyone: whom all requests are from where there are no accounts; goes with neither of the others.
        """
        if (anyone is None) == (keys is None and tokens is None):
            raise ValueError("either accounts, or somebody whom everybody is taken for")
        self._keys, self._tokens, self._anyone = keys, tokens, anyone
        # A limiter of its own: who waits for an issuer must not use up the threads that others need.
        self._fetching: anyio.CapacityLimiter | None = None

    async def authenticate(self, authorization: str | None, *, now: datetime) -> Principal:
        """Who asks.

        Args:
            authorization: the header, `Bearer` and an API key or token; None = there is none.

        Raises:
            Unauthenticated: nobody we know.
            AuthenticationUnavailable: it cannot be told just now.
        """
        if self._anyone is not None:
            return self._anyone
        if authorization is None:
            raise Unauthenticated("no credentials")
        match = _BEARER.fullmatch(authorization) if len(authorization) <= _LONGEST_HEADER else None
        if match is None:
            raise Unauthenticated("credentials of another form than Bearer and a key or token")
        if match[1].startswith(PREFIX):
            if self._keys is None:
                raise Unauthenticated("API keys are not configured")
            return self._keys.authenticate(match[1], now=now)
        if self._tokens is None:
            raise Unauthenticated("tokens are not configured")
        if self._tokens.refresh_due(match[1], now=now):
            self._fetching = self._fetching or anyio.CapacityLimiter(_MOST_FETCHING)
            await anyio.to_thread.run_sync(
                lambda tokens: tokens.refresh(now=now), self._tokens, limiter=self._fetching
            )
        return self._tokens.verify(match[1], now=now)


def authenticator_for(settings: SecuritySettings, *, local: Principal) -> Authenticator:
    """What the settings ask for.

    Args:
        local: whom all requests are from where they configure no accounts; see `require_authentication`.

    Raises:
        KeyFileError: the key file cannot be read; better told at the start than at every request.
    """
    if not settings.authenticates:
        return Authenticator(anyone=local)
    keys = None if settings.keys is None else KeyFile(settings.keys.file)
    if keys is not None:
        keys.keys()
    tokens = None
    if settings.oidc is not None:
        oidc = settings.oidc
        source = (
            IssuerKeys(oidc.issuer, oidc.algorithms, ca_file=oidc.ca_file)
            if oidc.jwks_file is None
            else FileKeys(oidc.jwks_file, oidc.algorithms)
        )
        tokens = TokenVerifier(oidc, source)
    return Authenticator(keys=keys, tokens=tokens)
