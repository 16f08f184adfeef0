"""Facets that are folded away are counted and drawn once somebody unfolds them, with scripts and without."""

import pytest
from django.test import Client

from determinations.search_page.facet_panel import UNFOLDED
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

FOLDED = ("body_part", "side", "specialty", "ca_guideline", "agreement", "contradiction")
DRAWN = ("decision", "service", "reason", "guideline", "level", "year")


def values(page: Page, facet: str) -> list[tuple[str, str]]:
    """The facet's values, each with the address that it leads to."""
    links = page.all("a", class_="facet-value")
    return [
        (link.text, link.attributes["href"])
        for link in links
        if link.attributes["id"].startswith(f"{facet}-")
    ]


def links_to_values(page: Page, facet: str) -> list[dict[str, str]]:
    return [
        link.attributes
        for link in page.all("a")
        if link.attributes.get("hx-get", "").startswith(f"/search/facet/{facet}/")
    ]


def unfolded(client: Client, link: dict[str, str]) -> Page:
    """The page that the link leads to without scripts."""
    return Page.of(client.get(link["href"].partition("#")[0]))


def is_open(page: Page, facet: str) -> bool:
    return "open" in page.one("details", id=f"facet-{facet}").attributes


@pytest.mark.parametrize("facet", FOLDED)
def test_a_folded_facet_has_a_link_to_its_values_instead_of_them(client: Client, facet: str) -> None:
    page = Page.of(client.get("/?q=block"))
    assert not values(page, facet) and not is_open(page, facet)
    (link,) = links_to_values(page, facet)
    assert link["href"].endswith(f"#facet-{facet}")
    assert is_open(unfolded(client, link), facet)
    assert links_to_values(unfolded(client, link), facet) == []


@pytest.mark.parametrize("facet", DRAWN)
def test_the_other_facets_have_theirs(client: Client, facet: str) -> None:
    page = Page.of(client.get("/?q=block"))
    assert links_to_values(page, facet) == []
    assert is_open(page, facet)


@pytest.mark.parametrize("asked", ["/?q=block", "/?q=block&decision=upheld", "/?level=L4-L5"])
def test_fetched_values_are_those_of_the_unfolded_page(client: Client, asked: str) -> None:
    (link,) = links_to_values(Page.of(client.get(asked)), "specialty")
    fetched = values(Page(client.get(link["hx-get"]).content.decode()), "specialty")
    assert fetched and fetched == values(unfolded(client, link), "specialty")


def test_a_facet_with_a_chosen_value_is_drawn_at_once(client: Client) -> None:
    page = Page.of(client.get("/?specialty=pain-medicine"))
    assert values(page, "specialty") and is_open(page, "specialty")
    excluded = Page.of(client.get("/?specialty=-pain-medicine"))
    assert values(excluded, "specialty")


def test_what_is_unfolded_is_no_part_of_a_search(client: Client) -> None:
    page = Page.of(client.get(f"/?q=block&{UNFOLDED}=specialty&{UNFOLDED}=side"))
    assert is_open(page, "specialty") and is_open(page, "side")
    links = [link.attributes.get("href", "") for link in page.all("a")]
    assert not [link for link in links if f"{UNFOLDED}=" in link and "#facet-" not in link]
    assert "no parameter" not in page.one("main").text


def test_unfolding_what_is_no_facet_changes_nothing(client: Client) -> None:
    assert client.get(f"/?q=block&{UNFOLDED}=nothing").status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/search/facet/nothing/?q=block", 404),
        ("/search/facet/specialty/?q=%22block", 400),
        ("/search/facet/specialty/?level=Q9", 400),
        ("/search/facet/specialty/", 200),
    ],
)
def test_values_of_a_search_that_cannot_be_run_are_refused(client: Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status
