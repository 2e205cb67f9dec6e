"""Store URLs: `sqlite:///file`, `neo4j://host`, `bolt://host` and their encrypted forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from olagraph.documents.nearest import NearestNames
from olagraph.stores.errors import WrongAddress

DEFAULT_PORTFOLIO = "default"
LONGEST_PORTFOLIO = 200
"""Characters of the name of a portfolio in a store; databases keep an index of them."""

_PORTFOLIO = "portfolio"
_LONGEST_SHOWN = 500
_NAMES_OF_FILES = "surrogateescape"

SQLITE = "sqlite"
NEO4J_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
SCHEMES = (SQLITE, *NEO4J_SCHEMES)

_EXPECTED = "expected sqlite:///file, neo4j://host:7687 or bolt://host:7687 (+s encrypts)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a store is, and which portfolio of it is meant.

    Attributes:
        scheme: one of `SCHEMES`.
        server: of Neo4j, the URI for its driver, without credentials and database.
        database: of Neo4j; None = the user's home database.
        user, password: of Neo4j; None = none given.
        file: of SQLite.
        portfolio: which of the portfolios in the store.
        chosen: whether the URL names it.
        shown: the URL without a password, for messages.
    """

    scheme: str
    server: str = ""
    database: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    file: Path | None = None
    portfolio: str = DEFAULT_PORTFOLIO
    chosen: bool = False
    shown: str = ""


def is_store(source: str) -> bool:
    """Whether a SOURCE is meant as the URL of a store and not as the name of a file."""
    scheme, colon, rest = source.partition(":")
    return bool(colon) and scheme.lower() in SCHEMES and (scheme.lower() == SQLITE or rest.startswith("//"))


def parse_address(url: str, environment: Mapping[str, str]) -> Address:
    """The address that a URL spells.

    Args:
        environment: for Neo4j, NEO4J_USERNAME, NEO4J_PASSWORD and NEO4J_DATABASE where the URL does not say.

    Raises:
        WrongAddress: it is none.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # its text may quote the password
        raise WrongAddress(
            f"{_without_password(url)} is no store: no host and port can be read from it; {_EXPECTED}"
        ) from None
    scheme = parts.scheme.lower()
    if scheme not in SCHEMES:
        raise WrongAddress(f"{_without_password(url)} is no store; {_EXPECTED}")
    try:  # the names of files are bytes, of which the system makes surrogates
        url.encode(errors=_NAMES_OF_FILES if scheme == SQLITE else "strict")
    except UnicodeEncodeError:
        raise WrongAddress(f"{_without_password(url)} holds what is no character") from None
    if scheme != SQLITE and "@" in parts.path + parts.query + parts.fragment:
        raise WrongAddress(
            f"{_without_password(url)}: an @ comes after the host's end: in user and password,"
            " spell / ? # @ as %2F %3F %23 %40"
        )
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    named = [value for key, value in pairs if key == _PORTFOLIO]
    options = {key: value for key, value in pairs if key != _PORTFOLIO}
    chosen, portfolio = bool(named), named[0] if named else DEFAULT_PORTFOLIO
    if len(named) > 1:
        raise WrongAddress(f"{_without_password(url)}: names {len(named)} portfolios; expected one")
    if not portfolio:
        raise WrongAddress(f"{_without_password(url)}: `?portfolio=` names no portfolio")
    if not portfolio.isprintable() or len(portfolio) > LONGEST_PORTFOLIO:
        raise WrongAddress(
            f"{_without_password(url)}: expected at most {LONGEST_PORTFOLIO} visible characters after ?portfolio="
        )
    unknown = f"#{parts.fragment}" if parts.fragment else _unknown_option(options, scheme)
    if unknown:
        raise WrongAddress(
            f"{_without_password(url)}: unknown {_printable(unknown)}; the one option is ?portfolio=ID"
        )
    if scheme == SQLITE:
        file = unquote(parts.path, errors=_NAMES_OF_FILES)
        return _sqlite(url, parts.netloc, file, portfolio, chosen)
    if not parts.hostname:
        raise WrongAddress(f"{_without_password(url)} names no host; expected {scheme}://host:7687")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    server = f"{scheme}://{host}{f':{port}' if port is not None else ''}"
    database = unquote(parts.path.strip("/")) or environment.get("NEO4J_DATABASE") or None
    user = unquote(parts.username) if parts.username else environment.get("NEO4J_USERNAME")
    password = unquote(parts.password) if parts.password is not None else environment.get("NEO4J_PASSWORD")
    return Address(
        scheme=scheme,
        server=server + (f"?{urlencode(options)}" if options else ""),  # routing context
        database=database,
        user=user or ("neo4j" if password is not None else None),
        password=password,
        portfolio=portfolio,
        chosen=chosen,
        shown=f"{server}{f'/{quote(database)}' if database else ''}{_chosen(portfolio)}",
    )


def _unknown_option(options: Mapping[str, str], scheme: str) -> str | None:
    """An option of a URL that means nothing.

    `neo4j://` may say how a cluster is to route, in words of its own; what is meant to name a portfolio is none of
    them, or another portfolio would be read and written.
    """
    routes = scheme.startswith("neo4j")
    alike = NearestNames()
    for key in options:
        if not routes or alike.find(key.lower(), (_PORTFOLIO,), what="option"):
            return f"?{key}="
    return None


def _sqlite(url: str, host: str, path: str, portfolio: str, chosen: bool) -> Address:
    name = path.removeprefix("/")
    if host or not url[len(SQLITE) :].startswith(":///") or not name:
        raise WrongAddress(
            f"{_without_password(url)} names no file; expected sqlite:///file.db, or sqlite:////absolute/path.db"
        )
    return Address(
        scheme=SQLITE,
        file=Path(name),
        portfolio=portfolio,
        chosen=chosen,
        shown=f"{SQLITE}:///{_spelled(name)}{_chosen(portfolio)}",
    )


def _chosen(portfolio: str) -> str:
    return "" if portfolio == DEFAULT_PORTFOLIO else f"?portfolio={quote(portfolio)}"


def _spelled(name: str) -> str:
    """A file's name as it is spelled in a URL, as far as one has to."""
    return "".join(
        char if char.isprintable() and char not in " %?#" else quote(char, errors=_NAMES_OF_FILES)
        for char in name
    )


def _without_password(url: str) -> str:
    """A URL that may be no URL at all, safe to show."""
    head, at, tail = url.rpartition("@")
    scheme, slashes, credentials = head.partition("://")
    return _printable(f"{scheme}{slashes}{credentials.partition(':')[0]}@{tail}" if at else url)


def _printable(text: str) -> str:
    text = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    return text if text and text.isprintable() else repr(text)
