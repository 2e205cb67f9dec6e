"""`python -m olagraph` is the `olagraph` command."""

import gc
import sys


def run() -> None:
    """The command as a process of its own."""
    # It ends before garbage matters; collecting it would take a third of the time of a large portfolio.
    gc.disable()
    try:
        from olagraph.cli import main
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(main())


if __name__ == "__main__":
    run()
