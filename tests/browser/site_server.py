"""The site as `manage.py serve` runs it, on a data directory of its own, while the browser tests need it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.site_facts import SiteFacts
from tests.databases import database_url

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS_TO_START = 120
PREPARE = """
import pathlib, sys, django
django.setup()
from tests.browser.prepare_site import prepare
prepare(pathlib.Path(sys.argv[1]))
"""


@dataclass(frozen=True, slots=True)
class Site:
    """`url` without a slash at its end."""

    url: str
    data: Path
    facts: SiteFacts


@contextmanager
def served_site(folder: Path) -> Iterator[Site]:
    """Fill an empty data directory, serve it, and end the server afterwards."""
    data, port = folder / "data", _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IMR_")}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "imrsite.settings",
        "IMR_DATA_DIR": str(data),
        "IMR_DATABASE_URL": database_url(data),
        "IMR_EMAIL_HOST": "127.0.0.1",
        "IMR_SITE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "WEB_WORKERS": "1",
        **dict.fromkeys(
            ("IMR_SEARCH_RATE", "IMR_SUGGEST_RATE", "IMR_API_RATE", "IMR_FOLDER_RATE", "IMR_SIGN_IN_RATE"), ""
        ),
    }
    prepare = [sys.executable, "-c", PREPARE, str(folder)]
    prepared = subprocess.run(prepare, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert prepared.returncode == 0, prepared.stderr
    facts = SiteFacts(**json.loads(prepared.stdout.splitlines()[-1]))
    log = folder / "server.log"
    with log.open("wb") as written:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/health/", server, log)
        yield Site(url, data, facts)
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(MOST_SECONDS_TO_START * 10):
        assert server.poll() is None, f"the site ended: {log.read_text()}"
        try:
            with urllib.request.urlopen(url, timeout=10):  # noqa: S310  (an address of this machine)
                return
        except OSError:  # it does not listen yet, or hangs up
            time.sleep(0.1)
    raise AssertionError(f"the site does not answer: {log.read_text()}")
