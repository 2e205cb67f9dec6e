"""Where an issuer's public keys come from: its discovery document, or a file."""

import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from jwt import PyJWK

from olagraph_api.security.errors import AuthenticationUnavailable
from olagraph_api.security.https_fetch import FetchError, fetch, is_https
from olagraph_api.security.key_sets import MOST_BYTES, KeySet, parse_key_set
from olagraph_api.security.strict_json import parse_object
from olagraph_api.security.watched_file import WatchedFile

FRESH = timedelta(minutes=10)
"""How long fetched keys are taken as they are."""

KEPT = timedelta(hours=24)
"""How long they count while the issuer cannot be reached."""

LEAST_INTERVAL = timedelta(seconds=30)
"""Between two attempts to fetch: made-up key ids must not turn us against the issuer."""


class KeySource(Protocol):
    """An issuer's keys. `find` does not wait; what has to wait is `refresh`, and `refresh_due` tells when."""

    def find(self, key_id: str | None, algorithm: str, *, now: datetime) -> PyJWK | None:
        """The key for a token's header, if it is known.

        Raises:
            AuthenticationUnavailable: no keys can be had.
        """
        ...

    def refresh_due(self, key_id: str | None, algorithm: str, *, now: datetime) -> bool:
        """Whether `refresh` should be called before `find`."""
        ...

    def refresh(self, *, now: datetime) -> None:
        """Fetch the keys. A failure is kept for `find` to tell where there are no older keys."""
        ...


class FileKeys:
    """A JWK Set in a local file, read again when it changes."""

    def __init__(self, path: Path, algorithms: Collection[str]) -> None:
        self._file = WatchedFile(
            path, lambda content: parse_key_set(content, algorithms), most_bytes=MOST_BYTES
        )

    def find(self, key_id: str | None, algorithm: str, *, now: datetime) -> PyJWK | None:
        """See KeySource."""
        try:
            return self._file.value().find(key_id, algorithm)
        except OSError as error:
            cause = error.strerror or str(error)
        except ValueError as error:
            cause = str(error)
        raise AuthenticationUnavailable(f"cannot read the JWK Set {self._file.path}: {cause}")

    def refresh_due(self, key_id: str | None, algorithm: str, *, now: datetime) -> bool:
        """Never: `find` notices a change itself."""
        return False

    def refresh(self, *, now: datetime) -> None:
        """Nothing to do."""


@dataclass(frozen=True, slots=True)
class _Fetched:
    keys: KeySet
    at: datetime


class IssuerKeys:
    """The JWK Set that the issuer's discovery document names (OpenID Connect Discovery 1.0 §4)."""

    def __init__(
        self, issuer: str, algorithms: Collection[str], *, ca_file: Path | None = None, seconds: float = 5
    ) -> None:
        """The keys of `issuer`, an https address.

        Args:
            ca_file: PEM certificates to trust in place of the system's.
            seconds: for each of the two documents.
        """
        self._issuer = issuer
        self._algorithms = tuple(algorithms)
        self._ca_file = ca_file
        self._seconds = seconds
        self._fetching = threading.Lock()
        self._attempted: datetime | None = None
        self._fetched: _Fetched | None = None
        self._failure = "nothing was fetched yet"

    def find(self, key_id: str | None, algorithm: str, *, now: datetime) -> PyJWK | None:
        """See KeySource."""
        fetched = self._usable(now)
        if fetched is None:
            raise AuthenticationUnavailable(f"no keys of {self._issuer}: {self._failure}")
        return fetched.keys.find(key_id, algorithm)

    def refresh_due(self, key_id: str | None, algorithm: str, *, now: datetime) -> bool:
        """See KeySource. While one thread fetches, only those wait whose key is not known."""
        fetched = self._usable(now)
        known = fetched is not None and fetched.keys.find(key_id, algorithm) is not None
        if self._fetching.locked():
            return not known
        fresh = known and fetched is not None and abs(now - fetched.at) <= FRESH
        return not fresh and self._may_attempt(now)

    def refresh(self, *, now: datetime) -> None:
        """See KeySource. Of several threads one fetches, and the others wait for it."""
        with self._fetching:
            if not self._may_attempt(now):
                return
            self._attempted = now
            try:
                self._fetched = _Fetched(self._fetch(), now)
            except (FetchError, ValueError) as error:
                self._failure = str(error)

    # Ages are absolute values: a clock that was set back must not stop time until it has caught up.

    def _usable(self, now: datetime) -> _Fetched | None:
        fetched = self._fetched
        return fetched if fetched is not None and abs(now - fetched.at) <= KEPT else None

    def _may_attempt(self, now: datetime) -> bool:
        return self._attempted is None or abs(now - self._attempted) >= LEAST_INTERVAL

    def _fetch(self) -> KeySet:
        url = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        discovery = parse_object(self._document(url))
        if discovery.get("issuer") != self._issuer:  # ibid. §4.3: exactly the one that was asked
            raise ValueError(f"{url} is of another issuer")
        address = discovery.get("jwks_uri")
        if not isinstance(address, str) or not is_https(address):
            raise ValueError(f"{url} names no https address as its jwks_uri")
        return parse_key_set(self._document(address), self._algorithms)

    def _document(self, url: str) -> bytes:
        return fetch(url, most_bytes=MOST_BYTES, seconds=self._seconds, ca_file=self._ca_file)
