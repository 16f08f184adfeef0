"""One import worker at a time on this machine. Knows no database and no import."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from determinations.file_lock import LockHeldError, exclusive_lock, holder_of


class WorkerRunningError(Exception):
    """Another process imports; `pid` is its process id, or 0 where it could not be told."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"Process {pid} is importing letters.")
        self.pid = pid


@contextmanager
def worker_lock() -> Iterator[None]:
    """Be the worker, or raise WorkerRunningError at once."""
    try:
        with exclusive_lock(_path()):
            yield
    except LockHeldError as error:
        raise WorkerRunningError(error.pid) from None


def worker_pid() -> int | None:
    """The process id of the running worker, or None."""
    return holder_of(_path())


def _path() -> Path:
    return Path(settings.DATA_DIR) / "import-worker.lock"
