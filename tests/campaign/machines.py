"""The machines of a campaign: a data directory each, and roles that are started again as systemd does."""

import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

from tests import databases
from tests.campaign.figures import Figures
from tests.campaign.ports import free_port
from tests.campaign.postgresql_pair import PostgresqlPair
from tests.importing.sites import ROOT, Site, kill_all
from tests.soak.ledger import Ledger

MARK = "IMR_CAMPAIGN"
"""A variable of the environment by which the campaign knows its processes."""
RESTART_SECONDS = 2.0
SECONDS_TO_COME_BACK = 180.0
SECONDS_TO_END = 60.0
UNLIMITED = {f"IMR_{name}_RATE": "" for name in ("SEARCH", "SUGGEST", "API", "FOLDER", "SIGN_IN")}


@dataclass(frozen=True)
class SiteOnPair(Site):
    """Its rows are those of the server that takes changes; none while there is none."""

    pair: PostgresqlPair = field(kw_only=True)
    program: Path = ROOT / "manage.py"

    def rows(self, query: str) -> databases.Rows:
        return self.pair.rows(query)


class Role:
    """A command that runs until the campaign ends. `is_ready` tells from what it wrote since its start."""

    def __init__(self, site: Site, command: str, is_ready: Callable[[str], bool], figures: Figures) -> None:
        self.command = command
        self.name = f"{command} on {site.extra['IMR_MACHINE']}"
        self.ended_by_itself: list[str] = []
        """What it had written, each time that nobody killed it."""
        self._site, self._is_ready, self._figures = site, is_ready, figures
        self._log = site.folder / f"{command}.log"
        self._begins = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._killed_at: float | None = None
        self._killed: subprocess.Popen[bytes] | None = None
        self._start_at = 0.0
        self._lock = threading.Lock()

    @property
    def pid(self) -> int:
        """Of the process that was started last; 0 where it has ended."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else 0

    def look(self) -> None:
        """Start it if it does not run, some seconds after it ended."""
        with self._lock:
            if self.pid:
                return
            if self._process is not None and not self._start_at:
                if self._process is not self._killed:
                    self.ended_by_itself.append(self._written())
                self._start_at = time.monotonic() + RESTART_SECONDS
            if time.monotonic() < self._start_at:
                return
            self._start_at = 0.0
            self._begins = self._log.stat().st_size if self._log.exists() else 0
            self._process = self._site.start(self.command)

    def kill(self) -> None:
        """Kill -9 all of its processes at once."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._killed, self._killed_at = self._process, time.monotonic()
                kill_all(self._process)

    def kill_alone(self) -> None:
        """Kill -9 its first process; the others are left."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._killed, self._killed_at = self._process, time.monotonic()
                self._process.kill()
                self._process.wait()

    def has_come_back(self) -> bool:
        """Whether it is at work."""
        with self._lock:
            written = self._written() if self.pid and self._process is not self._killed else None
        return written is not None and self._is_ready(written)

    def wait_until_back(self) -> None:
        """Wait until it is at work; after a kill, note how long it was away. Raises RuntimeError."""
        deadline = time.monotonic() + SECONDS_TO_COME_BACK
        while not self.has_come_back():
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not come back: {self._written()[-2000:]}")
            time.sleep(0.05)
        if self._killed_at is not None:
            self._figures.took(f"{self.command} away after kill -9", time.monotonic() - self._killed_at)
            self._killed_at = None

    def stop(self) -> int | None:
        """End it as an operator would, and give its exit status; None where it did not end and was killed.

        Nobody may call `look` any more.
        """
        assert self._process is not None
        self._process.terminate()
        try:
            return self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            kill_all(self._process)
            return None

    def _written(self) -> str:
        """Since it was started last."""
        written = self._log.read_bytes() if self._log.exists() else b""
        return written[self._begins :].decode(errors="replace")


class PagesLedger(Ledger):
    """A machine that is down answers nothing, however long it takes to start again.

    A file whose beginning was sent cannot become a 503: it breaks off, and its reader notices.
    """

    def cut_off(self, address: str, why: str, started: float) -> None:
        if self._is_down:
            self.did("requests to a machine that was down")
        elif "IncompleteRead" in why and ".csv" in address:
            self.did("files broken off after their beginning was sent")
        else:
            super().cut_off(address, why, started)


class Machine:
    """`site` is its data directory; `ledger` has what its pages answered. The letters are a shared folder."""

    def __init__(
        self,
        folder: Path,
        name: str,
        commands: tuple[str, ...],
        pair: PostgresqlPair,
        figures: Figures,
        extra: Mapping[str, str],
    ) -> None:
        self.name = name
        self.port = free_port()
        self.ledger = PagesLedger()
        data = folder / name
        data.mkdir()
        (data / "letters").symlink_to(folder / "letters")
        own = {"IMR_MACHINE": name, "PORT": str(self.port), "WEB_WORKERS": "2", "IMR_DATABASE_URL": pair.url}
        self.site: Site = SiteOnPair(data, {**UNLIMITED, **own, **extra}, pair=pair)
        signs = {"web": self._answers, "follow": is_following, "worker": is_working}
        self.roles = {command: Role(self.site, command, signs[command], figures) for command in commands}

    def is_ready(self) -> bool:
        """Whether visitors can be served: the database and the index answer."""
        return self._asked("/health/ready")

    def _answers(self, _: str) -> bool:
        return self._asked("/health/live")

    def _asked(self, address: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{address}", timeout=30) as answer:
                return int(answer.status) == 200
        except (OSError, HTTPException):
            return False


def is_following(log: str) -> bool:
    return "is followed" in log


def is_working(log: str) -> bool:
    """Where the command `import_letters` has taken its place, the worker waits for it."""
    return "is ready" in log or "waits until it ends" in log


class Keeper:
    """Starts every role, and starts it again when it ends, in a thread of its own."""

    def __init__(self, roles: list[Role]) -> None:
        self._roles = roles
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper")
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._over.wait(0.1):
            for role in self._roles:
                role.look()
