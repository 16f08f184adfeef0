"""Why denied, what won: the page of reasons, those of an item, and the ground on which two items part."""

import csv
import io
from datetime import date

import pytest
from django.test import Client

from determinations.case.reasons import parting, rationale_paragraphs, reasons_of
from determinations.models import Decision, Determination, DisputedItem
from determinations.search.interface import Fragment
from tests.views.html import Page
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db

NOT_TRIED = "There is no documentation that physical therapy was tried and failed."
NOT_TRIED_COPY = "There is no documentation that the physical therapy was tried and failed."
NOT_TRIED_TOO = "Conservative treatment has not been attempted since the injury."
FAILED = "Six weeks of physical therapy have failed."
NO_FINDINGS = "There are no red flags and no neurologic deficits on examination."
MRI = "MRI of the lumbar spine"


def mri(rationale: str, decision: Decision = Decision.UPHELD) -> Item:
    return Item(MRI, decision, ("mri",), (), rationale=rationale)


@pytest.fixture
def letters(db: None) -> None:
    for number, rationale in enumerate((NOT_TRIED, NOT_TRIED_COPY, NOT_TRIED_TOO), start=1):
        items = (mri(f"{rationale} {NO_FINDINGS}"),)
        add(Letter(f"CM14-000000{number}", items, date(2014, 5, number)))
    add(Letter("CM14-0000004", (mri(f"{FAILED} The MRI is medically necessary.", Decision.OVERTURNED),)))
    add(Letter("CM14-0000005", (Item("Norco", services=("opioids",), levels=(), rationale="It is red."),)))
    index()


def reasons_page(client: Client, query: str = "") -> Page:
    response = client.get(f"/statistics/reasons/{query}")
    assert response.status_code == 200
    page = Page.of(response)
    assert not page.unbalanced
    return page


@pytest.mark.usefixtures("letters")
class TestWhyDenied:
    def test_each_ground_is_counted_in_upheld_and_in_overturned_items(self, client: Client) -> None:
        page = reasons_page(client, "?service=mri")
        grounds = {
            row.attributes["data-ground"]: row.text
            for row in page.all("tr")
            if "data-ground" in row.attributes
        }
        assert "3 of 3" in grounds["conservative-care-not-tried"]
        assert "0 of 1" in grounds["conservative-care-not-tried"]
        assert (
            "0 of 3" in grounds["conservative-care-failed"]
            and "1 of 1" in grounds["conservative-care-failed"]
        )
        (counted,) = [one for one in page.all("p") if "data-read" in one.attributes]
        assert [counted.attributes[f"data-{name}"] for name in ("upheld", "overturned", "read")] == [
            "3",
            "1",
            "4",
        ]

    def test_a_ground_leads_to_its_items(self, client: Client) -> None:
        page = reasons_page(client, "?service=mri&decision=upheld")
        links = {
            link.attributes["href"] for link in page.all("a") if link.text == "Conservative care not tried"
        }
        assert links == {"/?service=mri&reason=conservative-care-not-tried"}
        found = Page.of(client.get(links.pop()))
        assert found.one("h2", id="results-heading").text.startswith("3 ")

    def test_what_is_lacking_stands_beside_what_is_shown(self, client: Client) -> None:
        page = reasons_page(client, "?service=mri")
        first = next(row for row in page.all("li") if "data-lacking" in row.attributes)
        assert first.attributes["data-lacking"] == "conservative-care-not-tried"
        assert (first.attributes["data-upheld"], first.attributes["data-overturned"]) == ("3", "1")
        assert FAILED in first.text

    def test_examples_come_from_different_letters_and_are_no_copies(self, client: Client) -> None:
        page = reasons_page(client, "?service=mri")
        examples = page.one("tr", data_ground="conservative-care-not-tried")
        at = page.elements.index(examples)
        row = next(one for one in page.elements[at + 1 :] if "reason-examples" in one.classes)
        assert NOT_TRIED_TOO in row.text
        assert (NOT_TRIED in row.text) != (NOT_TRIED_COPY in row.text)

    def test_contents_lead_to_each_part(self, client: Client) -> None:
        page = reasons_page(client, "?service=mri")
        at = page.elements.index(page.one("nav", class_="figures-contents"))
        links = [one.attributes["href"] for one in page.elements[at:] if one.tag == "a"][:3]
        assert links == ["#opposed", "#reasons-against", "#reasons-for"]
        ids = {one.attributes["id"] for one in page.all("h2")}
        assert {link.removeprefix("#") for link in links} <= ids

    def test_every_example_can_be_closed(self, client: Client) -> None:
        page = reasons_page(client, "?service=mri")
        assert page.all("details", class_="unfold")
        assert all("open" not in one.attributes for one in page.all("details", class_="unfold"))
        folded = sum(one.text.count("CM14-") for one in page.all("details", class_="unfold"))
        assert folded == len(page.all("blockquote", class_="reason-example"))

    def test_own_filters_of_decision_and_reason_are_set_aside_and_said_so(self, client: Client) -> None:
        page = reasons_page(client, "?service=mri&decision=upheld&reason=findings-absent")
        (note,) = [one for one in page.all("p") if "data-ignores" in one.attributes]
        assert note.attributes["data-ignores"] == "Decision Reason"
        whole = reasons_page(client, "?service=mri")
        assert [row.text for row in page.all("tr")] == [row.text for row in whole.all("tr")]

    def test_the_csv_has_the_counts_of_the_page(self, client: Client) -> None:
        response = client.get("/statistics/reasons.csv?service=mri")
        rows = {
            row["ground"]: row for row in csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
        }
        failed = rows["conservative-care-failed"]
        assert (failed["side"], failed["upheld_stating"], failed["upheld_items"]) == ("for", "0", "3")
        assert (failed["overturned_stating"], failed["overturned_items"]) == ("1", "1")
        assert client.get("/statistics/reasons.csv?q=%22").status_code == 400

    def test_pages_of_figures_and_results_offer_it(self, client: Client) -> None:
        for address in ("/statistics/?service=mri", "/browse/service/mri/", "/?service=mri"):
            page = Page.of(client.get(address))
            assert "/statistics/reasons/?service=mri" in [a.attributes["href"] for a in page.all("a")]
        assert "data-lacking" in client.get("/browse/service/mri/").content.decode()

    def test_items_without_a_reason_say_so(self, client: Client) -> None:
        assert "nothing-to-compare" in client.get("/statistics/reasons/?service=opioids").content.decode()

    def test_without_a_question_a_result_shows_the_sentence_of_its_main_ground(self, client: Client) -> None:
        page = Page.of(client.get("/?reason=conservative-care-failed"))
        assert [passage.text for passage in page.all("blockquote", class_="passage")] == [FAILED]


