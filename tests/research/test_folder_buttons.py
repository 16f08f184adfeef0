"""Wherever an item is shown it can be put into the folder or taken out, by a form, without JavaScript."""

import pytest
from django.test import Client

from tests.research.folders import NORCO, notes_in, put_in
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

PAGES = ["/?q=norco", "/?q=norco&group=letter", "/determinations/CM14-0031877/"]


def button(page: Page, name: str) -> tuple[str, dict[str, str]]:
    """What the button of the item's folder form says, and what its form would send."""
    fields: dict[str, str] = {}
    for element in page.elements:
        if element.tag == "form":
            fields = {}
        elif element.tag == "input" and element.attributes.get("type") == "hidden":
            fields[element.attributes["name"]] = element.attributes["value"]
        elif element.tag == "button" and fields.get("item") == name and "next" in fields:
            return element.text, fields | {element.attributes["name"]: element.attributes["value"]}
    raise AssertionError(f"no folder button for {name}")


@pytest.mark.parametrize("address", PAGES)
def test_the_button_adds_leads_back_and_then_takes_out(address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    text, fields = button(Page.of(client.get(address)), NORCO)
    assert text.startswith("Add to folder")
    response = client.post("/folder/item/", fields)
    assert response.status_code == 302
    assert response["Location"].partition("#")[0] == address
    assert list(notes_in(client)) == [NORCO]
    text, fields = button(Page.of(client.get(address)), NORCO)
    assert text.startswith("Take out")
    client.post("/folder/item/", fields)
    assert notes_in(client) == {}


def test_a_form_of_another_site_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/folder/item/", {"item": NORCO, "action": "add"}).status_code == 403
    assert notes_in(client) == {}


@pytest.mark.parametrize("address", PAGES)
def test_pages_with_buttons_are_well_formed(client: Client, address: str) -> None:
    put_in(client, NORCO)
    page = Page.of(client.get(address))
    assert not page.unbalanced
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
