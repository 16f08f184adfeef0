"""The first page: a box, examples, common services with their outcomes, doors; no list and no filters."""

import pytest
from django.test import Client

from determinations.models import Determination
from determinations.search.engines import search_engine
from determinations.search.interface import SearchRequest, SearchResults
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def test_it_has_a_box_examples_and_doors_but_neither_list_nor_filters(client: Client) -> None:
    page = Page.of(client.get("/"))
    assert page.one("input", name="q")
    assert len(page.all("a", class_="example")) == 4
    assert not page.all("article", class_="result")
    assert not page.all("aside", class_="narrow")
    assert page.link("All 7 disputed items, with filters") == "/search/"
    assert page.link("Services") == "/browse/service/"
    assert page.link("Guidelines") == "/browse/guideline/"
    assert page.link("2014") == "/?year=2014"


def test_each_common_service_is_a_search_with_its_count_and_outcomes(client: Client) -> None:
    page = Page.of(client.get("/"))
    strip = page.one("section", class_="strip")
    assert strip
    counted = {
        item.text.split()[0]: (item.attributes["data-decided"], item.attributes["data-overturned"])
        for item in page.all("li")
        if "data-decided" in item.attributes
    }
    assert counted["Opioids"] == ("1", "1")
    assert page.link("Opioids") == "/?service=opioids"


def test_the_newest_letters_are_named_by_number_only(client: Client) -> None:
    newest = Determination.objects.current().filter(decided_on__isnull=False).latest("decided_on")
    page = Page.of(client.get("/"))
    assert page.link(str(newest)) == newest.get_absolute_url()
    assert str(newest) == newest.case_number


def test_what_upheld_and_overturned_mean_is_said_at_the_top(client: Client) -> None:
    page = Page.of(client.get("/"))
    meanings = page.one("dl").text
    assert meanings.index("Upheld") < meanings.index("Overturned")


@pytest.mark.parametrize("address", ["/?q=", "/?decision=upheld", "/?q=block", "/?page=1"])
def test_any_parameter_asks_for_results(client: Client, address: str) -> None:
    assert Page.of(client.get(address)).all("article", class_="result")


def test_its_figures_take_one_search_that_fetches_no_item(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, asked = search_engine(), []
    search = type(engine).search

    def noted(self: object, request: SearchRequest) -> SearchResults:
        asked.append(request)
        return search(engine, request)

    monkeypatch.setattr(type(engine), "search", noted)
    client.get("/")
    assert [request.limit for request in asked] == [0]
