"""A Chromium for the browser tests: one that is installed, else Playwright's own, else, when root,
the system's package. `python -m tests.chromium` sees to it that there is one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
)


def find() -> Path | None:
    """The executable, without installing anything."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return _playwrights_own()


def arguments() -> list[str]:
    """How to start it; as root it cannot have its sandbox."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*ARGUMENTS, *(["--no-sandbox"] if root else [])]


def install() -> Path:
    """An executable, installed where there is none; SystemExit with the remedy when that fails."""
    for attempt in (None, _install_playwrights_own, _install_package):
        if attempt is not None:
            attempt()
        if found := find():
            return found
    raise SystemExit(
        "There is no Chromium for the browser tests, and none could be installed. Install the "
        "package `chromium`, or run `python -m playwright install --with-deps chromium`."
    )


def _playwrights_own() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def _install_playwrights_own() -> None:
    _run([sys.executable, "-m", "playwright", "install", "chromium"])


def _install_package() -> None:
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        _run(["apt-get", "update", "-qq"])
        _run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"])


def _run(command: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, check=False, env=environment, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"{command[0]}: {error}", file=sys.stderr)


if __name__ == "__main__":
    print(f"Browser tests use {install()}")
