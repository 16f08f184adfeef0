"""Results under their letters: the same items on the same pages, counted honestly."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import Settings

from tests.views.html import Page, read
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(db: None, settings: Settings) -> None:
    """Letter n of 2014 has n items of which the last is no block; pages hold four items."""
    settings.RESULTS_PER_PAGE = 4
    for number in (1, 2, 3, 4):
        blocks = [Item(f"Block {number}-{at}") for at in range(1, number)]
        add(
            Letter(
                f"CM14-{number:07}",
                (*blocks, Item(f"Cream {number}", rationale="Topical.")),
                decided_on=date(2014, number, 1),
            )
        )
    index()


def requests(page: Page) -> list[str]:
    return [heading.text for heading in page.all("h3", class_="result-request")]


@pytest.mark.usefixtures("letters")
class TestByLetter:
    def test_each_letter_stands_once_with_its_items_below_it(self, client: Client) -> None:
        page = read(client, "/?q=request:block&sort=newest&group=letter")
        groups = page.all("div", role="group")
        assert len(groups) == 2
        assert groups[0].text.startswith("CM14-0000004, April 1, 2014")
        assert [f"Block 4-{at}" in groups[0].text for at in (1, 2, 3)] == [True] * 3
        assert "Block 3-1" in groups[1].text

    def test_a_letter_says_how_many_of_its_items_are_shown(self, client: Client) -> None:
        page = read(client, "/?q=request:block&sort=newest&group=letter")
        assert [held.text for held in page.all("span", class_="letter-held")] == [
            "3 of its 4 disputed items",
            "1 of its 3 disputed items",
        ]
        assert "4 items in 2 letters on this page." in page.text
        assert page.all("span", class_="may-continue")

    def test_one_item_in_one_letter_is_said_in_the_singular(self, client: Client) -> None:
        page = read(client, "/?q=%22block+2-1%22&group=letter")
        assert "1 item in 1 letter on this page." in page.text
        assert not page.all("span", class_="may-continue")

    def test_the_pages_hold_the_same_items_as_without_grouping(self, client: Client) -> None:
        for number in (1, 2, 3):
            grouped = read(client, f"/?sort=oldest&group=letter&page={number}")
            single = read(client, f"/?sort=oldest&page={number}")
            assert sorted(requests(grouped)) == sorted(requests(single))
            assert grouped.one("h2", id="results-heading").text == "All 10 disputed items"

    def test_letters_come_in_the_order_of_their_best_item(self, client: Client) -> None:
        page = read(client, "/?q=topical+OR+%22block+3-2%22&group=letter")
        single = read(client, "/?q=topical+OR+%22block+3-2%22")
        first = page.all("div", role="group")[0]
        assert requests(single)[0] in first.text

    def test_the_grouping_stays_with_the_search_and_can_be_changed(self, client: Client) -> None:
        page = read(client, "/?q=block&group=letter")
        assert page.link("By item") == "/?q=block"
        assert page.link("Newest first") == "/?q=block&sort=newest&group=letter"
        assert page.one("input", type="hidden", name="group").attributes["value"] == "letter"
        assert page.link("Next") == "/?q=block&group=letter&page=2"
        assert read(client, "/?q=block&page=2").link("By letter") == "/?q=block&group=letter&page=2"


@pytest.mark.usefixtures("library")
def test_a_grouping_that_does_not_exist_is_named(client: Client) -> None:
    page = read(client, "/?group=case")
    assert any("“case”" in notice.text for notice in page.all("p", class_="notice"))
    assert not page.all("div", role="group")


def test_rows_of_invented_letters_are_marked(client: Client) -> None:
    add(Letter("CM14-0000001", fields={"is_invented": True}))
    add(Letter("CM14-0000002"))
    index()
    for address in ("/search/", "/?group=letter"):
        assert len(read(client, address).all("span", class_="invented")) == 1
