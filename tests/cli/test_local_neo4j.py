"""neo4j start, stop, status: what they say without a server, and of one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from olagraph.cli.local_neo4j import described
from olagraph.stores.neo4j_local import RunningServer
from tests.cli.test_commands import olagraph

RUNNING = RunningServer(
    folder=Path("/srv/graph of ours"),
    pid=4711,
    port=7688,
    version="5.26.24",
    since=datetime(2026, 11, 23, 9, 5, 7, tzinfo=UTC),
    password_file=None,
)


def test_a_server_is_told_with_its_address_its_age_and_what_to_do_next() -> None:
    lines = described(RUNNING).splitlines()
    assert lines[0] == "Neo4j 5.26.24 runs at neo4j://127.0.0.1:7688, for this machine alone."
    assert lines[1] == "  process   4711, since 2026-11-23 09:05 UTC"
    assert lines[-1] == "  olagraph import portfolio.yaml --into neo4j://127.0.0.1:7688"


def test_status_without_a_server_says_how_to_start_it(tmp_path: Path) -> None:
    folder = tmp_path / "our graph"
    result = olagraph("neo4j", "status", "--data", str(folder))
    assert result.exit_code == 1
    assert (
        result.stdout == f"No Neo4j runs in {folder}: `olagraph neo4j start --data '{folder}'` starts one.\n"
    )
    assert not folder.exists()


def test_stopping_what_does_not_run_is_no_mistake(tmp_path: Path) -> None:
    result = olagraph("neo4j", "stop", "--data", str(tmp_path))
    assert (result.exit_code, result.stdout) == (0, f"No Neo4j runs in {tmp_path}.\n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--data", ""), "--data is empty: name a folder"),
        (("--heap", "lots"), "'lots' is no size of a heap: expected one such as 512m or 2g"),
        (
            ("--password", "line\nbreak"),
            "the password holds a control character: choose one that can be typed",
        ),
    ],
)
def test_a_setting_that_no_server_could_have_is_a_wrong_argument(
    tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    result = olagraph("neo4j", "start", "--data", str(tmp_path), *options)
    assert result.exit_code == 2
    assert result.stderr == f"{said}\n"


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    result = olagraph("neo4j", "start", "--data", str(tmp_path), "--port", "0")
    assert result.exit_code == 3
    assert "holds something else than a server" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
