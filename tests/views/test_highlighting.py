"""On a letter's page the words of the search that led there are marked, and nothing else is changed."""

import pytest
from django.test import Client

from determinations.case.page import paragraphs
from determinations.search.interface import Fragment
from tests.views.html import Page
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db


def marks(client: Client, address: str) -> list[str]:
    return [mark.text for mark in Page.of(client.get(address)).all("mark")]


@pytest.mark.usefixtures("library")
def test_matched_words_are_marked_in_request_rationale_and_summary(client: Client) -> None:
    found = marks(client, "/determinations/CM14-0031877/?q=branch+chronic+facet")
    assert set(found) == {"branch", "chronic", "facet"}


@pytest.mark.usefixtures("library")
def test_related_words_that_were_searched_are_marked_too(client: Client) -> None:
    assert any(
        "medial branch block" in mark.lower() for mark in marks(client, "/determinations/CM14-0031877/?q=MBB")
    )


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("query", ["", "?q=", "?q=%22unbalanced", "?q=colour:red", "?q=zebra"])
def test_without_a_usable_question_nothing_is_marked(client: Client, query: str) -> None:
    assert marks(client, f"/determinations/CM14-0031877/{query}") == []


@pytest.mark.usefixtures("library")
def test_the_way_back_leads_to_the_search(client: Client) -> None:
    page = Page.of(client.get("/determinations/CM14-0031877/?q=facet+block"))
    assert page.link("Back to results") == "/?q=facet+block"


def test_a_letter_can_be_read_while_there_is_no_index(client: Client) -> None:
    letter = add(Letter("CM14-0000001"))
    response = client.get(letter.get_absolute_url() + "?q=facet&sort=newest&result=3")
    assert response.status_code == 200
    assert Page.of(response).link("Back to results") == "/?q=facet&sort=newest"


def test_marking_changes_no_word_of_the_letter(client: Client) -> None:
    letter = add(Letter("CM14-0000001", (Item(rationale="Facet  (L4-5) & “block”:\n\n50 % relief."),)))
    index()
    plain = Page.of(client.get(letter.get_absolute_url())).one("section", class_="item").text
    marked = Page.of(client.get(letter.get_absolute_url() + "?q=facet+relief+block")).one(
        "section", class_="item"
    )
    assert marked.text == plain


def test_a_mark_across_a_blank_line_is_cut_there() -> None:
    passage = (Fragment("One ", False), Fragment("two\n\nthree", True), Fragment(" four.\n \n\n", False))
    assert paragraphs(passage) == (
        (Fragment("One ", False), Fragment("two", True)),
        (Fragment("three", True), Fragment(" four.", False)),
    )
