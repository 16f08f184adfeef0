"""Pausing, canceling, going on and reading failed files again, and who did it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User

from determinations.importing import control
from determinations.importing.control import ImportControlError
from determinations.importing.letter_files import find_letters
from determinations.importing.queue import queue_found_files, start_batch
from determinations.importing.reading_pool import ReadingPool
from determinations.importing.worker import import_batch
from determinations.index_keeping import IndexKeeping
from determinations.letters.parsed_letter import READER_VERSION
from determinations.models import BatchState, Determination, FileResult, ImportBatch
from determinations.stopping import StopRequest
from tests.importing.letter_folders import write_letters
from tests.importing.running import imported, results, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("determinations.importing.batch_run.FILES_AT_A_TIME", 4)


@pytest.fixture
def batch(tmp_path: Path) -> ImportBatch:
    write_letters(tmp_path / "letters", 12)
    return queue_found_files("test", find_letters([tmp_path / "letters"]))


def steps(batch: ImportBatch, pool: ReadingPool) -> Iterator[int]:
    """The groups of a running import that stored something."""
    return (files for files in import_batch(batch, pool, IndexKeeping(), stop=lambda: False) if files)


def waiting(batch: ImportBatch) -> int:
    return batch.files.filter(result=FileResult.WAITING).count()


def test_a_paused_batch_stops_before_its_next_group_and_goes_on_from_there(
    batch: ImportBatch, pool: ReadingPool
) -> None:
    importing = steps(batch, pool)
    assert next(importing) == 4
    control.pause(batch)
    assert list(importing) == []
    assert (waiting(batch), Determination.objects.count()) == (8, 4)
    assert control.continue_batch(batch) == 8
    assert run(batch, pool).state == BatchState.DONE
    assert Determination.objects.count() == 12


def test_a_stop_leaves_the_rest_waiting(batch: ImportBatch, pool: ReadingPool) -> None:
    stop = StopRequest()
    for _ in import_batch(batch, pool, IndexKeeping(), stop):
        stop.ask()
    batch.refresh_from_db()
    assert batch.state == BatchState.RUNNING
    assert waiting(batch) + Determination.objects.count() == 12
    assert waiting(batch) > 0


def test_a_canceled_batch_gives_up_what_waits_and_keeps_what_is_stored(
    batch: ImportBatch, pool: ReadingPool
) -> None:
    importing = steps(batch, pool)
    next(importing)
    assert control.cancel(batch) == 8
    assert list(importing) == []
    assert batch.files.filter(result=FileResult.CANCELLED).count() == 8
    assert Determination.objects.count() == 4


def test_a_canceled_batch_can_go_on_after_all(batch: ImportBatch, pool: ReadingPool) -> None:
    control.cancel(batch)
    assert control.continue_batch(batch) == 12
    assert run(batch, pool).state == BatchState.DONE
    assert Determination.objects.count() == 12


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (BatchState.DONE, control.pause),
        (BatchState.DONE, control.cancel),
        (BatchState.RUNNING, control.continue_batch),
        (BatchState.PAUSED, control.pause),
        (BatchState.CANCELLED, control.cancel),
    ],
)
def test_what_makes_no_sense_in_a_state_is_refused(
    batch: ImportBatch, state: BatchState, act: object
) -> None:
    ImportBatch.objects.update(state=state)
    assert callable(act)
    with pytest.raises(ImportControlError, match=f"is {state.label.lower()}"):
        act(batch)


def test_failed_files_are_read_again_and_others_are_not(
    pool: ReadingPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = write_letters(tmp_path / "letters", 2)
    letter = bad.read_bytes()
    bad.write_bytes(b"Minutes of the meeting. " * 20)
    batch = imported([good, bad, tmp_path / "later.txt"], pool)
    assert sorted(results(batch).values()) == ["new", "no_such_file", "not_a_determination"]

    (tmp_path / "later.txt").write_bytes(letter)
    assert control.retry_failed(batch) == 2
    assert batch.state == BatchState.RUNNING
    run(batch, pool)
    assert results(batch)["later.txt"] == "new"
    assert results(batch)[bad.name] == "not_a_determination"


def test_only_what_an_older_reader_failed_on_may_be_asked_for(
    pool: ReadingPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_bytes(b"Minutes of the meeting. " * 20)
    batch = imported([tmp_path / "a.txt"], pool)
    with pytest.raises(ImportControlError, match="no failed files"):
        control.retry_failed(batch, older_reader_only=True)
    monkeypatch.setattr(control, "READER_VERSION", READER_VERSION + 1)
    assert control.retry_failed(batch, older_reader_only=True) == 1


def test_who_started_a_batch_and_what_was_done_to_it_is_recorded(batch: ImportBatch) -> None:
    anna = User.objects.create_user("anna")
    assert start_batch("upload", anna).started_by == anna
    assert "command line" in batch.started_by_name
    control.pause(batch, by=anna)
    control.continue_batch(batch, by=anna)
    control.cancel(batch, by=anna)
    entries = LogEntry.objects.filter(user=anna).order_by("pk")
    assert [entry.change_message for entry in entries] == [
        "Paused.",
        "Continued; 12 files waiting.",
        "Canceled; 12 files not imported.",
    ]


def test_the_name_of_who_started_a_batch_outlives_the_account() -> None:
    anna = User.objects.create_user("anna")
    batch = start_batch("upload", anna)
    anna.delete()
    batch.refresh_from_db()
    assert (batch.started_by, batch.started_by_name) == (None, "anna")
