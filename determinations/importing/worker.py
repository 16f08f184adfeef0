"""The import worker: the one process on this machine that imports running batches, oldest first.

Where machines share a database, each may run one. A worker holds a lease for the batch that it imports, and
one that says that it runs. It takes batches of files of its own machine, and uploads whose bytes it can see.
Between letters it keeps the index up to date (`index_keeping`), unless this machine has none. `import_batch`
takes one batch from waiting files to searchable letters, for the worker and the shell. Its caller must hold
the worker's lock.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
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
from determinations.index_keeping import IndexKeeping
from determinations.leases import (
    Held,
    LeaseLostError,
    lease,
    machines_share_database,
    running_leases,
    silence_of,
)
from determinations.models import BatchState, FileResult, ImportBatch
from determinations.search.interface import SearchError


class WorkerRunningError(Exception):
    """Another process is importing; `pid` is its process ID, or 0 if unknown."""

    def __init__(self, other: LockHeldError) -> None:
        super().__init__(f"{other.holder} is importing letters.")
        self.pid = other.pid


@contextmanager
def worker_lock() -> Iterator[Held]:
    """Be this machine's worker, or raise WorkerRunningError at once."""
    try:
        with exclusive_lock(_path()):
            if not machines_share_database():
                yield Held()
                return
            with lease(f"{_WORKER}{settings.MACHINE}", alone_here=True) as held:
                yield held
    except LockHeldError as error:
        raise WorkerRunningError(error) from None


def batch_lock(batch: ImportBatch) -> AbstractContextManager[Held]:
    """Be the only worker of the batch. Raises LockHeldError. Needs the worker's lock."""
    if not machines_share_database():
        return nullcontext(Held())
    return lease(f"import {batch.pk}", alone_here=True)


def working_machines() -> frozenset[str]:
    """The names of the machines on which a worker runs, among them this one's."""
    if not machines_share_database():
        return frozenset() if holder_of(_path()) is None else frozenset({settings.MACHINE})
    return frozenset(held.machine for held in running_leases(_WORKER))


def is_of_this_machine(batch: ImportBatch) -> bool:
    """Whether the paths of the batch, if it has any, are those of files on this machine."""
    return batch.machine in ("", settings.MACHINE[:200])


def is_taken_by_a_worker(batch: ImportBatch) -> bool:
    """Whether a worker runs that may take the batch."""
    machines = working_machines()
    return batch.machine in machines if batch.machine else bool(machines)


def worker_silence() -> float | None:
    """Seconds since a running worker last went through its loop, or None if none runs.

    Of several workers the one that was silent for longest counts.
    """
    if machines_share_database():
        return max((silence_of(held) for held in running_leases(_WORKER)), default=None)
    if holder_of(_path()) is None:
        return None
    return max(0.0, time() - _path().stat().st_mtime)


def _show_life(held: Held) -> None:
    """The lock's file is as old as the last sign of life. This needs no room on a full disk."""
    held.show_move()
    with suppress(FileNotFoundError):  # somebody deleted it, which leaves the lock itself as it is
        os.utime(_path())


_WORKER = "import worker on "
"""The name of the lease that says that a worker runs, before the machine's name."""


def _path() -> Path:
    return Path(settings.DATA_DIR) / "import-worker.lock"


logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_POOL_IDLES = 60.0
SECONDS_BETWEEN_CLEARINGS = 3600.0
SECONDS_BETWEEN_COMPLAINTS = 60.0
LONGEST_WAIT_SECONDS = 30.0

Stop = Callable[[], bool]
"""Whether the process was asked to stop."""


