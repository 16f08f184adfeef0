"""Actions on an import: announce files, pause, cancel, continue, retry failed files.

Each takes effect before the worker stores its next group. If a user is given, it is added to the batch's
history.
"""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from determinations.letters.parsed_letter import READER_VERSION
from determinations.models import BatchState, FileResult, ImportBatch, ImportFile

_UNREAD = (FileResult.FAILED, FileResult.NEEDS_OCR)


class ImportControlError(Exception):
    """This cannot be done to the batch as it is; the message says why."""


@transaction.atomic
def announce_files(batch: ImportBatch, files: int, by: User | None = None, *, skipped: int = 0) -> None:
    """Note that a browser is about to send this many files; what it announced before and did not send is
    taken to be among them. `skipped` are files of a chosen folder that are neither letters nor archives.
    """
    now = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if now.state == BatchState.CANCELLED:
        raise ImportControlError(f"Import {batch.pk} was canceled. Continue it or start another.")
    batch.pending_uploads, batch.skipped_count = files, now.skipped_count + skipped
    batch.save(update_fields=["pending_uploads", "skipped_count"])
    _record(batch, by, f"{_files(files)} chosen in the browser.")


@transaction.atomic
def expect_no_more(batch: ImportBatch, by: User | None = None) -> int:
    """Expect no more files from a browser, and give the number of those that never came."""
    missing = ImportBatch.objects.select_for_update().get(pk=batch.pk).pending_uploads
    batch.pending_uploads = 0
    batch.save(update_fields=["pending_uploads"])
    _record(batch, by, f"Stopped waiting; {_files(missing)} chosen in the browser did not arrive.")
    return missing


@transaction.atomic
def pause(batch: ImportBatch, by: User | None = None) -> None:
    """Stop after the group that is being stored; what waits keeps waiting."""
    _change(batch, BatchState.PAUSED, allowed={BatchState.RUNNING})
    _record(batch, by, "Paused.")


@transaction.atomic
def cancel(batch: ImportBatch, by: User | None = None) -> int:
    """Give up the files that are still waiting, and give their number; letters already stored stay."""
    _change(batch, BatchState.CANCELLED, allowed={BatchState.RUNNING, BatchState.PAUSED})
    given_up = batch.files.filter(result=FileResult.WAITING).update(
        result=FileResult.CANCELLED, finished_at=timezone.now()
    )
    _record(batch, by, f"Canceled; {_files(given_up)} not imported.")
    return given_up


@transaction.atomic
def continue_batch(batch: ImportBatch, by: User | None = None) -> int:
    """Go on with a paused or canceled batch, and give the number of files that wait."""
    _change(batch, BatchState.RUNNING, allowed={BatchState.PAUSED, BatchState.CANCELLED})
    _queue_again(batch.files.filter(result=FileResult.CANCELLED))
    waiting = batch.files.filter(result=FileResult.WAITING).count()
    _record(batch, by, f"Continued; {_files(waiting)} waiting.")
    return waiting


@transaction.atomic
def retry_failed(batch: ImportBatch, by: User | None = None, *, older_reader_only: bool = False) -> int:
    """Queue the failed files that can be read again, and give their number; the batch goes on.

    With `older_reader_only`, those that the present reader has not seen yet.
    """
    failed = files_to_retry(batch, older_reader_only=older_reader_only)
    if not failed.exists():
        raise ImportControlError("This import has no failed files that can be retried.")
    _change(batch, BatchState.RUNNING, allowed=set(BatchState))
    queued = _queue_again(failed)
    _record(batch, by, f"Failed files queued for another try: {queued}.")
    return queued


def files_to_retry(batch: ImportBatch, *, older_reader_only: bool = False) -> QuerySet[ImportFile]:
    """Failed files whose bytes can still be had: an entry that its archive did not yield has none."""
    failed = batch.files.filter(result__in=_UNREAD).exclude(content_hash="", path=b"")
    if older_reader_only:
        failed = failed.filter(Q(parser_version__isnull=True) | Q(parser_version__lt=READER_VERSION))
    return failed


def _queue_again(files: QuerySet[ImportFile]) -> int:
    return files.update(result=FileResult.WAITING, code="", reason="", finished_at=None)


def _change(batch: ImportBatch, state: BatchState, allowed: set[BatchState]) -> None:
    now = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if now.state not in allowed:
        raise ImportControlError(
            f"You cannot do this now. Import {batch.pk} is {now.get_state_display().lower()}."
        )
    batch.state = state
    batch.error = ""
    if state == BatchState.RUNNING:
        batch.resumed_at, batch.finished_at = timezone.now(), None
    else:
        batch.finished_at = timezone.now()
    batch.save(update_fields=["state", "error", "resumed_at", "finished_at"])


def _record(batch: ImportBatch, by: User | None, message: str) -> None:
    if by:
        LogEntry.objects.log_actions(by.pk, [batch], CHANGE, message, single_object=True)


def _files(number: int) -> str:
    return ngettext("%(number)s file", "%(number)s files", number) % {"number": f"{number:,}"}
