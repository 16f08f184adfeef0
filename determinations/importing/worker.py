"""The import worker: the one process on this machine that imports running batches, oldest first.

While it runs, only it writes the index: queued changes in groups, every few seconds. Changes that cannot be
written stay queued, are logged once a minute and are retried. `import_batch` takes one batch from waiting
files to searchable letters, for the worker and the shell. Its caller must hold the worker's lock.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep, time

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import Error, close_old_connections, transaction
from django.utils import timezone

from determinations.accounts.models import clear_failures
from determinations.file_lock import LockHeldError, exclusive_lock, holder_of
from determinations.importing import batch_run, originals
from determinations.importing.batch_run import BatchRun
from determinations.importing.control import pause
from determinations.importing.inbox import Inbox
from determinations.importing.reading_pool import ReadingPool
from determinations.importing.removed_letters import (
    ErasureWaitsError,
    erase_traces,
    removed_among,
    traces_are_left,
)
from determinations.models import BatchState, FileResult, ImportBatch
from determinations.search.engines import search_engine
from determinations.search.indexing import rebuild_if_needed, waiting_changes, write_changes
from determinations.search.interface import SearchError
from determinations.statistics.counting_ahead import CountingAhead


class WorkerRunningError(Exception):
    """Another process is importing; `pid` is its process ID, or 0 if unknown."""

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


def worker_silence() -> float | None:
    """Seconds since the running worker last went through its loop, or None if none runs."""
    if worker_pid() is None:
        return None
    return max(0.0, time() - _path().stat().st_mtime)


def _show_life() -> None:
    """The lock's file is as old as the last sign of life. This needs no room on a full disk."""
    with suppress(FileNotFoundError):  # somebody deleted it, which leaves the lock itself as it is
        os.utime(_path())


def _path() -> Path:
    return Path(settings.DATA_DIR) / "import-worker.lock"


SECONDS_BETWEEN_COMMITS = 3.0
SECONDS_BETWEEN_COMPLAINTS = 60.0


class IndexWriting:
    """`error` says why noted changes are not searchable yet; empty where they are written."""

    def __init__(self) -> None:
        self.error = ""
        self._last_commit = -SECONDS_BETWEEN_COMMITS
        self._last_complaint = -SECONDS_BETWEEN_COMPLAINTS

    def write_if_due(self) -> None:
        """Write where the last commit is some seconds past: commits stay few, and letters wait little."""
        if monotonic() - self._last_commit >= SECONDS_BETWEEN_COMMITS:
            self.write()

    def write(self) -> None:
        """Write all that is noted."""
        try:
            write_changes(search_engine())
            self.error = ""
        except SearchError as error:
            self.error = (
                f"The letters are stored, but {waiting_changes():,} items are not searchable yet: {error}"
            )
            self._complain()
        self._last_commit = monotonic()

    def _complain(self) -> None:
        if monotonic() - self._last_complaint >= SECONDS_BETWEEN_COMPLAINTS:
            logger.error(self.error)
            self._last_complaint = monotonic()


logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_POOL_IDLES = 60.0
SECONDS_BETWEEN_CLEARINGS = 3600.0
SECONDS_BETWEEN_VERIFICATIONS = 600.0
LONGEST_WAIT_SECONDS = 30.0

Stop = Callable[[], bool]
"""Whether the process was asked to stop."""


def import_batch(batch: ImportBatch, pool: ReadingPool, index: IndexWriting, stop: Stop) -> Iterator[int]:
    """Import what waits in the batch, giving the number of files after each group.

    Ends when the batch is done, no longer running, or `stop` says so; all that was stored is then searchable.
    Raises one of PASSING_ERRORS; what was not stored is still waiting then.
    """
    while not stop() and _is_running(batch):
        for finished in BatchRun(batch, pool):
            if finished and batch.error:
                _set_error(batch, "")
            _show_life()
            yield len(finished)
            index.write_if_due()
            if stop():
                break
        else:
            index.write()
            _finish(batch, index.error)
    index.write()


def _is_running(batch: ImportBatch) -> bool:
    return ImportBatch.objects.filter(pk=batch.pk, state=BatchState.RUNNING).exists()


@transaction.atomic
def _finish(batch: ImportBatch, error: str) -> None:
    """Mark the batch as done, unless files were queued or it was paused meanwhile."""
    now = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if now.state == BatchState.RUNNING and not now.files.filter(result=FileResult.WAITING).exists():
        now.state, now.error, now.finished_at = BatchState.DONE, error, timezone.now()
        now.save(update_fields=["state", "error", "finished_at"])


