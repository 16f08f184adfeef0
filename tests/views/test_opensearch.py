"""The site as a browser's search engine: found from every page, described, with suggestions."""

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
TYPE = "application/opensearchdescription+xml"


@pytest.fixture
def description(client: Client) -> ElementTree.Element:
    response = client.get("/opensearch.xml")
    assert response["Content-Type"] == TYPE
    return ElementTree.fromstring(response.content)  # noqa: S314  (our own)


def templates(description: ElementTree.Element) -> dict[str, str]:
    return {url.get("type", ""): url.get("template", "") for url in description.findall(f"{OPENSEARCH}Url")}


@pytest.mark.parametrize("address", ["/", "/help/", "/determinations/CM14-0031877/", "/api/"])
def test_every_page_names_the_description(client: Client, address: str) -> None:
    link = Page.of(client.get(address)).one("link", rel="search")
    assert (link.attributes["href"], link.attributes["type"]) == ("/opensearch.xml", TYPE)
    assert client.get(link.attributes["href"]).status_code == 200


def test_the_description_keeps_to_the_standards_lengths(description: ElementTree.Element) -> None:
    assert 0 < len(str(description.findtext(f"{OPENSEARCH}ShortName"))) <= 16
    assert 0 < len(str(description.findtext(f"{OPENSEARCH}LongName"))) <= 48
    assert 0 < len(str(description.findtext(f"{OPENSEARCH}Description"))) <= 1024


@pytest.mark.parametrize("typed", ["medial branch", '"50 % relief" & more', "L4/5 #60", "été"])
def test_its_templates_lead_to_the_search(
    client: Client, description: ElementTree.Element, typed: str
) -> None:
    """A browser puts the escaped words into the template."""
    for kind, template in templates(description).items():
        assert template.startswith("http://testserver/")
        address = template.replace("{searchTerms}", quote(typed, safe="")).replace("{startPage?}", "1")
        response = client.get(address.removeprefix("http://testserver"))
        assert response.status_code == 200, (kind, response.content)
        if kind == "text/html":
            assert Page.of(response).one("input", name="q").attributes["value"] == typed


def suggested(client: Client, typed: str) -> list[Any]:
    response = client.get("/suggest/browser/", {"q": typed})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/x-suggestions+json"
    answer: list[Any] = response.json()
    assert answer[0] == typed
    assert len(answer) == 4
    assert len(answer[1]) == len(answer[2]) == len(answer[3])
    return answer


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("radicular medial br", "radicular Medial branch blocks"),
        ("returned hydroco", "returned hydrocodone"),
        ("radicula", "radicular"),
        ("cm14-31", "CM14-0031877"),
    ],
)
def test_a_browser_is_offered_whole_questions(client: Client, typed: str, offered: str) -> None:
    _, questions, kinds, addresses = suggested(client, typed)
    at = questions.index(offered)
    assert kinds[at]
    assert addresses[at].startswith("http://testserver/")
    assert client.get(addresses[at].removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize("typed", ["medial br", "cyclo", "cm14", "official", "mtus", "opioid"])
def test_each_offer_is_a_question_that_can_be_run(client: Client, typed: str) -> None:
    for question in suggested(client, typed)[1]:
        assert client.get("/api/search", {"q": question}).status_code == 200, question


@pytest.mark.parametrize("typed", ["", " ", "zzzzqq", '"', "(", "\0", "<script>"])
def test_what_begins_nothing_is_offered_nothing(client: Client, typed: str) -> None:
    assert suggested(client, typed)[1:] == [[], [], []]


def test_without_an_index_it_answers_503_in_shape(client: Client) -> None:
    shutil.rmtree(Path(settings.SEARCH_INDEX_DIR))
    response = client.get("/suggest/browser/?q=medial")
    assert (response.status_code, response.json()) == (503, ["medial", [], [], []])
