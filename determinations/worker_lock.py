"""One import worker at a time on this machine, by a lock that the kernel releases when its process dies.

Knows no database and no import.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


class WorkerRunningError(Exception):
    """Another process holds the lock; `pid` is its process id, or 0 where it could not be told."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"Process {pid} is importing letters.")
        self.pid = pid


@contextmanager
def worker_lock() -> Iterator[None]:
    """Hold the lock, or raise WorkerRunningError at once."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WorkerRunningError(_pid_in(path)) from None
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        yield


def worker_pid() -> int | None:
    """The process id of the running worker, or None."""
    path = _path()
    if not path.exists():
        return None
    with path.open("rb") as file:
        try:
            # Shared, so that two who ask do not see each other as the worker.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _pid_in(path)
    return None


def _path() -> Path:
    return Path(settings.DATA_DIR) / "import-worker.lock"


def _pid_in(path: Path) -> int:
    content = path.read_bytes()
    return int(content) if content.isdigit() else 0
