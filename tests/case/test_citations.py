"""Citations in the form attorneys use, as plain text and as Markdown, and where a page offers them."""

from datetime import date

import pytest
from django.test import Client

from determinations.case.citation import bluebook_date, item_citation, letter_citation
from determinations.models import Determination, DisputedItem
from tests.views.html import Page
from tests.views.library import Item, Letter, add

URL = "https://imr.example.org/determinations/CM14-0031877/#item-2"


def letter(**fields: object) -> Determination:
    values = {"case_number": "CM14-0031877", "decided_on": date(2014, 8, 13)} | fields
    return Determination(**values)


def cited(row: Determination, position: int = 2) -> str:
    return item_citation(DisputedItem(determination=row, position=position), URL).plain


def test_an_item_is_cited_by_case_number_item_and_date() -> None:
    assert cited(letter()) == "IMR Case No. CM14-0031877, item 2 (Aug. 13, 2014)"


def test_the_letter_as_a_whole_is_cited_without_an_item() -> None:
    assert letter_citation(letter(), URL).plain == "IMR Case No. CM14-0031877 (Aug. 13, 2014)"


def test_markdown_makes_the_same_words_a_link() -> None:
    citation = item_citation(DisputedItem(determination=letter(), position=2), URL)
    assert citation.markdown == f"[IMR Case No. CM14-0031877, item 2 (Aug. 13, 2014)]({URL})"


def test_months_are_shortened_as_the_bluebook_does() -> None:
    months = [bluebook_date(date(2014, month, 1)).split()[0] for month in range(1, 13)]
    assert months == [
        "Jan.",
        "Feb.",
        "Mar.",
        "Apr.",
        "May",
        "June",
        "July",
        "Aug.",
        "Sept.",
        "Oct.",
        "Nov.",
        "Dec.",
    ]
    assert bluebook_date(date(2018, 4, 28)) == "Apr. 28, 2018"


def test_a_letter_without_case_number_is_cited_by_its_address() -> None:
    assert (
        cited(letter(case_number="", content_hash="48f0c1d2e3a4b5c6" + 48 * "0"))
        == f"IMR letter 48f0c1d2e3a4b5c6, no case number, item 2 (Aug. 13, 2014), {URL}"
    )


def test_a_heading_leaves_out_the_address_and_nothing_else() -> None:
    numbered = item_citation(DisputedItem(determination=letter(), position=2), URL)
    assert numbered.heading == numbered.plain
    row = letter(case_number="", content_hash=64 * "4", is_invented=True, decided_on=None)
    assert item_citation(DisputedItem(determination=row, position=1), URL).heading == (
        f"IMR letter {16 * '4'}, no case number, item 1 (undated) – invented sample, not a real determination"
    )


def test_a_date_that_is_not_the_decisions_says_what_it_is() -> None:
    assigned = letter(decided_on=None, assigned_on=date(2014, 6, 20))
    assert cited(assigned) == "IMR Case No. CM14-0031877, item 2 (assigned June 20, 2014)"
    assert cited(letter(decided_on=None)) == "IMR Case No. CM14-0031877, item 2 (undated)"


def test_a_superseded_version_and_an_invented_sample_say_so() -> None:
    assert cited(letter(is_current=False)).endswith("(Aug. 13, 2014) (superseded version)")
    sample = item_citation(DisputedItem(determination=letter(is_invented=True), position=2), URL)
    assert sample.plain.endswith("invented sample, not a real determination")
    assert sample.markdown.endswith("invented sample, not a real determination")


@pytest.mark.django_db
class TestTheCasePage:
    def test_each_item_and_the_letter_offer_both_citations_with_the_note(self, client: Client) -> None:
        add(Letter("CM14-0031877", (Item(), Item("Norco"))))
        page = Page.of(client.get("/determinations/CM14-0031877/?q=norco"))
        assert [p.text for p in page.all("p", data_citation="plain")] == [
            "IMR Case No. CM14-0031877 (Aug. 13, 2014)",
            "IMR Case No. CM14-0031877, item 1 (Aug. 13, 2014)",
            "IMR Case No. CM14-0031877, item 2 (Aug. 13, 2014)",
        ]
        assert page.all("p", data_citation="markdown")[2].text == (
            "[IMR Case No. CM14-0031877, item 2 (Aug. 13, 2014)]"
            "(http://testserver/determinations/CM14-0031877/#item-2)"
        )
        for cite in page.all("details", class_="cite"):
            assert "not precedent" in cite.text

    def test_a_letter_without_number_is_cited_by_the_address_of_its_hash(self, client: Client) -> None:
        row = add(Letter("", decided_on=None))
        page = Page.of(client.get(row.get_absolute_url()))
        assert page.all("p", data_citation="plain")[1].text == (
            f"IMR letter {row.content_hash[:16]}, no case number, item 1 (undated), "
            f"http://testserver/determinations/{row.content_hash[:16]}/#item-1"
        )


@pytest.mark.django_db
@pytest.mark.parametrize("is_pdf", [False, True])
def test_a_letters_page_carries_what_zotero_reads(client: Client, is_pdf: bool) -> None:
    add(
        Letter(
            "CM14-0031877",
            (Item("Norco & more"), Item("Block")),
            fields={"source_name": "a.PDF" if is_pdf else "a.txt"},
        )
    )
    page = Page.of(client.get("/determinations/CM14-0031877/"))
    read = {
        meta.attributes["name"]: meta.attributes["content"]
        for meta in page.all("meta")
        if meta.attributes.get("name", "").startswith(("citation_", "z:"))
    }
    assert read["z:itemType"] == "case"
    assert read["citation_title"] == "IMR Case No. CM14-0031877"
    assert read["citation_date"] == "2014/08/13"
    assert read["citation_technical_report_number"] == "CM14-0031877"
    assert read["citation_public_url"] == "http://testserver/determinations/CM14-0031877/"
    assert "1. Norco & more: denial upheld" in read["citation_abstract"]
    assert ("citation_pdf_url" in read) is is_pdf


@pytest.mark.django_db
def test_what_a_letter_does_not_say_is_no_metadata(client: Client) -> None:
    row = add(Letter("", decided_on=None))
    page = Page.of(client.get(row.get_absolute_url()))
    names = [meta.attributes.get("name", "") for meta in page.all("meta")]
    assert "citation_title" in names
    assert not {"citation_date", "citation_technical_report_number"} & set(names)
    assert all(meta.attributes.get("content", "x") for meta in page.all("meta"))