def import_batch(
    batch: ImportBatch,
    pool: ReadingPool,
    index: IndexKeeping,
    stop: Stop,
    worker: Held | None = None,
    held: Held | None = None,
) -> Iterator[int]:
    """Import what waits in the batch, giving the number of files after each group.

    `worker` and `held` are the locks of the worker and of the batch. Ends when the batch is done, no longer
    running, or `stop` says so; all that was stored is then searchable. Raises one of PASSING_ERRORS, or
    LeaseLostError where another worker has taken over; what was not stored is still waiting then.
    """
    worker, held = worker or Held(), held or Held()
    while not stop() and _is_running(batch):
        for finished in BatchRun(batch, pool, held):
            if finished and batch.error:
                _set_error(batch, "")
            _show_life(worker)
            yield len(finished)
            index.write_if_due()
            if stop():
                break
        else:
            index.write()
            _finish(batch, index.error, held)
    index.write()


def _running_batches() -> Iterator[ImportBatch]:
    """Those that a worker of this machine can take, oldest first."""
    batches = ImportBatch.objects.filter(state=BatchState.RUNNING).order_by("pk")
    if not machines_share_database():
        yield from batches[:1]
        return
    for batch in filter(is_of_this_machine, batches):
        kept = batch.files.filter(result=FileResult.WAITING).exclude(content_hash="").order_by("pk").first()
        if kept is None or batch.machine or originals.is_kept(kept.content_hash):
            yield batch


def _is_running(batch: ImportBatch) -> bool:
    return ImportBatch.objects.filter(pk=batch.pk, state=BatchState.RUNNING).exists()


@transaction.atomic
def _finish(batch: ImportBatch, error: str, held: Held) -> None:
    """Mark the batch as done, unless files were queued or it was paused meanwhile."""
    held.require()
    now = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if now.state == BatchState.RUNNING and not now.files.filter(result=FileResult.WAITING).exists():
        now.state, now.error, now.finished_at = BatchState.DONE, error, timezone.now()
        now.save(update_fields=["state", "error", "finished_at"])


def _set_error(batch: ImportBatch, error: str) -> None:
    batch.error = error
    ImportBatch.objects.filter(pk=batch.pk).update(error=error)


class ImportWorker:
    """Runs until `stop` says so. Needs the worker's lock: see worker_lock."""

    def __init__(self, stop: Stop, index: IndexKeeping | None = None, held: Held | None = None) -> None:
        self._stop = stop
        self._held = held or Held()
        self._index = index or IndexKeeping()
        self._inbox = Inbox()
        self._pool: ReadingPool | None = None
        self._pool_used = 0.0
        self._wait_seconds = 0.0
        self._cleared = -SECONDS_BETWEEN_CLEARINGS
        self._erased = -SECONDS_BETWEEN_COMPLAINTS

    def run(self) -> None:
        """Import whatever comes, and write to the index whatever is noted."""
        self._sweep()
        self._index.mend()
        try:
            while not self._stop():
                close_old_connections()
                self._look()
        finally:
            self._close_pool()
            self._index.close()

    def _look(self) -> None:
        _show_life(self._held)
        batch = None
        try:
            self._inbox.look_if_due()
            for batch in _running_batches():
                if self._import(batch):
                    break
            else:
                batch = None
                self._idle()
            self._wait_seconds = 0.0
        except LeaseLostError as error:
            logger.warning("%s Nothing was stored twice.", error)
            self._close_pool()
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

    def _import(self, batch: ImportBatch) -> bool:
        """Import the batch; False where another worker does."""
        try:
            with batch_lock(batch) as held:
                self._pool = self._pool or ReadingPool()
                for _ in import_batch(batch, self._pool, self._index, self._stop, self._held, held):
                    self._wait_seconds = 0.0
                    self._inbox.look_if_due()
                self._pool_used = monotonic()
        except LockHeldError:
            return False
        return True

    def _idle(self) -> None:
        if self._pool and monotonic() - self._pool_used > SECONDS_POOL_IDLES:
            self._close_pool()
        self._index.look()
        self._clear_if_due()
        self._erase_if_due()
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
            erase_traces(self._index.engine)
        except (ErasureWaitsError, SearchError, OSError, Error) as error:
            logger.error("Traces of removed letters are not erased yet: %s", error)
        self._erased = monotonic()

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
            _show_life(self._held)

    def _close_pool(self) -> None:
        if self._pool:
            self._pool.close()
            self._pool = None
