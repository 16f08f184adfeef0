"""File locks between the processes of this machine. The kernel releases a lock when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import IO

SECONDS_BETWEEN_TRIES = 0.05


class LockHeldError(Exception):
    """Another process holds the lock; `pid` is its process id, or 0 where it could not be told."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"Process {pid} holds the lock.")
        self.pid = pid


@contextmanager
def exclusive_lock(path: Path, seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock of the file. Raises LockHeldError where it is not to be had within `seconds`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as file:
        deadline = monotonic() + seconds
        while not _lock(file, fcntl.LOCK_EX):
            if monotonic() >= deadline:
                raise LockHeldError(_pid_in(path))
            sleep(SECONDS_BETWEEN_TRIES)
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        yield


def holder_of(path: Path) -> int | None:
    """The process id of the holder (0 where it could not be told), or None."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        # Shared, so that two who ask do not take each other for the holder.
        return None if _lock(file, fcntl.LOCK_SH) else _pid_in(path)


def _lock(file: IO[bytes], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pid_in(path: Path) -> int:
    content = path.read_bytes()
    return int(content) if content.isdigit() else 0
