"""The promises of the house around the code."""

import importlib
import pkgutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import olagraph
import olagraph_api

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MODULES = sorted(
    module.name
    for package in (olagraph, olagraph_api)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)

# In two halves, so that this file does not name what it forbids.
REGISTRY_HOSTS = tuple(
    name + domain
    for name, domain in [
        ("pypi", ".org"),
        ("pythonhosted", ".org"),
        ("registry.npmjs", ".org"),
        ("registry.yarnpkg", ".com"),
        ("repo1.maven", ".org"),
        ("repo.maven.apache", ".org"),
        ("crates", ".io"),
        ("proxy.golang", ".org"),
    ]
)
MADE_HERE = {
    ".git",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "__pycache__",
    "dist",
    "node_modules",
}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this interpreter in the checkout."""
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def text_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every text file that belongs to the project, with its content."""
    for path in sorted(folder.iterdir()):
        if path.name in MADE_HERE:
            continue
        if path.is_dir():
            yield from text_files(path)
        elif b"\0" not in (content := path.read_bytes()):
            yield path, content.decode("utf-8")


def test_the_command_line_starts_without_the_heavy_packages() -> None:
    """A small portfolio is assessed in half a second only if start-up loads what it needs, no more."""
    loaded = run("-c", "import sys, olagraph.cli; print(*{name.partition('.')[0] for name in sys.modules})")
    assert loaded.returncode == 0, loaded.stderr
    heavy = {"highspy", "neo4j", "networkx", "numpy", "openpyxl", "orjson", "oxidd", "scipy", "sqlite3"}
    assert not heavy & set(loaded.stdout.split())


def test_the_package_runs_as_a_module() -> None:
    """`python -m olagraph` is the command, as if installed."""
    shown = run("-m", "olagraph", "--help")
    assert shown.returncode == 0, shown.stderr
    assert "assess" in shown.stdout


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_it_is_for_and_has_what_it_exports(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} has no docstring"
    missing = [public for public in getattr(module, "__all__", ()) if not hasattr(module, public)]
    assert not missing, f"{name} exports what it lacks: {missing}"


def test_no_file_names_a_registry_address() -> None:
    """Packages are installed by name, from whatever registry the reader's machine is set up for."""
    named = [
        f"{path.relative_to(ROOT)}: {host}"
        for path, text in text_files(ROOT)
        for host in REGISTRY_HOSTS
        if host in text
    ]
    assert not named


def test_every_dependency_is_pinned_within_its_bounds() -> None:
    """constraints.txt holds, for each requirement of pyproject.toml, a version that it allows."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    requirements = [
        Requirement(line)
        for line in [
            *PROJECT["build-system"]["requires"],
            *PROJECT["project"]["dependencies"],
            *(line for extra in PROJECT["project"]["optional-dependencies"].values() for line in extra),
            *PROJECT["dependency-groups"]["dev"],
        ]
    ]
    for wanted in requirements:
        pin = pins.get(canonicalize_name(wanted.name))
        assert pin, f"{wanted.name} is not pinned"
        assert pin in wanted.specifier, f"{wanted} excludes the pinned {pin}"
