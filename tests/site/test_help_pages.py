"""The help page's examples run, and every page says what upheld and overturned mean."""

import pytest
from django.test import Client

from determinations.search.query_examples import QUERY_EXAMPLES

from .html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def test_every_example_of_the_query_language_is_a_link_that_runs(client: Client) -> None:
    page = Page.of(client.get("/help/"))
    links = {link.text: link.attributes["href"] for link in page.all("a")}
    for example in QUERY_EXAMPLES:
        assert example.meaning in page.text
        result = Page.of(client.get(links[example.text]))
        assert result.one("input", name="q").attributes["value"] == example.text
        assert not result.all("div", class_="ask-error"), example.text


def test_every_example_of_the_first_visit_runs(client: Client) -> None:
    page = Page.of(client.get("/"))
    addresses = [a.attributes["href"] for a in page.all("a", class_="example")]
    assert len(addresses) == 4
    for address in addresses:
        result = Page.of(client.get(address))
        assert not result.all("p", class_="notice")
        assert not result.all("div", class_="ask-error")
        assert not result.all("p", class_="field-error")


@pytest.mark.parametrize("address", ["/", "/about/", "/help/", "/determinations/CM14-0031877/"])
def test_every_page_says_what_upheld_and_overturned_mean_and_that_nothing_is_precedent(
    client: Client, address: str
) -> None:
    footer = Page.of(client.get(address)).one("footer").text
    assert "Upheld means that the claims administrator’s denial stands" in footer
    assert "overturned means that the treatment is approved" in footer
    assert "not precedent" in footer


def test_the_about_page_explains_each_decision(client: Client) -> None:
    text = Page.of(client.get("/about/")).text
    assert "Denial upheld: treatment not approved." in text
    assert "Denial overturned: treatment approved." in text
