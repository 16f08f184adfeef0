"""The words that tell overturned from upheld: readable, their method named, each a link to its passages."""

import csv
import io

import pytest
from django.test import Client

from determinations.models import Decision
from tests.views.html import Page
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db


@pytest.fixture
def rationales(db: None) -> None:
    for n in range(9):
        rationale = f"Physical therapies have failed, and the criteria are clearly met in case {n}."
        add(Letter(f"CM14-{n:07}", (Item(decision=Decision.OVERTURNED, rationale=rationale),)))
    for n in range(9, 21):
        rationale = "No radiculopathies are documented, so the injection is not medically necessary."
        add(Letter(f"CM14-{n:07}", (Item(rationale=rationale),)))
    index()


def words_of(page: Page, heading: str) -> list[str]:
    start = next(n for n, one in enumerate(page.elements) if one.attributes.get("id") == heading)
    found = []
    for element in page.elements[start + 1 :]:
        if element.tag == "h2":
            break
        if element.tag == "th" and element.attributes.get("scope") == "row":
            found.append(element.text)
    return found


@pytest.mark.usefixtures("rationales")
class TestThePage:
    def test_each_outcome_has_its_words_as_people_write_them(self, client: Client) -> None:
        page = Page.of(client.get("/statistics/words/"))
        assert {"met", "criteria", "failed"} <= set(words_of(page, "words-overturned"))
        assert {"radiculopathies", "documented"} <= set(words_of(page, "words-upheld"))
        assert not {"no", "not", "therapies"} & {
            *words_of(page, "words-upheld"),
            *words_of(page, "words-overturned"),
        }
        assert "clearly met" in words_of(page, "phrases-overturned")
        assert {"medically necessary"} <= set(words_of(page, "phrases-upheld"))

    def test_a_phrase_never_goes_on_behind_the_end_of_a_sentence(self, client: Client) -> None:
        for n in range(21, 33):
            said = "Walking tolerance doubled. Strength returned! Endurance grew? Lifting resumed."
            add(Letter(f"CM14-{n:07}", (Item(decision=Decision.OVERTURNED, rationale=said),)))
        for n in range(33, 93):
            add(Letter(f"CM14-{n:07}", (Item(rationale="Nothing new was found, so care goes on."),)))
        index()
        page = Page.of(client.get("/statistics/words/all/"))
        phrases = words_of(page, "phrases-overturned")
        assert {"tolerance doubled", "strength returned", "endurance grew", "lifting resumed"} <= set(phrases)
        assert not {"doubled strength", "returned endurance", "grew lifting"} & set(phrases)

    def test_few_items_are_told_and_many_are_not(self, client: Client) -> None:
        page = Page.of(client.get("/statistics/words/"))
        assert "9 items overturned against 12 upheld." in page.text
        assert page.one("p", class_="notice", data_few="20")
        for n in range(21, 41):
            add(Letter(f"CM14-{n:07}", (Item(decision=Decision.OVERTURNED), Item())))
        index()
        page = Page.of(client.get("/statistics/words/"))
        assert "29 items overturned against 32 upheld." in page.text
        assert not page.all("p", class_="notice")

    def test_method_and_basis_are_named(self, client: Client) -> None:
        page = Page.of(client.get("/statistics/words/?q=therapies OR radiculopathies"))
        (method,) = page.all("p", data_overturned_words="117", data_upheld_words="132")
        for said in ("log-odds ratio", "informative Dirichlet prior", "Monroe, Colaresi and Quinn", "1.96"):
            assert said in method.text
        assert "9 of 21 overturned (43%)" in page.text

    @pytest.mark.parametrize(
        ("heading", "decision", "found"),
        [("words-overturned", "overturned", 9), ("phrases-upheld", "upheld", 12)],
    )
    def test_every_word_leads_to_the_items_that_have_it(
        self, client: Client, heading: str, decision: str, found: int
    ) -> None:
        page = Page.of(client.get("/statistics/words/?service=medial-branch-blocks"))
        words = words_of(page, heading)
        assert words
        for word in words:
            address = page.link(word)
            assert "service=medial-branch-blocks" in address
            assert f"decision={decision}" in address
            results = Page.of(client.get(address))
            assert results.one("h2", id="results-heading").text == f"{found} disputed items"

    def test_the_question_stays_in_the_links(self, client: Client) -> None:
        page = Page.of(client.get("/statistics/words/?q=therapies OR necessary"))
        results = Page.of(client.get(page.link("met")))
        assert results.one("input", id="id_q").attributes["value"] == (
            "(therapies OR necessary) rationale:met"
        )
        assert results.one("h2", id="results-heading").text == "9 disputed items"

    def test_the_csv_has_every_listed_word(self, client: Client) -> None:
        response = client.get("/statistics/words.csv?q=block")
        assert response["Content-Disposition"] == 'attachment; filename="imr-distinctive-terms.csv"'
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
        page = Page.of(client.get("/statistics/words/all/?q=block"))
        headings = ("words-overturned", "words-upheld", "phrases-overturned", "phrases-upheld")
        shown = [word for heading in headings for word in words_of(page, heading)]
        assert [row["text"] for row in rows] == shown
        by_text = {row["text"]: row for row in rows}
        assert (by_text["met"]["overturned"], by_text["met"]["upheld"]) == ("9", "0")
        assert float(by_text["met"]["z"]) > 1.96
        assert float(by_text["documented"]["z"]) < -1.96

    def test_statistics_and_places_lead_here(self, client: Client) -> None:
        link = "Words typical of each outcome"
        assert Page.of(client.get("/statistics/?q=met")).link(link) == "/statistics/words/?q=met"
        place = Page.of(client.get("/browse/service/medial-branch-blocks/"))
        assert place.link(link) == "/statistics/words/?service=medial-branch-blocks"


