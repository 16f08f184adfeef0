"""A note is saved when its field loses focus, by the page's script, and every export has what was typed."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from determinations.research.folder import mark_of
from tests.research.folders import BLOCK, NORCO, notes_in, press, put_in
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]
BY_SCRIPT = {"accept": "application/json"}


@pytest.fixture(params=["browser", "account"])
def reader(request: pytest.FixtureRequest, client: Client, ana: User) -> Client:
    if request.param == "account":
        client.force_login(ana)
    put_in(client, NORCO, BLOCK)
    return client


def leave_field(client: Client, reference: str, text: str, before: str = "") -> dict[str, dict[str, str]]:
    """What the script sends for one field, and the answer's notes."""
    sent = {f"note-{reference}": text, f"seen-{reference}": mark_of(before)}
    answer = client.post("/folder/notes/", sent, headers=BY_SCRIPT)
    assert answer.status_code == 200
    notes: dict[str, dict[str, str]] = answer.json()["notes"]
    return notes


def test_a_note_is_saved_alone_and_the_answer_has_its_new_mark(reader: Client) -> None:
    press(reader, "save", {BLOCK: "other"})
    saved = leave_field(reader, NORCO, "typed")
    assert saved == {NORCO: {"text": "typed", "seen": mark_of("typed")}}
    assert leave_field(reader, NORCO, "typed more", before="typed")[NORCO]["text"] == "typed more"
    assert notes_in(reader) == {NORCO: "typed more", BLOCK: "other"}


def test_a_note_that_another_window_changed_comes_back_with_both_texts(reader: Client) -> None:
    press(reader, "save", {NORCO: "first"})
    assert leave_field(reader, NORCO, "second")[NORCO]["text"] == "first\n\nsecond"


def test_a_note_that_is_too_long_is_refused_with_the_reason(reader: Client) -> None:
    sent = {f"note-{NORCO}": "x" * 10_001, f"seen-{NORCO}": mark_of("")}
    answer = reader.post("/folder/notes/", sent, headers=BY_SCRIPT)
    assert answer.status_code == 400 and "not saved" in answer.json()["error"]


def test_a_note_on_an_item_that_is_gone_is_given_back_on_the_page(reader: Client) -> None:
    press(reader, f"remove:{NORCO}")
    assert leave_field(reader, NORCO, "typed") == {}
    page = Page.of(reader.get("/folder/"))
    assert [entry.text for entry in page.all("dd", class_="note-text")] == ["typed"]


@pytest.mark.parametrize("export", ["brief", "brief_word"])
def test_an_export_has_what_was_typed_and_not_saved(reader: Client, export: str) -> None:
    sent = {f"note-{NORCO}": "typed at last", f"seen-{NORCO}": mark_of(""), "export": export, "notes": "1"}
    answer = reader.post("/folder/notes/", sent, follow=True)
    assert answer.status_code == 200
    assert notes_in(reader)[NORCO] == "typed at last"
    if export == "brief":
        assert "typed at last" in answer.content.decode()


def test_an_export_leaves_notes_out_unless_they_are_wanted(reader: Client) -> None:
    sent = {f"note-{NORCO}": "private", f"seen-{NORCO}": mark_of(""), "export": "brief"}
    assert "private" not in reader.post("/folder/notes/", sent, follow=True).content.decode()


def test_no_other_address_can_be_named_as_an_export(reader: Client) -> None:
    answer = reader.post("/folder/notes/", {"export": "sign_out"})
    assert answer.status_code == 302 and answer["Location"].startswith("/folder")