def stored(rationale: str, decision: Decision = Decision.UPHELD) -> DisputedItem:
    return add(Letter("CM14-0000009", (mri(rationale, decision),))).items.get()


def test_each_reason_of_an_item_leads_to_its_sentence(client: Client) -> None:
    item = stored(f"The guideline asks for therapy.\n\n{NOT_TRIED} {NO_FINDINGS}")
    page = Page.of(client.get(item.determination.get_absolute_url()))
    assert not page.unbalanced
    reasons = {
        link.attributes["data-ground"]: link.attributes["href"] for link in page.all("a", class_="reason")
    }
    sentences = {f"#{span.attributes['id']}": span.text for span in page.all("span", class_="states")}
    assert sentences[reasons["conservative-care-not-tried"]] == NOT_TRIED
    assert sentences[reasons["findings-absent"]] == NO_FINDINGS


def test_where_no_reason_speaks_for_the_decision_the_item_says_so(client: Client) -> None:
    def unexplained(item: DisputedItem) -> int:
        page = Page.of(client.get(item.determination.get_absolute_url()))
        assert page.all("a", class_="reason")
        return sum("data-unexplained" in one.attributes for one in page.all("p"))

    assert unexplained(stored(NO_FINDINGS, Decision.OVERTURNED)) == 1
    Determination.objects.all().delete()
    assert unexplained(stored(NO_FINDINGS, Decision.UPHELD)) == 0


def test_marks_and_reasons_cut_the_rationale_without_loss() -> None:
    rationale = f"First.\n\n{NOT_TRIED} {NO_FINDINGS}"
    item = stored(rationale)
    at = rationale.index("failed. There")
    passage = (
        Fragment(rationale[:at], is_match=False),
        Fragment(rationale[at : at + 13], is_match=True),
        Fragment(rationale[at + 13 :], is_match=False),
    )
    paragraphs = rationale_paragraphs(item, passage)
    words = ["".join(f.text for piece in one for f in piece.passage) for one in paragraphs]
    assert words == ["First.", f"{NOT_TRIED} {NO_FINDINGS}"]
    pieces = {piece.anchor: piece for one in paragraphs for piece in one if piece.anchor}
    stated = {reason.slug: pieces[reason.anchor] for reason in reasons_of(item)}
    sentence = stated["conservative-care-not-tried"]
    assert "".join(fragment.text for fragment in sentence.passage) == NOT_TRIED
    assert [fragment.text for fragment in sentence.passage if fragment.is_match] == ["failed."]