def _set_error(batch: ImportBatch, error: str) -> None:
    batch.error = error
    ImportBatch.objects.filter(pk=batch.pk).update(error=error)


class ImportWorker:
    """Runs until `stop` says so. Holds no lock itself: see worker_lock."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._index = IndexWriting()
        self._inbox = Inbox()
        self._pool: ReadingPool | None = None
        self._pool_used = 0.0
        self._wait_seconds = 0.0
        self._cleared = -SECONDS_BETWEEN_CLEARINGS
        self._verified = monotonic()
        self._erased = -SECONDS_BETWEEN_COMPLAINTS
        self._counting = CountingAhead()

    def run(self) -> None:
        """Import whatever comes, and write to the index whatever is noted."""
        self._sweep()
        self._mend_index()
        try:
            while not self._stop():
                close_old_connections()
                self._look()
        finally:
            self._close_pool()

    def _look(self) -> None:
        _show_life()
        batch = None
        try:
            self._inbox.look_if_due()
            batch = ImportBatch.objects.filter(state=BatchState.RUNNING).order_by("pk").first()
            if batch:
                self._import(batch)
            else:
                self._idle()
            self._wait_seconds = 0.0
        except batch_run.PASSING_ERRORS as error:
            logger.exception("The import waits")
            self._hold_up(batch, batch_run.in_words(error))
            self._back_off()
        except Exception:
            if batch is None:
                raise
            # A bug that shows in one batch must neither stop the others nor be met again and again.
            logger.exception("Import %s is paused at an error", batch.pk)
            pause(batch)
            self._hold_up(
                batch, "The import was paused because of an error in this program. The log has the details."
            )

    def _import(self, batch: ImportBatch) -> None:
        self._pool = self._pool or ReadingPool()
        for _ in import_batch(batch, self._pool, self._index, self._stop):
            self._wait_seconds = 0.0
            self._inbox.look_if_due()
        self._pool_used = monotonic()

    def _idle(self) -> None:
        if self._pool and monotonic() - self._pool_used > SECONDS_POOL_IDLES:
            self._close_pool()
        self._index.write_if_due()
        self._clear_if_due()
        self._erase_if_due()
        self._counting.step(search_engine())
        if monotonic() - self._verified >= SECONDS_BETWEEN_VERIFICATIONS:
            self._mend_index()
        sleep(SECONDS_BETWEEN_LOOKS)

    def _clear_if_due(self) -> None:
        """Delete expired sessions: old sign-ins, and visitors' folders unchanged for half a year.

        Failed sign-ins that no longer count are deleted as well, and files that nobody needs on this disk.
        """
        if monotonic() - self._cleared >= SECONDS_BETWEEN_CLEARINGS:
            SessionStore.clear_expired()
            clear_failures()
            self._sweep()
            self._cleared = monotonic()

    def _sweep(self) -> None:
        try:
            originals.sweep(removed_among)
        except OSError as error:
            logger.warning("Files that nobody needs are still on the disk: %s", error)

    def _erase_if_due(self) -> None:
        """Erase what is left of removed letters; whatever is in the way, it is tried again."""
        if monotonic() - self._erased < SECONDS_BETWEEN_COMPLAINTS or not traces_are_left():
            return
        try:
            erase_traces(search_engine())
        except (ErasureWaitsError, SearchError, OSError, Error) as error:
            logger.error("Traces of removed letters are not erased yet: %s", error)
        self._erased = monotonic()

    def _mend_index(self) -> None:
        """Rebuild the index where it is damaged or outdated; the old one answers meanwhile, if it can."""
        try:
            if rebuild_if_needed(search_engine()):
                logger.warning("The search index was damaged or outdated, and was rebuilt.")
        except (SearchError, OSError, Error) as error:
            logger.error("The search index cannot be rebuilt: %s", error)
        self._verified = monotonic()

    def _hold_up(self, batch: ImportBatch | None, error: str) -> None:
        self._close_pool()  # what it still reads would be read twice
        if batch:
            # A full disk takes no note of itself; then the log alone has it.
            with suppress(Error):
                _set_error(batch, error)

    def _back_off(self) -> None:
        self._wait_seconds = min(2 * self._wait_seconds or 1.0, LONGEST_WAIT_SECONDS)
        until = monotonic() + self._wait_seconds
        while monotonic() < until and not self._stop():
            sleep(SECONDS_BETWEEN_LOOKS)
            _show_life()

    def _close_pool(self) -> None:
        if self._pool:
            self._pool.close()
            self._pool = None
