"""`python -m olagraph` is the `olagraph` command."""

import gc
import sys

from olagraph.cli import main


def run() -> None:
    """The command as a process of its own."""
    # It ends before garbage matters; collecting it would take a third of the time of a large portfolio.
    gc.disable()
    sys.exit(main())


if __name__ == "__main__":
    run()
