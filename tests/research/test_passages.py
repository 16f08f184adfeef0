"""Passages of a letter in the folder: only what it says, in its own words, with or without a script."""

import io

import pytest
from django.contrib.auth.models import User
from django.test import Client
from docx import Document
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


def passage_button(client: Client, label: str) -> str:
    """The address of the button that is named so, such as "Down: passage 1"."""
    buttons = Page.of(client.get("/folder/")).all("button")
    return next(button.attributes["formaction"] for button in buttons if button.text.startswith(label))


def test_passages_move_up_and_down_in_their_item_and_the_notes_are_saved(reader: Client) -> None:
    for text in ("may be continued", "returned to work", "the patient"):
        quote(reader, text)
    put_in(reader, BLOCK)
    down = passage_button(reader, "Down: passage 1")
    response = reader.post(down, {f"note-{NORCO}": "kept", f"seen-{NORCO}": research_folder.mark_of("")})
    mark = research_folder.mark_of("may be continued")
    assert response["Location"].endswith(f"/#{research_folder.anchor_of(NORCO, mark)}")
    page = Page.of(reader.get("/folder/"))
    assert [quoted.text for quoted in page.all("blockquote")] == [
        "returned to work",
        "may be continued",
        "the patient",
    ]
    assert research_folder.anchor_of(NORCO, mark) in [one.attributes["id"] for one in page.all("figure")]
    assert page.all("textarea")[0].text == "kept"
    reader.post(passage_button(reader, "Up: passage 3"))
    assert passages(reader) == ["returned to work", "the patient", "may be continued"]
    reader.post(down)
    assert passages(reader)[2] == "may be continued", "at the end it stays"


def test_the_first_passage_has_no_way_up_and_the_last_none_down(reader: Client) -> None:
    quote(reader, "may be continued")
    quote(reader, "returned to work")
    buttons = [button.text for button in Page.of(reader.get("/folder/")).all("button")]
    moves = [text.partition(" of ")[0] for text in buttons if ": passage" in text]
    assert moves == ["Down: passage 1", "Up: passage 2"]


def test_files_have_the_passages_in_the_order_that_was_chosen(reader: Client) -> None:
    quote(reader, "may be continued")
    quote(reader, "returned to work")
    reader.post(passage_button(reader, "Up: passage 2"))
    brief = Page.of(reader.get("/folder/brief/"))
    assert [one.text for one in brief.all("blockquote")][:2] == ["“returned to work”", "“may be continued”"]
    assert "returned to work\n\nmay be continued" in reader.get("/folder/items.csv").content.decode()
    (cited,) = reader.get("/folder/citations.json").json()
    assert cited["note"] == "“returned to work”\n\n“may be continued”"
    ris = reader.get("/folder/citations.ris").content.decode()
    assert [line[6:23] for line in ris.splitlines() if line.startswith("N1  - “")] == [
        "“returned to work",
        "“may be continued",
    ]


def test_the_word_file_has_the_passages_in_the_order_that_was_chosen(reader: Client) -> None:
    quote(reader, "may be continued")
    quote(reader, "returned to work")
    reader.post(passage_button(reader, "Up: passage 2"))
    document = Document(io.BytesIO(reader.get("/folder/brief.docx").content))
    quoted = [line.text for line in document.paragraphs if line.style and line.style.name == "Quote"]
    assert quoted[:2] == ["“returned to work”", "“may be continued”"]


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
