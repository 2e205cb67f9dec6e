"""Build the sdist, from it the wheel, and compare what the wheel holds with what the checkout holds.

The top level is exactly the two packages and their metadata, and every file of the packages is in: an
ignore pattern or a packaging setting that eats a module is noticed here, not by a user. The pages are built on the
way from the sources in the sdist; what they load must be in the wheel, too.
"""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"olagraph": ROOT, "olagraph_api": ROOT / "api"}
PAGES = "olagraph_api/static/"
ENTRANCES = (f"{PAGES}index.html", f"{PAGES}graphiql/index.html")

_LOADED = re.compile(r'(?:src|href)="/([^"]+)"')


def build_wheel(folder: Path) -> Path:
    """Build in `folder` with the installed, pinned backend; a failed build ends the check with its output."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The wheel does not build:\n{done.stdout}{done.stderr}")
    return next(folder.glob("*.whl"))


def files_of_the_checkout() -> set[str]:
    """Paths as the wheel names them, of every file in the packages but compiled ones and built pages."""
    files = {
        path.relative_to(base).as_posix()
        for package, base in PACKAGES.items()
        for path in (base / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    return {name for name in files if not name.startswith(PAGES)}


def missing_pages(wheel: zipfile.ZipFile, names: set[str]) -> set[str]:
    """The pages, and the scripts, styles and icons that they load, which are not in the wheel."""
    loaded = {
        f"{PAGES}{path}"
        for entrance in ENTRANCES
        if entrance in names
        for path in _LOADED.findall(wheel.read(entrance).decode())
    }
    return {*ENTRANCES, *loaded} - names


def faults(wheel: Path) -> list[str]:
    """What is wrong with the wheel, a line each."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        pages = missing_pages(archive, names)
    metadata = "-".join(wheel.name.split("-")[:2]) + ".dist-info"
    packed = {name for name in names if not name.startswith(f"{metadata}/")}
    top_level = {name.partition("/")[0] for name in packed}
    found = []
    if top_level != set(PACKAGES):
        found.append(f"top level: {', '.join(sorted(top_level))}; expected: {', '.join(sorted(PACKAGES))}")
    checkout = files_of_the_checkout()
    modules = {name for name in packed if not name.startswith(PAGES)}
    found += [f"missing: {name}" for name in sorted((checkout - modules) | pages)]
    found += [f"not in the checkout: {name}" for name in sorted(modules - checkout)]
    if f"{metadata}/licenses/LICENSE" not in names:
        found.append("missing: the licence")
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_wheel(Path(folder))
        found = faults(wheel)
        if found:
            sys.exit("\n".join([f"{wheel.name} is not as it should be:", *found]))
        print(f"{wheel.name} holds {' and '.join(PACKAGES)}, complete with their pages")


if __name__ == "__main__":
    main()
