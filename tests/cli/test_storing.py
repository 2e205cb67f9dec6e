"""import, export, history, db and --write, on a store in a file."""

import json
import shlex
from pathlib import Path

import pytest

from olagraph.documents import load
from olagraph.stores.sqlite import SqliteStore
from tests.cli.test_commands import BANK, DAY, HOLDS, olagraph, written

TEAM = """
services: [{id: search, provider: us, workflow: [host]}]
agreements: [{id: uc, provider: them, customer: us, covers: [host], targets: [{availability: 99.95%}]}]
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The URL of a store that is not there yet."""
    return f"sqlite:///{tmp_path}/shop.db"


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """A portfolio file."""
    return written(tmp_path / "shop.yaml", HOLDS)


@pytest.fixture
def stored(url: str, shop: str) -> str:
    """The URL of a store that holds the portfolio."""
    assert olagraph("import", shop, "--into", url, "--as", "jane").exit_code == 0
    return url


class TestImport:
    """`olagraph import`."""

    def test_a_file_becomes_revision_1_of_a_new_store(self, shop: str, url: str) -> None:
        result = olagraph("import", shop, "--into", url, "--as", "jane")
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith("7 added, 1 changed\n")
        assert result.stdout.endswith(f"{url} is at revision 1.\nNext: olagraph assess {url}\n")
        assert (
            olagraph("export", url, "--to", "yaml").stdout == olagraph("export", shop, "--to", "yaml").stdout
        )

    def test_importing_the_same_again_changes_nothing(self, shop: str, stored: str) -> None:
        result = olagraph("import", shop, "--into", stored)
        assert result.stdout == f"nothing changes\n{stored} is at revision 1.\n"

    def test_a_dry_run_shows_the_difference_and_writes_nothing(
        self, shop: str, url: str, tmp_path: Path
    ) -> None:
        result = olagraph("import", shop, "--into", url, "--dry-run")
        assert result.exit_code == 0
        assert "+ service shop" in result.stdout
        assert result.stdout.endswith("Nothing was written (--dry-run).\n")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["shop.yaml"]

    def test_what_the_files_do_not_name_is_removed_unless_merged(self, stored: str, tmp_path: Path) -> None:
        team = written(tmp_path / "team.yaml", TEAM)
        merged = olagraph("import", team, "--into", stored, "--merge")
        assert merged.exit_code == 0, merged.output
        assert merged.stdout == (
            "1 added, 1 changed\n"
            "+ service search\n"
            "~ agreement uc\n"
            "    targets[0].availability: 99.9% → 99.95%\n"
            f"{stored} is at revision 2.\n"
        )
        alone = written(tmp_path / "alone.yaml", "{olagraph: 1, providers: [{id: us, kind: internal}]}")
        assert "- service search" in olagraph("import", alone, "--into", stored).stdout

    def test_a_merge_that_leaves_something_dangling_is_refused_whole(
        self, stored: str, tmp_path: Path
    ) -> None:
        wrong = written(tmp_path / "wrong.yaml", "services: [{id: search, provider: thm}]")
        result = olagraph("import", wrong, "--into", stored, "--merge")
        assert result.exit_code == 2
        assert "unknown provider 'thm'; did you mean 'them'?" in result.stderr
        assert "revision 1" in olagraph("history", stored).stdout.splitlines()[0]

    def test_several_files_are_one_portfolio(self, shop: str, url: str, tmp_path: Path) -> None:
        more = written(tmp_path / "more.yaml", "customers: [{id: other}]")
        result = olagraph("import", shop, more, "--into", url)
        assert result.exit_code == 0, result.output
        assert "+ customer other" in result.stdout

    def test_the_change_log_names_the_first_of_many_files(self, url: str, tmp_path: Path) -> None:
        files = [
            written(tmp_path / f"{i}.yaml", f"{{olagraph: 1, customers: [{{id: c{i}}}]}}") for i in range(5)
        ]
        olagraph("import", *files, "--into", url)
        assert f"import of {', '.join(files[:3])} and 2 more\n" in olagraph("history", url).stdout
        olagraph("import", "-", "--into", url, stdin=HOLDS)
        assert "import of standard input\n" in olagraph("history", url).stdout

    def test_files_that_only_hold_together_with_the_store_are_refused_with_the_option_that_helps(
        self, stored: str, tmp_path: Path
    ) -> None:
        team = written(tmp_path / "team.yaml", "{olagraph: 1, services: [{id: search, provider: us}]}")
        result = olagraph("import", team, "--into", stored)
        assert result.exit_code == 2
        fault, hint = result.stderr.splitlines()
        assert "unknown provider 'us'" in fault
        assert (
            hint == f"With --merge the files are read together with what {stored} holds, and have no fault."
        )
        wrong = written(tmp_path / "wrong.yaml", "{olagraph: 1, services: [{id: search, provider: x}]}")
        assert "--merge" not in olagraph("import", wrong, "--into", stored).stderr

    @pytest.mark.parametrize(
        ("file", "given", "needed"),
        [
            ("a.xlsx", (), "excel"),
            ("a.XLS", (), "excel"),
            ("a.csv", (), "csv"),
            ("a.csv", ("--from", "excel"), "csv"),
        ],
    )
    def test_a_file_by_whose_name_another_format_is_meant_is_refused(
        self, url: str, file: str, given: tuple[str, ...], needed: str
    ) -> None:
        result = olagraph("import", file, "--into", url, *given)
        assert result.exit_code == 2
        assert result.stderr == f"{file}: a file of this name is read with --from {needed}\n"

    def test_sheets_do_not_come_through_standard_input(self, url: str) -> None:
        result = olagraph("import", "-", "--from", "csv", "--into", url, stdin="id,kind")
        assert result.exit_code == 2
        assert result.stderr.startswith("- is standard input, which holds a portfolio file")

    def test_who_stops_a_change_is_told_where_to_look(
        self, shop: str, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stopped(*_: object, **__: object) -> int:
            raise KeyboardInterrupt

        monkeypatch.setattr(SqliteStore, "apply", stopped)
        result = olagraph("import", shop, "--into", url)
        assert result.exit_code == 130
        assert result.stderr.startswith(f"interrupted: `olagraph history {url}` tells whether the change")
        assert len(result.stderr.splitlines()) == 1

    def test_an_invalid_file_is_refused_with_every_fault_and_makes_no_store(
        self, url: str, tmp_path: Path
    ) -> None:
        wrong = written(tmp_path / "wrong.yaml", "{olagraph: 1, services: [{id: a}, {id: b, provider: x}]}")
        result = olagraph("import", wrong, "--into", url)
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 2
        assert not (tmp_path / "shop.db").exists()

    def test_sheets_come_back_as_the_portfolio_that_they_were_written_from(
        self, url: str, tmp_path: Path
    ) -> None:
        folder = str(tmp_path / "sheets")
        assert olagraph("export", BANK, "--to", "csv", "--output", folder).exit_code == 0
        result = olagraph("import", folder, "--from", "csv", "--into", url)
        assert result.exit_code == 0, result.output
        assert (
            olagraph("export", url, "--to", "json").stdout == olagraph("export", BANK, "--to", "json").stdout
        )

    def test_a_store_is_no_file(self, stored: str) -> None:
        result = olagraph("import", stored, "--into", stored)
        assert result.exit_code == 2
        assert "olagraph export" in result.stderr

    def test_json_tells_edits_and_revision(self, shop: str, url: str) -> None:
        report = json.loads(olagraph("import", shop, "--into", url, "--format", "json").stdout)
        assert report["revision"] == 1
        assert {edit["action"] for edit in report["edits"]} == {"added", "changed"}


class TestExport:
    """`olagraph export`."""

    @pytest.mark.parametrize("format", ["yaml", "json"])
    def test_a_portfolio_file_reads_as_the_same(self, format: str, tmp_path: Path) -> None:
        file = tmp_path / f"out.{format}"
        assert olagraph("export", BANK, "--to", format, "--output", str(file)).exit_code == 0
        assert load(file) == load(BANK)

    @pytest.mark.parametrize(("format", "start"), [("graphml", "<?xml"), ("mermaid", "flowchart")])
    def test_drawings_go_to_standard_output(self, format: str, start: str) -> None:
        assert olagraph("export", BANK, "--to", format).stdout.startswith(start)

    def test_a_workbook_reads_as_the_same(self, url: str, tmp_path: Path) -> None:
        file = str(tmp_path / "bank.xlsx")
        assert olagraph("export", BANK, "--to", "excel", "--output", file).exit_code == 0
        assert olagraph("import", file, "--from", "excel", "--into", url).exit_code == 0
        assert (
            olagraph("export", url, "--to", "json").stdout == olagraph("export", BANK, "--to", "json").stdout
        )

    def test_what_a_workbook_does_not_hold_is_refused(self, tmp_path: Path) -> None:
        long = written(tmp_path / "long.yaml", HOLDS.replace("name: Small", f"name: {'n' * 40_000}"))
        result = olagraph("export", long, "--to", "excel", "--output", str(tmp_path / "long.xlsx"))
        assert result.exit_code == 2
        assert result.stderr.startswith("--to excel cannot hold this portfolio: a cell of 40,000 characters")
        assert not (tmp_path / "long.xlsx").exists()

    @pytest.mark.parametrize("format", ["csv", "excel"])
    @pytest.mark.parametrize("output", [(), ("--output", ""), ("--output", "-")])
    def test_what_is_no_text_needs_a_place(self, format: str, output: tuple[str, ...]) -> None:
        result = olagraph("export", BANK, "--to", format, *output)
        assert result.exit_code == 2
        assert "--output names a" in result.stderr

    def test_what_stands_in_the_way_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "metrics.csv").write_text("id\n", encoding="utf-8")
        result = olagraph("export", BANK, "--to", "csv", "--output", str(tmp_path))
        assert result.exit_code == 2
        assert result.stderr.startswith(f"cannot write {tmp_path / 'metrics.csv'}: it would be read")
        assert [path.name for path in tmp_path.iterdir()] == ["metrics.csv"]

    def test_a_past_revision(self, stored: str, shop: str, tmp_path: Path) -> None:
        then = olagraph("export", stored, "--to", "yaml").stdout
        later = written(tmp_path / "later.yaml", HOLDS.replace("99.99%", "99.98%"))
        olagraph("import", later, "--into", stored)
        assert olagraph("export", stored, "--to", "yaml").stdout != then
        assert olagraph("export", stored, "--to", "yaml", "--revision", "1").stdout == then
        assert olagraph("export", stored, "--to", "yaml", "--revision", "3").exit_code == 2
        assert olagraph("export", shop, "--to", "yaml", "--revision", "1").exit_code == 2


