"""A PostgreSQL server and its standby, which takes over; each is reached through a proxy of its own.

Replication is synchronous: a commit is acknowledged when the standby has it too. Only processes are killed
here, so that nothing needs to be synced to the disk.
"""

import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.peers.postgresql_server import as_its_user, hand_over, program
from tests.campaign.dropping_proxy import DroppingProxy
from tests.campaign.ports import free_port
from tests.databases import Rows

if TYPE_CHECKING:
    from psycopg import Connection

SECONDS_TO_WAIT = 60.0
DATABASE = USER = "imr"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    "max_connections": "150",
    "max_wal_size": "512MB",
    "wal_keep_size": "512MB",
    "fsync": "off",
}
_SYNCHRONOUS = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'"


class Server:
    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.port = free_port()
        self.proxy = DroppingProxy(free_port(), self.port)
        self._log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [f"--{name}={value}" for name, value in {**_SETTINGS, "port": str(self.port)}.items()]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [program("postgres"), "-D", str(self.data), *options],
                stdout=log,
                stderr=log,
                **as_its_user(),
            )
        wait_until(self._answers, f"PostgreSQL does not start: {self._log}")
        self.proxy.accept()

    def stop_immediately(self) -> None:
        """As `pg_ctl stop -m immediate` does: no connection is ended properly, and nothing is written."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
        self.proxy.refuse()

    def connection(self, database: str = DATABASE) -> "Connection[Any]":
        import psycopg

        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, dbname=database, connect_timeout=5, autocommit=True
        )

    def ask(self, query: str, database: str = DATABASE) -> Rows:
        """Raises psycopg.Error."""
        with self.connection(database) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    def _answers(self) -> bool:
        import psycopg

        try:
            self.ask("SELECT 1", "postgres")
        except psycopg.Error:
            if self.process is None or self.process.poll() is not None:
                raise
            return False
        return True


class PostgresqlPair:
    """`primary` takes changes, `standby` follows it."""

    def __init__(self, folder: Path) -> None:
        for name in ("first", "second"):
            (folder / name).mkdir(parents=True)
            hand_over(folder / name)
        self.primary, self.standby = Server(folder / "first"), Server(folder / "second")
        ports = (self.primary.proxy.port, self.standby.proxy.port)
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
        self.url = f"postgresql://{USER}@{hosts}/{DATABASE}"

    @property
    def folders(self) -> list[Path]:
        """The data directories."""
        return [self.primary.data, self.standby.data]

    def start(self) -> None:
        """Make both, and an empty database."""
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", f"--username={USER}", "--no-sync"]
        _run([program("initdb"), f"--pgdata={self.primary.data}", *options])
        self.primary.start()
        self.primary.ask(f"CREATE DATABASE {DATABASE}", "postgres")
        self.join_standby()

    def join_standby(self) -> None:
        """Make the standby anew of the primary, and let commits wait for it once it follows."""
        shutil.rmtree(self.standby.data, ignore_errors=True)
        source = f"host=127.0.0.1 port={self.primary.port} user={USER}"
        options = ["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"]
        _run([program("pg_basebackup"), "-d", source, "-D", str(self.standby.data), *options])
        self.start_standby()
        self.primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'", "postgres")
        self.primary.ask("SELECT pg_reload_conf()", "postgres")
        self.wait_for_standby()

    def start_standby(self) -> None:
        self.standby.start()

    def wait_for_standby(self) -> None:
        wait_until(lambda: bool(self.primary.ask(_SYNCHRONOUS, "postgres")), "the standby does not follow")

    def promote_standby(self) -> None:
        """The standby is the primary when this returns; the old one is down."""
        self.standby.ask(f"SELECT pg_promote(true, {SECONDS_TO_WAIT:.0f})", "postgres")
        self.primary, self.standby = self.standby, self.primary
        self.primary.ask("CREATE TEMPORARY TABLE is_written (one integer)")

    def rows(self, query: str) -> Rows:
        """Of the site's database; none where no primary answers now."""
        import psycopg

        with suppress(psycopg.Error):
            return self.primary.ask(query)
        return []

    def stop(self) -> None:
        for server in (self.standby, self.primary):
            server.stop_immediately()
            server.proxy.close()


def wait_until(holds: Callable[[], bool], otherwise: str, seconds: float = SECONDS_TO_WAIT) -> None:
    """Raises RuntimeError with `otherwise` where it does not come to hold in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise RuntimeError(otherwise)
        time.sleep(0.05)


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **as_its_user()
    )
    if done.returncode:
        raise RuntimeError(done.stdout.decode(errors="replace")[-2000:])
