"""The progress of an import and the result of each file: numbers and rows for pages, the shell and a CSV
file.

Read-only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from determinations.models import BatchState, FileResult, ImportBatch, ImportFile

RATE_WINDOW = timedelta(seconds=30)
FILES_FOR_A_RATE = 10
CSV_HEADER = ("file", "result", "code", "reason", "determination", "address", "bytes", "sha256", "finished")

_ROWS_AT_A_TIME = 2000


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """`counts` holds every result, those of no file with 0; `packed` are files that archives still hold.
    `rate` is files a second over the last half minute; None where nothing was finished in it, or where the
    import has just begun.
    """

    state: BatchState
    counts: Mapping[FileResult, int]
    packed: int
    rate: float | None

    @property
    def total(self) -> int:
        return sum(self.counts.values()) + self.packed

    @property
    def remaining(self) -> int:
        return self.counts[FileResult.WAITING] + self.packed

    @property
    def finished(self) -> int:
        return self.total - self.remaining


def progress_of(batch: ImportBatch) -> BatchProgress:
    """The batch's current state in the database, whichever process works on it."""
    state, resumed_at = ImportBatch.objects.values_list("state", "resumed_at").get(pk=batch.pk)
    found = dict(batch.files.order_by().values_list("result").annotate(files=Count("pk")))
    counts = {result: found.get(result.value, 0) for result in FileResult}
    rate = None
    if state == BatchState.RUNNING:
        now = timezone.now()
        since = max(resumed_at, now - RATE_WINDOW)
        finished = batch.files.filter(finished_at__gt=since).count()
        # While readers start, a first file or two would foretell an import of days.
        if finished >= FILES_FOR_A_RATE or since > resumed_at:
            rate = finished / max((now - since).total_seconds(), 1.0) or None
    return BatchProgress(
        state=BatchState(state),
        counts=counts,
        packed=_packed(batch) if counts[FileResult.WAITING] else 0,
        rate=rate,
    )


def _packed(batch: ImportBatch) -> int:
    archives = batch.files.filter(result=FileResult.WAITING, member_count__gt=0)
    return sum(max(archive.member_count - archive.members.count(), 0) for archive in archives)


def newest_failures(batch: ImportBatch, limit: int) -> list[ImportFile]:
    """The files that failed last, newest first."""
    failed = batch.files.filter(result__in=(FileResult.FAILED, FileResult.NEEDS_OCR))
    return list(failed.order_by("-finished_at", "-pk")[:limit])


def csv_rows(batch: ImportBatch) -> Iterator[tuple[str, ...]]:
    """The header, then a row for every file in the order of the queue; memory holds some thousand of them."""
    yield CSV_HEADER
    files = batch.files.select_related("determination").defer("determination__full_text").order_by("pk")
    for file in files.iterator(chunk_size=_ROWS_AT_A_TIME):
        letter = file.determination
        yield (
            file.name,
            FileResult(file.result).label,
            file.code,
            file.reason,
            str(letter) if letter else "",
            letter.get_absolute_url() if letter else "",
            str(file.size),
            file.content_hash,
            file.finished_at.isoformat(timespec="seconds") if file.finished_at else "",
        )
