"""`python -m olagraph` is the `olagraph` command."""

import sys

from olagraph.cli import main

if __name__ == "__main__":
    sys.exit(main())