@pytest.mark.usefixtures("rationales")
class TestTypicalPassages:
    def test_a_place_shows_how_reviewers_write_and_says_how_that_was_chosen(self, client: Client) -> None:
        page = Page.of(client.get("/browse/service/medial-branch-blocks/"))
        passages = [quote.text for quote in page.all("blockquote", class_="typical")]
        assert len(passages) == 3 + 1  # nine rationales that differ by a number, twelve that are the same
        assert all("criteria are clearly met" in passage for passage in passages[:3])
        assert "not medically necessary" in passages[3]
        assert "Words matched: “" in page.text
        assert page.all("mark")

    def test_each_passage_says_how_its_item_was_decided(self, client: Client) -> None:
        page = Page.of(client.get("/browse/service/medial-branch-blocks/"))
        quotes = [quote.text for quote in page.all("blockquote", class_="typical")]
        assert [quote.partition(":")[0] for quote in quotes] == ["Denial overturned"] * 3 + ["Denial upheld"]
        assert "Overturned: 9 items" in page.text and "Upheld: 12 items" in page.text
        assert not [p for p in page.all("p") if "data-few" in p.attributes]

    def test_partial_overturns_stand_aside_for_full_ones(self, client: Client) -> None:
        for n in range(21, 33):
            taper = f"Opioids are not supported, and a taper is granted in case {n}."
            add(Letter(f"CM14-{n:07}", (Item(decision=Decision.PARTIALLY_OVERTURNED, rationale=taper),)))
        index()
        page = Page.of(client.get("/browse/service/medial-branch-blocks/"))
        quotes = [quote.text for quote in page.all("blockquote", class_="typical")]
        assert [quote.partition(":")[0] for quote in quotes] == ["Denial overturned"] * 3 + ["Denial upheld"]
        assert page.one("p", data_in_part="12")
        words = Page.of(client.get("/statistics/words/")).text
        assert "21 items overturned (12 of them in part) against 12 upheld." in words
        assert "A partial overturn counts as overturned" in words

    def test_one_full_overturn_does_not_silence_what_is_upheld(self, client: Client) -> None:
        for n in range(21, 42):
            decision = (
                (Decision.UPHELD, Decision.PARTIALLY_OVERTURNED)[n % 2] if n > 21 else Decision.OVERTURNED
            )
            said = "There is no improvement." if decision == Decision.UPHELD else "The criteria are met."
            add(
                Letter(f"CM14-{n:07}", (Item(decision=decision, rationale=said, services=("opioids",)),)),
            )
        index()
        page = Page.of(client.get("/browse/service/opioids/"))
        assert "Overturned: 1 item 10 more are overturned in part" in page.text
        assert len(page.all("p", class_="no-words")) == 1
        assert "“improvement”" in page.text.partition("Upheld: 10 items")[2]

    def test_partial_overturns_alone_are_called_so(self, client: Client) -> None:
        taper = "Opioids are not supported; a taper, a taper, a taper, a taper, a taper is granted."
        for n in range(21, 23):
            decided = Item(
                decision=Decision.PARTIALLY_OVERTURNED, rationale=f"{taper} {n}", services=("opioids",)
            )
            add(Letter(f"CM14-{n:07}", (decided,)))
        for n in range(23, 43):
            upheld = Item(rationale="There is no functional improvement.", services=("opioids",))
            add(Letter(f"CM14-{n:07}", (upheld,)))
        index()
        page = Page.of(client.get("/browse/service/opioids/"))
        assert "Overturned in part: 2 items" in page.text
        assert page.one("p", data_few="2")
        quotes = [quote.text for quote in page.all("blockquote", class_="typical")]
        assert quotes[0].startswith("Denial overturned in part")

    def test_each_passage_leads_to_its_item(self, client: Client) -> None:
        page = Page.of(client.get("/browse/service/medial-branch-blocks/"))
        links = [
            link.attributes["href"]
            for link in page.all("a")
            if link.attributes["href"].startswith("/determinations/")
        ]
        # Examples of reasons on the same page lead to items, too.
        assert len(set(links)) >= len(page.all("blockquote", class_="typical")) == 4
        assert all(client.get(link.partition("#")[0]).status_code == 200 for link in links)


@pytest.mark.usefixtures("library")
class TestLittleToCompare:
    def test_no_word_stands_out_among_a_few_letters(self, client: Client) -> None:
        page = Page.of(client.get("/statistics/words/"))
        assert len(page.all("p", class_="no-words")) == 4
        place = Page.of(client.get("/browse/service/injections/"))
        assert place.all("p", class_="no-words")
        assert not place.all("blockquote", class_="typical")

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("q=zebra", "No rationale matches"),
            ("service=medial-branch-blocks", "overturns a denial"),
            ("service=opioids", "upholds a denial"),
        ],
    )
    def test_one_outcome_alone_is_told(self, client: Client, query: str, message: str) -> None:
        page = Page.of(client.get(f"/statistics/words/?{query}"))
        assert message in page.one("p", class_="nothing-to-compare").text
        assert not page.all("table")

    def test_a_fault_is_told_on_page_and_csv(self, client: Client) -> None:
        assert Page.of(client.get('/statistics/words/?q="')).one("div", id="id_q_error").text
        assert client.get('/statistics/words.csv?q="').status_code == 400
