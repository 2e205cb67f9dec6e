"""Store URLs: what they mean, what is refused, and that no password shows."""

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olagraph.stores import Address, StoreError, WrongAddress, is_store, parse_address
from olagraph.stores.address import NEO4J_SCHEMES, SCHEMES

SET = {"NEO4J_USERNAME": "ana", "NEO4J_PASSWORD": "hidden", "NEO4J_DATABASE": "promises"}
SECRET = "s3cr3t"


@pytest.mark.parametrize(
    ("url", "file", "portfolio", "shown"),
    [
        ("sqlite:///olagraph.db", "olagraph.db", "default", "sqlite:///olagraph.db"),
        ("sqlite:///data/olagraph.db", "data/olagraph.db", "default", "sqlite:///data/olagraph.db"),
        ("sqlite:////var/olagraph.db", "/var/olagraph.db", "default", "sqlite:////var/olagraph.db"),
        ("SQLite:///olagraph.db", "olagraph.db", "default", "sqlite:///olagraph.db"),
        ("sqlite:///o.db?portfolio=bank", "o.db", "bank", "sqlite:///o.db?portfolio=bank"),
        ("sqlite:///o.db?portfolio=default", "o.db", "default", "sqlite:///o.db"),
        ("sqlite:///o.db?portfolio=a%20b", "o.db", "a b", "sqlite:///o.db?portfolio=a%20b"),
        ("sqlite:///\udcff.db", "\udcff.db", "default", "sqlite:///%FF.db"),
        ("sqlite:///%FF.db", "\udcff.db", "default", "sqlite:///%FF.db"),
        ("sqlite:///a%20b%3F.db", "a b?.db", "default", "sqlite:///a%20b%3F.db"),
        ("sqlite:///C:/data/o.db", "C:/data/o.db", "default", "sqlite:///C:/data/o.db"),
    ],
)
def test_sqlite_urls_name_a_file_and_a_portfolio(url, file, portfolio, shown):
    address = parse_address(url, SET)
    assert (address.scheme, address.file, address.portfolio, address.shown) == (
        "sqlite",
        Path(file),
        portfolio,
        shown,
    )
    assert address.chosen == ("portfolio=" in url)
    assert address.server == ""
    assert address.user is address.password is address.database is None
    assert is_store(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("neo4j://host", {"server": "neo4j://host"}),
        ("bolt://host:7688/", {"server": "bolt://host:7688"}),
        ("NEO4J+S://Host:7687", {"server": "neo4j+s://host:7687"}),
        ("bolt+ssc://[::1]:7687", {"server": "bolt+ssc://[::1]:7687"}),
        (
            "neo4j://host/sales",
            {"server": "neo4j://host", "database": "sales", "shown": "neo4j://host/sales"},
        ),
        ("neo4j://host?region=eu", {"server": "neo4j://host?region=eu", "shown": "neo4j://host"}),
        (
            "neo4j://host/sales?portfolio=bank&region=eu",
            {
                "server": "neo4j://host?region=eu",
                "database": "sales",
                "portfolio": "bank",
                "chosen": True,
                "shown": "neo4j://host/sales?portfolio=bank",
            },
        ),
        (
            f"neo4j://bo:{SECRET}@host:7687",
            {"server": "neo4j://host:7687", "user": "bo", "password": SECRET, "shown": "neo4j://host:7687"},
        ),
        ("neo4j://bo@host", {"server": "neo4j://host", "user": "bo"}),
        (f"neo4j://:{SECRET}@host", {"server": "neo4j://host", "user": "neo4j", "password": SECRET}),
        ("neo4j://b%40o:a%2Fb%3A%23@host", {"server": "neo4j://host", "user": "b@o", "password": "a/b:#"}),
    ],
)
def test_neo4j_urls_name_server_database_user_and_portfolio(url, expected):
    address = parse_address(url, {})
    shown = expected.get("shown", expected["server"])
    assert address == Address(**{"scheme": expected["server"].split(":")[0], **expected, "shown": shown})
    assert is_store(url)


