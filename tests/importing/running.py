"""Imports run in the test's own process, to their end."""

from collections.abc import Iterable
from pathlib import Path

from determinations.importing.letter_files import find_letters
from determinations.importing.queue import queue_found_files
from determinations.importing.reading_pool import ReadingPool
from determinations.importing.worker import import_batch
from determinations.index_keeping import IndexKeeping
from determinations.models import ImportBatch, ImportFile


def run(batch: ImportBatch, pool: ReadingPool) -> ImportBatch:
    """Import what waits in the batch."""
    for _ in import_batch(batch, pool, IndexKeeping(), stop=lambda: False):
        pass
    batch.refresh_from_db()
    return batch


def imported(paths: Iterable[Path], pool: ReadingPool) -> ImportBatch:
    """A batch of the paths, imported."""
    return run(queue_found_files("test", find_letters(paths)), pool)


def results(batch: ImportBatch) -> dict[str, str]:
    """File name, without its folders -> its code where it failed, else its result."""
    return {file.name.rpartition("/")[2]: file.code or file.result for file in rows(batch)}


def rows(batch: ImportBatch) -> list[ImportFile]:
    return list(batch.files.order_by("pk"))
