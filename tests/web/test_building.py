"""When the pages are built, and with what."""

import os
from pathlib import Path

import pytest

from hatch_build import BUILT, stale
from tests.web.conftest import ROOT
from web import npm


def written(path: Path, *, at: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (at, at))


def test_pages_are_built_if_they_are_missing_or_older_than_a_source(tmp_path: Path) -> None:
    written(tmp_path / "web" / "src" / "app" / "main.tsx", at=100)
    assert stale(tmp_path)
    written(tmp_path / BUILT, at=200)
    assert not stale(tmp_path)
    written(tmp_path / "web" / "src" / "app" / "new.css", at=300)
    assert stale(tmp_path)


def test_what_is_made_from_the_sources_makes_no_pages_stale(tmp_path: Path) -> None:
    written(tmp_path / BUILT, at=200)
    written(tmp_path / "web" / "node_modules" / "react" / "index.js", at=300)
    written(tmp_path / "web" / "src" / "gql" / "schema.d.ts", at=300)
    assert not stale(tmp_path)


def a_node(folder: Path, version: str) -> None:
    for name, said in (("node", version), ("npm", "")):
        script = folder / name
        script.write_text(f"#!/bin/sh\necho {said}\n", encoding="utf-8")
        script.chmod(0o755)


@pytest.mark.parametrize(
    ("version", "taken"), [("v22.12.0", True), ("v24.1.0", True), ("v22.11.9", False), ("v9.0.0", False)]
)
def test_the_system_s_node_is_taken_if_it_is_new_enough(
    version: str, taken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_node(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert npm.system_npm() == ([str(tmp_path / "npm")] if taken else None)


def test_without_one_that_of_a_python_package_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert npm.system_npm() is None
    command = npm.packaged_npm()
    assert command is not None
    assert all(Path(part).exists() for part in command)


def test_the_lock_file_names_no_address() -> None:
    assert '"resolved"' not in (ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")
