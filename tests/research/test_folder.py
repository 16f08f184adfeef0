"""The research folder, in a browser's session and in an account alike: nothing that was written is lost."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from determinations.models import Determination, Folder
from determinations.research import folder as research_folder
from tests.research.folders import ABLATION, BLOCK, NORCO, notes_in, press, press_on, put_in
from tests.views.html import Page
from tests.views.library import Item, Letter, add

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


@pytest.fixture(params=["browser", "account"])
def reader(request: pytest.FixtureRequest, client: Client, ana: User) -> Client:
    if request.param == "account":
        client.force_login(ana)
    return client


def own_address() -> str:
    """An account's folder has its key in its addresses, a browser's has none."""
    folder = Folder.objects.first()
    return f"/folders/{folder.pk}/" if folder else "/folder/"


def test_it_begins_empty_and_says_how_to_fill_it(reader: Client) -> None:
    assert "The folder is empty" in Page.of(reader.get("/folder/")).text


def test_items_stand_in_the_order_in_which_they_came(reader: Client) -> None:
    put_in(reader, ABLATION, BLOCK, NORCO)
    page = Page.of(reader.get("/folder/"))
    assert list(notes_in(reader)) == [ABLATION, BLOCK, NORCO]
    assert "3 disputed items" in page.text
    assert "IMR Case No. CM15-0000200, item 1 (Mar. 2, 2015)" in page.text
    assert page.link("Folder (3)") == "/folder/"


def test_one_item_is_singular(reader: Client) -> None:
    put_in(reader, NORCO)
    assert "1 disputed item " in Page.of(reader.get("/folder/")).text


def test_adding_twice_keeps_one_entry_with_its_note(reader: Client) -> None:
    put_in(reader, NORCO)
    press(reader, "save", {NORCO: "returned to work"})
    put_in(reader, NORCO)
    assert notes_in(reader) == {NORCO: "returned to work"}


def test_adding_leads_back_to_where_one_was(reader: Client) -> None:
    response = reader.post(f"/folder/items/{NORCO}/add/", {"next": "/?q=norco#item-2"})
    assert response["Location"] == "/?q=norco#item-2"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_it_never_leads_to_another_site(reader: Client, elsewhere: str) -> None:
    assert reader.post(f"/folder/items/{NORCO}/add/", {"next": elsewhere})["Location"] == own_address()


@pytest.mark.parametrize("reference", ["CM99-0000001.1", "CM14-0031877.9", "CM14-0031877", "", ".", "x.²"])
def test_an_item_that_is_not_held_is_refused(reader: Client, reference: str) -> None:
    assert reader.post(f"/folder/items/{reference}/add/").status_code == 404
    assert notes_in(reader) == {}


def test_every_button_leads_to_an_address_of_its_own(reader: Client) -> None:
    put_in(reader, NORCO, BLOCK)
    page = Page.of(reader.get("/folder/"))
    own = own_address()
    assert {button.attributes.get("formaction") for button in page.all("button")} >= {
        f"{own}clear/",
        *(f"{own}items/{name}/remove/" for name in (NORCO, BLOCK)),
        f"{own}items/{NORCO}/down/",
        f"{own}items/{BLOCK}/up/",
    }
    assert page.one("form", action=f"{own}notes/").attributes["method"] == "post"


def test_nothing_changes_by_following_a_link(reader: Client) -> None:
    assert reader.get(f"/folder/items/{NORCO}/add/").status_code == 405
    assert reader.get("/folder/put-back/").status_code == 405


def test_a_note_keeps_its_lines_and_its_signs(reader: Client) -> None:
    put_in(reader, NORCO, BLOCK)
    note = "First <b>line</b> & “more”\n\n  indented"
    assert "1 note saved." in press(reader, "save", {NORCO: note.replace("\n", "\r\n")}).text
    assert notes_in(reader) == {NORCO: note, BLOCK: ""}


def test_every_button_saves_the_notes_of_the_whole_page(reader: Client) -> None:
    put_in(reader, NORCO, BLOCK, ABLATION)
    press(reader, f"remove:{BLOCK}", {NORCO: "one", ABLATION: "two"})
    assert notes_in(reader) == {NORCO: "one", ABLATION: "two"}


def test_a_stale_window_does_not_undo_what_another_one_wrote(reader: Client) -> None:
    put_in(reader, NORCO, BLOCK)
    stale = Page.of(reader.get("/folder/"))
    press(reader, "save", {NORCO: "written meanwhile"})
    press_on(reader, stale, "save", {BLOCK: "mine"})
    assert notes_in(reader) == {NORCO: "written meanwhile", BLOCK: "mine"}


def test_a_note_that_cannot_be_kept_is_told_and_the_others_stand(reader: Client) -> None:
    put_in(reader, NORCO)
    press(reader, "save", {NORCO: "kept"})
    assert "was not saved" in press(reader, "save", {NORCO: "a\0b"}).text
    assert notes_in(reader) == {NORCO: "kept"}


def test_entries_move_up_and_down_and_stop_at_the_ends(reader: Client) -> None:
    put_in(reader, NORCO, BLOCK, ABLATION)
    press(reader, f"up:{ABLATION}")
    assert list(notes_in(reader)) == [NORCO, ABLATION, BLOCK]
    press(reader, f"down:{NORCO}")
    assert list(notes_in(reader)) == [ABLATION, NORCO, BLOCK]
    press(reader, f"up:{ABLATION}")
    press(reader, f"down:{BLOCK}")
    assert list(notes_in(reader)) == [ABLATION, NORCO, BLOCK]


def test_what_was_taken_out_can_be_put_back_with_its_note_and_its_place(reader: Client) -> None:
    put_in(reader, NORCO, BLOCK, ABLATION)
    page = press(reader, f"remove:{BLOCK}", {BLOCK: "precious"})
    assert "CM14-0031877, item 1" in page.one("form", class_="undo").text
    reader.post("/folder/put-back/")
    assert notes_in(reader) == {NORCO: "", BLOCK: "precious", ABLATION: ""}
    assert not Page.of(reader.get("/folder/")).all("form", class_="undo")


def test_controls_name_a_letter_without_number_shortly(reader: Client) -> None:
    letter = add(Letter("", decided_on=None))
    name = f"{letter.public_id}.1"
    put_in(reader, NORCO, name, BLOCK)
    page = Page.of(reader.get("/folder/"))
    called = f"letter {letter.content_hash[:16]}, item 1"
    assert f"Note on {called}" in [label.text for label in page.all("label")]
    buttons = [button.text for button in page.all("button")]
    assert {f"{does}: {called}" for does in ("Up", "Down", "Remove")} <= set(buttons)
    assert "Remove: CM14-0031877, item 2" in buttons
    assert page.text.count("http://") == 1, "in the citation alone"
    assert called in press(reader, f"remove:{name}").one("form", class_="undo").text


def test_clearing_can_be_undone(reader: Client) -> None:
    put_in(reader, NORCO, BLOCK)
    page = press(reader, "clear", {NORCO: "first"})
    assert "2 items" in page.one("form", class_="undo").text and "The folder is empty" in page.text
    reader.post("/folder/put-back/")
    assert notes_in(reader) == {NORCO: "first", BLOCK: ""}


def test_a_deleted_letter_leaves_its_note_and_finds_it_again(reader: Client) -> None:
    put_in(reader, ABLATION)
    press(reader, "save", {ABLATION: "seventy percent"})
    Determination.objects.get(case_number="CM15-0000200").delete()
    page = Page.of(reader.get("/folder/"))
    assert page.one("p", class_="notice") and "seventy percent" in page.text
    assert "CM15-0000200, item 1" in [heading.text for heading in page.all("h3")]
    assert "IMR Case No. CM15-0000200, item 1 (Mar. 2, 2015)" in page.text
    add(Letter("CM15-0000200", (Item("Radiofrequency ablation again"),)))
    assert "Radiofrequency ablation again" in Page.of(reader.get("/folder/")).text


def test_a_corrected_case_number_does_not_lose_the_item(reader: Client) -> None:
    put_in(reader, ABLATION)
    letter = Determination.objects.get(case_number="CM15-0000200")
    letter.case_number = "CM15-0000201"
    letter.assign_public_id()
    letter.save()
    assert "/determinations/CM15-0000201/#item-1" in {
        link.attributes["href"] for link in Page.of(reader.get("/folder/")).all("a")
    }


def test_a_long_folder_is_shown_in_pages_and_told_whole(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("determinations.views.folder.ENTRIES_PER_PAGE", 2)
    assert research_folder.ENTRIES_PER_PAGE * 2 < 1000, "Django takes a thousand fields in a form"
    put_in(reader, NORCO, BLOCK, ABLATION)
    first, second = (Page.of(reader.get(address)) for address in ("/folder/", "/folder/?page=2"))
    assert "3 disputed items, page 1 of 2" in first.text
    assert len(first.all("textarea")) == 2 and len(second.all("textarea")) == 1
    press(reader, "save", {ABLATION: "third"}, "/folder/?page=2")
    press(reader, f"up:{ABLATION}", address="/folder/?page=2")
    assert "third" in Page.of(reader.get("/folder/")).text


def test_the_page_is_well_formed(reader: Client) -> None:
    put_in(reader, NORCO, BLOCK)
    page = press(reader, f"remove:{NORCO}")
    assert not page.unbalanced
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
