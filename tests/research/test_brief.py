"""Chosen items as a brief, on paper and as a Word file: everything that is filed, and no note by accident."""

import io
import shutil

import pytest
from django.test import Client
from docx import Document
from docx.document import Document as DocumentObject
from pytest_django import Settings

from determinations.models import Determination
from determinations.research.brief import MOST_ITEMS
from tests.research.folders import ABLATION, BLOCK, NORCO, press, put_in
from tests.views.html import Page
from tests.views.library import Item, Letter, add

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def word(client: Client, address: str = "/folder/brief.docx") -> DocumentObject:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Disposition"].endswith('.docx"')
    return Document(io.BytesIO(response.content))


def lines(document: DocumentObject) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def headings(document: DocumentObject, level: int) -> list[str]:
    return [line.text for line in document.paragraphs if line.style and line.style.name == f"Heading {level}"]


def item_headings(document: DocumentObject) -> list[str]:
    return [text for text in headings(document, 1) if not text.startswith("Why denied")]


def test_the_page_holds_what_is_filed(client: Client) -> None:
    put_in(client, ABLATION, NORCO)
    page = Page.of(client.get("/folder/brief/"))
    for said in (
        "2 disputed items",
        "IMR Case No. CM15-0000200, item 1 (Mar. 2, 2015)",
        "Radiofrequency ablation L5-S1",
        "Denial overturned: treatment approved",
        "45 year old male with chronic low back pain",
        "MAXIMUS guideline: odg Low Back",
        "Decision based on mtus-acoem Low Back",
        "Two medial branch blocks gave seventy percent relief.",
        "not precedent",
        "http://testserver/determinations/CM15-0000200/#item-1",
    ):
        assert said in page.text
    assert not page.unbalanced


def test_the_word_file_has_headings_citation_guidelines_rationale_and_the_warning(client: Client) -> None:
    put_in(client, ABLATION, NORCO)
    document = word(client)
    assert headings(document, 1)[:2] == [
        "IMR Case No. CM15-0000200, item 1 (Mar. 2, 2015)",
        "IMR Case No. CM14-0031877, item 2 (Aug. 13, 2014)",
    ]
    assert headings(document, 2)[:6] == [
        "Facts",
        "Clinical summary",
        "Claims administrator relied on",
        "IMR reviewer relied on",
        "Reasons that the rationale states",
        "Rationale",
    ]
    text = "\n".join(lines(document))
    assert "Request: Norco 10/325 #60" in text
    assert "Denial overturned: treatment approved" in lines(document)
    assert "MAXIMUS guideline: mtus-chronic-pain" in text
    assert "Opioids may be continued when the patient has returned to work." in text
    assert "IMR decisions are not precedent" in text
    assert "2 disputed items" in text
    assert document.core_properties.author == ""


def test_notes_are_printed_only_when_asked_for(client: Client) -> None:
    put_in(client, NORCO)
    press(client, "save", {NORCO: "ask Dr. Zebra\nsecond line"})
    assert "Zebra" not in Page.of(client.get("/folder/brief/")).text
    assert "Zebra" not in "\n".join(lines(word(client)))
    assert "ask Dr. Zebra" in Page.of(client.get("/folder/brief/?notes=1")).text
    found = lines(word(client, "/folder/brief.docx?notes=1"))
    assert "ask Dr. Zebra" in found and "second line" in found


def test_items_can_be_named_without_a_folder_and_stand_in_that_order(client: Client) -> None:
    document = word(client, f"/folder/brief.docx?item={NORCO}&item={BLOCK}&item={NORCO}")
    assert [line.partition(" (")[0] for line in item_headings(document)] == [
        "IMR Case No. CM14-0031877, item 2",
        "IMR Case No. CM14-0031877, item 1",
    ]


def test_the_summary_of_a_letter_stands_once(client: Client) -> None:
    found = lines(word(client, f"/folder/brief.docx?item={NORCO}&item={BLOCK}"))
    assert sum("45 year old male" in line for line in found) == 1
    assert any("summary under IMR Case No. CM14-0031877, item 2" in line for line in found)


def test_characters_that_xml_cannot_hold_do_not_break_the_file(client: Client) -> None:
    every = "".join(map(chr, [*range(1, 32), 0x7F, 0xFFFE, 0xFFFF]))
    add(
        Letter(
            "CM20-0000001",
            (Item(f"Re{every}quest <&>", rationale=f"Because{every}so ]]>\n\nSecond\x0cparagraph 😀"),),
            summary=f"Sum{every}mary",
        )
    )
    document = word(client, "/folder/brief.docx?item=CM20-0000001.1")
    found = lines(document)
    assert "Second paragraph 😀" in found
    assert any(line.startswith("Because") and line.endswith("so ]]>") for line in found)
    assert any("quest <&>" in line for line in found)


def test_a_letter_without_anything_still_makes_a_file(client: Client) -> None:
    letter = add(Letter("", (Item("Bare", rationale="", reviewer=(), levels=(), services=()),), None, ""))
    letter.items.update(reviewer_guideline="", claims_administrator_guideline="")
    name = f"{letter.public_id}.1"
    found = lines(word(client, f"/folder/brief.docx?item={name}"))
    assert "No rationale could be read for this item." in found
    assert found.count("The letter has no guideline paragraph for this side.") == 2
    assert "No rationale could be read" in Page.of(client.get(f"/folder/brief/?item={name}")).text


