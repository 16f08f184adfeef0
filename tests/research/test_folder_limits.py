"""What a folder has no room for is refused with a message, and nothing that is there is lost."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from determinations.research import folder
from determinations.research.forms import LONGEST_NOTE
from tests.research.folders import ABLATION, BLOCK, NORCO, notes_in, press, put_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


@pytest.fixture(params=[False, True], ids=["in a browser", "of an account"])
def person(client: Client, request: pytest.FixtureRequest) -> Client:
    if request.param:
        client.force_login(User.objects.create_user("alice"))
    return client


def test_a_note_has_a_longest_length(person: Client) -> None:
    put_in(person, NORCO)
    press(person, "save", {NORCO: "a" * LONGEST_NOTE})
    refused = press(person, "save", {NORCO: "b" * (LONGEST_NOTE + 1)})
    assert "was not saved" in refused.text
    assert notes_in(person) == {NORCO: "a" * LONGEST_NOTE}


def test_a_full_folder_takes_no_more_and_can_be_emptied(
    person: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MOST_ENTRIES", 2)
    put_in(person, NORCO, BLOCK, ABLATION)
    assert list(notes_in(person)) == [NORCO, BLOCK]
    put_in(person, BLOCK)
    press(person, f"remove:{NORCO}")
    put_in(person, ABLATION)
    refused = press(person, "put-back")
    assert "full" in refused.text
    assert list(notes_in(person)) == [BLOCK, ABLATION]
    press(person, f"remove:{BLOCK}")
    assert list(notes_in(person)) == [ABLATION]


def test_the_notes_of_a_browser_are_limited_together(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MOST_TEXT_OF_A_BROWSER", 10)
    put_in(client, NORCO, BLOCK)
    press(client, "save", {NORCO: "a" * 9})
    assert "Sign in" in press(client, "save", {BLOCK: "bb"}).text
    assert notes_in(client) == {NORCO: "a" * 9, BLOCK: ""}
    client.force_login(User.objects.create_user("alice"))
    put_in(client, BLOCK)
    press(client, "save", {BLOCK: "b" * 11})
    assert notes_in(client)[BLOCK] == "b" * 11


def test_a_folder_that_was_full_before_the_limit_is_taken_over_whole(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in(client, NORCO, BLOCK)
    monkeypatch.setattr(folder, "MOST_ENTRIES", 1)
    User.objects.create_user("alice", password="right")  # noqa: S106
    client.post("/account/sign-in/", {"username": "alice", "password": "right"})
    assert list(notes_in(client)) == [NORCO, BLOCK]
