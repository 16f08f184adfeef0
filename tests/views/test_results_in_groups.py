"""What is found, what only summaries would add, what follows, and the filters that a question names."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import SearchRequest, SearchResults
from determinations.search_page import filter_offers, search
from determinations.search_page.address import SearchAddress
from determinations.search_page.filter_offers import FilterOffer, FilterOffers
from tests.views.html import Page
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(library: None) -> None:
    add(
        Letter(
            "CM18-0000001",
            (
                Item(
                    "Gym membership", services=("gym-membership",), levels=(), rationale="Not medical care."
                ),
                Item(
                    "Acupuncture for the knee", services=("acupuncture",), levels=(), rationale="Gains lack."
                ),
            ),
            summary="A pool and a gym were used before.",
        )
    )
    index()


def page(client: Client, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200
    return Page.of(response)


def api(client: Client, query: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.get(f"/api/search?{query}").content)
    return found


@pytest.mark.usefixtures("letters")
class TestGroups:
    def test_items_whose_summary_alone_mentions_a_word_are_counted_apart(self, client: Client) -> None:
        shown = page(client, "/?q=gym")
        assert shown.one("h2", id="results-heading").text == "1 disputed item"
        assert shown.one("p", data_in_summaries="1")
        assert shown.link("1 more item") == "/?q=gym&include=summary"
        wider = page(client, "/?q=gym&include=summary")
        assert wider.one("h2", id="results-heading").text == "2 disputed items"
        assert not wider.all("p", data_in_summaries="1")

    def test_summaries_are_offered_without_a_number_where_much_is_found(self, client: Client) -> None:
        with patch.object(search, "SUMMARIES_COUNTED_BELOW", 1):
            assert page(client, "/?q=gym").link("Search clinical summaries too") == "/?q=gym&include=summary"
            for address in ("/?q=request:gym", "/?q=request:gym+NOT+pain", "/?service=acupuncture"):
                assert "Search clinical summaries too" not in page(client, address).text

    def test_items_with_some_of_the_words_follow_and_name_what_they_lack(self, client: Client) -> None:
        shown = page(client, "/?q=gym+membership+zebra")
        assert shown.one("h2", id="results-heading").text == "No disputed item has all of these words"
        assert shown.one("p", data_absent="zebra")
        following = shown.one("div", class_="following")
        assert "Gym membership" in following.text
        assert shown.all("span", data_lacks="1")[0].text == "Not in this item: zebra."
        assert not shown.all("p", data_advice="words"), "there are items to read"

    def test_the_api_names_the_totals_and_what_is_missing(self, client: Client) -> None:
        found = api(client, "q=gym+membership+zebra")
        assert (found["total"], found["total_in_summaries"]) == (0, 0)
        assert found["total_following"] == len(found["hits"])
        (first, *_) = found["hits"]
        assert first["follows"] is True
        assert first["missing_words"] == ["zebra"]
        assert found["pages"] == 1
        wider = api(client, "q=gym")
        assert (wider["total"], wider["total_in_summaries"]) == (1, 1)

    def test_the_csv_has_the_same_items_and_headers_name_the_totals(self, client: Client) -> None:
        answer = client.get("/search.csv?q=gym+membership+zebra")
        lines = answer.getvalue().decode().splitlines()
        assert answer["X-Items-Total"] == "0"
        assert int(answer["X-Items-Following"]) == len(lines) - 1
        assert lines[1].rstrip('"').endswith("zebra")

    def test_exact_words_find_no_other_form_and_no_other_name(self, client: Client) -> None:
        assert api(client, "q=memberships")["total"] == 1
        assert api(client, "q=memberships&exact=1")["total"] == 0
        shown = page(client, "/?q=membership&exact=1")
        assert shown.one("p", data_exact="1")
        assert shown.link("Search other forms and names too") == "/?q=membership"

    def test_filters_named_in_plain_words_are_offered_and_not_applied(self, client: Client) -> None:
        shown = page(client, "/?q=acupuncture+or+gym+denied+since+2015")
        assert shown.all("p", class_="aside-line")
        found = api(client, "q=block+denied")
        offers = {offer["label"]: offer for offer in found["filter_offers"]}
        assert offers["Upheld"]["total"] < found["total"]
        assert "decision=upheld" in offers["Upheld"]["api"]

    def test_each_offer_keeps_the_question_and_finds_as_many_as_it_says(self, client: Client) -> None:
        offered = page(client, "/search/?q=block+denied+at+L4-L5").all("a", class_="offer")
        assert any(link.attributes["href"].endswith("decision=upheld") for link in offered)
        assert any("level=L4-L5" in link.attributes["href"] for link in offered)
        for link in offered:
            query = link.attributes["href"].partition("?")[2]
            assert query.startswith("q=block+denied+at+L4-L5&")
            assert str(api(client, query)["total"]) == link.attributes["data-total"]

    def test_all_filters_at_once_are_offered_last(self, client: Client) -> None:
        *each, together = page(client, "/search/?q=block+denied+at+L4-L5").all("a", class_="offer")
        assert "offer-together" in together.classes
        assert not any("offer-together" in link.classes for link in each)
        for link in each:
            wanted = link.attributes["href"].partition("&")[2]
            assert wanted in together.attributes["href"]

    def test_a_filter_that_is_named_twice_is_offered_once(self, client: Client) -> None:
        offered = api(client, "q=block+2014+denied+2014+denied")["filter_offers"]
        labels = [offer["label"] for offer in offered]
        assert "Upheld" in labels
        assert len(labels) == len(set(labels))

    def test_a_question_that_names_every_year_asks_the_engine_for_few_of_them(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[SearchRequest] = []
        search = ColumnarEngine.search

        def noted(engine: ColumnarEngine, request: SearchRequest) -> SearchResults:
            asked.append(request)
            return search(engine, request)

        monkeypatch.setattr(ColumnarEngine, "search", noted)
        years = "+".join(map(str, range(1990, 2030)))
        page(client, f"/search/?q=block+{years}&year=2014")
        assert 0 < len(asked) < 30

    def test_more_than_a_few_filters_are_folded_away(self) -> None:
        offers = [FilterOffer(str(number), SearchAddress(), 1) for number in range(8)]
        shown = FilterOffers(tuple(offers))
        assert (shown.first, shown.more) == (tuple(offers[:3]), tuple(offers[3:]))
        few = FilterOffers(tuple(offers[:4]))
        assert (few.first, few.more) == (tuple(offers[:4]), ())

    def test_folded_filters_are_on_the_page(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(filter_offers, "SHOWN_AT_FIRST", 0)
        asked = "q=block+denied+at+L4-L5"
        shown = page(client, f"/search/?{asked}")
        offered = [link for link in shown.all("a", class_="offer") if "offer-together" not in link.classes]
        assert len(offered) == len(api(client, asked)["filter_offers"]) > 1
        assert f"{len(offered)} more" in shown.one("div", class_="filter-offers").text

    def test_filters_are_offered_without_words_that_find_nothing(self, client: Client) -> None:
        shown = page(client, "/search/?q=gym+membership+denied+zebra")
        alone = "/?decision=upheld&service=gym-membership"
        (offered,) = [link for link in shown.all("a") if link.attributes.get("href") == alone]
        assert offered.attributes["data-total"] == "1"
        assert api(client, alone.partition("?")[2])["total"] == 1

    def test_filters_without_the_words_are_offered_where_these_say_why(self, client: Client) -> None:
        shown = page(client, "/search/?q=block+denied+as+the+guideline+does+not+recommend+it")
        assert shown.all("p", class_="offers-alone")
        assert not page(client, "/search/?q=block+denied").all("p", class_="offers-alone")

    @pytest.mark.parametrize(
        ("query", "offered"),
        [
            ("q=since+2016", {"/?decided_from=2016-01-01"}),
            ("q=since+2016&decision=upheld", {"/?decision=upheld&decided_from=2016-01-01"}),
            (
                "q=overturned+since+2015",
                {
                    "/?decision=overturned",
                    "/?decided_from=2015-01-01",
                    "/?decision=overturned&decided_from=2015-01-01",
                },
            ),
            ("q=overturned+since+2015&exact=1", set()),
        ],
    )
    def test_filters_alone_are_offered_in_place_of_the_words(
        self, client: Client, query: str, offered: set[str]
    ) -> None:
        shown = page(client, f"/search/?{query}")
        found = {
            link.attributes["href"]: link.attributes["data-total"]
            for link in shown.all("a", rel="nofollow")
            if "data-total" in link.attributes
        }
        assert bool(shown.all("div", class_="filter-offers")) is bool(offered)
        assert offered <= set(found)
        for address in offered:
            assert str(api(client, address.partition("?")[2])["total"]) == found[address]

    def test_no_guideline_is_offered_for_words_that_name_none(self, client: Client) -> None:
        offers = api(client, "q=physical+therapy+since+2015")["filter_offers"]
        assert [offer["label"] for offer in offers if "guideline" in offer["label"]] == []


@pytest.mark.usefixtures("letters")
class TestNarrowing:
    def test_a_value_may_be_left_out(self, client: Client) -> None:
        everything, without = api(client, ""), api(client, "service=-gym-membership")
        assert without["total"] == everything["total"] - 1
        shown = page(client, "/?service=-gym-membership")
        assert shown.one("a", class_="chip").text.startswith("Remove Service: not")
        (again,) = [
            link for link in shown.all("a", class_="facet-not") if link.attributes.get("aria-current")
        ]
        assert again.attributes["href"] == "/search/"

    def test_all_of_the_chosen_levels_may_be_asked_for(self, client: Client) -> None:
        any_of_them = api(client, "level=L4-L5&level=C5-C6")["total"]
        assert api(client, "level=L4-L5&level=C5-C6&all=level")["total"] == 0
        assert any_of_them

    @pytest.mark.parametrize(
        ("query", "canonical"),
        [
            ("decided_from=2018", "decided_from=2018-01-01"),
            ("decided_to=2018-02", "decided_to=2018-02-28"),
            ("decided_from=3/1/2018", "decided_from=2018-03-01"),
            ("decided_from=March+1,+2018", "decided_from=2018-03-01"),
            ("decided_to=Feb.+29,+2016", "decided_to=2016-02-29"),
            ("decided_from=2014-08-13&decided_to=2014-08-13", None),
        ],
    )
    def test_dates_narrow_and_have_one_writing(
        self, client: Client, query: str, canonical: str | None
    ) -> None:
        shown = page(client, f"/?{query}")
        assert shown.one("link", rel="canonical").attributes["href"] == f"/?{canonical or query}"
        assert shown.one("a", class_="chip").attributes["href"] == "/search/"

    def test_a_date_that_is_none_is_told_and_left_out(self, client: Client) -> None:
        for typed in ("2018-13-01", "31/12/2018", "Smarch 1, 2018"):
            shown = page(client, f"/?decided_from={typed}")
            assert any(typed in notice.text for notice in shown.all("p", class_="notice"))
            assert client.get(f"/api/search?decided_from={typed}").status_code == 400

    @pytest.mark.parametrize("sort", ["level", "case"])
    def test_results_come_by_level_and_by_case_number(self, client: Client, sort: str) -> None:
        hits = api(client, f"sort={sort}&page_size=100")["hits"]
        cases = [hit["case_number"] for hit in hits if hit["case_number"]]
        if sort == "case":
            assert cases == sorted(cases)
        else:
            levels = [bool(hit["item"]["spinal_levels"]) for hit in hits]
            assert levels == sorted(levels, reverse=True)
