"""What goes wrong is one line with place, cause and remedy; nothing is printed, and no password appears."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from neo4j import GraphDatabase

from benchmarks.crashes import QUICK_START
from olagraph.documents import load
from olagraph.model.entities import Portfolio, Provider, ProviderKind
from olagraph.stores import NoStore, StoreError, neo4j_local, open_store, parse_address
from olagraph.stores.neo4j import Neo4jStore
from olagraph.stores.neo4j.schema import constraints
from olagraph.stores.neo4j_local import ServerSettings
from tests.stores.writing import TENANT, put

PASSWORD = "a-good-password"
GOOD = {"NEO4J_USERNAME": "neo4j", "NEO4J_PASSWORD": PASSWORD}
BANK = load(Path(__file__).parents[3] / "fixtures" / "bank-payments.yaml")
PLACE = r"^(neo4j|bolt)(\+s|\+ssc)?://[^ ]+"


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> Iterator[ServerSettings]:
    """A server of our own: one that grants little memory, and that may be stopped."""
    asked = ServerSettings(
        folder=tmp_path_factory.mktemp("neo4j"),
        port=0,
        password=PASSWORD,
        heap="512m",
        java_options=QUICK_START,
        extra={"db.memory.transaction.max": "2m"},
    )
    try:
        yield replace(asked, port=neo4j_local.start(asked).port)
    finally:
        neo4j_local.stop(asked.folder)


@pytest.fixture
def url(settings) -> Iterator[str]:
    """Where it is, empty."""
    yield f"neo4j://127.0.0.1:{settings.port}"
    with driver(settings) as driver_, driver_.session() as session:
        session.run("MATCH (n) DETACH DELETE n").consume()


def driver(settings):
    """The way past olagraph."""
    return GraphDatabase.driver(f"bolt://127.0.0.1:{settings.port}", auth=("neo4j", PASSWORD))


def refusal(url: str, environment=GOOD, *, create: bool = True, error: type[StoreError] = StoreError) -> str:
    """What opening a store says."""
    with pytest.raises(error) as raised:
        open_store(parse_address(url, environment), create=create)
    said = str(raised.value)
    assert "\n" not in said
    assert PASSWORD not in said
    assert said.startswith(parse_address(url, environment).shown)
    return said


def test_a_server_that_asks_for_a_password_says_where_to_give_one(url, capfd):
    assert "NEO4J_USERNAME and NEO4J_PASSWORD, or in the URL" in refusal(url, {})
    assert capfd.readouterr() == ("", "")


def test_a_wrong_password_is_called_wrong(url):
    assert "wrong user or password" in refusal(url, {**GOOD, "NEO4J_PASSWORD": "something-else"})


def test_neo4js_own_database_takes_no_portfolio(url):
    said = refusal(f"{url}/system")
    assert "/system: it is Neo4j's own database; name another one" in said


def test_an_id_that_no_index_takes_is_refused_and_nothing_is_written(url):
    long = Portfolio(providers=(Provider(id="p" * 9_000, kind=ProviderKind.INTERNAL),))
    with closing(open_store(parse_address(url, GOOD), create=True)) as store:
        with pytest.raises(StoreError) as raised:
            put(store, long)
        assert str(raised.value).endswith(
            "an id is longer than the 8 kB that Neo4j's index takes; nothing was written: shorten it"
        )
        assert store.revision(TENANT) == 0
        store.wipe()


def test_a_database_that_is_not_there_is_named(url):
    said = refusal(f"{url}/nowhere")
    assert "/nowhere: there is no such database; name another one" in said


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_host_without_an_address(scheme):
    assert "the host has no address" in refusal(f"{scheme}://no-such-host.invalid")


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_port_where_nothing_answers(scheme, capfd):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    said = refusal(f"{scheme}://127.0.0.1:{port}")
    assert "nothing answers there; start the server (`olagraph neo4j start`" in said
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s", "neo4j+ssc"])
def test_a_server_without_encryption(url, scheme):
    said = refusal(f"{scheme}{url.removeprefix('neo4j')}")
    assert "it does not encrypt; without encryption the scheme is neo4j:// or bolt://" in said


def test_a_port_where_something_else_answers():
    with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        assert "speaks no Bolt; is it the port of Neo4j (7687)" in refusal(f"bolt://127.0.0.1:{port}")


@contextmanager
def answering(text: bytes) -> Iterator[int]:
    """A port that answers the first question with a text."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(64)
                connection.sendall(text)

        thread = Thread(target=answer)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_an_empty_database_is_no_store_until_one_is_made(url, settings):
    said = refusal(url, create=False, error=NoStore)
    assert f"holds no portfolio yet: `olagraph db init {url}` or an import into it" in said
    with driver(settings) as driver_:
        assert driver_.execute_query("MATCH (n) RETURN n").records == []
        assert driver_.execute_query("SHOW CONSTRAINTS").records == []


