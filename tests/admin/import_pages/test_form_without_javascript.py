"""The plain form: all files in one request, none lost silently."""

import errno
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from determinations.admin.import_pages import uploads
from determinations.admin.import_pages.uploads import SpoolingUploadHandler
from determinations.importing import originals, queue
from determinations.importing.queue import receive_upload
from determinations.importing.reading_pool import ReadingPool
from determinations.models import BatchState, ImportBatch, ImportFile
from tests.admin.import_pages.pages import (
    LETTERS,
    NO_LETTER,
    address,
    control,
    results,
    start,
    work,
)
from tests.importing.archives import archive_of
from tests.views.html import Page

ALL_SENT = {"all_sent": "1"}


def choose(client: Client, *files: tuple[str, bytes], to: str = "", **more: str) -> Page:
    """The page that answers when these files were chosen and the form was sent."""
    letters = [SimpleUploadedFile(name, data) for name, data in files]
    response = client.post(to or address("add"), {"letters": letters, **ALL_SENT, **more}, follow=True)
    assert response.status_code == 200
    assert not list(originals.aside_folder().iterdir())
    return Page.of(response)


def test_the_form_asks_for_several_files_and_sends_its_last_field_last(importer: Client) -> None:
    page = Page.of(importer.get(address("add")))
    letters = page.one("input", id="import-letters")
    assert (letters.attributes["type"], letters.attributes["name"]) == ("file", "letters")
    assert "multiple" in letters.attributes
    assert page.one("form", id="import-form").attributes["enctype"] == "multipart/form-data"
    fields = [element.attributes["name"] for element in page.all("input") if "name" in element.attributes]
    assert fields[-1] == "all_sent"
    assert "at most 1,000 files" in page.text


def test_several_files_lead_to_the_batchs_page(importer: Client, pool: ReadingPool) -> None:
    page = choose(importer, ("1.txt", LETTERS[0]), ("2.txt", LETTERS[1]), ("none.txt", NO_LETTER))
    batch = ImportBatch.objects.get()
    assert page.one("h1").text == f"Import {batch.pk} from 1.txt and 2 more files"
    assert "0 of 3 files finished" in page.text
    work(batch, pool)
    assert (batch.state, batch.pending_uploads) == (BatchState.DONE, 0)
    assert results(batch) == {"1.txt": "new", "2.txt": "new", "none.txt": "not_a_determination"}


def test_an_archive_and_a_letter_together(importer: Client, pool: ReadingPool, tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", ("a/1.txt", LETTERS[0]), ("2.txt", LETTERS[1]))
    choose(importer, ("a.zip", path.read_bytes()), ("3.txt", LETTERS[2]))
    batch = work(ImportBatch.objects.get(), pool)
    assert results(batch) == {
        "a.zip": "unpacked",
        "3.txt": "new",
        "a.zip/a/1.txt": "new",
        "a.zip/2.txt": "new",
    }


def test_more_files_are_added_to_a_batch(importer: Client, pool: ReadingPool) -> None:
    choose(importer, ("1.txt", LETTERS[0]))
    batch = work(ImportBatch.objects.get(), pool)
    choose(importer, ("2.txt", LETTERS[1]), to=address("add_letters", batch.pk))
    assert work(batch, pool).state == BatchState.DONE
    assert results(batch) == {"1.txt": "new", "2.txt": "new"}


def test_a_canceled_batch_takes_no_more(importer: Client) -> None:
    batch = start(importer)
    control(importer, batch, "cancel")
    page = choose(importer, ("1.txt", LETTERS[0]), to=address("add_letters", batch.pk))
    assert "was canceled" in page.one("ul", class_="messagelist").text
    assert not batch.files.exists()


def test_the_empty_form_says_what_to_do_and_starts_nothing(importer: Client) -> None:
    assert choose(importer).one("p", id="import-error").text == "Choose at least one letter or ZIP archive."
    assert not ImportBatch.objects.exists()


def test_more_files_than_a_form_may_have_are_refused_with_a_way_out(
    importer: Client, settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    page = choose(importer, *((f"{number}.txt", LETTERS[0]) for number in range(3)))
    assert "More than 2 files" in page.one("p", id="import-error").text
    assert not ImportBatch.objects.exists()
    choose(importer, *((f"{number}.txt", LETTERS[number]) for number in range(2)))
    assert ImportFile.objects.count() == 2


def test_a_form_that_broke_off_on_its_way_imports_no_half_of_it(importer: Client) -> None:
    letters = [SimpleUploadedFile("1.txt", LETTERS[0])]
    page = Page.of(importer.post(address("add"), {"letters": letters}))
    assert "interrupted" in page.one("p", id="import-error").text
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\letters\\a.txt", "a.txt"),
        ("a." + "x" * 300, "…" + "x" * 199),
        ("n" * 300 + ".txt", "…" + "n" * 195 + ".txt"),
        ("\u202etxt.exe", "txt.exe"),
        ("<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>.txt"),
        ('a".txt', 'a".txt'),
    ],
)
def test_a_hostile_name_is_only_a_label(importer: Client, name: str, label: str) -> None:
    letter = SimpleUploadedFile("replaced", LETTERS[0])
    letter._name = name  # type: ignore[attr-defined]  # as a browser under somebody's control may send it
    response = importer.post(address("add"), {"letters": [letter], **ALL_SENT}, follow=True)
    assert response.status_code == 200
    assert ImportFile.objects.get().name == label
    assert "<img src=x" not in response.content.decode()


def test_a_file_that_is_too_large_is_listed_with_its_reason(
    importer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MAX_LETTER_BYTES", 2000)
    page = choose(importer, ("large.txt", b"a" * 2001), ("small.txt", NO_LETTER))
    assert results(ImportBatch.objects.get()) == {"large.txt": "too_large", "small.txt": "waiting"}
    assert "Split it." in page.text


def test_a_disk_that_fills_up_in_the_middle_loses_nothing_that_was_taken(
    importer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_at_the_second(batch: ImportBatch, name: str, pieces: Iterable[bytes]) -> ImportFile:
        if name == "2.txt":
            raise OSError(errno.ENOSPC, "No space left on device")
        return receive_upload(batch, name, pieces)

    monkeypatch.setattr(uploads, "receive_upload", full_at_the_second)
    page = choose(importer, ("1.txt", LETTERS[0]), ("2.txt", LETTERS[1]), ("3.txt", LETTERS[2]))
    assert "1 of 3 files" in page.text and "The disk is full." in page.text
    batch = ImportBatch.objects.get()
    assert (results(batch), batch.pending_uploads) == ({"1.txt": "waiting"}, 2)


def test_a_disk_that_fills_up_while_the_form_arrives_is_told(
    importer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(SpoolingUploadHandler, "receive_data_chunk", full)
    page = choose(importer, ("1.txt", LETTERS[0]))
    assert "The disk is full." in page.one("p", id="import-error").text
    assert not ImportBatch.objects.exists()
