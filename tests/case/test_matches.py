"""Matches in a letter: numbered from the item that was found, and of words that are looked for within it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from determinations.case.matches import NumberedMatch, numbered
from determinations.models import Determination
from determinations.search.interface import Fragment, Passage
from tests.views.html import Page
from tests.views.library import Item, Letter, add, index

FRAGMENTS = st.builds(
    Fragment, st.sampled_from(["block", " ", ". ", " and ", "\n\n", "facet"]), st.booleans()
)
PARTS = st.dictionaries(st.integers(0, 9), st.lists(FRAGMENTS, max_size=6).map(tuple), min_size=1, max_size=5)


def numbers(passages: dict[int, Passage]) -> list[int]:
    return [one.number for passage in passages.values() for one in passage if isinstance(one, NumberedMatch)]


@given(PARTS, st.integers(0, 9))
def test_each_match_has_one_number_and_no_word_changes(parts: dict[int, Passage], first: int) -> None:
    found = numbered(parts, frozenset({first}))
    passages = dict(found.passages)
    assert sorted(numbers(passages)) == list(range(1, found.count + 1))
    for part, passage in parts.items():
        assert [(one.text, one.is_match) for one in passages[part]] == [
            (one.text, one.is_match) for one in passage
        ]
    has_match = {part for part, passage in parts.items() if any(one.is_match for one in passage)}
    if first in has_match:
        assert 1 in numbers({first: passages[first]}), "the page opens in the item that was found"
    elif has_match:
        assert numbers(passages)[0] == 1, "without one, the numbers begin at the top"


@pytest.mark.parametrize(
    ("texts", "count"),
    [
        (["medial", " ", "branch", " ", "blocks"], 1),
        (["medial", "\n", "branch"], 1),
        (["L4", "-", "L5"], 1),
        (["relief", ". ", "Block"], 2),
        (["block", " and ", "block"], 2),
    ],
)
def test_marked_words_that_stand_together_are_one_match(texts: list[str], count: int) -> None:
    passage = tuple(Fragment(text, is_match=place % 2 == 0) for place, text in enumerate(texts))
    assert numbered({0: passage}).count == count


WORDS = "Massage helped the shoulder."


@pytest.fixture
def letter(db: None) -> Determination:
    made = add(
        Letter(
            "CM14-0000001",
            (Item("Massage", rationale=WORDS), Item("Norco", rationale=f"{WORDS} Massage again.")),
            summary="Massage was tried.",
            text="The records list acupuncture.\nMassage was tried.",
        )
    )
    index()
    return made


def anchors(page: Page) -> dict[str, str]:
    return {mark.attributes["id"]: mark.text for mark in page.all("mark") if "id" in mark.attributes}


def test_a_letter_without_a_search_has_no_matches(client: Client, letter: Determination) -> None:
    page = Page.of(client.get(letter.get_absolute_url()))
    assert not page.all("section", class_="match-bar")
    assert page.one("input", name="within").attributes["value"] == ""


def test_every_match_has_a_link_that_works_without_a_script(client: Client, letter: Determination) -> None:
    page = Page.of(client.get(letter.get_absolute_url() + "?q=massage"))
    bar = page.one("section", class_="match-bar")
    links = [a.attributes["href"] for a in page.all("a") if a.attributes["href"].startswith("#match-")]
    assert links == [f"#{anchor}" for anchor in sorted(anchors(page))]
    assert bar.attributes["data-matches"] == str(len(links)) == "5"


def test_words_within_are_marked_and_the_search_is_kept(client: Client, letter: Determination) -> None:
    address = letter.get_absolute_url()
    page = Page.of(client.get(f"{address}?q=massage&decision=upheld&result=1&within=shoulder"))
    assert set(anchors(page).values()) == {"shoulder"}
    assert page.one("section", class_="match-bar").attributes["data-matches"] == "2"
    assert page.link("Back to results").startswith("/?q=massage&decision=upheld#result-CM14-0000001.")
    form = page.one("form", class_="within")
    assert form.attributes["action"] == f"{address}#match-1"
    carried = {
        (one.attributes["name"], one.attributes["value"])
        for one in page.all("input", type="hidden")
        if one.attributes["name"] in {"q", "decision", "result"}
    }
    assert carried == {("q", "massage"), ("decision", "upheld"), ("result", "1")}
    again = urlsplit(page.link("Mark “massage” again"))
    assert parse_qs(again.query) == {"q": ["massage"], "decision": ["upheld"], "result": ["1"]}


@pytest.mark.parametrize(
    ("words", "elsewhere"), [("zebra", ""), ("acupuncture", "1 match"), ("records list", "1 match")]
)
def test_it_is_said_when_nothing_within_matches(
    client: Client, letter: Determination, words: str, elsewhere: str
) -> None:
    page = Page.of(client.get(letter.get_absolute_url(), {"within": words}))
    none = page.one("p", class_="within-none")
    assert words in none.text
    assert not page.all("mark")
    links = [a for a in page.all("a") if "/text/?within=" in a.attributes["href"]]
    assert [a.text for a in links] == ([elsewhere] if elsewhere else [])
    for link in links:
        text = Page.of(client.get(link.attributes["href"]))
        assert words.startswith(text.one("mark", id="read").text)
        assert text.one("p", class_="read-from-line").attributes["data-within"] == "1"


@pytest.mark.parametrize("view", ["", "text/"])
def test_words_within_that_cannot_be_read_are_explained(
    client: Client, letter: Determination, view: str
) -> None:
    response = client.get(letter.get_absolute_url() + view, {"within": '"unbalanced'})
    assert response.status_code == 200
    page = Page.of(response)
    assert not page.all("mark")
    assert "quotation mark" in page.text.casefold() or "“" in page.text


def test_words_within_are_shown_as_text(client: Client, letter: Determination) -> None:
    response = client.get(letter.get_absolute_url(), {"within": "<script>x</script>", "q": '"><b onclick=x>'})
    assert b"<script>x" not in response.content
    assert b"<b onclick" not in response.content


def test_a_search_that_cannot_be_read_is_explained_on_the_letter(
    client: Client, letter: Determination
) -> None:
    page = Page.of(client.get(letter.get_absolute_url(), {"q": 'massage "unbalanced'}))
    assert not page.all("mark")
    assert sum("quotation mark" in notice.text for notice in page.all("p", class_="notice")) == 1
