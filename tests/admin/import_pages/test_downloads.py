"""The list of all files as CSV, and each file as it came."""

import csv
import io
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from determinations.importing import originals
from determinations.importing.letter_files import find_letters
from determinations.importing.queue import queue_found_files
from determinations.importing.reading_pool import ReadingPool
from determinations.models import Determination, FileResult, ImportBatch, ImportFile
from tests.admin.import_pages.pages import LETTERS, NO_LETTER, address, send, start, taken, work
from tests.views.html import Page

PAGE = b"<html><script>alert(document.cookie)</script></html>"


def original(file: ImportFile) -> str:
    return reverse("admin:determinations_importfile_original", args=[file.pk])


@pytest.fixture
def batch(importer: Client, pool: ReadingPool) -> ImportBatch:
    batch = start(importer, files=3)
    send(importer, batch, "1.txt", LETTERS[0])
    send(importer, batch, "=cmd|' /C calc'!A0.txt", NO_LETTER)
    send(importer, batch, "letter\u201d; x.pdf", PAGE)
    return work(batch, pool)


def test_the_list_has_every_file_with_its_result(importer: Client, batch: ImportBatch) -> None:
    response = importer.get(address("results", batch.pk))
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="import-{batch.pk}.csv"'
    rows = list(csv.DictReader(io.StringIO(taken(response).decode("utf-8-sig"))))
    letter = Determination.objects.get()
    assert [row["result"] for row in rows] == ["New", "Failed", "Failed"]
    assert rows[0]["address"] == letter.get_absolute_url()
    assert rows[1]["file"].startswith("'=cmd")
    assert rows[1]["reason"]


def test_a_failed_file_is_given_as_it_came_and_never_shown(importer: Client, batch: ImportBatch) -> None:
    file = batch.files.get(name__endswith=".pdf")
    assert file.result == FileResult.FAILED
    response = importer.get(original(file))
    assert taken(response) == PAGE
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''letter%E2%80%9D")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_file_out_of_an_archive_is_named_without_it(importer: Client) -> None:
    batch = start(importer)
    send(importer, batch, "a.txt", NO_LETTER)
    batch.files.update(name="letters.zip/2015/a.txt")
    response = importer.get(original(batch.files.get()))
    assert response["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert taken(response) == NO_LETTER


def test_a_file_whose_bytes_were_not_kept_says_so(
    importer: Client, pool: ReadingPool, tmp_path: Path
) -> None:
    batch = work(queue_found_files("test", find_letters([tmp_path / "none.txt"])), pool)
    file = batch.files.get()
    assert importer.get(original(file)).status_code == 404
    page = Page.of(importer.get(address("change", batch.pk)))
    assert "not kept" in page.text
    assert not page.all("a", href=original(file))


def test_a_file_that_is_missing_on_disk_is_not_found(importer: Client, batch: ImportBatch) -> None:
    file = batch.files.get(name="1.txt")
    originals.path_of(file.content_hash).unlink()
    assert importer.get(original(file)).status_code == 404


def test_files_are_listed_searched_and_opened_in_the_admin(importer: Client, batch: ImportBatch) -> None:
    files = reverse("admin:determinations_importfile_changelist")
    listed = Page.of(importer.get(files, {"batch__id__exact": str(batch.pk), "result__exact": "failed"}))
    assert "2 import files" in listed.text
    assert "web page" in listed.text
    assert "1 import file" in Page.of(importer.get(files, {"q": "calc"})).text
    file = batch.files.get(name="1.txt")
    page = Page.of(importer.get(reverse("admin:determinations_importfile_change", args=[file.pk])))
    assert original(file) in {element.attributes["href"] for element in page.all("a")}
