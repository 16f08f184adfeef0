"""Facets and branches that are folded away are drawn once somebody unfolds them, with scripts and without."""

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


def links_to_values(page: Page, facet: str, branch: str = "") -> list[dict[str, str]]:
    place = f"/search/facet/{facet}/{branch}".rstrip("/")
    return [
        link.attributes
        for link in page.all("a")
        if link.attributes.get("hx-get", "").partition("?")[0] == f"{place}/"
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


@pytest.mark.parametrize(
    "asked", ["/?q=block", "/?q=block&decision=upheld", "/?level=L4-L5", "/?q=block&sort=oldest"]
)
def test_fetched_values_are_those_of_the_unfolded_page(client: Client, asked: str) -> None:
    (link,) = links_to_values(Page.of(client.get(asked)), "specialty")
    fetched = values(Page(client.get(link["hx-get"]).content.decode()), "specialty")
    assert fetched and fetched == values(unfolded(client, link), "specialty")


def is_open_branch(page: Page, facet: str, value: str) -> bool:
    return "open" in page.one("details", id=f"in-{facet}-{value}").attributes


@pytest.mark.parametrize("asked", ["/?q=block", "/?decision=upheld", "/?sort=oldest", "/?service=-opioids"])
def test_a_folded_branch_has_a_link_to_its_values(client: Client, asked: str) -> None:
    page = Page.of(client.get(asked))
    (link,) = links_to_values(page, "service", "injections")
    assert link["href"].endswith("#in-service-injections")
    assert not is_open_branch(page, "service", "injections")
    fetched = values(Page(client.get(link["hx-get"]).content.decode()), "service")
    whole = unfolded(client, link)
    assert is_open_branch(whole, "service", "injections")
    assert links_to_values(whole, "service", "injections") == []
    assert fetched == [value for value in values(whole, "service") if value not in values(page, "service")]
    assert fetched


def test_a_branch_of_a_folded_facet_unfolds_the_facet(client: Client) -> None:
    (link,) = links_to_values(Page.of(client.get("/?q=block")), "ca_guideline")
    (branch, *_) = (
        one.attributes
        for one in Page(client.get(link["hx-get"]).content.decode()).all("a")
        if "hx-get" in one.attributes
    )
    whole = unfolded(client, branch)
    assert is_open(whole, "ca_guideline")
    assert "open" in whole.one("details", id=branch["href"].partition("#")[2]).attributes


def test_a_branch_with_a_chosen_value_is_drawn_at_once(client: Client) -> None:
    for chosen in ("injections", "nerve-blocks", "-nerve-blocks"):
        page = Page.of(client.get(f"/?service={chosen}&q=medial+OR+opioids"))
        assert is_open_branch(page, "service", "injections"), chosen
        assert links_to_values(page, "service", "injections") == []


def test_a_facet_with_a_chosen_value_is_drawn_at_once(client: Client) -> None:
    page = Page.of(client.get("/?specialty=pain-medicine"))
    assert values(page, "specialty") and is_open(page, "specialty")
    excluded = Page.of(client.get("/?specialty=-pain-medicine"))
    assert values(excluded, "specialty")


def test_what_is_unfolded_is_no_part_of_a_search(client: Client) -> None:
    page = Page.of(client.get(f"/?q=block&{UNFOLDED}=specialty&{UNFOLDED}=side"))
    assert is_open(page, "specialty") and is_open(page, "side")
    links = [link.attributes.get("href", "") for link in page.all("a")]
    assert not [link for link in links if f"{UNFOLDED}=" in link and "#" not in link]
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
        ("/search/facet/service/injections/", 200),
        ("/search/facet/service/nothing/", 404),
        ("/search/facet/specialty/pain-medicine/", 404),
    ],
)
def test_values_of_a_search_that_cannot_be_run_are_refused(client: Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status
