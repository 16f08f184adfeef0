"""Files that the page's script sends, one request each."""

import errno
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client

from determinations.admin.import_pages import uploads
from determinations.importing import originals, queue
from determinations.importing.reading_pool import ReadingPool
from determinations.models import BatchState, Determination, FileResult, ImportBatch
from determinations.search.engines import search_engine
from determinations.search.interface import SearchRequest
from determinations.search.query.language import parse_query
from tests.admin.import_pages.pages import (
    LETTERS,
    NO_LETTER,
    address,
    control,
    results,
    send,
    start,
    status,
    taken,
    work,
)
from tests.importing.archives import archive_of
from tests.views.html import Page


def test_letters_are_kept_queued_imported_and_found(importer: Client, pool: ReadingPool) -> None:
    batch = start(importer, files=3)
    for number, letter in enumerate(LETTERS[:3]):
        response = send(importer, batch, f"{number}.txt", letter)
        assert (response.status_code, response.json()) == (201, {"name": f"{number}.txt", "error": ""})
    kept = [originals.read(file.content_hash) for file in batch.files.order_by("pk")]
    assert kept == LETTERS[:3]
    assert results(batch) == dict.fromkeys(["0.txt", "1.txt", "2.txt"], "waiting")
    assert work(batch, pool).state == BatchState.DONE
    assert results(batch) == dict.fromkeys(["0.txt", "1.txt", "2.txt"], "new")
    found = search_engine().search(SearchRequest(query=parse_query(""), limit=100))
    assert {hit.key for hit in found.hits} == {
        item for letter in Determination.objects.all() for item in letter.items.values_list("pk", flat=True)
    }


def test_an_archive_is_unpacked(importer: Client, pool: ReadingPool, tmp_path: Path) -> None:
    entries = [(f"2015/{number}.txt", letter) for number, letter in enumerate(LETTERS[:3])]
    path = archive_of(tmp_path / "a.zip", *entries, ("2015/minutes.txt", NO_LETTER))
    batch = start(importer, first="letters.zip")
    assert send(importer, batch, "letters.zip", path.read_bytes()).status_code == 201
    work(batch, pool)
    counts = status(importer, batch)["counts"]
    assert (counts["unpacked"], counts["new"], counts["failed"]) == (1, 3, 1)


def test_who_started_what_is_recorded(importer: Client, anna: User) -> None:
    batch = start(importer, files=3, first="2015/a.txt", skipped=2)
    assert (batch.started_by, batch.started_by_name) == (anna, "anna")
    assert str(batch) == f"import {batch.pk} from 2015/a.txt and 2 more files"
    assert batch.skipped_count == 2
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message) == (
        anna,
        str(batch.pk),
        "3 files chosen in the browser.",
    )


def test_a_batch_that_the_worker_was_done_with_goes_on_with_the_next_file(
    importer: Client, pool: ReadingPool
) -> None:
    batch = start(importer, files=2)
    send(importer, batch, "1.txt", LETTERS[0])
    assert work(batch, pool).state == BatchState.DONE
    told = status(importer, batch)
    assert (told["in_words"], told["goes_on"]) == ("Waiting for files from the browser", True)
    assert told["pending_uploads"] == 1
    send(importer, batch, "2.txt", LETTERS[1])
    assert status(importer, batch)["in_words"] == "Running"
    assert work(batch, pool).state == BatchState.DONE
    told = status(importer, batch)
    assert (told["in_words"], told["goes_on"], told["pending_uploads"]) == ("Done", False, 0)
    assert results(batch) == {"1.txt": "new", "2.txt": "new"}


def test_files_may_be_added_to_a_batch_long_done(importer: Client, pool: ReadingPool, anna: User) -> None:
    batch = start(importer)
    send(importer, batch, "1.txt", LETTERS[0])
    work(batch, pool)
    assert importer.post(address("announce", batch.pk), {"files": 1}).json() == {}
    send(importer, batch, "2.txt", LETTERS[1])
    work(batch, pool)
    assert results(batch) == {"1.txt": "new", "2.txt": "new"}
    assert LogEntry.objects.filter(user=anna, object_id=str(batch.pk)).count() == 2


def test_a_browser_that_was_closed_leaves_no_batch_that_looks_done(
    importer: Client, pool: ReadingPool
) -> None:
    batch = start(importer, files=300)
    send(importer, batch, "1.txt", LETTERS[0])
    work(batch, pool)
    page = Page.of(importer.get(address("change", batch.pk)))
    assert page.one("p", data_expected="299")
    control(importer, batch, "expect_no_more")
    assert status(importer, batch)["in_words"] == "Done"
    assert LogEntry.objects.filter(change_message__contains="299 files chosen in the browser did not arrive")


