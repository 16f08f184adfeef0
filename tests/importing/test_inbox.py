"""Files put into the watched folder are imported and moved, with a reason beside those that failed."""

from pathlib import Path

import pytest
from pytest_django import Settings

from determinations.importing import inbox
from determinations.importing.inbox import Inbox
from determinations.importing.reading_pool import ReadingPool
from determinations.importing.worker import ImportWorker
from determinations.models import BatchState, Determination, ImportBatch, ImportFile
from sample_letters.generator import invented_letters
from tests.importing.archives import archive_of
from tests.importing.running import run

pytestmark = pytest.mark.django_db

LETTERS = [letter.text.encode() for letter in invented_letters(4, seed=12)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(inbox, "SECONDS_WITHOUT_GROWTH", 0.0)
    monkeypatch.setattr(inbox, "SECONDS_BETWEEN_LOOKS", 0.0)
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def lying(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def imported_from(folder: Path, pool: ReadingPool) -> Inbox:
    """Look, import what was queued, look again."""
    watched = Inbox(folder)
    watched.look()
    for batch in ImportBatch.objects.filter(state=BatchState.RUNNING):
        run(batch, pool)
    watched.look()
    return watched


def test_a_letter_goes_to_done_and_what_is_none_to_failed_with_its_reason(
    pool: ReadingPool, folder: Path
) -> None:
    (folder / "letter.txt").write_bytes(LETTERS[0])
    (folder / "scans").mkdir()
    (folder / "scans" / "minutes.txt").write_text("Minutes of the meeting. Nothing was decided.")
    imported_from(folder, pool)
    assert lying(folder) == [
        "done/letter.txt",
        "failed/scans/minutes.txt",
        "failed/scans/minutes.txt.reason.txt",
    ]
    said = (folder / "failed/scans/minutes.txt.reason.txt").read_text()
    assert ImportFile.objects.get(code="not_a_determination").reason in said
    assert Determination.objects.count() == 1


def test_a_file_is_taken_once_it_has_stopped_growing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(inbox, "monotonic", lambda: now)
    monkeypatch.setattr(inbox, "SECONDS_WITHOUT_GROWTH", 5.0)
    path = folder / "letter.txt"
    path.write_bytes(LETTERS[0][:100])
    watched = Inbox(folder)
    watched.look()
    now += 4
    path.write_bytes(LETTERS[0])
    watched.look()
    now += 4
    watched.look()
    assert ImportFile.objects.count() == 0
    now += 1
    watched.look()
    assert ImportFile.objects.count() == 1
    now += 100
    watched.look()
    assert ImportFile.objects.count() == 1
    assert lying(folder) == ["letter.txt"]


def test_an_archive_with_a_refused_entry_fails_and_says_which(pool: ReadingPool, folder: Path) -> None:
    archive_of(folder / "a.zip", ("1.txt", LETTERS[0]), ("image.txt", b"\x89PNG" + bytes(50)))
    archive_of(folder / "b.zip", ("2.txt", LETTERS[1]))
    imported_from(folder, pool)
    assert lying(folder) == ["done/b.zip", "failed/a.zip", "failed/a.zip.reason.txt"]
    assert "image.txt: " in (folder / "failed/a.zip.reason.txt").read_text()
    assert Determination.objects.count() == 2


def test_unfinished_downloads_hidden_files_and_links_stay(folder: Path, tmp_path: Path) -> None:
    for name in ("a.pdf.part", ".hidden", "~$a.docx", ".DS_Store", "b.crdownload"):
        (folder / name).write_bytes(b"x")
    (tmp_path / "elsewhere.txt").write_bytes(LETTERS[0])
    (folder / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    Inbox(folder).look()
    assert ImportFile.objects.count() == 0


def test_a_name_that_comes_again_is_a_new_file(pool: ReadingPool, folder: Path) -> None:
    for data in (LETTERS[0], LETTERS[1], LETTERS[0]):
        (folder / "letter.txt").write_bytes(data)
        imported_from(folder, pool)
    assert lying(folder) == ["done/letter (2).txt", "done/letter (3).txt", "done/letter.txt"]
    assert [file.result for file in ImportFile.objects.order_by("pk")] == ["new", "new", "already_there"]


def test_a_file_that_was_replaced_while_its_batch_ran_is_taken_as_well(
    pool: ReadingPool, folder: Path
) -> None:
    (folder / "letter.txt").write_bytes(LETTERS[0])
    watched = Inbox(folder)
    watched.look()
    run(ImportBatch.objects.get(), pool)
    (folder / "letter.txt").write_bytes(LETTERS[1])
    watched.look()
    watched.look()
    assert lying(folder) == ["letter.txt"]
    assert ImportFile.objects.count() == 2


def test_a_worker_that_was_killed_before_moving_moves_later(pool: ReadingPool, folder: Path) -> None:
    (folder / "letter.txt").write_bytes(LETTERS[0])
    Inbox(folder).look()
    run(ImportBatch.objects.get(), pool)
    assert lying(folder) == ["letter.txt"]
    Inbox(folder).look()
    assert lying(folder) == ["done/letter.txt"]
    assert ImportFile.objects.count() == 1


def test_the_worker_watches_the_folder(folder: Path, settings: Settings, transactional_db: None) -> None:
    settings.INBOX_DIR = folder
    (folder / "letter.txt").write_bytes(LETTERS[0])
    looks = iter(range(200))
    ImportWorker(lambda: (folder / "done/letter.txt").exists() or next(looks, None) is None).run()
    assert lying(folder) == ["done/letter.txt"]


def test_a_folder_that_is_gone_is_logged_and_harms_nothing(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.rmdir()
    watched = Inbox(folder)
    watched.look_if_due()
    watched.look_if_due()
    assert len([record for record in caplog.records if str(folder) in record.getMessage()]) == 1
