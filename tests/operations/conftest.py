"""Sites of their own, served by gunicorn as `serve` starts it."""

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest

from tests.importing.conftest import migrated_site, new_site, own_folders, site
from tests.importing.letter_folders import write_letters
from tests.importing.sites import ROOT, NewSite, Site, kill_all, wait_until

__all__ = ["migrated_site", "new_site", "own_folders", "site"]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: str


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class RunningSite:
    """A command that serves the site on a free port of this machine. It writes to `log`."""

    command: tuple[str, ...]

    def __init__(self, site: Site, log: Path, **extra: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        environment = {**site.environment, "PORT": str(self.port), "WEB_WORKERS": "1", **extra}
        self.log = log
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                env=environment,
                stdout=file,
                stderr=file,
                cwd=log.parent,
                start_new_session=True,
            )

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.get("/health/live").status == 200
        except OSError:
            return False

    def get(self, path: str, headers: Mapping[str, str] | None = None, data: bytes | None = None) -> Answer:
        """GET, or POST where there is data; redirects are not followed."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, dict(headers or {}))
        try:
            with urllib.request.build_opener(NoRedirects).open(request, timeout=30) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read().decode())

    def end(self) -> None:
        """Ask it to end, and wait until it has."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


class WebServer(RunningSite):
    """gunicorn alone, with the site's settings."""

    command = ("-m", "gunicorn", "--config", str(ROOT / "imrsite" / "gunicorn.conf.py"))

    def __init__(self, site: Site, **extra: str) -> None:
        super().__init__(site, site.folder / "gunicorn.log", **extra)
        wait_until(self.answers)


class ServedSite(RunningSite):
    """`manage.py serve`: gunicorn and the import worker."""

    command = (str(ROOT / "manage.py"), "serve")


class NewWebServer:
    """Starts servers, and kills them at the end of the test."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def __call__(self, site: Site, **extra: str) -> WebServer:
        server = WebServer(site, **extra)
        self._stack.callback(kill_all, server.process)
        return server


@pytest.fixture
def serve() -> Iterator[NewWebServer]:
    with ExitStack() as stack:
        yield NewWebServer(stack)


@pytest.fixture
def small_site(new_site: NewSite, tmp_path: Path) -> Site:
    """A site with two letters."""
    site = new_site()
    site.manage("import_letters", *map(str, write_letters(tmp_path / "letters", 2)))
    return site
