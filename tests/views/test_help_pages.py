"""The help page's examples run, and every page says what upheld and overturned mean."""

from pathlib import Path

import pytest
from django.test import Client

from determinations.importing import originals
from determinations.importing.letter_reading import LetterRead, read_stored_letter
from determinations.importing.letter_storage import IncomingLetter, store_letters
from determinations.models import Determination
from determinations.search_page.examples import example_groups
from tests.views.html import Page
from tests.views.library import Letter, add, index

SAMPLES = Path(__file__).resolve().parents[2] / "sample_letters"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def test_every_example_of_the_query_language_is_a_link_that_runs(client: Client) -> None:
    page = Page.of(client.get("/help/"))
    links = {link.text: link.attributes["href"] for link in page.all("a")}
    for group in example_groups("CM16-0000300"):
        for example in group.examples:
            assert example.meaning in page.text
            result = Page.of(client.get(links[example.text]))
            assert result.one("input", name="q").attributes["value"] == example.text
            assert not result.all("div", class_="ask-error"), example.text


def test_the_example_of_a_case_number_is_held_and_found(client: Client) -> None:
    add(Letter("CM19-0000001", items=()))
    assert "CM16-0000300" in Page.of(client.get("/help/")).text
    Determination.objects.all().delete()
    assert "CM14-0031877" in Page.of(client.get("/help/")).text, "of a site that holds none"


def test_a_page_that_is_missing_names_no_letter_that_may_be_missing_too(client: Client) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "CM14-" not in Page.of(response).text


def test_every_example_finds_something_among_the_sample_letters(client: Client) -> None:
    Determination.objects.all().delete()
    incoming = []
    for path in sorted(SAMPLES.rglob("*.txt")):
        content_hash = originals.keep(path.read_bytes())
        read = read_stored_letter(originals.path_of(content_hash))
        assert isinstance(read, LetterRead), path
        incoming.append(IncomingLetter(content_hash, path.name, read))
    store_letters(incoming)
    index()
    page = Page.of(client.get("/help/"))
    links = [link for link in page.all("a") if link.attributes["href"].startswith("/?q=")]
    first = Page.of(client.get("/")).all("a", class_="example")
    assert len(links) > 30
    found = {
        link.text: Page.of(client.get(link.attributes["href"])).one("h2", id="results-heading").text
        for link in (*links, *first)
    }
    assert ";".join(text for text, heading in found.items() if heading == "Nothing found") == ""


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
    assert "Upheld means that the treatment remains denied" in footer
    assert "overturned means that the treatment is approved" in footer
    assert "not precedent" in footer


def test_the_about_page_explains_each_decision(client: Client) -> None:
    explained = [each.text for each in Page.of(client.get("/about/")).all("dd")]
    assert "Treatment not approved." in explained
    assert "Treatment approved." in explained


@pytest.mark.usefixtures("library")
def test_the_about_page_says_what_the_site_has(client: Client) -> None:
    page = Page.of(client.get("/about/"))
    (held,) = [p for p in page.all("p") if "data-letters" in p.attributes]
    assert held.attributes["data-letters"] == "5"
    assert "2014" in held.text and "2016" in held.text
    for word in ("MTUS", "ACOEM", "ODG"):
        assert word in page.text
