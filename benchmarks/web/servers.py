"""The site and Datasette, each started on a free port of this machine as their own commands start them."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path

from benchmarks.web.datasette_data import DATABASE, METADATA
from benchmarks.web.pages import DATASETTE, SITE
from benchmarks.web.site_data import site_environment

LABELS = {SITE: "this site", DATASETTE: "Datasette"}
_START_SECONDS = 120
_END_SECONDS = 60
_ROOT = Path(__file__).parents[2]
_DATASETTE_SETTINGS = {
    "facet_time_limit_ms": "600000",  # by default slow facets are left out: the site counts all
    "sql_time_limit_ms": "600000",
    "suggest_facets": "off",
    "max_returned_rows": "1000",  # all values of a facet
    "truncate_cells_html": "300",
}


class ServerFailedError(Exception):
    """A server did not start or ended too early; the message holds the end of what it printed."""


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    process: int


def datasette_missing() -> str | None:
    """Why Datasette cannot be measured here, or None."""
    return None if find_spec("datasette") else "it is not installed: pip install --group bench"


@contextmanager
def site(data: Path) -> Iterator[Server]:
    """`manage.py serve`: gunicorn with the site's own settings, and an import worker without work."""

    def command(port: int) -> tuple[list[str], Mapping[str, str]]:
        environment = site_environment(data) | {"HOST": "127.0.0.1", "PORT": str(port)}
        return [sys.executable, str(_ROOT / "manage.py"), "serve"], environment

    with _served(LABELS[SITE], command, data.parent / "site.log", "/health/") as server:
        yield server


@contextmanager
def datasette(data: Path) -> Iterator[Server]:
    """Its database unchangeable, row counts made beforehand, facets without a time limit."""
    counted = data / "inspected.json"
    if not counted.exists():
        inspect = [sys.executable, "-m", "datasette", "inspect", str(data / DATABASE)]
        counts = subprocess.run(inspect, check=True, capture_output=True).stdout
        counted.write_text(json.dumps(json.loads(counts)), encoding="utf-8")
    settings = [word for name, value in _DATASETTE_SETTINGS.items() for word in ("--setting", name, value)]

    def command(port: int) -> tuple[list[str], Mapping[str, str]]:
        files = ["-i", str(data / DATABASE), "--inspect-file", str(counted), "-m", str(data / METADATA)]
        address = ["--host", "127.0.0.1", "--port", str(port)]
        environment = site_environment(data)  # it reads none of it
        return [sys.executable, "-m", "datasette", "serve", *files, *address, *settings], environment

    with _served(LABELS[DATASETTE], command, data.parent / "datasette.log", "/-/versions.json") as server:
        yield server


@contextmanager
def _served(
    label: str, command: Callable[[int], tuple[list[str], Mapping[str, str]]], log: Path, ready: str
) -> Iterator[Server]:
    port = _free_port()
    arguments, environment = command(port)
    with log.open("wb") as output:
        process = subprocess.Popen(
            arguments, cwd=_ROOT, env=dict(environment), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_ready(process, port, ready, label, log)
        yield Server(port, process.pid)
        if process.poll() is not None:
            raise ServerFailedError(f"{label} ended while it was asked:\n{_end_of(log)}")
    finally:
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, path: str, label: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:  # it does not listen yet
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    raise ServerFailedError(f"{label} does not answer:\n{_end_of(log)}")


def _end_of(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2000:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