class TestHistory:
    """`olagraph history`."""

    def test_who_changed_what_the_latest_first(self, stored: str, tmp_path: Path) -> None:
        later = written(tmp_path / "later.yaml", HOLDS.replace("99.99%", "99.98%"))
        olagraph("import", later, "--into", stored, "--as", "joe")
        lines = olagraph("history", stored).stdout.splitlines()
        assert lines[0] == "default, revision 2"
        assert lines[1].startswith("2  ")
        assert f"joe  import of {later}" in lines[1]
        assert lines[2] == "   1 changed: service shop"
        assert "jane" in lines[3]
        full = olagraph("history", stored, "--revision", "2").stdout
        assert "own[0].availability: 99.99% → 99.98%" in full
        assert "joe" in full
        assert "jane" not in full

    def test_the_list_can_be_cut(self, stored: str, tmp_path: Path) -> None:
        olagraph("import", written(tmp_path / "b.yaml", HOLDS.replace("99.99%", "99.98%")), "--into", stored)
        shown = json.loads(olagraph("history", stored, "--limit", "1", "--format", "json").stdout)
        assert [change["revision"] for change in shown["changes"]] == [2]
        assert shown["more"] is True

    def test_a_past_revision_comes_back_as_a_new_change(self, stored: str, tmp_path: Path) -> None:
        then = olagraph("export", stored, "--to", "yaml").stdout
        olagraph("import", written(tmp_path / "b.yaml", HOLDS.replace("99.99%", "99.98%")), "--into", stored)
        tried = olagraph("history", stored, "--restore", "1", "--dry-run")
        assert "99.98% → 99.99%" in tried.stdout
        assert olagraph("export", stored, "--to", "yaml").stdout != then
        done = olagraph("history", stored, "--restore", "1", "--as", "joe")
        assert done.stdout.endswith("is at revision 3.\n")
        assert olagraph("export", stored, "--to", "yaml").stdout == then
        assert "joe  restoration of revision 1" in olagraph("history", stored).stdout

    @pytest.mark.parametrize("option", ["--limit", "--revision", "--restore"])
    @pytest.mark.parametrize("number", ["-1", "99999999999999999999"])
    def test_numbers_that_no_database_holds_are_refused(self, stored: str, option: str, number: str) -> None:
        result = olagraph("history", stored, option, number)
        assert result.exit_code == 2
        assert f"{number} is not in the range" in result.stderr

    def test_one_is_shown_or_brought_back_not_both(self, stored: str) -> None:
        result = olagraph("history", stored, "--restore", "1", "--revision", "1")
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1

    def test_revisions_that_are_not_there_are_refused(self, stored: str) -> None:
        for option in ("--restore", "--revision"):
            result = olagraph("history", stored, option, "7")
            assert result.exit_code == 2
            assert "no revision 7: they run from 0 to 1" in result.stderr