@pytest.mark.parametrize(
    ("here", "there", "words"),
    [
        (
            ["findings-absent", "conservative-care-not-tried"],
            ["conservative-care-failed"],
            ("conservative care not tried", "conservative care failed"),
        ),
        (["documentation-lacking"], ["findings-present"], ("documentation lacking", "findings call for it")),
        (["documentation-lacking"], [], None),
        (["findings-present"], ["findings-present"], None),
    ],
)
def test_the_ground_on_which_two_items_part(
    here: list[str], there: list[str], words: tuple[str, str] | None
) -> None:
    found = parting(here, "upheld", there, "overturned")
    assert (found and (found.here, found.there)) == words
    turned = parting(there, "overturned", here, "upheld")
    assert (turned and (turned.there, turned.here)) == words
    assert parting(here, "upheld", there, "upheld") is None


@pytest.mark.usefixtures("letters")
def test_similar_items_say_where_they_part(client: Client) -> None:
    page = Page.of(client.get("/determinations/CM14-0000001/items/1/similar/?opposite=1"))
    (line,) = page.all("span", class_="parting")
    assert line.text == "Here: conservative care not tried; there: conservative care failed."


def test_two_passages_that_do_not_go_together_stand_side_by_side(client: Client) -> None:
    item = stored("The criteria are met. Therefore, the request is medically necessary.")
    page = Page.of(client.get(item.determination.get_absolute_url()))
    assert not page.unbalanced
    block = page.one("section", data_contradiction="rationale")
    assert "denial upheld" in block.text and "the request is medically necessary." in block.text


@pytest.mark.usefixtures("letters")
@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("reason:cons", "reason:conservative-care-not-tried"),
        ("mri -reason:conservative-care-f", "mri -reason:conservative-care-failed"),
    ],
)
def test_a_reason_in_the_question_is_completed(client: Client, typed: str, query: str) -> None:
    offered = client.get("/suggest/", {"q": typed}).json()["suggestions"]
    assert query in [offer["query"] for offer in offered]
    assert client.get("/", {"q": query}).status_code == 200


def side_by_side(client: Client, *names: str) -> Page:
    page = Page.of(client.get("/compare/?" + "&".join(f"item={name}" for name in names)))
    assert not page.unbalanced
    ids = [element.attributes["id"] for element in page.elements if element.attributes.get("id")]
    assert len(ids) == len(set(ids))
    return page


@pytest.mark.usefixtures("letters")
class TestSideBySide:
    def test_each_reason_of_each_item_leads_to_its_sentence(self, client: Client) -> None:
        page = side_by_side(client, "CM14-0000001.1", "CM14-0000002.1", "CM14-0000004.1")
        sentences = {f"#{span.attributes['id']}": span.text for span in page.all("span", class_="states")}
        led_to = {
            (reason.attributes["data-ground"], sentences[str(reason.attributes["href"])])
            for reason in page.all("a", class_="reason")
        }
        assert {
            ("conservative-care-not-tried", NOT_TRIED),
            ("conservative-care-not-tried", NOT_TRIED_COPY),
            ("findings-absent", NO_FINDINGS),
            ("conservative-care-failed", FAILED),
        } <= led_to

    def test_each_side_is_named(self, client: Client) -> None:
        page = side_by_side(client, "CM14-0000001.1", "CM14-0000004.1")
        (reasons,) = [
            row for row in page.all("section") if row.attributes.get("aria-labelledby") == "compare-reasons"
        ]
        assert reasons.text.count("Against the treatment") == reasons.text.count("For the treatment") == 1

    def test_the_ground_on_which_opposite_items_part_is_said_once_for_each_two(self, client: Client) -> None:
        page = side_by_side(client, "CM14-0000001.1", "CM14-0000003.1", "CM14-0000004.1")
        parted = {line.attributes["data-parts"]: line.text for line in page.all("p", class_="parting")}
        assert list(parted) == ["CM14-0000001.1 CM14-0000004.1", "CM14-0000003.1 CM14-0000004.1"]
        assert "item 1: conservative care not tried" in parted["CM14-0000001.1 CM14-0000004.1"]
        assert "item 1: conservative care failed" in parted["CM14-0000001.1 CM14-0000004.1"]

    def test_items_of_one_decision_part_nowhere(self, client: Client) -> None:
        page = side_by_side(client, "CM14-0000001.1", "CM14-0000003.1")
        assert not page.all("p", class_="parting")

    def test_an_item_without_a_reason_says_so(self, client: Client) -> None:
        page = side_by_side(client, "CM14-0000004.1", "CM14-0000005.1")
        (cell,) = [
            cell
            for cell in page.all("div", class_="compare-cell")
            if cell.attributes["data-item"] == "CM14-0000005.1" and "No reason" in cell.text
        ]
        assert "Norco" not in cell.text
