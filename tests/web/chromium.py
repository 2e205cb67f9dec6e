"""The Chromium that the tests drive: the system's; as root on Debian or Ubuntu it is installed where it is missing."""

import os
import subprocess
from shutil import which

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",  # which root cannot have
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def found() -> str | None:
    """The path of an installed Chromium."""
    return next(filter(None, map(which, NAMES)), None)


def chromium() -> str:
    """The path of a Chromium.

    Raises:
        RuntimeError: there is none, and it cannot be installed here; says what to install.
    """
    if (path := found()) is not None:
        return path
    apt = which("apt-get")
    if apt is not None and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (
            ["update"],
            ["install", "--no-install-recommends", "-y", "chromium", "fonts-dejavu-core"],
        ):
            subprocess.run([apt, "-qq", *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
        if (path := found()) is not None:
            return path
    raise RuntimeError(
        f"The tests of the pages drive a browser; looked for: {', '.join(NAMES)}. Install Chromium"
        " (Debian, Ubuntu: apt-get install chromium)"
    )
