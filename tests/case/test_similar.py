"""The determinations most like an item, and those of the same service that went the other way."""

import pytest
from django.test import Client

from determinations.case.similar import SHOWN
from determinations.models import Decision
from tests.views.html import Page
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db

WORDS = "Facet joint pain should be confirmed by controlled diagnostic medial branch blocks before ablation."


@pytest.fixture
def letters(db: None) -> None:
    add(Letter("CM14-0000001", (Item("Block one", rationale=WORDS), Item("Block two", rationale=WORDS))))
    add(Letter("CM14-0000002", (Item("Block three", Decision.OVERTURNED, rationale=WORDS),)))
    add(Letter("CM14-0000003", (Item("Block four", rationale=WORDS),)))
    add(
        Letter(
            "CM14-0000004", (Item("Cream", Decision.OVERTURNED, ("topical-analgesics",), rationale=WORDS),)
        )
    )
    add(Letter("CM14-0000005", (Item("Part", Decision.PARTIALLY_OVERTURNED, rationale=WORDS),)))
    add(Letter("CM14-0000006", (Item("Unread", Decision.UNKNOWN, rationale=WORDS),)))
    index()


def similar(client: Client, case: str, query: str = "") -> tuple[Page, set[str]]:
    page = Page.of(client.get(f"/determinations/{case}/items/1/similar/{query}"))
    assert not page.unbalanced
    return page, {heading.text for heading in page.all("h3", class_="result-request")}


@pytest.mark.usefixtures("letters")
def test_items_of_other_letters_are_shown_whatever_their_outcome(client: Client) -> None:
    _, found = similar(client, "CM14-0000001")
    assert {"Block three", "Block four"} <= found
    assert not found & {"Block one", "Block two"}


@pytest.mark.usefixtures("letters")
def test_the_opposite_has_the_same_service_and_the_other_outcome(client: Client) -> None:
    assert similar(client, "CM14-0000001", "?opposite=1")[1] == {"Block three", "Part"}
    assert similar(client, "CM14-0000002", "?opposite=1")[1] == {"Block one", "Block two", "Block four"}
    assert similar(client, "CM14-0000005", "?opposite=1")[1] == {"Block one", "Block two", "Block four"}


@pytest.mark.usefixtures("letters")
def test_the_switch_leads_from_one_list_to_the_other(client: Client) -> None:
    page, _ = similar(client, "CM14-0000001")
    opposite = page.link("Same service, opposite outcome")
    assert opposite == "/determinations/CM14-0000001/items/1/similar/?opposite=1"
    assert (
        Page.of(client.get(opposite)).link("Any outcome") == "/determinations/CM14-0000001/items/1/similar/"
    )


@pytest.mark.usefixtures("letters")
def test_the_item_compared_with_is_shown_with_its_decision(client: Client) -> None:
    page, _ = similar(client, "CM14-0000002")
    compared = page.one("div", class_="compared").text
    assert compared == (
        "Compared with CM14-0000002, item 1 Block three Denial overturned: treatment approved"
    )


@pytest.mark.usefixtures("letters")
def test_an_empty_list_says_why(client: Client) -> None:
    page, found = similar(client, "CM14-0000004", "?opposite=1")
    assert not found
    assert page.one("p", class_="why-none").text
    unread, found = similar(client, "CM14-0000006", "?opposite=1")
    assert not found
    assert unread.one("p", class_="why-none").text != page.one("p", class_="why-none").text


def test_a_full_list_says_that_it_holds_the_closest_only(client: Client, db: None) -> None:
    for number in range(SHOWN + 2):
        add(Letter(f"CM14-{number:07}", (Item(rationale=WORDS),)))
        add(Letter(f"CM15-{number:07}", (Item("Urine test", services=("urine-drug-testing",)),)))
        add(Letter(f"CM16-{number:07}", (Item("Gym", services=("physical-therapy",), rationale="Home."),)))
    index()
    page, _ = similar(client, "CM14-0000000")
    assert str(SHOWN) in page.one("h2", class_="list-heading").text.split()
    page, _ = similar(client, "CM14-0000000", "?opposite=1")
    assert not page.all("h2", class_="list-heading")


def glance(client: Client, case: str) -> Page:
    return Page.of(client.get(f"/determinations/{case}/items/1/closest/", headers={"HX-Request": "true"}))


def listed(page: Page) -> list[str]:
    return [link.text for link in page.all("a", class_="similar-request")]


def block(case: str, decision: Decision) -> None:
    add(Letter(case, (Item(f"Block of {case}", decision, rationale=WORDS),)))


def test_where_all_the_most_similar_are_opposite_one_list_says_so(client: Client) -> None:
    block("CM14-0000001", Decision.UPHELD)
    for number in range(2, 5):
        block(f"CM14-000000{number}", Decision.OVERTURNED)
    index()
    page = glance(client, "CM14-0000001")
    assert sorted(listed(page)) == [f"Block of CM14-000000{number}" for number in range(2, 5)]
    (heading,) = page.all("h3")
    assert "opposite outcome" in heading.text


def test_an_opposite_item_among_the_most_similar_is_listed_once(client: Client) -> None:
    block("CM14-0000001", Decision.UPHELD)
    block("CM14-0000002", Decision.OVERTURNED)
    block("CM14-0000003", Decision.UPHELD)
    index()
    page = glance(client, "CM14-0000001")
    assert sorted(listed(page)) == ["Block of CM14-0000002", "Block of CM14-0000003"]
    (note,) = [one for one in page.all("p") if "data-opposite-in-similar" in one.attributes]
    assert note.attributes["data-opposite-in-similar"] == "1"
    assert len(page.all("h3")) == 2


def test_further_opposite_items_stand_apart_from_the_most_similar(client: Client) -> None:
    block("CM14-0000001", Decision.UPHELD)
    for number in range(2, 5):
        block(f"CM14-000000{number}", Decision.UPHELD)
    add(Letter("CM14-0000009", (Item("Another block", Decision.OVERTURNED, rationale="Other words."),)))
    index()
    page = glance(client, "CM14-0000001")
    assert len(listed(page)) == len(set(listed(page))) == 4
    assert listed(page)[-1] == "Another block"
    assert not [one for one in page.all("p") if "data-opposite-in-similar" in one.attributes]


def test_requests_in_capitals_are_listed_in_sentence_case(client: Client, db: None) -> None:
    """The letter's own heading has the letter's own writing."""
    add(Letter("CM14-0000001", (Item("MRI OF THE LUMBAR SPINE", rationale=WORDS),)))
    add(Letter("CM14-0000002", (Item("REPEAT MRI OF THE LUMBAR SPINE", rationale=WORDS),)))
    index()
    assert listed(glance(client, "CM14-0000001")) == ["Repeat MRI of the lumbar spine"]
    page = Page.of(client.get("/determinations/CM14-0000001/"))
    assert "MRI of the lumbar spine" in page.one("nav", class_="contents").text
    assert page.one("h2", id="item-1-heading").text == "MRI OF THE LUMBAR SPINE"