def test_somebody_elses_graph_is_not_touched(url, settings):
    with driver(settings) as driver_:
        driver_.execute_query("UNWIND range(1, 120) AS n CREATE (:Server), (:Rack)")
        driver_.execute_query("CREATE (:Room)")
        said = refusal(url)
        assert "holds somebody else's graph of 241 nodes (120 Rack, 120 Server, 1 Room);" in said
        assert said.endswith("nothing was written: name an empty database")
        assert driver_.execute_query("MATCH (n) RETURN count(n)").records[0][0] == 241


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (
            0,
            "is being wiped: wait for it; if that was stopped, `olagraph db init {url}` and `olagraph db wipe {url}`",
        ),
        (1, "has the older schema 1: `olagraph db init {url}` brings it up to date"),
        (99, "was written by a newer olagraph (schema 99): upgrade olagraph to read it"),
    ],
)
def test_another_schema_is_named(url, settings, schema, said):
    open_store(parse_address(url, GOOD), create=True).close()
    with driver(settings) as driver_:
        driver_.execute_query("MATCH (m:OlagraphStore) SET m.schema = $schema", schema=schema)
    assert said.format(url=url) in refusal(url, create=False)
    if schema == 0:
        with closing(open_store(parse_address(url, GOOD), create=True)) as store:
            assert store.tenants() == ()
        open_store(parse_address(url, GOOD)).close()


def test_a_schema_that_is_no_number_is_named(url, settings):
    open_store(parse_address(url, GOOD), create=True).close()
    with driver(settings) as driver_:
        driver_.execute_query("MATCH (m:OlagraphStore) SET m.schema = 'new'")
    assert "somebody changed its schema to 'new'; set it back to" in refusal(url)


def test_a_password_that_has_to_be_changed_first(url, settings):
    with driver(settings) as driver_:
        driver_.execute_query("CREATE USER ana SET PASSWORD 'for-the-first-time'", database_="system")
    said = refusal(url, {"NEO4J_USERNAME": "ana", "NEO4J_PASSWORD": "for-the-first-time"})
    assert "the password has expired; set a new one with ALTER CURRENT USER SET PASSWORD" in said


def test_somebody_elses_index_where_a_constraint_is_needed(url, settings):
    with driver(settings) as driver_:
        for name in constraints():
            driver_.execute_query(f"DROP CONSTRAINT {name} IF EXISTS")
        driver_.execute_query("CREATE INDEX theirs FOR (n:Service) ON (n.portfolio, n.id)")
        try:
            assert "There already exists an index (:Service {portfolio, id})." in refusal(url)
        finally:
            driver_.execute_query("DROP INDEX theirs")


def test_a_change_that_the_server_lacks_the_memory_for_is_refused_at_once_and_whole(url, capfd):
    with closing(open_store(parse_address(url, GOOD), create=True)) as store:
        with pytest.raises(StoreError, match=r"more memory than the server grants; raise dbms\.memory"):
            put(store, replace(BANK, name="x" * 3_000_000))
        assert store.tenants() == ()
    assert capfd.readouterr() == ("", "")


def test_a_store_outlives_its_server_and_a_read_only_one_can_be_read(url, settings, capfd):
    with closing(Neo4jStore.open(parse_address(url, GOOD), create=True, patience=1)) as store:
        put(store, replace(BANK, agreements=()))
        neo4j_local.stop(settings.folder)
        with pytest.raises(StoreError, match=f"{PLACE}: nothing answers there"):
            store.revision(TENANT)
        neo4j_local.start(replace(settings, extra={"server.databases.default_to_read_only": "true"}))
        assert store.load(TENANT).revision == 1
        with pytest.raises(StoreError, match=f"{PLACE}: the database is read-only; name another one"):
            put(store, BANK)
        assert store.load(TENANT).revision == 1
        neo4j_local.stop(settings.folder)
        neo4j_local.start(settings)
        put(store, BANK)
        assert store.load(TENANT).portfolio == BANK
    assert capfd.readouterr() == ("", "")
