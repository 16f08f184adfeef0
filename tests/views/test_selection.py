"""Items selected in the results stay selected on the next page without a script: the address carries them."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


@pytest.fixture(autouse=True)
def short_pages(settings: Settings) -> None:
    settings.RESULTS_PER_PAGE = 2


def sent_with(page: Page, button: str) -> dict[str, list[str] | str]:
    """What the bar sends with this button: the items of its own and what is checked on the page."""
    form = page.one("form", id="chosen-items")
    assert form.attributes["method"] == "get"
    items = [box.attributes["value"] for box in page.all("input", name="item") if _is_sent(box.attributes)]
    found = next(each for each in page.all("button") if each.text == button)
    return {"item": items, found.attributes["name"]: found.attributes["value"]}


def _is_sent(attributes: dict[str, str]) -> bool:
    return attributes["type"] == "hidden" or "checked" in attributes


def items_of(page: Page) -> list[str]:
    boxes = page.all("input", type="checkbox", name="item")
    return [box.attributes["value"] for box in boxes if "data-carried" not in box.attributes]


def turn(client: Client, page: Page, button: str, *ticked: str) -> Page:
    sent = sent_with(page, button)
    response = client.get("/search/selected/", {**sent, "item": [*sent["item"], *ticked]})
    assert response.status_code == 302
    return Page.of(client.get(response["Location"]))


def test_what_was_selected_comes_along_and_back(client: Client) -> None:
    first = Page.of(client.get("/?q=&sort=oldest&decision=upheld&decision=overturned"))
    ticked = items_of(first)[0]
    second = turn(client, first, "Next page with the selection", ticked)
    assert sent_with(second, "Previous page with the selection")["item"] == [ticked]
    assert "1 selected on other pages" in second.one("form", id="chosen-items").text
    also = items_of(second)[1]
    back = turn(client, second, "Previous page with the selection", also)
    checked = [box for box in back.all("input", type="checkbox") if "checked" in box.attributes]
    assert [box.attributes["value"] for box in checked] == [ticked, also]
    assert ["data-carried" in box.attributes for box in checked] == [False, True]
    assert not back.unbalanced


def test_links_to_pages_keep_what_the_address_carries_and_the_search_stays_itself(client: Client) -> None:
    page = Page.of(client.get("/search/?sort=oldest&item=CM14-0031877.1&item=CM14-0031877.2"))
    following = parse_qs(urlsplit(page.one("a", rel="next").attributes["href"]).query)
    assert following["item"] == ["CM14-0031877.1", "CM14-0031877.2"] and following["page"] == ["2"]
    assert "item" not in page.one("link", rel="canonical").attributes["href"]
    assert "item=" not in page.link("Clear selection")
    assert "item" not in page.link("All 7 results as CSV")


def test_what_is_selected_on_other_pages_can_be_looked_at(client: Client) -> None:
    page = Page.of(client.get("/search/?sort=oldest&item=CM16-0000300.2&item=CM99-0000001.1"))
    listed = page.elements[page.elements.index(page.one("details", id="selection")) :]
    links = [(one.text, one.attributes["href"]) for one in listed if one.tag == "a"]
    assert links[:2] == [
        ("CM16-0000300, item 2", "/determinations/CM16-0000300/#item-2"),
        ("CM99-0000001, item 1", "/determinations/CM99-0000001/#item-1"),
    ]
    assert "hidden" not in page.one("details", id="selection").attributes


def test_a_name_that_no_item_can_have_is_not_carried(client: Client) -> None:
    page = Page.of(client.get("/search/?item=%3Cscript%3E&item=CM14-0031877.1&item=CM14-0031877.1"))
    carried = [
        each.attributes["value"] for each in page.all("input", name="item") if _is_sent(each.attributes)
    ]
    assert carried == ["CM14-0031877.1"]


def test_the_way_on_never_leads_to_another_site(client: Client) -> None:
    response = client.get("/search/selected/", {"to": "//evil.example/?q=a", "item": "CM14-0031877.1"})
    assert response["Location"].startswith("/") and not response["Location"].startswith("//")


def test_without_a_selection_the_bar_offers_nothing_to_clear(client: Client) -> None:
    page = Page.of(client.get("/search/"))
    (clear,) = [link for link in page.all("a") if link.text == "Clear selection"]
    assert "hidden" in clear.attributes
