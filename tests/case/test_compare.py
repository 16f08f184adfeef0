"""Two to four disputed items side by side, chosen in a list without any script."""

from datetime import date

import pytest
from django.test import Client

from determinations.models.querysets import ItemName, read_item_name
from tests.views.html import Page, read
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db

TWO = "/compare/?item=CM14-0031877.1&item=CM15-0000200.1"
THREE = f"{TWO}&item=CM16-0000300.1"


def row(page: Page, name: str) -> str:
    return next(
        section.text
        for section in page.all("section", class_="compare-row")
        if section.attributes["aria-labelledby"] == f"compare-{name}"
    )


@pytest.mark.usefixtures("library")
class TestSideBySide:
    def test_each_item_has_its_request_facts_guidelines_and_rationale(self, client: Client) -> None:
        page = read(client, TWO)
        assert page.one("h1").text == "2 disputed items side by side"
        assert page.one("title").text == "CM14-0031877, item 1 / CM15-0000200, item 1 – comparison"
        assert "Medial branch block at L4-L5" in row(page, "request")
        assert "Denial overturned: treatment approved" in row(page, "request")
        assert "Spinal level L4-L5 L5-S1" in row(page, "facts")
        assert "45 year old male" in row(page, "summary")
        assert "Two medial branch blocks gave seventy percent relief." in row(page, "rationale")
        assert "not precedent" in page.text

    def test_a_fact_that_only_one_letter_states_keeps_its_line(self, client: Client) -> None:
        facts = row(read(client, "/compare/?item=CM14-0031877.2&item=CM15-0000200.1"), "facts")
        assert "Spinal level not found L5-S1" in facts
        assert facts.index("Service") < facts.index("Spinal level")

    def test_citations_are_marked_as_shared_or_differing_in_words(self, client: Client) -> None:
        guidelines = read(client, THREE)
        standings = [
            (entry.classes, entry.text) for entry in guidelines.all("li") if entry.classes & {"shared", "own"}
        ]
        assert [text.endswith("in all 3") for _, text in standings].count(True) == 3
        assert [text.endswith("in 2 of 3") for _, text in standings].count(True) == 2
        assert [text.endswith("only here") for _, text in standings].count(True) == 1
        assert all(("own" in classes) == text.endswith("only here") for classes, text in standings)
        assert "in both" in row(read(client, TWO), "guidelines")

    def test_the_same_item_named_twice_stands_once(self, client: Client) -> None:
        page = read(client, f"{TWO}&item=cm14-31877.1&item=CM15-0000200.1")
        assert page.one("h1").text == "2 disputed items side by side"

    def test_items_can_be_left_out_while_two_remain(self, client: Client) -> None:
        page = read(client, THREE)
        assert page.link("Remove CM16-0000300, item 1") == TWO
        assert "Remove" not in read(client, TWO).text

    def test_each_item_can_be_cited(self, client: Client) -> None:
        citations = [p.text for p in read(client, TWO).all("p", data_citation="plain")]
        assert citations == [
            "IMR Case No. CM14-0031877, item 1 (Aug. 13, 2014)",
            "IMR Case No. CM15-0000200, item 1 (Mar. 2, 2015)",
        ]


