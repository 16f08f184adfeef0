"""Every page can be used without sight and without a mouse: headings, labels, landmarks, unique ids."""

import itertools

import pytest
from django.test import Client

from tests.views.figure_pages import FIGURE_PAGES
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

LETTER = "/determinations/CM14-0031877/"
PAGES = [
    "/",
    "/?q=medial&service=injections&year=1999",
    "/?q=%22",
    "/?decision=x&page=9",
    "/help/",
    "/about/",
    "/api/",
]
PAGES += ["/?q=block&group=letter", "/compare/", "/compare/?item=CM14-0031877.2&item=CM16-0000300.1"]
PAGES += [LETTER, LETTER + "?q=block", LETTER + "original/", LETTER + "items/1/similar/", "/nothing/"]
PAGES += FIGURE_PAGES


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, client: Client) -> Page:
    return Page.of(client.get(request.param))


def test_every_element_is_closed(page: Page) -> None:
    assert not page.unbalanced


def test_ids_are_unique_and_what_refers_to_one_finds_it(page: Page) -> None:
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for element in page.elements:
        for name in ("for", "aria-labelledby", "aria-describedby"):
            assert set(element.attributes.get(name, "").split()) <= set(ids), (element.tag, name)
        if element.attributes.get("href", "").startswith("#"):
            assert element.attributes["href"][1:] in ids


def test_there_is_one_main_heading_and_no_level_is_skipped(page: Page) -> None:
    levels = [int(element.tag[1]) for element in page.elements if element.tag in {"h1", "h2", "h3", "h4"}]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(deeper - level <= 1 for level, deeper in itertools.pairwise(levels)), levels


def test_the_page_has_a_title_a_language_and_its_landmarks(page: Page) -> None:
    assert page.one("title").text
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("main") and page.one("header", class_="masthead") and page.one("footer")
    skip = page.all("a")[0].attributes["href"]
    assert [element.tag for element in page.elements if f"#{element.attributes.get('id')}" == skip] in (
        ["main"],
        ["section"],
    )


def test_every_link_and_field_has_a_name(page: Page) -> None:
    assert all(link.text for link in page.all("a"))
    labeled = {label.attributes["for"] for label in page.all("label")}
    for field in page.all("input"):
        assert field.attributes.get("type") == "hidden" or field.attributes["id"] in labeled


def test_every_decision_is_said_in_words(page: Page) -> None:
    for decision in page.all("span", class_="decision"):
        if not decision.attributes.get("aria-hidden"):
            assert "treatment" in decision.text or "could not be read" in decision.text


def test_scripts_are_asked_for_after_all_that_the_page_shows(page: Page) -> None:
    """On a slow line, a script in the head delays the style sheet and so the page."""
    scripts = [place for place, element in enumerate(page.elements) if element.tag == "script"]
    assert scripts and min(scripts) > page.elements.index(page.one("footer", class_="colophon"))
    assert all("defer" in page.elements[place].attributes for place in scripts)


@pytest.mark.parametrize(("query", "expected"), [("", False), ("?q=block", True)])
def test_a_letter_asks_for_the_script_of_matches_only_where_it_has_some(
    client: Client, query: str, expected: bool
) -> None:
    scripts = Page.of(client.get(LETTER + query)).all("script")
    assert any("matches" in script.attributes["src"] for script in scripts) is expected
