"""The search page as a reader meets it: results, orders, pages, ways out of an empty one."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import Settings

from determinations.models import Determination
from determinations.search_page.address import SearchAddress
from determinations.search_page.pagination import headline
from tests.views.html import Page
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db


def search(client: Client, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200
    page = Page.of(response)
    assert not page.unbalanced
    return page


def requests(page: Page) -> list[str]:
    return [heading.text for heading in page.all("h3", class_="result-request")]


@pytest.mark.usefixtures("library")
class TestResults:
    def test_the_title_says_how_many_were_found(self, client: Client) -> None:
        assert search(client, "/?q=opioids").one("title").text.startswith("1 item: “opioids”")
        assert search(client, "/?q=zebra").one("title").text.startswith("Nothing found: “zebra”")
        assert search(client, "/search/").one("title").text.startswith("All 7 items")

    def test_all_items_are_shown_newest_first(self, client: Client) -> None:
        page = search(client, "/search/")
        assert page.one("h2", id="results-heading").text == "All 7 disputed items"
        assert requests(page)[0] == "Epidural steroid injection"
        assert requests(search(client, "/?q=")) == requests(page)

    def test_words_are_found_in_the_disputed_item_that_holds_them(self, client: Client) -> None:
        page = search(client, "/?q=opioids")
        assert requests(page) == ["Norco 10/325 #60"]

    def test_a_row_says_what_was_decided_in_words_and_by_shape(self, client: Client) -> None:
        page = search(client, "/?q=opioids")
        decision = page.one("span", class_="decision-overturned")
        assert decision.text == "Overturned (denial overturned: treatment approved)"
        assert page.all("svg", class_="decision-mark")

    def test_a_row_names_letter_item_date_specialty_services_levels_and_guidelines(
        self, client: Client
    ) -> None:
        row = search(client, "/?q=epidural+examination").one("article", class_="result")
        for words in (
            "CM16-0000300, item 1, Jan. 20, 2016",
            "Physical Medicine and Rehabilitation",
            "C5-C6",
            "from the rationale",
            "Epidural steroid injections",
        ):
            assert words in row.text

    def test_a_row_leads_to_its_item_and_takes_the_question_along(self, client: Client) -> None:
        page = search(client, "/?q=opioids")
        assert page.link("Norco 10/325 #60") == "/determinations/CM14-0031877/?q=opioids&result=1#match-1"

    def test_passages_say_where_they_stand_and_mark_what_matched(self, client: Client) -> None:
        page = search(client, "/?q=relief")
        (part,) = page.all("div", class_="result-part")
        assert part.text.startswith("Rationale")
        assert [mark.text for mark in page.all("mark")] == ["relief"]
        summary = search(client, "/?q=chronic&year=2015")
        assert "Summary" in [part.text for part in summary.all("h4")]

    def test_filters_narrow_within_the_same_item(self, client: Client) -> None:
        assert requests(search(client, "/?decision=overturned&service=medial-branch-blocks")) == []
        assert requests(search(client, "/?decision=overturned&service=opioids")) == ["Norco 10/325 #60"]

    def test_several_values_of_a_facet_widen_and_several_facets_narrow(self, client: Client) -> None:
        assert len(requests(search(client, "/?year=2015&year=2016"))) == 3
        assert len(requests(search(client, "/?year=2015&year=2016&decision=overturned"))) == 1

    def test_results_come_in_the_order_chosen(self, client: Client) -> None:
        newest = requests(search(client, "/?service=injections&sort=newest"))
        oldest = requests(search(client, "/?service=injections&sort=oldest"))
        assert newest[0] == "Epidural steroid injection"
        assert oldest[0] == "Medial branch block at L4-L5"
        # Without a date a letter is last in either order.
        assert newest[-1] == oldest[-1] == "Lumbar medial branch block"

    def test_an_empty_result_says_what_to_drop_and_what_one_then_finds(self, client: Client) -> None:
        page = search(client, "/?q=opioids&year=2016&decision=upheld")
        assert page.one("h2", id="results-heading").text == "Nothing found"
        assert "without “opioids”: 1 item" in [way.text for way in page.all("li", data_total="1")]
        assert page.link("without “opioids”") == "/?decision=upheld&year=2016"

    def test_an_empty_result_offers_to_drop_one_word(self, client: Client) -> None:
        page = search(client, "/?q=norco+zebra+opioids")
        assert page.link("without “zebra”") == "/?q=norco+opioids"
        assert "without “zebra”: 1 item" in [way.text for way in page.all("li", data_total="1")]
        assert "without “norco”" not in page.text

    def test_an_empty_result_names_the_words_that_no_letter_has(self, client: Client) -> None:
        assert search(client, "/?q=norco+zebra").one("p", data_absent="zebra")
        assert search(client, "/?q=zebra").one("p", data_absent="zebra")
        found_apart = search(client, "/?q=norco+ablation")
        assert not [p for p in found_apart.all("p") if "data-absent" in p.attributes]

    def test_an_empty_result_names_the_filter_that_removes_the_most(self, client: Client) -> None:
        page = search(client, "/?q=block&year=2014&level=C5-C6")
        assert "“C5-C6”" in page.one("p", data_heaviest="1").text
        assert page.link("Search without spinal level “C5-C6”") == "/?q=block&year=2014"
        assert page.text.count("without spinal level “C5-C6”") == 1, "it is no second time in the list"

    def test_a_filter_that_stands_alone_is_one_of_the_ways_out(self, client: Client) -> None:
        page = search(client, "/?q=norco&year=2015&year=2016")
        assert not [p for p in page.all("p") if "data-heaviest" in p.attributes]
        assert page.link("without year “2015” or “2016”") == "/?q=norco"

    def test_where_several_filters_are_to_blame_each_that_finds_something_alone_is_offered(
        self, client: Client
    ) -> None:
        page = search(client, "/?q=block&year=2014&level=C5-C6&service=opioids")
        assert page.link("with year “2014” as the only filter") == "/?q=block&year=2014"
        assert "with service “Opioids” as the only filter" not in page.text
        assert not [p for p in page.all("p") if "data-heaviest" in p.attributes]

    def test_a_passage_of_a_guideline_is_shown_where_only_a_guideline_matches(self, client: Client) -> None:
        page = search(client, "/?q=guideline%3Aacoem&year=2015")
        assert page.all("h4")[0].text == "Claims administrator’s guideline"

    def test_where_no_single_change_helps_larger_ones_are_offered(self, client: Client) -> None:
        page = search(client, "/?q=norco+zebra&year=2016&decision=overturned")
        assert page.link("without “zebra” and without any filter") == "/?q=norco"
        assert page.link("with year “2016” alone") == "/?year=2016"

    def test_the_question_and_filters_stay_in_the_form(self, client: Client) -> None:
        page = search(client, "/?q=block&level=lumbar&level=C5-C6&sort=oldest")
        assert page.one("input", name="q").attributes["value"] == "block"
        hidden = [(i.attributes["name"], i.attributes["value"]) for i in page.all("input", type="hidden")]
        of_other_forms = {"csrfmiddlewaretoken", "item", "next"}
        asked = [(name, value) for name, value in hidden if name not in of_other_forms]
        assert asked == [("level", "C5-C6"), ("level", "lumbar"), ("sort", "oldest")]

    def test_an_item_deleted_after_it_was_indexed_is_accounted_for(self, client: Client) -> None:
        Determination.objects.filter(case_number="CM15-0000200").delete()
        page = search(client, "/search/")
        assert len(requests(page)) == 6
        assert page.one("p", data_vanished="1")


def test_an_empty_library_says_how_letters_come_in(client: Client) -> None:
    index()
    for address in ("/", "/search/"):
        assert "import_letters" in search(client, address).text


def test_pages_follow_each_other_without_gap_or_repetition(client: Client, settings: Settings) -> None:
    settings.RESULTS_PER_PAGE = 4
    for number in range(1, 11):
        add(Letter(f"CM14-{number:07}", (Item(f"Request {number}"),), decided_on=date(2014, 1, number)))
    index()
    first = search(client, "/search/")
    second = search(client, first.link("Next"))
    third = search(client, second.link("Next"))
    assert requests(first) + requests(second) + requests(third) == [f"Request {n}" for n in range(10, 0, -1)]
    assert [len(requests(page)) for page in (first, second, third)] == [4, 4, 2]
    assert "Next" not in [a.text for a in third.all("a")]
    assert second.link("Page 1") == "/search/"
    assert second.one("ol", class_="results").attributes["start"] == "5"
    current = [a.text for a in third.all("a") if a.attributes.get("aria-current") == "page"]
    assert current == ["Page 3"]


def test_large_numbers_are_written_with_separators() -> None:
    assert headline(SearchAddress(text="pain"), 1946) == "1,946 disputed items"
    assert headline(SearchAddress(text="pain"), 1) == "1 disputed item"
    assert headline(SearchAddress(), 2_000_000) == "All 2,000,000 disputed items"
