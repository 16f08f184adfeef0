"""Which browser drives the tests, and with which flags. Knows nothing of the site."""

import os
import shutil

import pytest

FLAGS = (
    "--headless=new",
    "--no-sandbox",  # containers and root have no user namespaces; only pages of this machine are opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# The first opens no windows behind the pages, and takes half the processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str:
    """Where Chromium is: IMR_CHROMIUM, or on the path. Without one the tests are skipped with the remedy.

    IMR_BROWSER_REQUIRED=1 makes that a failure: where the tests must run, they cannot pass by not running.
    """
    named = os.environ.get("IMR_CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    missing = f"no Chromium at IMR_CHROMIUM={named}" if named else "no Chromium found: apt install chromium"
    if os.environ.get("IMR_BROWSER_REQUIRED") == "1":
        pytest.fail(missing, pytrace=False)
    pytest.skip(missing)