def test_what_a_url_leaves_open_the_environment_tells():
    address = parse_address("neo4j://host", SET)
    assert (address.user, address.password, address.database) == ("ana", "hidden", "promises")
    assert address.shown == "neo4j://host/promises"
    address = parse_address(f"neo4j://bo:{SECRET}@host/sales", SET)
    assert (address.user, address.password, address.database) == ("bo", SECRET, "sales")
    assert parse_address("neo4j://host", {"NEO4J_PASSWORD": "hidden"}).user == "neo4j"
    assert parse_address("neo4j://host", {}).user is None


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("portfolio.yaml", "is no store; expected sqlite:///file"),
        ("postgres://host/db", "is no store; expected sqlite:///file"),
        ("", "'' is no store; expected sqlite:///file"),
        ("sqlite:", "names no file"),
        ("sqlite://", "names no file"),
        ("sqlite:///", "names no file"),
        ("sqlite:o.db", "names no file; expected sqlite:///file.db"),
        ("sqlite://o.db", "names no file; expected sqlite:///file.db"),
        ("sqlite:/o.db", "names no file"),
        ("sqlite:///o.db?mode=ro", "unknown ?mode="),
        ("sqlite:///o.db#bank", "unknown #bank"),
        ("sqlite:///o.db?portfolio=", "`?portfolio=` names no portfolio"),
        ("sqlite:///o.db?portfolio=a&portfolio=b", "names 2 portfolios; expected one"),
        (f"sqlite:///o.db?portfolio={'p' * 201}", "expected at most 200 visible characters"),
        ("sqlite:///o.db?portfolio=a%0Ab", "expected at most 200 visible characters"),
        ("neo4j://host/\udcff", "holds what is no character"),
        ("sqlite:///\ud800.db", "holds what is no character"),
        ("bolt://host?region=eu", "unknown ?region="),
        ("neo4j://host?portfolo=bank", "unknown ?portfolo=; the one option is ?portfolio=ID"),
        ("neo4j://host?Portfolio=bank", "unknown ?Portfolio="),
        ("neo4j://", "names no host"),
        ("neo4j:///sales", "names no host"),
        ("neo4j://host:port", "is no store"),
        ("neo4j://host:70000", "is no store"),
        ("neo4j://[::1", "is no store"),
        ("neo4j://host#bank", "unknown #bank"),
    ],
)
def test_what_names_no_store_is_refused_with_what_was_expected(url, cause):
    with pytest.raises(WrongAddress) as raised:
        parse_address(url, {})
    assert str(raised.value).startswith(url) or not url.isprintable()
    assert cause in str(raised.value)
    assert str(raised.value).isprintable()


@pytest.mark.parametrize(
    "url",
    [
        f"neo4j://ana:{SECRET}@host:port",
        f"neo4j://ana:{SECRET}@host:70000",
        f"neo4j://ana:{SECRET}@",
        f"neo4j://ana:{SECRET}@[::1",
        f"neo4j://ana:{SECRET}@host#fragment",
        f"neo4j://ana:{SECRET}@host?portfolio=",
        f"postgres://ana:{SECRET}@host",
        f"neo4j://ana:{SECRET}/{SECRET}@host",
        f"neo4j://ana:{SECRET}#{SECRET}@host",
        f"neo4j://ana:{SECRET}?{SECRET}@host",
        f"neo4j://ana:7?{SECRET}@host",
        f"neo4j://ana:7/{SECRET}@host",
        f"neo4j://ana:x@{SECRET}/{SECRET}@host",
        f"neo4j://ana:{SECRET}\u2100@host",
        f"neo4j://ana:[{SECRET}@host",
        f"sqlite://ana:{SECRET}@host/o.db",
    ],
)
def test_no_message_shows_a_password(url):
    with pytest.raises(WrongAddress) as raised:
        parse_address(url, {})
    assert SECRET not in str(raised.value)
    assert SECRET not in repr(raised.value)


def test_a_message_shows_the_beginning_of_a_url_without_end():
    with pytest.raises(WrongAddress) as raised:
        parse_address(f"sqlite:///o.db?portfolio={'p' * 1_000_000}", {})
    assert len(str(raised.value)) < 1_000


@given(st.text(min_size=1), st.text(min_size=1), st.sampled_from(NEO4J_SCHEMES))
def test_any_user_and_password_can_be_spelled_and_neither_shows(user, password, scheme):
    spelled = f"{quote('~' + user, safe='')}:{quote('~' + password, safe='')}"
    address = parse_address(f"{scheme}://{spelled}@host:7687", {})
    assert (address.user, address.password) == (f"~{user}", f"~{password}")
    assert address.server == address.shown == f"{scheme}://host:7687"
    assert "password" not in repr(address)


@given(st.text() | st.tuples(st.sampled_from(SCHEMES), st.text()).map("://".join))
def test_any_text_is_an_address_or_refused_in_one_line(text):
    said = ""
    try:
        assert parse_address(text, SET).scheme in SCHEMES
    except StoreError as error:
        said = str(error)
    assert said.isprintable()


@pytest.mark.parametrize(
    ("source", "store"),
    [
        ("sqlite:x", True),
        ("bolt://", True),
        ("Neo4j+S://host", True),
        ("neo4j", False),
        ("bolt:host", False),
        ("C:/bank.yaml", False),
        ("./sqlite:x", False),
        ("https://host/bank.yaml", False),
        ("-", False),
        ("", False),
    ],
)
def test_a_source_is_a_store_if_it_begins_like_the_url_of_one(source, store):
    assert is_store(source) is store
