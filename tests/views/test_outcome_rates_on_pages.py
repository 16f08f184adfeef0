"""Outcome rates stand where one looks: above the results, beside each value, and in a table."""

import pytest
from django.test import Client

from determinations.models import Decision
from determinations.search.engines import search_engine
from determinations.search.interface import SearchRequest, SearchResults
from determinations.search_page.facet_panel import UNFOLDED
from tests.views.html import Page, rate_of
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_levels(db: None) -> None:
    """L4-L5: 3 of 6 overturned, one of them in part. L5-S1: 1 of 8. C5-C6: 2 of 2. T1-T2: not readable."""
    outcomes = {
        "L4-L5": [Decision.OVERTURNED] * 2 + [Decision.PARTIALLY_OVERTURNED] + [Decision.UPHELD] * 3,
        "L5-S1": [Decision.OVERTURNED] + [Decision.UPHELD] * 7,
        "C5-C6": [Decision.OVERTURNED] * 2,
        "T1-T2": [Decision.UNKNOWN],
    }
    for level, decisions in outcomes.items():
        for decision in decisions:
            add(Letter("", (Item(f"Block at {level}", decision, levels=(level,)),)))
    index()


def shares(page: Page) -> dict[str, str]:
    """What the link of each facet value is called: label -> the rest of its name."""
    names = (link.attributes["aria-label"] for link in page.all("a", class_="facet-value"))
    return {name.partition(", ")[0]: name.partition(", ")[2] for name in names}


@pytest.mark.usefixtures("two_levels")
class TestTheSearchPage:
    def test_the_results_open_with_their_rate_of_the_letters_held_here(self, client: Client) -> None:
        page = Page.of(client.get("/?q=block"))
        odds = page.one("p", class_="rate-words")
        assert not [one for one in page.elements if "data-ignores" in one.attributes]
        assert rate_of(page.one("div", class_="rate-line")) == {"overturned": "6", "decided": "16"}
        assert odds.text.startswith("6 of 16 overturned (38%)")
        assert "6 of 16 overturned (38%): 18% to 61% (95% confidence, n = 16)" in odds.attributes["title"]

    def test_each_value_has_its_count_and_its_share_overturned(self, client: Client) -> None:
        page = Page.of(client.get("/?q=block"))
        assert shares(page)["L4-L5"] == "6 items, 50% overturned, add filter"
        assert shares(page)["L5-S1"] == "8 items, 12% overturned, add filter"
        shown = [row.text for row in page.all("li", class_="facet-row")]
        assert [row for row in shown if row.startswith("L5-S1") and "12%" in row]

    def test_below_five_items_no_percentage_is_shown(self, client: Client) -> None:
        page = Page.of(client.get(f"/?q=block&{UNFOLDED}=level.cervical"))
        assert shares(page)["C5-C6"] == "2 items, add filter"
        titles = [share.attributes["title"] for share in page.all("span", class_="facet-share")]
        assert "3 of 6 overturned (50%), 19% to 81% (95% confidence)" in titles
        assert not any(title.startswith("2 of 2") for title in titles)
        few = Page.of(client.get("/?level=C5-C6"))
        assert rate_of(few.one("div", class_="rate-line")) == {"overturned": "2", "decided": "2"}
        assert "%" not in few.one("p", class_="rate-words").text

    @pytest.mark.parametrize("chosen", ["", "&decision=upheld"])
    def test_reasons_have_counts_alone_as_each_decides_its_item(self, client: Client, chosen: str) -> None:
        page = Page.of(client.get(f"/?q=block{chosen}"))
        reasons = page.one("details", id="facet-reason")
        rows = [row for row in page.all("li", class_="facet-row") if row.text in reasons.text]
        against = [row.text for row in rows if row.text.startswith("Against the treatment")]
        assert against
        assert against[0].startswith(f"Against the treatment{10 if chosen else 17}not")
        assert "%" not in reasons.text
        (figures,) = [link for link in page.all("a") if link.text == "How often each is stated"]
        assert figures.attributes["href"] == f"/statistics/reasons/?q=block{chosen}"
        assert client.get(figures.attributes["href"]).status_code == 200
        assert "%" in page.one("details", id="facet-level").text

    def test_a_value_without_a_readable_decision_has_no_rate(self, client: Client) -> None:
        page = Page.of(client.get("/?level=T1-T2"))
        assert shares(page)["T1-T2"] == "1 item, selected, remove filter"
        assert not page.all("p", class_="rate-words")

    def test_a_chosen_decision_changes_the_list_and_not_the_rate(self, client: Client) -> None:
        page = Page.of(client.get("/?decision=overturned"))
        assert page.one("span", data_ignores="decision")
        assert page.one("h2", id="results-heading").text == "5 disputed items"
        assert rate_of(page.one("div", class_="rate-line", data_ignores="decision")) == {
            "overturned": "6",
            "decided": "16",
        }
        assert shares(page)["L5-S1"] == "1 item, 12% overturned, add filter"
        counts = [count.text for count in page.all("span", class_="facet-count")]
        assert "1 of 8" in counts, "the share overturned is that of all decided items"

    def test_bars_are_drawn_without_styles_and_hidden_from_screen_readers(self, client: Client) -> None:
        page = Page.of(client.get("/?q=block"))
        bars = page.all("svg", class_="rate-bar")
        assert bars and all(bar.attributes["aria-hidden"] == "true" for bar in bars)
        assert "50.0" in [share.attributes["width"] for share in page.all("rect", class_="rate-share")]
        assert not [element for element in page.elements if "style" in element.attributes]

    @pytest.mark.parametrize(("question", "limits"), [("block", [20]), ("facet", [20, 0])])
    def test_outcomes_are_counted_by_the_first_search_alone(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, question: str, limits: list[int]
    ) -> None:
        """The second one counts a facet that is named and folded away."""
        engine, asked = search_engine(), []
        search = type(engine).search

        def noted(self: object, request: SearchRequest) -> SearchResults:
            asked.append(request)
            return search(engine, request)

        monkeypatch.setattr(type(engine), "search", noted)
        client.get("/", {"q": question})
        assert [request.limit for request in asked] == limits
        assert [bool(request.split) for request in asked] == [True, False][: len(limits)]


def test_an_empty_result_has_no_rate(client: Client, library: None) -> None:
    page = Page.of(client.get("/?q=zebra"))
    assert not page.all("div", class_="rate-line")


@pytest.mark.usefixtures("two_levels")
def test_a_search_opens_as_statistics_with_all_that_was_chosen(client: Client) -> None:
    asked = "?q=block&level=L4-L5"
    page = Page.of(client.get(f"/{asked}"))
    statistics = page.link("Chart these results")
    assert statistics == f"/statistics/{asked}"
    assert "3 of 6 overturned" in client.get(statistics).content.decode()
