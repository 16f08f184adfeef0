"""A letter's page in the admin says who corrected what, and which imports brought it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from determinations.admin.letter_history import history_of
from determinations.importing.reading_pool import ReadingPool
from determinations.importing.reparsing import letters_to_reread, reread
from determinations.letters.parsed_letter import READER_VERSION
from determinations.models import Decision, Determination, ImportBatch
from tests.admin.import_pages.pages import LETTERS, address, send, start, work
from tests.admin.test_corrections import change_page, form_data
from tests.views.html import Page


@pytest.fixture
def batch(importer: Client, pool: ReadingPool) -> ImportBatch:
    batch = start(importer, files=2)
    send(importer, batch, "1.txt", LETTERS[0])
    send(importer, batch, "again.txt", LETTERS[0].replace(b"\n", b"\n\n"))
    return work(batch, pool)


@pytest.fixture
def letter(batch: ImportBatch) -> Determination:
    return Determination.objects.get()


def told(letter: Determination) -> list[tuple[str, str]]:
    return [(event.who, event.what) for event in history_of(letter)]


def history(client: Client, letter: Determination) -> Page:
    return Page.of(client.get(reverse("admin:determinations_determination_history", args=[letter.pk])))


def test_imports_that_brought_it_are_in_its_history(
    admin_client: Client, batch: ImportBatch, letter: Determination
) -> None:
    assert set(told(letter)) == {
        ("anna", f"Imported: 1.txt ({batch})"),
        ("anna", f"Imported again (duplicate): again.txt ({batch})"),
    }
    page = history(admin_client, letter)
    assert page.link(f"Imported: 1.txt ({batch})") == address("change", batch.pk)


def test_imports_are_listed_on_its_page(
    admin_client: Client, batch: ImportBatch, letter: Determination
) -> None:
    text = Page.of(admin_client.get(change_page(letter))).text
    assert f"{batch}: 1.txt, new" in text
    assert f"{batch}: again.txt, already there" in text


def test_a_correction_says_who_and_from_what_to_what(
    admin_client: Client, admin_user: User, letter: Determination
) -> None:
    Determination.objects.update(patient_age=45, patient_sex="male")
    page = change_page(letter)
    changed = {"patient_age": "54", "patient_sex": "female", "clinical_summary": "Rewritten. " * 20}
    admin_client.post(page, form_data(admin_client, page) | changed)
    who, what = told(letter)[0]
    assert who == admin_user.get_username()
    assert "Patient age (from “45” to “54”)" in what
    assert "Patient sex (from “Male” to “Female”)" in what
    assert "Clinical summary" in what
    assert "Rewritten" not in what


def test_a_list_is_told_in_words(admin_client: Client, letter: Determination) -> None:
    Determination.objects.update(specialties=[])
    page = change_page(letter)
    admin_client.post(page, form_data(admin_client, page) | {"specialties": "Neurology\nPain Medicine"})
    assert "(from nothing to “Neurology, Pain Medicine”)" in told(letter)[0][1]


def test_an_items_correction_is_in_its_letters_history(admin_client: Client, letter: Determination) -> None:
    item = letter.items.get(position=1)
    letter.items.filter(pk=item.pk).update(decision=Decision.UPHELD)
    page = change_page(item)
    admin_client.post(page, form_data(admin_client, page) | {"decision": "overturned"})
    what = told(letter)[0][1]
    assert what.startswith("Item 1: ")
    assert "Decision (from “Upheld” to “Overturned”)" in what
    assert what in history(admin_client, letter).text


def test_an_item_corrected_on_its_letters_page_is_told_with_its_own_values(
    admin_client: Client, letter: Determination
) -> None:
    last = letter.items.order_by("-position")[0]
    letter.items.update(decision=Decision.UPHELD)
    page = change_page(letter)
    data = form_data(admin_client, page)
    field = f"items-{letter.items.count() - 1}-decision"
    admin_client.post(page, data | {field: "overturned", "patient_age": "77"})
    last.refresh_from_db()
    assert last.decision == Decision.OVERTURNED
    what = told(letter)[0][1]
    assert "Patient age (from" in what
    assert f"“{last}”" in what
    assert "Decision (from “Upheld” to “Overturned”)" in what


def test_saving_without_a_change_says_so(admin_client: Client, letter: Determination) -> None:
    page = change_page(letter)
    admin_client.post(page, form_data(admin_client, page))
    assert told(letter)[0] == ("admin", "No fields changed.")


def test_what_a_newer_reader_changed_is_told(letter: Determination) -> None:
    Determination.objects.update(clinical_summary="misread")
    list(reread(letters_to_reread(everything=True)))
    who, what = told(letter)[0]
    assert who.endswith(f"version {READER_VERSION}")
    assert "clinical_summary" in what
    list(reread(letters_to_reread(everything=True)))
    assert letter.reparses.count() == 1


def test_a_new_version_is_told_on_both(importer: Client, letter: Determination, pool: ReadingPool) -> None:
    batch = ImportBatch.objects.get()
    send(importer, batch, "version.txt", LETTERS[0] + b"\nThis letter was issued again.\n")
    work(batch, pool)
    newer = Determination.objects.get(is_current=True)
    letter.refresh_from_db()
    assert told(newer) == [("anna", f"Imported as a new version: version.txt ({batch})")]
    assert ("import", f"Superseded by another version of {newer}") in told(letter)


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["0", "x", "٣", "9" * 30, "9" * 5000])
def test_an_import_that_there_is_none_of_narrows_no_list(admin_client: Client, number: str) -> None:
    listed = admin_client.get(reverse("admin:determinations_determination_changelist"), {"import": number})
    assert listed.status_code == 200
