"""A private PostgreSQL server on a folder, on a Unix socket only, for as long as it is asked.

PostgreSQL refuses to run as root, so root starts it as the user `postgres`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection

_USER = "postgres"
_START_SECONDS = 30
_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "synchronous_commit": "off",
    "fsync": "off",
    "jit": "off",
    "random_page_cost": "1.1",
    "effective_cache_size": "8GB",
}


def unavailable() -> str | None:
    """Why no server can be started here, or None."""
    if _programs() is None:
        return "no PostgreSQL server is installed"
    if not find_spec("psycopg"):
        return "psycopg is not installed: pip install --group bench"
    if os.geteuid() == 0 and not any(user.pw_name == _USER for user in pwd.getpwall()):
        return f"PostgreSQL does not run as root, and there is no user “{_USER}”"
    return None


def has_rum() -> bool:
    """Whether the server has the extension RUM (Debian: postgresql-15-rum)."""
    programs = _programs()
    return programs is not None and (programs.parent / "lib" / "rum.so").exists()


def make_cluster(folder: Path) -> None:
    """An empty cluster in `folder`, which must be reachable by the server's user."""
    data = folder / "data"
    data.mkdir()
    hand_over(data)
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--username=bench", "--no-sync"]
    command = [program("initdb"), f"--pgdata={data}", *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **as_its_user())


@contextmanager
def server(folder: Path, others: Mapping[str, str] | None = None) -> Iterator["Connection[Any]"]:
    """A connection to a server that runs until it is left, with other settings than the usual ones."""
    with tempfile.TemporaryDirectory() as socket:  # a socket's path must be short
        hand_over(Path(socket))
        settings = {**_SETTINGS, **(others or {}), "unix_socket_directories": socket}
        command = [program("postgres"), "-D", str(folder / "data")]
        command += [f"--{name}={value}" for name, value in settings.items()]
        with (folder / "server.log").open("ab") as log:
            running = subprocess.Popen(command, stdout=log, stderr=log, **as_its_user())
        try:
            with _connected(socket, running, folder) as connection:
                yield connection
        finally:
            running.send_signal(signal.SIGINT)
            running.wait()


def _connected(socket: str, running: "subprocess.Popen[bytes]", folder: Path) -> "Connection[Any]":
    import psycopg

    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            return psycopg.connect(f"host={socket} user=bench dbname=postgres", autocommit=True)
        except psycopg.OperationalError as error:
            if running.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL does not start; see {folder / 'server.log'}") from error
        time.sleep(0.02)


def _programs() -> Path | None:
    """Where the server's programs are; the newest version's."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[4]))
    on_path = shutil.which("postgres")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def program(name: str) -> str:
    """Where a program of the server is. Raises RuntimeError."""
    programs = _programs()
    if programs is None:
        raise RuntimeError("no PostgreSQL server is installed")
    return str(programs / name)


def hand_over(folder: Path) -> None:
    """Let the server's user write in the folder."""
    if os.geteuid() == 0:
        shutil.chown(folder, _USER)


def as_its_user() -> dict[str, Any]:
    """Options for `subprocess` to run one of its programs."""
    return {"user": _USER, "cwd": "/"} if os.geteuid() == 0 else {}
