"""Finds a browser for the tests; as root on Debian installs its `chromium` package where there is none.

python -m tests.browser.find_browser    prints the path, or exits 1 with one sentence
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
SENTENCE = "No browser was found: install Google Chrome or Chromium, or run `.venv/bin/playwright install chromium`."


def browser() -> Path | None:
    """Path of an installed Chromium or Chrome, or None."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    for place in PLACES:
        if place.exists():
            return place
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:  # asked while our own packages are still being fetched
        return None
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def install() -> None:
    """Install Debian's chromium package, where that is possible without asking anybody."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    subprocess.run(["apt-get", "install", "-y", "-qq", "chromium", "fonts-liberation"], check=False, **quiet)


if __name__ == "__main__":
    if browser() is None:
        install()
    path = browser()
    if path is None:
        sys.exit(SENTENCE)
    print(path)