class TestDb:
    """`olagraph db`."""

    def test_a_store_is_made_and_found_whole(self, url: str, shop: str) -> None:
        assert olagraph("db", "init", url).stdout == f"{url} is ready.\n"
        assert "holds no portfolio yet" in olagraph("db", "check", url).stdout
        olagraph("import", shop, "--into", url)
        assert olagraph("db", "check", url).stdout == "default: revision 1, whole\n"

    def test_one_portfolio_of_several_can_be_checked(self, stored: str, shop: str) -> None:
        other = f"{stored}?portfolio=other"
        olagraph("import", shop, "--into", other)
        assert olagraph("db", "check", other).stdout == "other: revision 1, whole\n"
        unknown = olagraph("db", "check", f"{stored}?portfolio=nobody")
        assert unknown.exit_code == 2
        assert "it holds default, other" in unknown.stderr

    def test_one_portfolio_of_several_can_be_removed(self, stored: str, shop: str) -> None:
        other = f"{stored}?portfolio=other"
        olagraph("import", shop, "--into", other)
        assert olagraph("db", "wipe", other, "--yes").exit_code == 0
        assert olagraph("db", "check", stored).stdout == "default: revision 1, whole\n"
        again = olagraph("db", "wipe", other, "--yes")
        assert again.exit_code == 2
        assert "it holds default" in again.stderr
        gone = olagraph("assess", other, *DAY)
        assert gone.exit_code == 2
        assert "it holds default" in gone.stderr

    def test_emptying_asks_first(self, stored: str) -> None:
        refused = olagraph("db", "wipe", stored, stdin="n\n")
        assert refused.exit_code == 2
        assert "default (revision 1)" in refused.output
        assert olagraph("assess", stored, *DAY).exit_code == 0
        assert olagraph("db", "wipe", stored, stdin="y\n").exit_code == 0
        assert olagraph("assess", stored, *DAY).exit_code == 3

    @pytest.mark.parametrize("which", ["", "?portfolio=default"])
    def test_who_stops_a_removal_is_told_to_repeat_it(
        self, stored: str, which: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stopped(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(SqliteStore, "remove" if which else "wipe", stopped)
        result = olagraph("db", "wipe", f"{stored}{which}", "--yes")
        assert result.exit_code == 130
        assert result.stderr == "interrupted: some of it may be gone; repeat the command\n"

    def test_where_nobody_answers_nothing_is_removed(self, stored: str) -> None:
        result = olagraph("db", "wipe", stored, stdin="")
        assert result.exit_code == 2
        assert result.stderr.splitlines()[-1] == "Nothing was removed: nobody answered. --yes does not ask."
        assert olagraph("db", "check", stored).stdout == "default: revision 1, whole\n"


class TestStoresAsSources:
    """A store's URL in place of a file."""

    def test_every_question_takes_a_store(self, stored: str, shop: str) -> None:
        for arguments in (
            ("assess", "@", *DAY),
            ("explain", "@", "sla", *DAY),
            ("check", "@", "shop", "--target", "availability 99%", *DAY),
        ):
            of_file = olagraph(*(shop if each == "@" else each for each in arguments), "--format", "json")
            of_store = olagraph(*(stored if each == "@" else each for each in arguments), "--format", "json")
            assert of_store.exit_code == of_file.exit_code == 0
            assert of_store.stdout.replace('"revision": 1', '"revision": null') == of_file.stdout
        assert olagraph("validate", stored).stdout.endswith(
            "is valid: 2 providers, 1 customer, 2 services, 2 agreements.\n"
        )

    def test_verdicts_are_written_back_into_a_store_only(self, stored: str, shop: str) -> None:
        written = olagraph("assess", stored, *DAY, "--write")
        assert written.exit_code == 0
        assert written.stderr == f"Wrote verdicts and findings on revision 1 into {stored}.\n"
        refused = olagraph("assess", shop, *DAY, "--write")
        assert refused.exit_code == 2
        assert "--write goes with a store" in refused.stderr

    def test_reading_makes_no_store(self, url: str, tmp_path: Path) -> None:
        for command in ("assess", "validate", "history"):
            result = olagraph(command, url)
            assert result.exit_code == 3
            assert len(result.stderr.splitlines()) == 1
            assert "does not exist" in result.stderr
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        "wrong",
        ["sqlite://", "sqlite:///", "neo4j://", "bolt:///db", "sqlite:///a.db?mode=ro", "neo4j://h:x"],
    )
    def test_a_url_that_is_none_is_a_wrong_argument(self, wrong: str) -> None:
        result = olagraph("assess", wrong)
        assert result.exit_code == 2, result.output
        assert len(result.stderr.splitlines()) == 1

    def test_a_password_is_never_shown(self) -> None:
        for command in (("assess", "@"), ("history", "@"), ("db", "check", "@")):
            url = "bolt://neo4j:hunter2@127.0.0.1:1"
            result = olagraph(*(url if each == "@" else each for each in command))
            assert result.exit_code == 3
            assert "hunter2" not in result.output
            assert len(result.stderr.splitlines()) == 1

    @pytest.mark.parametrize("url", ["postgres://ann:hunter2@host/db", "https://ann:hunter2@host/shop.yaml"])
    def test_an_address_of_another_kind_is_refused_without_its_password(self, url: str, shop: str) -> None:
        for command in (("assess", url), ("import", url, "--into", "sqlite:///nowhere.db"), ("history", url)):
            result = olagraph(*command)
            assert result.exit_code == 2
            assert "is no store; expected sqlite:///file" in result.stderr
            assert "hunter2" not in result.output

    @pytest.mark.parametrize(("file", "format"), [("our suppliers.xlsx", "excel"), ("providers.csv", "csv")])
    def test_who_asks_about_sheets_is_told_to_import_them(self, file: str, format: str) -> None:
        result = olagraph("assess", file)
        assert result.exit_code == 2
        assert f"{shlex.quote(file)} --from {format} --into sqlite:///olagraph.db` brings it" in result.stderr
