"""Passages of a letter in the folder: only what it says, in its own words, with or without a script."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from determinations.case.passages import passage_of
from determinations.models import Determination, DisputedItem
from determinations.research import folder as research_folder
from tests.research.folders import BLOCK, NORCO, press, put_in
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

RATIONALE = "Opioids may be continued when the patient has returned to work."
WITH_SCRIPT = {"Accept": "application/json"}


@pytest.fixture(params=["browser", "account"])
def reader(request: pytest.FixtureRequest, client: Client, ana: User) -> Client:
    if request.param == "account":
        client.force_login(ana)
    return client


def passages(client: Client) -> list[str]:
    return [quoted.text for quoted in Page.of(client.get("/folder/")).all("blockquote")]


def quote(client: Client, text: str, name: str = NORCO) -> int:
    return client.post(f"/folder/items/{name}/passages/add/", {"passage": text}).status_code


def item_saying(rationale: str, summary: str = "") -> DisputedItem:
    letter = Determination(clinical_summary=summary, full_text="Cover page, then everything else.")
    return DisputedItem(determination=letter, request="Norco", rationale=rationale)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("may be continued", "may be continued"),
        ("  MAY be\r\n\r\n  continued ", "may be continued"),
        ("“may be continued”", "may be continued"),
        ("patient's work-up", "patient’s work–up"),
        ("the first line", "the ﬁrst line"),
        ("soft\u00adhyphen", "softhyphen"),
        ("ends here. Next", "ends here. Next"),
        ("ay be contin", "may be continued"),
        ("may not be continued", ""),
        ("", ""),
        ("  \n ", ""),
        ("“”", ""),
    ],
)
def test_a_passage_is_found_however_it_was_copied_and_given_as_the_letter_has_it(
    typed: str, found: str
) -> None:
    letter = "It may be continued.\nThe patient’s work–up, the ﬁrst line, softhyphen, ends here.\n\nNext one."
    assert passage_of(item_saying(letter), typed) == found


def test_the_summary_and_the_whole_text_are_looked_into_last() -> None:
    item = item_saying("The rationale.", "A summary of the patient.")
    assert passage_of(item, "a SUMMARY of") == "A summary of"
    assert passage_of(item, "cover page") == "Cover page"
    assert passage_of(item, "of the rationale") == ""


@given(
    words=st.lists(st.text(st.characters(categories=("L", "N", "P", "Zs"))), min_size=1, max_size=8),
    start=st.integers(0, 40),
    length=st.integers(1, 40),
)
def test_every_stretch_of_a_letter_is_found_in_it(words: list[str], start: int, length: int) -> None:
    text = " ".join(words)
    stretch = text[start : start + length]
    found = passage_of(item_saying(text), stretch)
    assert " ".join(found.split()) == found
    if any(sign.isalnum() for sign in stretch):
        assert found, (text, stretch)


def test_a_passage_brings_its_item_into_the_folder_and_stands_there_once(reader: Client) -> None:
    assert quote(reader, "may be continued") == 302
    assert quote(reader, "MAY be continued") == 302
    assert quote(reader, "returned to work") == 302
    assert passages(reader) == ["may be continued", "returned to work"]


def test_words_that_the_letter_does_not_contain_are_refused_and_given_back(reader: Client) -> None:
    response = reader.post(f"/folder/items/{NORCO}/passages/add/", {"passage": "words of my own"})
    assert response.status_code == 400
    page = Page.of(response)
    assert "does not contain" in page.text
    assert page.one("textarea").text == "words of my own"
    assert passages(reader) == []


def test_a_script_gets_a_message_instead_of_a_page(reader: Client) -> None:
    address = f"/folder/items/{NORCO}/passages/add/"
    added = reader.post(address, {"passage": "returned to work"}, headers=WITH_SCRIPT)
    assert added.status_code == 200 and added.json()["items"] == 1
    refused = reader.post(address, {"passage": "words of my own"}, headers=WITH_SCRIPT)
    assert refused.status_code == 400 and "does not contain" in refused.json()["message"]


def test_an_item_that_is_not_there_takes_no_passage(reader: Client) -> None:
    assert quote(reader, "may be continued", "CM99-0000001.1") == 404


def test_a_passage_is_removed_alone_and_the_notes_are_saved(reader: Client) -> None:
    quote(reader, "may be continued")
    quote(reader, "returned to work")
    page = Page.of(reader.get("/folder/"))
    first = next(button for button in page.all("button") if button.text.startswith("Remove passage 1"))
    address = first.attributes["formaction"]
    reader.post(address, {f"note-{NORCO}": "kept", f"seen-{NORCO}": research_folder.mark_of("")})
    assert passages(reader) == ["returned to work"]
    assert "kept" in Page.of(reader.get("/folder/")).one("textarea").text
    reader.post(address)
    assert passages(reader) == ["returned to work"], "a page that is out of date removes nothing else"


def test_passages_come_back_with_their_item(reader: Client) -> None:
    quote(reader, "may be continued")
    press(reader, f"remove:{NORCO}")
    reader.post("/folder/put-back/")
    assert passages(reader) == ["may be continued"]


def test_an_item_takes_only_so_many_passages(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(research_folder, "MOST_PASSAGES", 1)
    quote(reader, "may be continued")
    assert quote(reader, "returned to work") == 400
    assert quote(reader, "x" * 6_000) == 400
    assert passages(reader) == ["may be continued"]


def test_signing_in_takes_the_browsers_passages_along(client: Client, ana: User) -> None:
    quote(client, "may be continued")
    put_in(client, BLOCK)
    client.post("/account/sign-in/", {"username": "ana", "password": "correct horse"})
    assert passages(client) == ["may be continued"]


def test_every_item_of_a_letter_has_a_form_for_a_passage(client: Client) -> None:
    page = Page.of(client.get("/determinations/CM14-0031877/"))
    forms = [form.attributes["action"] for form in page.all("form", method="post")]
    assert f"/folder/items/{BLOCK}/passages/add/" in forms
    assert f"/folder/items/{NORCO}/passages/add/" in forms
