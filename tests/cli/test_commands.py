"""The command line end to end: what it prints, where, and with which exit code."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from olagraph.cli import main

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
BANK = str(FIXTURES / "bank-payments.yaml")
DAY = ("--as-of", "2026-11-23")

HOLDS = """
olagraph: 1
name: Small
providers: [{id: us, kind: internal}, {id: them, kind: external}]
customers: [{id: c}]
services:
  - {id: shop, provider: us, workflow: [host], own: [{availability: 99.99%}]}
  - {id: host, provider: them}
agreements:
  - {id: sla, provider: us, customer: c, covers: [shop], review: 2030-01-01, targets: [{availability: 99%}]}
  - {id: uc, provider: them, customer: us, covers: [host], targets: [{availability: 99.9%}]}
"""
FAILS = HOLDS.replace("availability: 99%", "availability: 99.95%")


def olagraph(*arguments: str, stdin: str | None = None) -> Result:
    """Run the command in this process."""
    result = CliRunner().invoke(main, arguments, input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def holds(tmp_path: Path) -> str:
    """A portfolio whose SLA holds."""
    return written(tmp_path / "holds.yaml", HOLDS)


@pytest.fixture
def fails(tmp_path: Path) -> str:
    """A portfolio whose SLA does not hold."""
    return written(tmp_path / "fails.yaml", FAILS)


def written(path: Path, text: str) -> str:
    """The name of a file that holds `text`."""
    path.write_text(text, encoding="utf-8")
    return str(path)


class TestAssess:
    """`olagraph assess`."""

    def test_a_portfolio_that_holds_exits_with_0(self, holds: str) -> None:
        result = olagraph("assess", holds, *DAY)
        assert result.exit_code == 0, result.output
        assert "1 SLA target: 1 holds." in result.stdout

    def test_a_portfolio_that_does_not_exits_with_1(self, fails: str) -> None:
        result = olagraph("assess", fails, *DAY)
        assert result.exit_code == 1
        assert "cannot hold" in result.stdout

    def test_fail_on_moves_the_bar(self, fails: str, tmp_path: Path) -> None:
        """A target met only if failures are independent is a warning."""
        assert olagraph("assess", fails, *DAY, "--fail-on", "never").exit_code == 0
        conditional = written(
            tmp_path / "conditional.yaml", HOLDS.replace("availability: 99%", "availability: 99.890001%")
        )
        assert olagraph("assess", conditional, *DAY).exit_code == 0
        assert olagraph("assess", conditional, *DAY, "--fail-on", "warning").exit_code == 1

    @pytest.mark.parametrize("format", ["text", "json", "markdown", "html", "sarif", "junit"])
    def test_every_format_goes_to_standard_output_alone(self, fails: str, format: str) -> None:
        result = olagraph("assess", fails, *DAY, "--format", format)
        assert result.exit_code == 1
        assert result.stdout.endswith("\n")
        assert result.stderr == ""

    def test_the_json_is_one_document_and_the_same_each_time(self) -> None:
        first, second = (
            olagraph("assess", BANK, *DAY, "--format", "json", "--fail-on", "never").stdout for _ in range(2)
        )
        assert first == second
        report = json.loads(first)
        assert report["as_of"] == "2026-11-23"
        assert (
            sum(report["summary"].values())
            <= sum(report["summary_all"].values())
            == len(report["assessments"])
        )

    def test_standard_input_is_a_source(self) -> None:
        result = olagraph("assess", "-", *DAY, stdin=HOLDS)
        assert result.exit_code == 0
        assert "Small, 2026-11-23" in result.stdout

    def test_a_directory_is_a_source(self, tmp_path: Path) -> None:
        written(tmp_path / "a.yaml", HOLDS)
        assert olagraph("assess", str(tmp_path), *DAY).exit_code == 0

    def test_the_day_decides_what_is_in_force(self, tmp_path: Path) -> None:
        ended = written(tmp_path / "ended.yaml", HOLDS.replace("id: uc,", "id: uc, to: 2026-06-30,"))
        assert olagraph("assess", ended, "--as-of", "2026-06-30").exit_code == 0
        result = olagraph("assess", ended, "--as-of", "2026-07-01")
        assert result.exit_code == 1
        assert "uc (ended 2026-06-30)" in result.stdout

    def test_today_in_utc_is_the_default_day(self, holds: str) -> None:
        report = json.loads(olagraph("assess", holds, "--format", "json").stdout)
        assert report["as_of"] > "2026-01-01"

    @pytest.mark.parametrize("day", ["2026-13-01", "20261123", "tomorrow", "2026-11-23T00:00"])
    def test_what_is_no_day_is_refused(self, holds: str, day: str) -> None:
        result = olagraph("assess", holds, "--as-of", day)
        assert result.exit_code == 2
        assert "is not a day such as 2026-11-23" in result.stderr

    def test_output_goes_into_a_file_and_nowhere_else(self, fails: str, tmp_path: Path) -> None:
        report = tmp_path / "report.html"
        result = olagraph("assess", fails, *DAY, "--format", "html", "--output", str(report))
        assert result.exit_code == 1
        assert result.stdout == ""
        assert report.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")

    def test_a_file_that_cannot_be_written_is_one_line_and_2(self, holds: str, tmp_path: Path) -> None:
        for output in (tmp_path, tmp_path / "no" / "where"):
            result = olagraph("assess", holds, *DAY, "--output", str(output))
            assert result.exit_code == 2
            assert result.stderr.startswith("cannot write ")
            assert result.stderr.count("\n") == 1


class TestBaseline:
    """`olagraph assess --baseline`: only findings that the baseline lacks count."""

    def test_what_was_there_before_does_not_fail_again(self, fails: str, tmp_path: Path) -> None:
        before = written(tmp_path / "before.json", olagraph("assess", fails, *DAY, "--format", "json").stdout)
        result = olagraph("assess", fails, *DAY, "--baseline", before)
        assert result.exit_code == 0
        assert "of the baseline not repeated here" in result.stdout

    def test_a_new_finding_fails(self, holds: str, fails: str, tmp_path: Path) -> None:
        before = written(tmp_path / "before.json", olagraph("assess", holds, *DAY, "--format", "json").stdout)
        assert olagraph("assess", fails, *DAY, "--baseline", before).exit_code == 1

    @pytest.mark.parametrize("content", ["", "{", "[]", '{"findings": [{}]}', "\udcff"])
    def test_a_bad_baseline_is_one_line_and_2(self, holds: str, tmp_path: Path, content: str) -> None:
        path = tmp_path / "before.json"
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
        result = olagraph("assess", holds, "--baseline", str(path))
        assert result.exit_code == 2
        assert result.stderr.startswith(f"--baseline {path}: expected an earlier `assess --format json`")
        assert result.stderr.count("\n") == 1

    def test_a_missing_baseline_is_one_line_and_2(self, holds: str) -> None:
        result = olagraph("assess", holds, "--baseline", "nowhere.json")
        assert (result.exit_code, result.stderr) == (
            2,
            "cannot read nowhere.json: No such file or directory\n",
        )


class TestWrongInput:
    """Mistakes end in lines, never in a traceback."""

    def test_every_fault_is_a_line(self, tmp_path: Path) -> None:
        wrong = HOLDS.replace("provider: them}", "provider: then}").replace(
            "kind: external", "knid: external"
        )
        result = olagraph("assess", written(tmp_path / "wrong.yaml", wrong))
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "knid" in result.stderr
        assert "did you mean 'kind'?" in result.stderr

    def test_faults_are_capped(self, tmp_path: Path) -> None:
        wrong = HOLDS + "".join(f"wrong-{number}: 1\n" for number in range(120))
        result = olagraph("validate", written(tmp_path / "wrong.yaml", wrong))
        lines = result.stderr.splitlines()
        assert len(lines) == 51
        assert lines[-1] == "… and 70 more"

    def test_a_file_that_is_not_there_is_one_line(self) -> None:
        result = olagraph("assess", "nowhere.yaml")
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1
        assert "nowhere.yaml" in result.stderr

    def test_hostile_file_names_are_spelled_out(self) -> None:
        result = olagraph("assess", "no\x1b[31mwhere\u202e.yaml")
        assert result.exit_code == 2
        assert "\x1b" not in result.stderr
        assert "\u202e" not in result.stderr


class TestExplain:
    """`olagraph explain`."""

    def test_the_composition_is_shown_step_by_step(self, fails: str) -> None:
        result = olagraph("explain", fails, "sla", *DAY)
        assert result.exit_code == 0, result.output
        assert "contracted: " in result.stdout
        assert "achievable: " in result.stdout
        assert "uc" in result.stdout

    @pytest.mark.parametrize("format", ["text", "json", "markdown", "html"])
    def test_every_format_explains_a_real_portfolio(self, format: str) -> None:
        assert olagraph("explain", BANK, "sla-card-retail", *DAY, "--format", format).exit_code == 0

    def test_service_and_metric_narrow_it_down(self) -> None:
        arguments = ("explain", BANK, "sla-card-retail", *DAY, "--format", "json")
        wide = json.loads(olagraph(*arguments).stdout)["explanations"]
        narrow = json.loads(olagraph(*arguments, "--metric", "availability").stdout)["explanations"]
        assert 0 < len(narrow) < len(wide)

    @pytest.mark.parametrize(
        "arguments", [("slaa",), ("sla", "--service", "shp"), ("sla", "--metric", "avail")]
    )
    def test_an_unknown_name_gets_the_nearest(self, fails: str, arguments: Sequence[str]) -> None:
        result = olagraph("explain", fails, *arguments, *DAY)
        assert result.exit_code == 2
        assert "did you mean" in result.stderr
        assert result.stderr.count("\n") == 1

    def test_an_agreement_that_is_not_in_force_is_said_to_be(self, tmp_path: Path) -> None:
        later = written(tmp_path / "later.yaml", HOLDS.replace("id: sla,", "id: sla, from: 2027-01-01,"))
        result = olagraph("explain", later, "sla", *DAY)
        assert result.exit_code == 2
        assert (
            "sla is not in force on 2026-11-23 (from 2027-01-01); --as-of names another day" in result.stderr
        )


class TestCheck:
    """`olagraph check`: could this be promised?"""

    @pytest.mark.parametrize(
        ("target", "code", "said"),
        [
            ("availability 99.8%", 0, "yes"),
            ("availability 99.9%", 1, "no"),
            ("unavailability 0.2%", 0, "yes"),
            ("success_rate 99%", 1, "nobody can tell"),
        ],
    )
    def test_the_answer_and_the_exit_code(self, holds: str, target: str, code: int, said: str) -> None:
        result = olagraph("check", holds, "shop", "--target", target, *DAY)
        assert result.exit_code == code, result.output
        assert said in result.stdout.splitlines()[1]

    def test_it_tells_what_could_be_promised_instead(self, holds: str) -> None:
        result = olagraph("check", holds, "shop", "--target", "availability 99.95%", "--format", "json", *DAY)
        best = json.loads(result.stdout)["best"]["contracted"]
        assert best["guaranteed_complement"] == pytest.approx(0.0011, rel=1e-12)
        assert best["independent_complement"] == pytest.approx(1 - 0.999 * 0.9999, rel=1e-12)

    @pytest.mark.parametrize(
        "target", ["availabilty 99%", "availability", "availability 101%", "latency 99%"]
    )
    def test_a_target_that_is_none_is_one_line_and_2(self, holds: str, target: str) -> None:
        result = olagraph("check", holds, "shop", "--target", target)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"--target {target!r}: ")
        assert result.stderr.count("\n") == 1

    def test_an_unknown_service_gets_the_nearest(self, holds: str) -> None:
        result = olagraph("check", holds, "shpo", "--target", "availability 99%")
        assert result.exit_code == 2
        assert "did you mean shop" in result.stderr


class TestTheRest:
    """`validate`, `init`, `schema`, `completion`, `--version` and `--help`."""

    def test_validate_counts_what_is_there(self, holds: str) -> None:
        result = olagraph("validate", holds)
        assert result.exit_code == 0
        assert result.stdout == f"{holds} is valid: 2 providers, 1 customer, 2 services, 2 agreements.\n"

    def test_init_writes_a_portfolio_worth_assessing(self, tmp_path: Path) -> None:
        starter = tmp_path / "portfolio.yaml"
        assert olagraph("init", str(starter)).exit_code == 0
        report = json.loads(olagraph("assess", str(starter), *DAY, "--format", "json").stdout)
        assert len({each["verdict"] for each in report["assessments"]}) >= 3
        assert {"HOLLOW_PROMISE", "NO_AGREEMENT"} <= {each["code"] for each in report["findings"]}

    def test_init_never_overwrites(self, holds: str) -> None:
        result = olagraph("init", holds)
        assert result.exit_code == 2
        assert result.stderr == f"{holds} exists already and is left as it is; name another file\n"
        assert Path(holds).read_text(encoding="utf-8") == HOLDS

    def test_schema_prints_the_json_schema(self) -> None:
        result = olagraph("schema")
        assert result.exit_code == 0
        assert json.loads(result.stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_completion_prints_a_script(self, shell: str) -> None:
        result = olagraph("completion", shell)
        assert result.exit_code == 0
        assert "_OLAGRAPH_COMPLETE" in result.stdout

    def test_the_version_is_told(self) -> None:
        result = olagraph("--version")
        assert result.exit_code == 0
        assert result.stdout.startswith("olagraph ")

    def test_every_option_is_documented(self) -> None:
        for command in main.commands.values():
            for parameter in command.params:
                assert parameter.param_type_name == "argument" or getattr(parameter, "help", None)
            assert command.help
            assert command.short_help

    def test_help_lists_the_commands_there_are(self) -> None:
        assert list(main.commands) == [
            "assess",
            "explain",
            "check",
            "validate",
            "outage",
            "concentration",
            "init",
            "import",
            "export",
            "history",
            "db",
            "neo4j",
            "serve",
            "demo",
            "keys",
            "schema",
            "completion",
        ]


@pytest.mark.parametrize("fixture", sorted(FIXTURES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_fixture_is_reported_in_every_format(fixture: Path) -> None:
    if fixture.stem == "expected":
        assert olagraph("validate", str(fixture)).exit_code == 2
        return
    for format in ("text", "json", "markdown", "html", "sarif", "junit"):
        result = olagraph("assess", str(fixture), *DAY, "--format", format, "--fail-on", "never")
        assert result.exit_code == 0, result.output
        assert all(line.isprintable() for line in result.stdout.replace("\u200b", "").splitlines())
