"""Pause, continue, cancel and read again from the batch's page: what they do and refuse, and who did it."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from determinations.importing import control as import_control
from determinations.importing.reading_pool import ReadingPool
from determinations.letters.parsed_letter import READER_VERSION
from determinations.models import BatchState, FileResult, ImportBatch
from tests.admin.import_pages.pages import (
    LETTERS,
    NO_LETTER,
    acts_on,
    address,
    control,
    results,
    send,
    start,
    work,
)
from tests.views.html import Page


@pytest.fixture
def batch(importer: Client) -> ImportBatch:
    """Three letters and one file that is none, all waiting."""
    batch = start(importer, files=4)
    for number, data in enumerate([*LETTERS[:3], NO_LETTER]):
        send(importer, batch, f"{number}.txt", data)
    return batch


def notices(response: Any) -> str:
    """The messages at the top of the page."""
    return Page.of(response).one("ul", class_="messagelist").text


def acts(client: Client, batch: ImportBatch) -> list[str]:
    """What the page's buttons offer."""
    page = Page.of(client.get(address("change", batch.pk)))
    return acts_on(page)


def test_a_paused_batch_waits_and_goes_on(importer: Client, batch: ImportBatch, pool: ReadingPool) -> None:
    assert acts(importer, batch) == ["pause", "cancel"]
    assert "Paused." in Page.of(control(importer, batch, "pause")).text
    assert work(batch, pool).state == BatchState.PAUSED
    assert set(results(batch).values()) == {"waiting"}
    assert acts(importer, batch) == ["continue", "cancel"]
    assert ": 4." in notices(control(importer, batch, "continue"))
    assert work(batch, pool).state == BatchState.DONE


def test_a_canceled_batch_gives_up_what_waits_and_can_be_continued(
    importer: Client, batch: ImportBatch, pool: ReadingPool
) -> None:
    assert ": 4." in notices(control(importer, batch, "cancel"))
    assert set(results(batch).values()) == {"cancelled"}
    assert acts(importer, batch) == ["continue"]
    control(importer, batch, "continue")
    assert work(batch, pool).state == BatchState.DONE
    assert list(results(batch).values()) == ["new", "new", "new", "not_a_determination"]


def test_cancelling_asks_first(importer: Client, batch: ImportBatch) -> None:
    page = importer.get(address("change", batch.pk)).content.decode()
    asked = page.partition("<summary>Cancel…</summary>")[2].partition("</details>")[0]
    assert address("cancel", batch.pk) in asked
    assert page.count(address("cancel", batch.pk)) == 1


def test_failed_files_are_read_again(importer: Client, batch: ImportBatch, pool: ReadingPool) -> None:
    work(batch, pool)
    assert acts(importer, batch) == ["retry"]
    assert ": 1." in notices(control(importer, batch, "retry"))
    assert results(batch)["3.txt"] == "waiting"
    assert work(batch, pool).state == BatchState.DONE
    assert results(batch)["3.txt"] == "not_a_determination"


def test_after_a_better_reader_only_what_the_older_one_failed_on_is_read_again(
    importer: Client, batch: ImportBatch, pool: ReadingPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(batch, pool)
    monkeypatch.setattr(import_control, "READER_VERSION", READER_VERSION + 1)
    assert acts(importer, batch) == ["retry", "retry-newer"]
    assert ": 1." in notices(control(importer, batch, "retry_newer"))
    assert batch.files.get(name="3.txt").result == FileResult.WAITING


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("continue", "is running"),
        ("retry", "no failed files"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    importer: Client, batch: ImportBatch, act: str, told: str
) -> None:
    assert told in notices(control(importer, batch, act))
    batch.refresh_from_db()
    assert batch.state == BatchState.RUNNING


def test_a_script_gets_what_was_done_as_json(importer: Client, batch: ImportBatch) -> None:
    asks = {"Accept": "application/json"}
    done = importer.post(address("pause", batch.pk), headers=asks)
    assert (done.status_code, done.json()["error"]) == (200, "")
    refused = importer.post(address("pause", batch.pk), headers=asks)
    assert refused.status_code == 409
    assert "is paused" in refused.json()["error"]


def test_looking_changes_nothing(importer: Client, batch: ImportBatch) -> None:
    assert importer.get(address("cancel", batch.pk)).status_code == 405
    batch.refresh_from_db()
    assert batch.state == BatchState.RUNNING


def test_every_act_is_in_the_batchs_history_with_who_did_it(
    importer: Client, batch: ImportBatch, anna: User
) -> None:
    for act in ("pause", "continue", "cancel"):
        control(importer, batch, act)
    entries = LogEntry.objects.filter(user=anna, object_id=str(batch.pk)).order_by("pk")
    assert [entry.change_message for entry in entries] == [
        "4 files chosen in the browser.",
        "Paused.",
        "Continued; 4 files waiting.",
        "Canceled; 4 files not imported.",
    ]
    for page in ("change", "history"):
        text = Page.of(importer.get(address(page, batch.pk))).text
        assert "Canceled; 4 files not imported." in text
        assert "anna" in text
    assert reverse("admin:determinations_importbatch_change", args=[batch.pk]) == entries[0].get_admin_url()