@pytest.mark.usefixtures("library")
class TestWhatCannotBeCompared:
    def test_of_more_than_four_items_the_first_four_are_shown_and_the_rest_named(
        self, client: Client
    ) -> None:
        names = ["CM14-0031877.1", "CM14-0031877.2", "CM15-0000200.1", "CM16-0000300.1", "CM16-0000300.2"]
        page = read(client, "/compare/?" + "&".join(f"item={name}" for name in names))
        assert page.one("h1").text == "4 disputed items side by side"
        assert "at most 4 items, and 5 were selected" in page.text
        assert "left out: CM16-0000300.2." in page.text

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("CM99-0000001.1", "“CM99-0000001”"),
            ("CM14-0031877.9", "CM14-0031877 has no item 9. It has 2 disputed items."),
            ("CM15-0000200.2", "CM15-0000200 has no item 2. It has 1 disputed item."),
            ("CM14-0031877", "“CM14-0031877” is not a disputed item. Write it like CM14-0031877.2"),
            ("<b>.1", "“<b>.1” is not a disputed item"),
            ("CM14-0031877.99999999999999999999", "is not a disputed item"),
        ],
    )
    def test_an_unknown_item_gets_a_message_and_the_others_are_compared(
        self, client: Client, name: str, message: str
    ) -> None:
        page = read(client, f"{TWO}&item={name}")
        assert message in page.one("p", class_="notice").text
        assert page.one("h1").text == "2 disputed items side by side"

    def test_nothing_chosen_says_how_to_choose(self, client: Client) -> None:
        page = read(client, "/compare/?item=")
        assert page.one("title").text == "Compare determinations"
        assert page.link("search results") == "/"

    def test_one_item_alone_leads_to_what_may_stand_beside_it(self, client: Client) -> None:
        page = read(client, "/compare/?item=CM15-0000200.1")
        assert page.link("CM15-0000200, item 1") == "/determinations/CM15-0000200/#item-1"
        assert page.link("determinations with the opposite outcome") == (
            "/determinations/CM15-0000200/items/1/similar/?opposite=1"
        )

    def test_where_nothing_named_is_held_here_the_page_is_not_found(self, client: Client) -> None:
        assert "“CM99-0000001”" in read(client, "/compare/?item=CM99-0000001.1", status=404).text


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("address", ["/?q=medial", "/?q=medial&group=letter"])
def test_the_rows_of_a_list_are_chosen_with_a_plain_form(client: Client, address: str) -> None:
    page = read(client, address)
    form = page.one("form", class_="choose-bar")
    assert (form.attributes["method"], form.attributes["action"]) == ("get", "/compare/")
    boxes = page.all("input", type="checkbox")
    assert len(boxes) == len(page.all("article", class_="result")) == 3
    assert {box.attributes["form"] for box in boxes} == {form.attributes["id"]}
    chosen = "&".join(f"{box.attributes['name']}={box.attributes['value']}" for box in boxes)
    assert read(client, f"/compare/?{chosen}").one("h1").text == "3 disputed items side by side"


def test_similar_items_are_chosen_beside_the_item_they_are_like(client: Client) -> None:
    add(Letter("CM14-0000001"))
    add(Letter("CM14-0000002"))
    index()
    page = read(client, "/determinations/CM14-0000001/items/1/similar/")
    assert page.all("input", type="hidden", name="item")[-1].attributes["value"] == "CM14-0000001.1"
    assert page.one("input", type="checkbox").attributes["value"] == "CM14-0000002.1"


def test_a_letter_without_case_number_is_named_by_its_hash(client: Client) -> None:
    plain = add(Letter("", (Item("Plain block"),)))
    add(Letter("CM14-0000002"))
    page = read(client, f"/compare/?item={plain.public_id}.1&item=CM14-0000002.1")
    assert "Plain block" in row(page, "request")
    missing = read(client, f"/compare/?item={plain.public_id}.1&item={plain.public_id}.7", status=200)
    assert f"Letter {plain.content_hash[:16]} has no item 7" in missing.text
    named = f"Letter {plain.content_hash[:16]}, item 1"
    assert named in page.one("title").text
    assert named in [head.text for head in page.all("th", scope="col")]
    assert [line.text for line in page.all("p", class_="compare-name")].count(named) == 4


def test_what_one_letter_lacks_is_not_said_of_the_others(client: Client) -> None:
    bare = add(Letter("", decided_on=None))
    add(Letter("CM18-9000102", decided_on=date(2018, 4, 28), fields={"injured_on": date(2016, 5, 1)}))
    for items in (("CM18-9000102", bare.public_id), (bare.public_id, "CM18-9000102")):
        page = read(client, "/compare/?" + "&".join(f"item={item}.1" for item in items))
        labels = [head.text for head in page.all("th", scope="rowgroup")]
        assert "Case number" not in labels and "Dates" not in labels
        assert {"Decided", "Date of injury"} <= set(labels)
        facts = row(page, "facts")
        dated = ["April 28, 2018", "not found"]
        assert "Decided " + " ".join(dated if items[0].startswith("CM") else dated[::-1]) in facts


def test_names_of_items_are_read_as_they_are_written() -> None:
    for name in (ItemName("CM14-0031877", 2), ItemName("0f3a9c", 12), ItemName("CM14-0031877-abcdef01", 1)):
        assert read_item_name(str(name)) == name
    assert read_item_name(" CM14-0031877.2 ") == ItemName("CM14-0031877", 2)
    assert read_item_name("CM14-0031877.0") is None
