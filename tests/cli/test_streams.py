"""Where output goes: UTF-8 whatever the locale, files whole or not at all, quiet when nobody reads on."""

import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from olagraph.cli import streams
from olagraph.reports.layout import Layout

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = str(ROOT / "fixtures" / "format-example.yaml")


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "olagraph", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        check=False,
    )


def test_output_is_utf_8_under_every_locale() -> None:
    told = run(
        "assess", EXAMPLE, "--fail-on", "never", LANG="C", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"
    )
    assert told.returncode == 0, told.stderr
    assert "✘" in told.stdout.decode("utf-8")


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f'"{sys.executable}" -m olagraph assess "{EXAMPLE}" --format json --fail-on never | head -c 1'
    told = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, b"{", b"")


def test_a_file_is_replaced_as_a_whole_with_the_rights_it_had(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("old")
    path.chmod(0o640)
    streams.write("new\n", str(path))
    assert path.read_text() == "new\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    streams.write("new\n", str(tmp_path / "report.txt"))
    assert (tmp_path / "report.txt").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    link = tmp_path / "latest.txt"
    link.symlink_to(tmp_path / "report.txt")
    streams.write("new\n", str(link))
    assert link.is_symlink()
    assert (tmp_path / "report.txt").read_text() == "new\n"


def test_a_device_is_written_to_and_never_replaced() -> None:
    streams.write("away\n", os.devnull)
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.txt"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        streams.write("new\n", str(path))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_colour_goes_to_terminals_only_and_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert streams.layout_for(None) == Layout(width=100, colour=False)
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert streams.layout_for(None).colour
    assert not streams.layout_for("report.txt").colour
    monkeypatch.setenv("NO_COLOR", "1")
    assert not streams.layout_for(None).colour
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not streams.layout_for(None).colour


def test_progress_is_told_on_a_terminal_once_work_is_long() -> None:
    seconds = iter([0.0, 0.5, 1.5, 1.55, 1.7])
    terminal = Terminal()
    with streams.Progress(terminal, clock=lambda: next(seconds)) as progress:
        for done in range(4):
            progress(done, 2_000)
    assert terminal.getvalue() == "\r1 of 2,000 targets assessed\r3 of 2,000 targets assessed\r\x1b[K"


def test_progress_says_nothing_to_what_is_no_terminal() -> None:
    seconds = iter([0.0, 5.0])
    pipe = io.StringIO()
    with streams.Progress(pipe, clock=lambda: next(seconds)) as progress:
        progress(1, 2)
    assert pipe.getvalue() == ""


@pytest.mark.parametrize(
    ("redirected", "code"),
    [
        ("assess - <&-", 2),
        (f'assess "{EXAMPLE}" --fail-on never >&-', 0),
        ("schema >&-", 0),
        ("assess no-such-file 2>&-", 2),
        (f'assess "{EXAMPLE}" --fail-on never --output ""', 2),
        ('assess ""', 2),
    ],
)
def test_a_closed_stream_or_an_empty_name_ends_in_an_exit_code_and_no_traceback(
    redirected: str, code: int
) -> None:
    told = subprocess.run(
        ["bash", "-c", f'"{sys.executable}" -m olagraph {redirected}'],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert told.returncode == code, told.stderr
    assert b"Traceback" not in told.stderr


def test_output_to_a_pipe_is_written_into_it() -> None:
    told = subprocess.run(
        ["bash", "-c", f'"{sys.executable}" -m olagraph schema --output /dev/stdout | head -c 1'],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert (told.stdout, told.stderr) == (b"{", b"")
