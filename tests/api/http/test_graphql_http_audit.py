"""The specification of GraphQL over HTTP, as its own audit checks it."""

import shutil
import subprocess
from pathlib import Path

from tests.api.http.serving import served

AUDIT = Path(__file__).parent / "audit"


def test_every_requirement_of_the_audit_is_met(tmp_path: Path) -> None:
    """Those that servers must meet, should, and may."""
    for name in ("audit.mjs", "package.json", "package-lock.json"):
        shutil.copy(AUDIT / name, tmp_path)
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(install, cwd=tmp_path, check=True, capture_output=True)
    with served() as server:
        audit = subprocess.run(
            ["node", "audit.mjs", server.url], cwd=tmp_path, check=True, capture_output=True, text=True
        )
    assert audit.stdout == "61 of 61\n"
