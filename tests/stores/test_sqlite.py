"""What lies in the file of a SQLite store, and what the store says when somebody or something damaged it."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from olagraph.analysis.results import Verdict
from olagraph.documents import InvalidPortfolio, load_text
from olagraph.documents.changes import difference
from olagraph.model.entities import Customer, Provider, ProviderKind
from olagraph.stores import NoStore, TargetVerdict, WrittenAssessment
from olagraph.stores.sqlite.log import read_changes
from tests.stores.sqlite_files import SMALL, WITH_RETAIL, refused, shell, store_in
from tests.stores.writing import AT, TENANT, put

SHOP = load_text(
    """
    olagraph: 1
    name: Shop
    providers: [{id: it, kind: internal}]
    services: [{id: shop, provider: it, own: [{first_contact_resolution: 90%}]}]
    agreements: [{id: sla, kind: SLA, provider: it, covers: [shop], targets: [{availability: 99.90%}]}]
    metrics: [{id: first_contact_resolution, unit: ratio, better: higher, family: success_rate}]
    """,
    "shop.yaml",
)


def test_when_the_disk_is_full_nothing_is_written_and_later_it_is(file):
    many = replace(SMALL, customers=tuple(Customer(id=f"c{number}", name="x" * 500) for number in range(100)))
    with store_in(file) as store:
        put(store, SMALL)
        with store._connections.outside_transactions() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages + 5}")
        with refused(file, "has no more room on its disk: nothing was written"):
            put(store, many)
        assert store.load(TENANT).portfolio == SMALL
        assert store.check(TENANT) == ()
        put(store, many)  # on a connection that knows no such limit
        assert store.load(TENANT).portfolio == many


def test_a_writer_waits_for_another_one_only_so_long(file):
    with store_in(file, patience=0.05) as store:
        put(store, SMALL)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with refused(file, "is locked by another writer", "try again"):
                put(store, WITH_RETAIL)
            assert store.load(TENANT).portfolio == SMALL
            other.execute("ROLLBACK")
        put(store, WITH_RETAIL)


def test_a_damaged_file_is_told_from_a_whole_one(file):
    many = replace(SMALL, customers=tuple(Customer(id=f"c{number}", name="x" * 500) for number in range(200)))
    with store_in(file) as store:
        put(store, many)
    content = bytearray(file.read_bytes())
    for page in range(20, len(content) // 4096, 3):
        content[page * 4096 : page * 4096 + 2000] = bytes(2000)
    file.write_bytes(content)
    with store_in(file, create=False) as store:
        with refused(file, "is damaged", "restore a backup"):
            store.load(TENANT)
        faults = store.check(TENANT)
        assert faults
        assert all(fault.startswith("the file is damaged: ") for fault in faults)


def test_a_backup_put_in_place_of_the_file_is_noticed(file):
    with store_in(file) as store:
        put(store, SMALL)
        with shell(file) as now, closing(sqlite3.connect(file.with_name("backup.db"))) as backup:
            now.backup(backup)
        put(store, WITH_RETAIL)
        for name in ("portfolios.db-wal", "portfolios.db-shm", "portfolios.db"):
            file.with_name(name).unlink()
        with refused(file, "does not exist", error=NoStore):
            store.revision(TENANT)
        file.with_name("backup.db").rename(file)
        assert store.revision(TENANT) == 1
        assert store.load(TENANT).portfolio == SMALL


def test_a_closed_store_says_so_and_leaves_only_the_file(file):
    with store_in(file) as store:
        put(store, SMALL)
        assert len(list(file.parent.iterdir())) == 3
    assert list(file.parent.iterdir()) == [file]
    with refused(file, "was closed"):
        store.revision(TENANT)
    store.close()


def test_what_is_acknowledged_is_on_disk(file):
    """SQLite promises that with a write-ahead log if each commit is flushed to the disk."""
    with store_in(file) as store, store._connections.writing() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_the_history_can_be_read_at_the_sqlite_shell(file):
    with store_in(file) as store:
        put(store, SMALL, by="ana", what="import")
        put(store, WITH_RETAIL, by="bo", what="retail")
        put(store, SMALL, by="cy", what="no retail")
    with shell(file) as people:
        rows = people.execute("SELECT * FROM history WHERE kind = 'customer'").fetchall()
        columns = [row[1] for row in people.execute("PRAGMA table_info(history)")]
    assert columns == ["portfolio", "revision", "at", "by", "what", "kind", "id", "action", "before", "after"]
    retail = '{"id":"retail","name":"Retail"}'
    assert rows == [
        (
            "default",
            3,
            "2026-11-23T09:32:00.123456+00:00",
            "cy",
            "no retail",
            "customer",
            "retail",
            "removed",
            retail,
            None,
        ),
        (
            "default",
            2,
            "2026-11-23T09:31:00.123456+00:00",
            "bo",
            "retail",
            "customer",
            "retail",
            "added",
            None,
            retail,
        ),
    ]


def test_one_edit_writes_one_row_for_each_thing_that_happened(file):
    with store_in(file) as store:
        put(store, WITH_RETAIL)
        with store._connections.outside_transactions() as connection:
            before = connection.total_changes
        renamed = replace(WITH_RETAIL, customers=(Customer(id="retail", name="Retail division"),))
        edits = difference(WITH_RETAIL, renamed)
        store.apply(TENANT, edits, expected=1, by="ana", at=AT, what="renamed")
        with store._connections.outside_transactions() as connection:
            assert connection.total_changes - before == 4  # portfolio, entity, change, edit


def test_wiping_leaves_the_tables_of_others(file):
    with store_in(file) as store:
        put(store, SMALL)
        with shell(file) as others:
            others.execute("CREATE TABLE notes AS SELECT 'call the supplier' AS note")
        store.wipe()
        with refused(file, "of another application"):
            store.revision(TENANT)
    with shell(file) as others:
        assert others.execute("SELECT name, type FROM sqlite_master").fetchall() == [("notes", "table")]
        assert others.execute("SELECT note FROM notes").fetchall() == [("call the supplier",)]


def test_an_edit_finds_its_entity_though_somebody_wrote_the_same_in_other_words(file):
    changed = load_text(
        """
        olagraph: 1
        name: Other shop
        providers: [{id: it, kind: internal, name: IT}]
        services: [{id: shop, provider: it, own: [{first_contact_resolution: 95%}]}]
        agreements: [{id: sla, kind: SLA, provider: it, covers: [shop], targets: [{availability: 99.5%}]}]
        metrics: [{id: first_contact_resolution, unit: ratio, better: higher, family: success_rate, source: survey}]
        """,
        "shop.yaml",
    )
    words = {
        "portfolio": '{ "name": "Shop" }',
        "provider": '{"kind": "internal", "id": "it"}',
        "service": '{"id":"shop","provider":"it","own":[{"first_contact_resolution":"90.0 %"}]}',
        "agreement": '{"id":"sla","kind":"SLA","provider":"it","covers":["shop"],"targets":[{"availability":"99.9 %"}]}',
        "metric": '{"id":"first_contact_resolution","unit":"ratio","family":"success_rate","better":"higher"}',
    }
    with store_in(file) as store:
        put(store, SHOP)
        with shell(file) as people:
            for kind, body in words.items():
                people.execute("UPDATE entity SET body = ? WHERE kind = ?", (body, kind))
        assert store.load(TENANT).portfolio == SHOP
        edits = difference(SHOP, changed)
        assert {edit.key.kind for edit in edits} == set(words)
        store.apply(TENANT, edits, expected=1, by="ana", at=AT, what="changed")
        assert store.load(TENANT).portfolio == changed


def test_a_body_that_somebody_damaged_is_named_and_nothing_half_is_loaded(file):
    bodies = {"service": "no JSON", "agreement": "[1, 2]", "provider": '{"id":"it"', "metric": "null"}
    with store_in(file) as store:
        put(store, SHOP)
        with shell(file) as people:
            for kind, body in bodies.items():
                people.execute("UPDATE entity SET body = ? WHERE kind = ?", (body, kind))
            people.execute("UPDATE entity SET kind = 'promise' WHERE kind = 'portfolio'")
        with pytest.raises(InvalidPortfolio) as raised:
            store.load(TENANT)
        where = f"sqlite:///{file}: "
        assert sorted(str(raised.value).splitlines()) == sorted(
            [
                f"{where}service shop: no JSON object: 'no JSON'",
                f"{where}agreement sla: no JSON object: '[1, 2]'",
                f'{where}provider it: no JSON object: \'{{"id":"it"\'',
                f"{where}metric first_contact_resolution: no JSON object: 'null'",
                f"{where}'promise': no kind of entity",
            ]
        )
        assert set(str(raised.value).splitlines()) <= set(store.check(TENANT))
        assert store.tenants()[0].name == ""


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("UPDATE portfolio SET revision = 5", r"at revision 5, .* log of 2 entries does not lead to"),
        (
            "DELETE FROM edit WHERE revision = 1; DELETE FROM change WHERE revision = 1",
            "at revision 2, .* log of 1 ",
        ),
        (
            'UPDATE entity SET body = \'{"id":"it","kind":"external"}\' WHERE id = \'it\'',
            "provider it is other than",
        ),
        (
            'UPDATE edit SET before = \'{"id":"it"}\' WHERE revision = 2',
            "revision 2 found provider it other than",
        ),
        ("UPDATE edit SET after = '{}' WHERE revision = 2", "provider it is other than the change log tells"),
        ("DELETE FROM entity WHERE kind = 'agreement'", "agreement sla is missing, says the change log"),
        (
            "UPDATE entity SET position = 70 WHERE id = 'sla'",
            "agreement sla is other than the change log tells",
        ),
        ("UPDATE entity SET id = 'bazaar' WHERE id = 'shop'", "service bazaar says that its id is 'shop'"),
        ("DELETE FROM entity WHERE kind = 'provider'", "unknown provider 'it'"),
        (
            'UPDATE entity SET body = \'{"id":"it","knd":1}\' WHERE id = \'it\'',
            "unknown key 'knd'|unknown .*'knd'",
        ),
        (
            "PRAGMA foreign_keys = OFF; DELETE FROM change WHERE revision = 1",
            "a row of table edit belongs to no change",
        ),
    ],
)
def test_check_tells_what_somebody_did_past_olagraph(file, script, fault):
    with store_in(file) as store:
        put(store, SHOP)
        put(store, replace(SHOP, providers=(Provider(id="it", kind=ProviderKind.INTERNAL, name="IT"),)))
        assert store.check(TENANT) == ()
        with shell(file) as people:
            people.executescript(script)
        faults = store.check(TENANT)
        assert any(re.search(fault, line) for line in faults), faults
        assert all(line.isprintable() for line in faults)


def test_a_damaged_log_does_not_keep_the_portfolio_from_being_read(file):
    with store_in(file) as store:
        put(store, SMALL)
        put(store, WITH_RETAIL)
        with shell(file) as people:
            people.execute("UPDATE edit SET after = '{' WHERE revision = 2")
        assert store.load(TENANT).portfolio == WITH_RETAIL
        assert store.load(TENANT, revision=1).portfolio == SMALL
        assert len(store.history(TENANT)) == 2
        with refused(file, "the change log of portfolio 'default' is damaged", "`olagraph db check`"):
            store.changes(TENANT, since=1)


def test_tables_that_somebody_dropped_are_an_error_of_one_line(file):
    with store_in(file) as store:
        put(store, SMALL)
        with shell(file) as people:
            people.execute("DROP VIEW history")
            people.execute("DROP TABLE edit")
        with refused(file, "no such table"):
            store.history(TENANT)


def test_verdicts_can_be_queried_at_the_sqlite_shell(file):
    verdict = TargetVerdict("sla", 0, Verdict.UNSUPPORTED, 0.001)
    assessment = WrittenAssessment(
        revision=1,
        as_of=date(2026, 11, 23),
        agreements={"sla": Verdict.UNSUPPORTED},
        targets=(verdict,),
        findings=(),
    )
    with store_in(file) as store:
        put(store, SHOP)
        store.write_assessment(TENANT, assessment)
    with shell(file) as people:
        assert people.execute("SELECT agreement, target, verdict, gap FROM target_verdict").fetchall() == [
            ("sla", 0, "UNSUPPORTED", 0.001)
        ]


def test_the_work_of_listing_a_long_history_grows_with_its_length_alone(file):
    def steps(revisions):
        with store_in(file) as store:
            for revision in range(store.revision(TENANT), revisions):
                put(store, replace(SMALL, name=f"revision {revision}"))
        counted = []
        with closing(sqlite3.connect(file)) as connection:
            connection.set_progress_handler(lambda: counted.append(1), 10)
            assert len(read_changes(connection, 1)) == revisions
        return len(counted)

    few = steps(50)
    assert steps(200) < 6 * few
