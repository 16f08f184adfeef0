"""How an import stands, and its list of files."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from determinations.export.csv_lines import spreadsheet_lines
from determinations.importing.letter_files import find_letters
from determinations.importing.progress import CSV_HEADER, csv_rows, newest_failures, progress_of
from determinations.importing.queue import queue_found_files, start_batch
from determinations.importing.reading_pool import ReadingPool
from determinations.importing.worker import import_batch
from determinations.index_keeping import IndexKeeping
from determinations.models import BatchState, FileResult, ImportBatch, ImportFile
from tests.importing.archives import archive_of
from tests.importing.letter_folders import write_letters
from tests.importing.running import imported

pytestmark = pytest.mark.django_db


def batch_of(*results: FileResult, finished_before: timedelta = timedelta(seconds=1)) -> ImportBatch:
    batch = start_batch("test")
    ImportBatch.objects.update(resumed_at=timezone.now() - timedelta(minutes=5))
    ImportFile.objects.bulk_create(
        ImportFile(
            batch=batch,
            name=f"{number}.txt",
            result=result,
            finished_at=None if result == FileResult.WAITING else timezone.now() - finished_before,
        )
        for number, result in enumerate(results)
    )
    return batch


def test_every_result_is_counted() -> None:
    batch = batch_of(FileResult.NEW, FileResult.NEW, FileResult.FAILED, FileResult.WAITING)
    progress = progress_of(batch)
    assert {result: files for result, files in progress.counts.items() if files} == {
        FileResult.NEW: 2,
        FileResult.FAILED: 1,
        FileResult.WAITING: 1,
    }
    assert (progress.total, progress.finished, progress.state) == (4, 3, BatchState.RUNNING)


def test_files_that_an_archive_still_holds_are_counted(
    tmp_path: Path, pool: ReadingPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("determinations.importing.archives.ENTRIES_AT_A_TIME", 3)
    monkeypatch.setattr("determinations.importing.batch_run.GROUPS_AHEAD", 1)
    letters = write_letters(tmp_path / "letters", 12)
    archives = [
        archive_of(tmp_path / name, ("folder/", b""), *((path.name, path.read_bytes()) for path in some))
        for name, some in (("a.zip", letters[:5]), ("b.zip", letters[5:]))
    ]
    batch = queue_found_files("test", find_letters(archives))
    seen = []
    for _ in import_batch(batch, pool, IndexKeeping(), stop=lambda: False):
        progress = progress_of(batch)
        seen.append((progress.total, progress.finished + progress.remaining))
    assert set(seen) == {(14, 14)}
    assert progress_of(batch).finished == 14


def test_the_rate_is_that_of_the_last_half_minute() -> None:
    batch = batch_of(*[FileResult.NEW] * 60, *[FileResult.WAITING] * 20)
    progress = progress_of(batch)
    assert progress.rate == pytest.approx(2.0)


def test_the_first_files_of_an_import_make_no_rate_yet() -> None:
    batch = batch_of(*[FileResult.NEW] * 9, *[FileResult.WAITING] * 20)
    ImportBatch.objects.update(resumed_at=timezone.now() - timedelta(seconds=5))
    assert progress_of(batch).rate is None
    ImportBatch.objects.update(resumed_at=timezone.now() - timedelta(seconds=40))
    assert progress_of(batch).rate == pytest.approx(9 / 30)


def test_without_a_file_in_the_last_half_minute_there_is_no_rate() -> None:
    batch = batch_of(FileResult.NEW, FileResult.WAITING, finished_before=timedelta(minutes=1))
    assert progress_of(batch).rate is None


def test_a_batch_that_does_not_run_has_no_rate() -> None:
    batch = batch_of(FileResult.NEW, FileResult.WAITING)
    ImportBatch.objects.update(state=BatchState.PAUSED)
    assert progress_of(batch).rate is None


def test_the_newest_failures_come_first() -> None:
    batch = batch_of(FileResult.FAILED, FileResult.NEW, FileResult.NEEDS_OCR, FileResult.FAILED)
    ImportFile.objects.filter(name="0.txt").update(finished_at=timezone.now())
    assert [file.name for file in newest_failures(batch, 2)] == ["0.txt", "3.txt"]


def test_the_list_names_every_file_and_its_letter(pool: ReadingPool, tmp_path: Path) -> None:
    paths = write_letters(tmp_path, 2)
    (tmp_path / "=cmd.txt").write_text("Minutes of the meeting. " * 20)
    batch = imported([*paths, tmp_path / "=cmd.txt"], pool)
    ImportFile.objects.filter(name__endswith="=cmd.txt").update(name="=cmd.txt")
    written = "".join(spreadsheet_lines(csv_rows(batch)))
    header, *rows = csv.reader(io.StringIO(written.removeprefix("\ufeff")))
    assert tuple(header) == CSV_HEADER
    assert [(row[0], row[1]) for row in rows] == [
        (str(paths[0]), "New"),
        (str(paths[1]), "New"),
        ("'=cmd.txt", "Failed"),
    ]
    letter = batch.files.order_by("pk")[0].determination
    assert letter
    assert rows[0][4:8] == [
        str(letter),
        letter.get_absolute_url(),
        str(paths[0].stat().st_size),
        letter.content_hash,
    ]
    assert rows[2][2] == "not_a_determination"
    assert rows[2][3]
