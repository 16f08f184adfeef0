"""A full disk or a locked database stops an import at a file, and it goes on there once that is mended."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from determinations.importing import batch_run, originals
from determinations.importing.letter_files import find_letters
from determinations.importing.queue import queue_found_files
from determinations.importing.reading_pool import ReadingPool
from determinations.importing.worker import ImportWorker, import_batch
from determinations.index_keeping import IndexKeeping
from determinations.models import BatchState, Determination, FileResult, ImportBatch
from determinations.search.engines import search_engine
from determinations.search.indexing import compare, waiting_changes
from tests.importing.archives import archive_of
from tests.importing.letter_folders import write_letters
from tests.importing.running import run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("determinations.importing.batch_run.FILES_AT_A_TIME", 5)
    monkeypatch.setattr("determinations.importing.batch_run.GROUPS_AHEAD", 2)


@pytest.fixture
def batch(tmp_path: Path) -> ImportBatch:
    write_letters(tmp_path / "letters", 20)
    return queue_found_files("test", find_letters([tmp_path / "letters"]))


def failing(function: Callable[..., object], error: Exception, after: int) -> Callable[..., object]:
    """The function, whose calls fail after some."""
    calls = 0

    def wrapped(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls > after:
            raise error
        return function(*arguments, **options)

    return wrapped


def assert_whole(batch: ImportBatch) -> None:
    assert batch.state == BatchState.DONE
    assert batch.error == ""
    assert batch.files.filter(result=FileResult.NEW).count() == 20
    assert Determination.objects.count() == 20
    assert waiting_changes(search_engine()) == 0
    assert compare(search_engine()).agrees


NO_SPACE = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("step", ["write", "sync", "rename"])
def test_a_full_disk_while_keeping_bytes_loses_nothing(
    batch: ImportBatch, pool: ReadingPool, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    place: tuple[object, str] = {
        "write": (Path, "write_bytes"),
        "sync": (os, "fsync"),
        "rename": (Path, "replace"),
    }[step]
    with monkeypatch.context() as patched:
        patched.setattr(*place, failing(getattr(*place), NO_SPACE, after=7))
        with pytest.raises(OSError, match="No space left"):
            run(batch, pool)
    waiting = batch.files.filter(result=FileResult.WAITING).count()
    assert waiting > 0
    assert Determination.objects.count() == 20 - waiting
    assert list(originals.aside_folder().iterdir()) == []
    assert_whole(run(batch, pool))


@pytest.mark.django_db(transaction=True)  # a full SQLite ends the whole transaction, the test's own included
def test_a_full_database_loses_nothing(batch: ImportBatch, pool: ReadingPool) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite can be told to be full")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # pages that earlier tests freed would be room
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + 40}")
        try:
            with pytest.raises(OperationalError, match="full") as full:
                run(batch, pool)
        finally:
            cursor.execute("PRAGMA max_page_count = 1000000000")
    assert "disk is full" in batch_run.in_words(full.value)
    assert batch.files.filter(result=FileResult.WAITING).exists()
    assert_whole(run(batch, pool))


def test_a_full_disk_while_unpacking_loses_nothing(
    tmp_path: Path, pool: ReadingPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("determinations.importing.archives.ENTRIES_AT_A_TIME", 3)
    paths = write_letters(tmp_path / "letters", 20)
    archive = archive_of(tmp_path / "a.zip", *((path.name, path.read_bytes()) for path in paths))
    batch = queue_found_files("test", find_letters([archive]))
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", failing(Path.write_bytes, NO_SPACE, after=10))
        with pytest.raises(OSError, match="No space left"):
            run(batch, pool)
    assert batch.files.filter(archive__isnull=False).count() == 9
    assert_whole(run(batch, pool))


def test_the_worker_says_what_holds_the_batch_up_and_goes_on(
    batch: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_run: list[str] = []
    original = Path.write_bytes

    def write_bytes(path: Path, data: bytes) -> int:
        if len(batch_run) < 2:
            raise NO_SPACE
        return original(path, data)

    def sleep(seconds: float) -> None:
        batch_run.append(ImportBatch.objects.get().error)

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    monkeypatch.setattr("determinations.importing.worker.sleep", sleep)
    monkeypatch.setattr("determinations.importing.worker.LONGEST_WAIT_SECONDS", 0.01)
    ImportWorker(lambda: ImportBatch.objects.get().state == BatchState.DONE).run()
    assert batch_run[0].startswith("The disk is full.")
    batch.refresh_from_db()
    assert_whole(batch)


def test_an_error_of_ours_pauses_its_batch_and_no_other(
    batch: ImportBatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = queue_found_files("other", find_letters(write_letters(tmp_path / "other", 3, seed=9)))

    def broken(importing: ImportBatch, *rest: object) -> object:
        if importing == batch:
            raise ZeroDivisionError
        return import_batch(importing, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("determinations.importing.worker.import_batch", broken)
    ImportWorker(lambda: ImportBatch.objects.get(pk=other.pk).state == BatchState.DONE).run()
    batch.refresh_from_db()
    assert batch.state == BatchState.PAUSED
    assert "log has the details" in batch.error
    monkeypatch.undo()


def test_letters_are_stored_where_the_index_cannot_be_written(
    batch: ImportBatch, pool: ReadingPool, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "index").write_text("in the way of the index")
    index = IndexKeeping()
    for _ in import_batch(batch, pool, index, stop=lambda: False):
        pass
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
    assert "not searchable yet" in batch.error
    (tmp_path / "data" / "index").unlink()
    index.write()
    assert compare(search_engine()).agrees


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NO_SPACE, "disk is full"),
        (PermissionError(errno.EACCES, "Permission denied"), "not writable"),
        (OperationalError("server closed the connection"), "does not respond"),
    ],
)
def test_a_trouble_is_told_in_words(error: Exception, words: str) -> None:
    assert words in batch_run.in_words(error)
