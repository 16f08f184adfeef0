"""What a reader sees when something is missing or broken."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client

from tests.views.html import Page
from tests.views.library import Letter, add

pytestmark = pytest.mark.django_db


@pytest.fixture
def without_index(library: None) -> None:
    shutil.rmtree(settings.SEARCH_INDEX_DIR)


@pytest.mark.usefixtures("without_index")
@pytest.mark.parametrize("address", ["/", "/?q=fusion", "/determinations/CM14-0031877/items/1/similar/"])
def test_without_an_index_the_site_answers_503_and_says_what_to_run(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 503
    assert response["Retry-After"]
    page = Page.of(response)
    assert "manage.py rebuild_index" in page.text
    assert "unavailable" in page.one("h1").text


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("is_gone", [True, False], ids=["no index", "a damaged index"])
def test_the_public_is_told_the_command_and_only_the_log_the_folder(
    client: Client, caplog: pytest.LogCaptureFixture, is_gone: bool
) -> None:
    folder = Path(settings.SEARCH_INDEX_DIR)
    shutil.rmtree(folder)
    if not is_gone:
        folder.mkdir()
        (folder / "current").mkdir()
    for address in ("/", "/statistics/", "/search.csv", "/health/", "/suggest/?q=fus"):
        caplog.clear()
        response = client.get(address)
        assert response.status_code == 503
        told = response.content.decode()
        assert "manage.py rebuild_index" in told
        assert str(folder) not in told
        assert address.startswith("/suggest/") or str(folder) in caplog.text


@pytest.mark.usefixtures("without_index")
def test_without_an_index_letters_can_still_be_read(client: Client) -> None:
    for ending in ("", "?q=facet", "original/", "original/download/"):
        assert client.get(f"/determinations/CM14-0031877/{ending}").status_code == 200


@pytest.mark.usefixtures("without_index")
def test_an_index_that_is_back_is_used_without_a_restart(client: Client) -> None:
    from tests.views.library import index

    assert client.get("/").status_code == 503
    index()
    assert client.get("/").status_code == 200


def test_a_page_that_does_not_exist_leads_to_the_search(client: Client) -> None:
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    page = Page.of(response)
    assert "There is no page at this address." in page.text
    assert page.link("search page") == "/"


def test_a_letter_that_does_not_exist_is_named(client: Client) -> None:
    response = client.get("/determinations/CM99-0000001/")
    assert "“CM99-0000001”" in Page.of(response).one("main").text


def test_an_item_that_does_not_exist_is_named(client: Client) -> None:
    letter = add(Letter("CM14-0031877"))
    response = client.get(letter.get_absolute_url() + "items/7/similar/")
    assert response.status_code == 404
    assert "CM14-0031877 has no item 7." in Page.of(response).text


def test_the_page_of_a_fault_needs_nothing_that_may_be_broken() -> None:
    template = get_template("500.html")
    source = Path(str(template.origin)).read_text()  # type: ignore[attr-defined]
    assert "{%" not in source
    assert "{{" not in source
    page = Page(template.render())
    assert not page.unbalanced
    assert page.link("search page") == "/"


def test_a_fault_is_answered_with_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("determinations.views.search.search_engine", broken)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert "boom" not in response.content.decode()
    assert Page.of(response).link("search page") == "/"


@pytest.mark.parametrize("address", ["/", "/help/", "/health/", "/suggest/"])
def test_pages_are_only_read(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
