"""A batch's own page: how it stands, what failed and why, and what it came to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from determinations.admin.import_pages import batch_page
from determinations.importing.queue import receive_upload, start_batch
from determinations.importing.reading_pool import ReadingPool
from determinations.importing.worker import worker_lock
from determinations.models import BatchState, Determination, FileResult, ImportBatch, ImportFile
from tests.admin.import_pages.pages import (
    LETTERS,
    NO_LETTER,
    acts_on,
    address,
    control,
    send,
    start,
    status,
    work,
)
from tests.views.html import Page


def shown(client: Client, batch: ImportBatch) -> Page:
    return Page.of(client.get(address("change", batch.pk)))


def counts(page: Page) -> dict[str, str]:
    labels, numbers = page.all("dt"), page.all("dd")
    return {label.text: number.text for label, number in zip(labels, numbers, strict=True)}


@pytest.fixture
def mixed(importer: Client, pool: ReadingPool) -> ImportBatch:
    """Two new letters, one of them twice, a new version of the other, a file that is none; all imported."""
    batch = start(importer, files=5)
    for name, data in [
        ("1.txt", LETTERS[0]),
        ("again.txt", LETTERS[0].replace(b"\n", b"\n\n")),
        ("2.txt", LETTERS[1]),
        ("version.txt", LETTERS[1] + b"\nThis letter was issued again.\n"),
        ("minutes.txt", NO_LETTER),
    ]:
        send(importer, batch, name, data)
    return work(batch, pool)


def test_results_are_counted_and_each_leads_to_its_files(importer: Client, mixed: ImportBatch) -> None:
    page = shown(importer, mixed)
    assert counts(page) == {
        "New": "2",
        "Already there": "1",
        "New version": "1",
        "Needs OCR": "0",
        "Failed": "1",
        "Waiting": "0",
    }
    listed = Page.of(importer.get(files_link(page, "new")))
    assert "1.txt" in listed.text
    assert "minutes.txt" not in listed.text


def files_link(page: Page, result: str) -> str:
    links = [element.attributes["href"] for element in page.all("a")]
    return next(link for link in links if link.endswith(f"result__exact={result}"))


def test_a_finished_batch_is_summed_up_with_links_to_its_letters(
    importer: Client, mixed: ImportBatch
) -> None:
    page = shown(importer, mixed)
    bar = page.one("progress")
    assert (bar.attributes["value"], bar.attributes["max"]) == ("5", "5")
    assert page.one("h2", class_="import-state").text == "Done"
    links = {element.attributes["href"] for element in page.all("a")}
    assert {letter.get_absolute_url() for letter in Determination.objects.all()} <= links
    assert address("results", mixed.pk) in links
    assert not page.all("button", value="pause")


def test_the_letters_of_a_batch_are_listed_among_the_determinations(
    admin_client: Client, mixed: ImportBatch, pool: ReadingPool
) -> None:
    other = start_batch("other")
    receive_upload(other, "3.txt", [LETTERS[2]])
    work(other, pool)
    listed = Page.of(admin_client.get(shown(admin_client, mixed).link("See all 3 in the admin")))
    assert "3 determinations" in listed.text
    unknown = admin_client.get("/admin/determinations/determination/", {"import": "²"})
    assert unknown.status_code in (200, 302)


def test_failures_are_shown_newest_first_with_reason_and_download(
    importer: Client, mixed: ImportBatch
) -> None:
    page = shown(importer, mixed)
    failed = mixed.files.get(result=FileResult.FAILED)
    assert failed.reason in page.text
    assert page.link("Download") == f"/admin/determinations/importfile/{failed.pk}/original/"


def test_many_failures_are_cut_and_counted(importer: Client) -> None:
    batch = start_batch("upload")
    now = timezone.now()
    ImportFile.objects.bulk_create(
        ImportFile(
            batch=batch,
            name=f"{number}.txt",
            result=FileResult.FAILED,
            reason="None of its lines is a letter’s.",
            finished_at=now + timedelta(seconds=number),
        )
        for number in range(1234)
    )
    page = shown(importer, batch)
    names = [name for element in page.all("th", scope="row") if (name := element.text).endswith(".txt")]
    assert names == [f"{number}.txt" for number in range(1233, 1213, -1)]
    assert "the newest 20 of 1,234" in page.text


def test_numbers_while_it_runs(importer: Client) -> None:
    batch = start(importer, files=4)
    for number in range(3):
        send(importer, batch, f"{number}.txt", LETTERS[number])
    batch.files.filter(name="0.txt").update(result=FileResult.NEW, finished_at=timezone.now())
    ImportBatch.objects.update(resumed_at=timezone.now() - timedelta(seconds=40))
    told = status(importer, batch)
    assert (told["state"], told["goes_on"]) == ("running", True)
    assert (told["finished"], told["total"], told["pending_uploads"]) == (1, 3, 1)
    assert (told["counts"]["new"], told["counts"]["waiting"]) == (1, 2)
    assert told["seconds_left"] == pytest.approx(3 / told["rate"])
    assert "1 of 4 files finished" in told["parts"]["standing"]
    page = shown(importer, batch)
    assert (page.one("progress").attributes["value"], page.one("progress").attributes["max"]) == ("1", "4")
    assert acts_on(page) == [
        "pause",
        "expect-no-more",
        "cancel",
    ]


def test_large_numbers_are_plain_in_attributes(importer: Client) -> None:
    batch = start_batch("upload")
    ImportFile.objects.bulk_create(ImportFile(batch=batch, name="a") for _ in range(1500))
    page = shown(importer, batch)
    assert page.one("progress").attributes["max"] == "1500"
    assert "0 of 1,500 files finished" in page.text


def test_the_page_and_the_status_show_the_same(importer: Client, mixed: ImportBatch) -> None:
    def told(html: str) -> str:
        return Page(f"<section>{html}</section>").one("section").text

    page = shown(importer, mixed)
    parts = status(importer, mixed)["parts"]
    sections = {section.attributes["data-part"]: section.text for section in page.all("section")}
    assert {name: told(html) for name, html in parts.items()} == sections


def test_without_javascript_the_page_reloads_itself_while_it_runs(
    importer: Client, pool: ReadingPool
) -> None:
    batch = start(importer)
    send(importer, batch, "1.txt", LETTERS[0])
    assert shown(importer, batch).all("meta", http_equiv="refresh")
    assert not shown(importer, work(batch, pool)).all("meta", http_equiv="refresh")


@contextmanager
def a_worker() -> Iterator[None]:
    with worker_lock():
        yield


def test_a_missing_worker_is_told_with_what_to_do(importer: Client) -> None:
    batch = start(importer)
    send(importer, batch, "1.txt", LETTERS[0])
    assert "No import worker is running" in shown(importer, batch).text
    assert status(importer, batch)["worker_runs"] is False
    with a_worker():
        assert "No import worker is running" not in shown(importer, batch).text
        assert status(importer, batch)["worker_runs"] is True
    control(importer, batch, "pause")
    assert "No import worker is running" not in shown(importer, batch).text


def test_files_of_a_machine_without_a_worker_are_waited_for_by_name(importer: Client) -> None:
    batch = start(importer)
    send(importer, batch, "1.txt", LETTERS[0])
    ImportBatch.objects.filter(pk=batch.pk).update(machine="archive-7")
    with a_worker():
        assert shown(importer, batch).one("p", data_machine="archive-7")
        ImportBatch.objects.filter(pk=batch.pk).update(machine=settings.MACHINE)
        assert not shown(importer, batch).all("p", data_machine=settings.MACHINE)


def test_a_batch_behind_another_says_so(importer: Client) -> None:
    first = start(importer)
    second = start_batch("later")
    receive_upload(second, "2.txt", [LETTERS[1]])
    with a_worker():
        assert f"import {first.pk} from a.txt comes first" in shown(importer, second).text


def test_what_holds_a_batch_up_is_told(importer: Client) -> None:
    batch = start(importer)
    ImportBatch.objects.update(error="The disk is full. Make room.")
    assert shown(importer, batch).one("p", class_="errornote").text == "The disk is full. Make room."


def test_files_skipped_are_told(importer: Client) -> None:
    batch = start(importer, skipped=12)
    assert shown(importer, batch).one("p", data_skipped="12")


def test_all_batches_are_listed_with_state_and_counts(importer: Client, mixed: ImportBatch) -> None:
    waiting = start_batch("later")
    ImportBatch.objects.filter(pk=waiting.pk).update(state=BatchState.DONE, pending_uploads=7)
    page = Page.of(importer.get(address("changelist")))
    assert "2 new, 1 already there, 1 new version, 1 failed" in page.text
    assert "Waiting for 7 files from the browser" in page.text
    assert page.link(f"import {mixed.pk} from a.txt and 4 more files").startswith(address("change", mixed.pk))


def test_counting_all_batches_asks_once(
    importer: Client, mixed: ImportBatch, django_assert_num_queries: object
) -> None:
    batches = [mixed, *(start_batch(f"{number}") for number in range(5))]
    assert callable(django_assert_num_queries)
    with django_assert_num_queries(1):
        counted = batch_page.counts_of(batches)
    assert counted[mixed.pk][FileResult.NEW] == 2
    assert set(counted[batches[1].pk].values()) == {0}


@pytest.mark.parametrize("name", ["add", "change", "add_letters", "changelist"])
def test_the_pages_keep_the_strict_policy(importer: Client, mixed: ImportBatch, name: str) -> None:
    arguments = [mixed.pk] if name in ("change", "add_letters") else []
    response = importer.get(address(name, *arguments))
    assert "unsafe" not in response["Content-Security-Policy"]
    page = Page.of(response)
    for element in page.elements:
        assert "style" not in element.attributes, element
        assert not [key for key in element.attributes if key.startswith("on")]
    assert all(script.attributes.get("src") for script in page.all("script"))


@pytest.mark.parametrize(
    "name", ["determinations/imports.css", "determinations/imports.js", "determinations/imports_sending.js"]
)
def test_style_and_scripts_load_nothing_from_elsewhere(name: str) -> None:
    text = (settings.BASE_DIR / "static" / name).read_text()
    assert "http" not in text
    assert "url(" not in text
