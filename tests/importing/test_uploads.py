"""Files that come one request at a time: kept first, then queued."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from determinations.importing import control, originals, queue
from determinations.importing.queue import BatchCanceledError, receive_upload, start_batch
from determinations.importing.reading_pool import ReadingPool
from determinations.models import BatchState, FileResult, ImportFile
from sample_letters.generator import invented_letters
from tests.importing.archives import archive_of
from tests.importing.running import results, run

pytestmark = pytest.mark.django_db

LETTERS = [letter.text.encode() for letter in invented_letters(3, seed=7)]


def pieces(data: bytes, size: int = 1000) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def test_an_upload_is_kept_then_queued_then_imported(pool: ReadingPool) -> None:
    batch = start_batch("upload")
    file = receive_upload(batch, "C:\\letters\\a.txt", pieces(LETTERS[0]))
    assert (file.name, file.result, file.size) == ("letters/a.txt", FileResult.WAITING, len(LETTERS[0]))
    assert originals.read(file.content_hash) == LETTERS[0]
    run(batch, pool)
    assert results(batch) == {"a.txt": "new"}


def test_an_uploaded_archive_is_unpacked(pool: ReadingPool, tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", ("1.txt", LETTERS[0]), ("2.txt", LETTERS[1]))
    batch = start_batch("upload")
    receive_upload(batch, "a.zip", pieces(path.read_bytes()))
    run(batch, pool)
    assert results(batch) == {"a.zip": "unpacked", "1.txt": "new", "2.txt": "new"}


def test_a_batch_that_was_done_goes_on_with_another_upload(pool: ReadingPool) -> None:
    batch = start_batch("upload")
    receive_upload(batch, "1.txt", pieces(LETTERS[0]))
    assert run(batch, pool).state == BatchState.DONE
    receive_upload(batch, "2.txt", pieces(LETTERS[1]))
    batch.refresh_from_db()
    assert (batch.state, batch.finished_at) == (BatchState.RUNNING, None)
    assert run(batch, pool).state == BatchState.DONE
    assert results(batch) == {"1.txt": "new", "2.txt": "new"}


def test_an_upload_to_a_paused_batch_waits_with_it(pool: ReadingPool) -> None:
    batch = start_batch("upload")
    control.pause(batch)
    receive_upload(batch, "1.txt", pieces(LETTERS[0]))
    assert run(batch, pool).state == BatchState.PAUSED
    assert results(batch) == {"1.txt": "waiting"}


def test_an_upload_to_a_canceled_batch_is_refused() -> None:
    batch = start_batch("upload")
    control.cancel(batch)
    with pytest.raises(BatchCanceledError, match="was canceled"):
        receive_upload(batch, "1.txt", pieces(LETTERS[0]))
    assert not ImportFile.objects.exists()


def test_an_upload_beyond_the_size_of_a_letter_is_recorded_and_not_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(queue, "MAX_LETTER_BYTES", 5000)
    monkeypatch.setattr(queue, "MAX_UPLOAD_BYTES", 50_000)
    batch = start_batch("upload")
    assert receive_upload(batch, "a.txt", pieces(b"a" * 5001)).code == "too_large"
    assert receive_upload(batch, "b.txt", pieces(b"a" * 5000)).code == ""
    assert receive_upload(batch, "a.zip", pieces(b"PK\x03\x04" + b"a" * 6000)).code == ""
    assert receive_upload(batch, "b.zip", pieces(b"PK\x03\x04" + b"a" * 60_000)).code == "too_large"
    assert list(originals.aside_folder().iterdir()) == []


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def breaking_off() -> Iterator[bytes]:
        yield LETTERS[0]
        raise OSError(errno.ECONNRESET, "Connection reset by peer")

    with pytest.raises(OSError, match="reset"):
        receive_upload(start_batch("upload"), "a.txt", breaking_off())
    assert not ImportFile.objects.exists()
    assert list(originals.aside_folder().iterdir()) == []
