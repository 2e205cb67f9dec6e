"""Settings that every test runs under."""

import os
from pathlib import Path

from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.database import DirectoryBasedExampleDatabase

# What Hypothesis remembers goes where pytest's own memory is, not into a folder of its own beside the code.
MEMORY = Path(__file__).parent.parent / ".pytest_cache" / "hypothesis"

set_hypothesis_home_dir(MEMORY)
settings.register_profile("here", deadline=None, database=DirectoryBasedExampleDatabase(MEMORY / "examples"))
settings.register_profile("ci", deadline=None, database=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")
