"""The content of a batch's page, gathered from the current records."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.db.models import Count, QuerySet

from determinations.importing.control import files_to_retry
from determinations.importing.progress import BatchProgress, newest_failures, progress_of
from determinations.importing.worker import worker_pid
from determinations.models import BatchState, Determination, FileResult, ImportBatch, ImportFile

FAILURES_SHOWN = 20
LETTERS_SHOWN = 20

_ALWAYS_SHOWN = (
    FileResult.NEW,
    FileResult.ALREADY_THERE,
    FileResult.SUPERSEDING,
    FileResult.NEEDS_OCR,
    FileResult.FAILED,
    FileResult.WAITING,
)
_SOMETIMES_SHOWN = (FileResult.UNPACKED, FileResult.CANCELLED)
_STORED = (FileResult.NEW, FileResult.SUPERSEDING)


@dataclass(frozen=True, slots=True)
class ResultCount:
    result: FileResult
    files: int


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch's current state. `to_retry` and `to_retry_newer` are numbers of failed files that can be read
    again: all of them, and those that the current version of the parser has not read.
    """

    batch: ImportBatch
    progress: BatchProgress
    failures: Sequence[ImportFile]
    letters: Sequence[Determination]
    to_retry: int
    to_retry_newer: int
    worker_runs: bool
    taken_first: ImportBatch | None
    history: Sequence[LogEntry]

    @property
    def awaits_files(self) -> bool:
        """Whether all that came is imported, and a browser announced more."""
        idle = self.batch.state in (BatchState.RUNNING, BatchState.DONE)
        return idle and not self.waiting and bool(self.batch.pending_uploads)

    @property
    def state(self) -> str:
        """The state in words."""
        if self.awaits_files:
            return "Waiting for files from the browser"
        if self.batch.state == BatchState.RUNNING and not self.progress.total:
            return "Just started"
        return str(self.batch.get_state_display())

    @property
    def runs(self) -> bool:
        return self.batch.state == BatchState.RUNNING

    @property
    def is_done(self) -> bool:
        return self.batch.state == BatchState.DONE and not self.awaits_files

    @property
    def goes_on_by_itself(self) -> bool:
        """Whether the numbers will change without anyone's action."""
        return self.runs or self.awaits_files

    @property
    def can_pause(self) -> bool:
        return self.runs

    @property
    def can_continue(self) -> bool:
        return self.batch.state in (BatchState.PAUSED, BatchState.CANCELLED)

    @property
    def can_cancel(self) -> bool:
        return self.batch.state in (BatchState.RUNNING, BatchState.PAUSED)

    @property
    def waiting(self) -> int:
        return self.progress.counts[FileResult.WAITING]

    @property
    def expected(self) -> int:
        """Files that are here, in archives that were opened, or announced."""
        return self.progress.total + self.batch.pending_uploads

    @property
    def failed(self) -> int:
        return self.progress.counts[FileResult.FAILED] + self.progress.counts[FileResult.NEEDS_OCR]

    @property
    def stored(self) -> int:
        return sum(self.progress.counts[result] for result in _STORED)

    @property
    def seconds_left(self) -> float | None:
        rate = self.progress.rate
        left = self.progress.remaining + self.batch.pending_uploads
        return left / rate if rate and not self.awaits_files else None

    @property
    def counts(self) -> list[ResultCount]:
        """The results in the order of the page; those of no file where they are news in themselves."""
        counts = self.progress.counts
        shown = [*_ALWAYS_SHOWN, *(result for result in _SOMETIMES_SHOWN if counts[result])]
        return [ResultCount(result, counts[result]) for result in shown]


def page_of(batch: ImportBatch) -> BatchPage:
    """The batch's page, read from the database now."""
    batch.refresh_from_db()
    progress = progress_of(batch)
    failed = progress.counts[FileResult.FAILED] + progress.counts[FileResult.NEEDS_OCR]
    return BatchPage(
        batch=batch,
        progress=progress,
        failures=newest_failures(batch, FAILURES_SHOWN) if failed else (),
        letters=_newest_letters(batch) if batch.state == BatchState.DONE else (),
        to_retry=files_to_retry(batch).count() if failed else 0,
        to_retry_newer=files_to_retry(batch, older_reader_only=True).count() if failed else 0,
        worker_runs=worker_pid() is not None,
        taken_first=_taken_first(batch),
        history=_history(batch),
    )


def counts_of(batches: Sequence[ImportBatch]) -> dict[int, dict[FileResult, int]]:
    """For each batch's key, the number of its files by result."""
    counts: dict[int, dict[FileResult, int]] = {batch.pk: dict.fromkeys(FileResult, 0) for batch in batches}
    rows = ImportFile.objects.filter(batch__in=counts).order_by().values_list("batch", "result")
    for batch, result, files in rows.annotate(files=Count("pk")):
        counts[batch][FileResult(result)] = files
    return counts


def letters_of(batch: ImportBatch) -> QuerySet[Determination]:
    """The letters that came with the batch, new ones and new versions."""
    keys = batch.files.filter(result__in=_STORED).values("determination")
    return Determination.objects.filter(pk__in=keys)


def _newest_letters(batch: ImportBatch) -> list[Determination]:
    return list(letters_of(batch).defer("full_text").order_by("-pk")[:LETTERS_SHOWN])


def _taken_first(batch: ImportBatch) -> ImportBatch | None:
    if batch.state != BatchState.RUNNING:
        return None
    return ImportBatch.objects.filter(state=BatchState.RUNNING, pk__lt=batch.pk).order_by("pk").first()


def _history(batch: ImportBatch) -> list[LogEntry]:
    entries = LogEntry.objects.filter(
        content_type=get_content_type_for_model(ImportBatch), object_id=str(batch.pk)
    )
    return list(entries.select_related("user").order_by("-pk")[:FAILURES_SHOWN])
