"""A whole site of its own for tests that start and kill processes: settings, database, index and letters."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests import databases

ROOT = Path(__file__).resolve().parents[2]
MANAGE = Path(__file__).with_name("hurried_manage.py")
PROC = Path("/proc")
LONGEST_WAIT_SECONDS = 120.0
CHANGES_WAITING = (
    "SELECT count(*) FROM determinations_indexchange WHERE position IS NULL "
    "OR position > (SELECT min(position) FROM determinations_indexfollower)"
)
"""Changes that an index which follows the log has not taken in."""


@dataclass(frozen=True)
class Site:
    """A data directory, and commands run on it in processes of their own, by `program`."""

    folder: Path
    extra: Mapping[str, str] = field(default_factory=dict)
    program: Path = MANAGE

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("IMR_")}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "imrsite.settings",
            "IMR_DATA_DIR": str(self.folder),
            "IMR_DATABASE_URL": databases.database_url(self.folder),
            "IMR_SECRET_KEY": "only-for-tests",
            "IMR_SEARCH_RATE": "",
            "SITE_ROOT": str(ROOT),
            "COLUMNS": "200",
            **self.extra,
        }

    def manage(self, *arguments: str, status: int = 0, stdin: bytes = b"") -> str:
        """Run a command to its end, and give what it wrote; its exit status must be the one given."""
        done = subprocess.run(
            [sys.executable, str(self.program), *arguments],
            env=self.environment,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == status, done.stdout.decode()
        return done.stdout.decode()

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command, in a process group of its own; its output goes to a file of the site."""
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, str(self.program), *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """A command that runs within the block, and is killed, with its children, at its end."""
        process = self.start(*arguments)
        try:
            yield process
        finally:
            kill_all(process)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Ask the database; a locked one is asked again."""
        return databases.ask(self.folder, query)

    def execute(self, statement: str) -> None:
        """Change the database behind the site's back."""
        databases.execute(self.folder, statement)

    def locked(self) -> AbstractContextManager[None]:
        """Another program that keeps everybody from changing the database."""
        return databases.locked(self.folder)

    def copied(self, folder: Path, extra: Mapping[str, str] | None = None) -> "Site":
        """The same site in another folder; nothing may run on this one meanwhile."""
        databases.copy_site(self.folder, folder)
        return Site(folder, extra or {})

    def count(self, query: str) -> int:
        value = self.rows(query)[0][0]
        assert isinstance(value, int)
        return value


NewSite = Callable[..., Site]
"""Takes a name, and variables of the environment: an empty site, migrated, without a letter."""


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """Kill -9 the process and its children at one moment."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def children_of(process: int) -> list[int]:
    """Children in the order of their start; none of a process that has ended."""
    lists = (PROC / str(process) / "task").glob("*/children")
    found: list[int] = []
    for each in lists:
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, each.read_text().split())
    return sorted(found, key=_started)


def _started(process: int) -> tuple[int, int]:
    """When a process started, in ticks since the machine did. A later one may have a smaller number."""
    try:
        after_name = (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0, process
    return int(after_name[19]), process


def wait_until(holds: Callable[[], bool]) -> None:
    """Look until it holds. The limit is only there to end a test that would never end."""
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError("It never came to hold.")
        time.sleep(0.02)
