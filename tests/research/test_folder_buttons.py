"""Wherever an item is shown it can be put into the folder or taken out, by a form, without JavaScript."""

import pytest
from django.test import Client

from determinations.research import folder
from tests.research.folders import NORCO, notes_in, put_in
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

PAGES = ["/?q=norco", "/?q=norco&group=letter", "/determinations/CM14-0031877/"]


def button(page: Page, name: str) -> tuple[str, str, dict[str, str]]:
    """What the button of the item's folder form says, where it leads, and what its form would send."""
    action = ""
    fields: dict[str, str] = {}
    for element in page.elements:
        if element.tag == "form":
            action, fields = element.attributes.get("action", ""), {}
        elif element.tag == "input" and element.attributes.get("type") == "hidden":
            fields[element.attributes["name"]] = element.attributes["value"]
        elif (
            element.tag == "button"
            and action.startswith(f"/folder/items/{name}/")
            and "hidden" not in element.attributes
        ):
            return element.text, action, fields
    raise AssertionError(f"no folder button for {name}")


@pytest.mark.parametrize("address", PAGES)
def test_the_button_adds_leads_back_and_then_takes_out(address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    text, action, fields = button(Page.of(client.get(address)), NORCO)
    assert text.startswith("Add to folder")
    response = client.post(action, fields)
    assert response.status_code == 302
    assert response["Location"].partition("#")[0] == address
    assert list(notes_in(client)) == [NORCO]
    text, action, fields = button(Page.of(client.get(address)), NORCO)
    assert text.startswith("Remove")
    client.post(action, fields)
    assert notes_in(client) == {}


def test_a_form_of_another_site_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"/folder/items/{NORCO}/add/").status_code == 403
    assert notes_in(client) == {}


@pytest.mark.parametrize("address", PAGES)
def test_pages_with_buttons_are_well_formed(client: Client, address: str) -> None:
    put_in(client, NORCO)
    page = Page.of(client.get(address))
    assert not page.unbalanced
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))


def test_a_script_is_told_what_the_button_did(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    by_script = {"accept": "application/json"}
    added = client.post(f"/folder/items/{NORCO}/add/", headers=by_script).json()
    assert (added["is_in_folder"], added["items"]) == (True, 1)
    removed = client.post(f"/folder/items/{NORCO}/remove/", headers=by_script).json()
    assert (removed["is_in_folder"], removed["items"]) == (False, 0)
    monkeypatch.setattr(folder, "MOST_ENTRIES", 0)
    refused = client.post(f"/folder/items/{NORCO}/add/", headers=by_script)
    assert (refused.status_code, "full" in refused.json()["message"]) == (400, True)
    assert "notice" not in client.get("/folder/").content.decode().partition("<main")[2].partition("</h1>")[0]
