"""Finds and starts the machine's own browser. None is downloaded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

# The one without windows first: the same engine for half of the CPU.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
MISSING = (
    "The tests of the rendered pages need a browser and found none: put one of "
    f"{', '.join(NAMES)} on the PATH (on Debian: apt-get install chromium-headless-shell)."
)
START_TIMEOUT_MS = 90_000
FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-proxy-server",
)


class NoBrowserError(Exception):
    """There is no browser on this machine."""


def find_browser() -> str:
    """Return the path of a browser. Raises NoBrowserError."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    raise NoBrowserError(MISSING)


@contextmanager
def start_browser() -> Iterator[Browser]:
    """Start a headless browser with a new and empty profile; end it on leaving."""
    flags = list(FLAGS)
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium's sandbox refuses to be root's
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, headless=True, args=flags, timeout=START_TIMEOUT_MS
        )
        yield browser
        browser.close()
