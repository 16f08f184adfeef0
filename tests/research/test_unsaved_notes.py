"""Notes written in two windows, and notes that came after a session had ended: neither is lost."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from determinations.models import Determination
from tests.research.folders import ABLATION, BLOCK, NORCO, notes_in, press, press_on, put_in
from tests.research.test_signing_in import sign_in
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


@pytest.fixture(params=["browser", "account"])
def reader(request: pytest.FixtureRequest, client: Client, ana: User) -> Client:
    if request.param == "account":
        client.force_login(ana)
    return client


def given_back(client: Client) -> list[str]:
    """The notes that the folder's page says are not saved."""
    page = Page.of(client.get("/folder/"))
    return [entry.text for entry in page.all("dd", class_="note-text")]


def test_a_note_written_in_two_windows_has_both_texts_and_the_second_is_told(reader: Client) -> None:
    put_in(reader, NORCO)
    press(reader, "save", {NORCO: "before"})
    stale = Page.of(reader.get("/folder/"))
    press(reader, "save", {NORCO: "from the first"})
    page = press_on(reader, stale, "save", {NORCO: "from the second"})
    assert notes_in(reader) == {NORCO: "from the first\n\nfrom the second"}
    assert "another window" in page.text


def test_the_same_note_written_in_two_windows_is_there_once(reader: Client) -> None:
    put_in(reader, NORCO)
    stale = Page.of(reader.get("/folder/"))
    press(reader, "save", {NORCO: "the same"})
    page = press_on(reader, stale, "save", {NORCO: "the same"})
    assert notes_in(reader) == {NORCO: "the same"}
    assert "another window" not in page.text


def test_a_note_on_an_item_that_another_window_removed_is_given_back(reader: Client) -> None:
    put_in(reader, NORCO, BLOCK)
    stale = Page.of(reader.get("/folder/"))
    press(reader, f"remove:{NORCO}")
    press_on(reader, stale, "save", {NORCO: "typed", BLOCK: "kept"})
    assert notes_in(reader) == {BLOCK: "kept"}
    assert given_back(reader) == ["typed"]
    reader.post("/folder/unsaved/save/")
    assert notes_in(reader) == {BLOCK: "kept", NORCO: "typed"}
    assert given_back(reader) == []


@pytest.mark.parametrize("only", [False, True], ids=["open site", "sign-in only"])
def test_a_note_typed_before_the_session_ended_comes_back_and_can_be_saved(
    client: Client, ana: User, settings: Settings, only: bool
) -> None:
    settings.SIGN_IN_ONLY = only
    client = Client()  # whose middleware is that of the setting
    sign_in(client)
    put_in(client, NORCO, BLOCK)
    press(client, "save", {NORCO: "before"})
    shown = Page.of(client.get("/folder/"))
    Session.objects.all().delete()
    press_on(client, shown, "save", {NORCO: "typed for an hour\nand more"})
    sign_in(client, next="/folder/")
    assert given_back(client) == ["typed for an hourand more"]
    assert notes_in(client) == {NORCO: "before", BLOCK: ""}
    client.post("/folder/unsaved/save/")
    assert notes_in(client) == {NORCO: "before\n\ntyped for an hour\nand more", BLOCK: ""}
    assert given_back(client) == []


def test_notes_that_nobody_edited_are_not_given_back(client: Client, ana: User) -> None:
    client.force_login(ana)
    put_in(client, NORCO, ABLATION)
    press(client, "save", {NORCO: "as it was"})
    shown = Page.of(client.get("/folder/"))
    Session.objects.all().delete()
    press_on(client, shown, "save", {ABLATION: "new"})
    assert given_back(client) == ["new"]


def test_a_note_that_is_discarded_is_gone_and_one_without_its_letter_stays(reader: Client) -> None:
    put_in(reader, ABLATION)
    stale = Page.of(reader.get("/folder/"))
    press(reader, f"remove:{ABLATION}")
    press_on(reader, stale, "save", {ABLATION: "typed"})
    Determination.objects.get(case_number="CM15-0000200").delete()
    reader.post("/folder/unsaved/save/")
    assert given_back(reader) == ["typed"]
    reader.post("/folder/unsaved/discard/")
    assert given_back(reader) == []


def test_names_that_no_item_can_have_are_passed_over(reader: Client) -> None:
    reader.post("/folder/notes/", {"note-": "x", "note-<b>": "y", "note-CM14.": "z"})
    assert given_back(reader) == []
