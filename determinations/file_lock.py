"""File locks between the processes of this machine. The kernel releases a lock when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

SECONDS_BETWEEN_TRIES = 0.05


class LockHeldError(Exception):
    """Another process holds the lock; `pid` is its process id, or 0 where that is unknown.

    `machine` is its machine's name, empty where the lock is a file of this machine.
    """

    def __init__(self, pid: int, machine: str = "") -> None:
        self.pid, self.machine = pid, machine
        super().__init__(f"{self.holder} holds the lock.")

    @property
    def holder(self) -> str:
        """In words, at the beginning of a sentence."""
        return f"Process {self.pid} on {self.machine}" if self.machine else f"Process {self.pid}"


@contextmanager
def exclusive_lock(path: Path, seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock of the file. Raises LockHeldError if another process holds it for `seconds`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # No soft lock where flock is missing: it would outlive a holder that was killed.
    lock = FileLock(path, fallback_to_soft=False, on_acquired=_write_pid)
    try:
        lock.acquire(timeout=seconds, poll_interval=SECONDS_BETWEEN_TRIES)
    except Timeout:
        raise LockHeldError(_pid_in(path)) from None
    try:
        yield
    finally:
        lock.release()


def _write_pid(descriptor: int) -> None:
    os.truncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())


def holder_of(path: Path) -> int | None:
    """The process id of the holder (0 where it is unknown), or None if nobody holds the lock."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        try:
            # A shared lock, which filelock does not have: two processes that ask never block each other.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _pid_in(path)
    return None


def _pid_in(path: Path) -> int:
    content = path.read_bytes()
    return int(content) if content.isdigit() else 0