def test_choosing_the_same_files_again_expects_only_those(importer: Client) -> None:
    batch = start(importer, files=300)
    send(importer, batch, "1.txt", LETTERS[0])
    importer.post(address("announce", batch.pk), {"files": 300})
    assert status(importer, batch)["pending_uploads"] == 300


def test_a_file_that_was_sent_twice_because_the_answer_was_lost_is_there_once(importer: Client) -> None:
    batch = start(importer, files=2)
    send(importer, batch, "1.txt", LETTERS[0])
    assert send(importer, batch, "1.txt", LETTERS[0], again=True).status_code == 201
    assert (batch.files.count(), status(importer, batch)["pending_uploads"]) == (1, 1)
    send(importer, batch, "2.txt", LETTERS[0], again=True)
    assert batch.files.count() == 2


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\letters\\..\\a.txt", "letters/a.txt"),
        ("a\0b\r\nSet-Cookie: x.txt", "abSet-Cookie: x.txt"),
        ("\u202etxt.exe", "txt.exe"),
        ("n" * 300 + ".txt", "…" + "n" * 195 + ".txt"),
        ("Bescheid Müller № 7 – 新.txt", "Bescheid Müller № 7 – 新.txt"),
        ("<script>alert(1)</script>.txt", "<script>alert(1)</script>.txt"),
        ("..", "(no name)"),
        ("", "(no name)"),
    ],
)
def test_a_name_is_a_label_and_nothing_else(importer: Client, name: str, label: str) -> None:
    batch = start(importer)
    response = send(importer, batch, name, NO_LETTER)
    assert response.status_code == 201
    assert batch.files.get().name == label
    page = importer.get(address("change", batch.pk)).content.decode()
    assert "<script>alert" not in page
    original = batch.files.get()
    download = importer.get(f"/admin/determinations/importfile/{original.pk}/original/")
    assert taken(download) == NO_LETTER
    assert download["Content-Disposition"].startswith("attachment")


def test_an_empty_file_is_a_file_that_fails(importer: Client, pool: ReadingPool) -> None:
    batch = start(importer)
    assert send(importer, batch, "empty.txt", b"").status_code == 201
    work(batch, pool)
    assert batch.files.get().result == FileResult.FAILED


def test_a_file_that_is_too_large_is_recorded_with_its_reason_and_the_sender_told(
    importer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MAX_LETTER_BYTES", 2000)
    batch = start(importer, files=2)
    response = send(importer, batch, "large.txt", b"a" * 2001)
    assert response.status_code == 201
    assert "Split it" in response.json()["error"]
    assert send(importer, batch, "large.txt", b"a" * 2001, again=True).status_code == 201
    assert results(batch) == {"large.txt": "too_large"}
    assert not list(originals.aside_folder().iterdir())


def test_a_canceled_batch_takes_no_files_and_says_so(importer: Client) -> None:
    batch = start(importer, files=2)
    control(importer, batch, "cancel")
    response = send(importer, batch, "1.txt", LETTERS[0])
    assert response.status_code == 409
    assert f"Import {batch.pk} was canceled" in response.json()["error"]
    assert importer.post(address("announce", batch.pk), {"files": 1}).status_code == 409
    assert not batch.files.exists()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full."),
        (OperationalError("database is locked"), "The database does not respond"),
    ],
    ids=["disk full", "database locked"],
)
def test_a_passing_trouble_is_told_so_that_the_file_is_sent_again(
    importer: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fails(batch: ImportBatch, name: str, pieces: Iterable[bytes], **options: bool) -> None:
        raise error

    batch = start(importer)
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "receive_upload", fails)
        response = send(importer, batch, "1.txt", LETTERS[0])
    assert response.status_code == 503 and int(response["Retry-After"]) > 0
    assert told in response.json()["error"]
    assert send(importer, batch, "1.txt", LETTERS[0], again=True).status_code == 201
    assert batch.files.count() == 1


def test_a_file_that_was_cut_short_on_its_way_is_not_taken(importer: Client) -> None:
    batch = start(importer)
    cut_short: Any = {"CONTENT_LENGTH": len(LETTERS[0]) + 1000, "wsgi.input": BytesIO(LETTERS[0])}
    response = importer.generic(
        "POST", address("upload", batch.pk), LETTERS[0], "application/octet-stream", **cut_short
    )
    assert response.status_code == 503
    assert not batch.files.exists()
    assert not list(originals.aside_folder().iterdir())


def test_a_body_of_another_kind_is_refused(importer: Client) -> None:
    batch = start(importer)
    assert importer.post(address("upload", batch.pk), {"letters": "a"}).status_code == 400
    assert not batch.files.exists()


@pytest.mark.parametrize("files", ["", "0", "-1", "many", "²"])
def test_a_batch_without_files_is_not_started(importer: Client, files: str) -> None:
    response = importer.post(address("start"), {"files": files})
    assert (response.status_code, response.json()) == (400, {"error": "Choose at least one file."})
    assert not ImportBatch.objects.exists()