def test_the_address_of_a_letter_without_number_stands_below_its_heading_alone(client: Client) -> None:
    letter = add(Letter("", (Item(), Item("Norco")), None, fields={"is_invented": True}))
    chosen = "&".join(f"item={letter.public_id}.{position}" for position in (1, 2))
    expected = [
        f"IMR {letter}, no case number, item {position} (undated) – invented sample, not a real determination"
        for position in (1, 2)
    ]
    document = word(client, f"/folder/brief.docx?{chosen}")
    page = Page.of(client.get(f"/folder/brief/?{chosen}"))
    assert item_headings(document) == expected
    assert [heading.text for heading in page.all("h2")][: len(expected)] == expected
    assert [line for line in lines(document) if "/determinations/" in line] == [
        f"Address: http://testserver{item.get_absolute_url()}" for item in letter.items.all()
    ]


def test_what_is_not_held_is_named_in_page_and_file(client: Client) -> None:
    put_in(client, ABLATION, NORCO)
    Determination.objects.get(case_number="CM15-0000200").delete()
    missing = "IMR Case No. CM15-0000200, item 1 (Mar. 2, 2015)."
    assert missing in Page.of(client.get("/folder/brief/")).one("p", class_="notice").text
    assert any(line.endswith(missing) for line in lines(word(client)))


def test_nothing_to_print_is_explained(client: Client) -> None:
    assert Page.of(client.get("/folder/brief/")).link("Research folder") == "/folder/"
    assert client.get("/folder/brief.docx")["Location"] == "/folder/"
    for address in ("/folder/brief/?item=CM99-1.1", "/folder/brief.docx?item=CM99-1.1"):
        response = client.get(address)
        assert response.status_code == 404
        assert "CM99-1.1" in Page.of(response).text


def test_plurals_are_right(client: Client) -> None:
    assert "1 disputed item," in Page.of(client.get(f"/folder/brief/?item={NORCO}")).text
    assert any(
        line.startswith("1 disputed item,")
        for line in lines(word(client, f"/folder/brief.docx?item={NORCO}"))
    )


def test_results_of_a_search_are_ticked_for_a_brief_without_a_folder(client: Client) -> None:
    put_in(client, NORCO)
    bar = Page.of(client.get("/?q=block")).one("form", class_="choose-bar")
    assert "any number for a brief" in bar.text
    sent = f"chosen=1&item={ABLATION}"
    page = Page.of(client.get(f"/folder/brief/?{sent}"))
    assert "1 disputed item," in page.text
    assert "Radiofrequency ablation L5-S1" in page.text and "Norco" not in page.text
    assert item_headings(word(client, f"/folder/brief.docx?{sent}")) == [
        "IMR Case No. CM15-0000200, item 1 (Mar. 2, 2015)"
    ]


@pytest.mark.parametrize("address", ["/folder/brief/", "/folder/brief.docx"])
def test_a_brief_of_nothing_ticked_is_not_the_folder(client: Client, address: str) -> None:
    put_in(client, NORCO)
    page = Page.of(client.get(f"{address}?chosen=1"))
    assert page.one("title").text.startswith("Nothing to print")
    assert "Norco" not in page.text


def test_levels_that_only_the_rationale_names_say_so(client: Client) -> None:
    document = word(client, "/folder/brief.docx?item=CM16-0000300.1")
    assert "Spinal level: C5-C6 (read in the rationale)" in lines(document)
    assert "Reviewer’s specialty: Physical Medicine and Rehabilitation" in lines(document)


@pytest.mark.parametrize("address", ["/folder/brief/", "/folder/brief.docx"])
def test_more_items_than_a_brief_takes_are_refused_with_the_numbers(client: Client, address: str) -> None:
    chosen = [f"item={BLOCK}", *(f"item=CM14-9999999.{number}" for number in range(MOST_ITEMS))]
    response = client.get(f"{address}?{'&'.join(chosen)}")
    assert response.status_code == 400
    assert str(MOST_ITEMS) in response.text and str(MOST_ITEMS + 1) in response.text
    assert client.get(f"{address}?{'&'.join(chosen[:-1])}").status_code == 200


def test_the_reasons_of_items_and_of_their_services_are_in_it(client: Client) -> None:
    put_in(client, ABLATION)
    document = word(client)
    assert "Functional benefit: Two medial branch blocks gave seventy percent relief." in lines(document)
    assert headings(document, 1)[1:] == ["Why denied, what won: Radiofrequency ablation"]
    (table,) = document.tables
    assert [cell.text for cell in table.rows[1].cells] == ["Functional benefit", "0 of 0", "1 of 1"]
    page = Page.of(client.get("/folder/brief/"))
    assert page.one("section", data_service="Radiofrequency ablation")
    assert page.link("http://testserver/statistics/reasons/?service=radiofrequency-ablation")


def test_a_brief_is_made_without_an_index(client: Client, settings: Settings) -> None:
    put_in(client, ABLATION)
    shutil.rmtree(settings.SEARCH_INDEX_DIR)
    assert headings(word(client), 1) == ["IMR Case No. CM15-0000200, item 1 (Mar. 2, 2015)"]
