"""What a reader does with the folder, through its forms."""

from django.test import Client

from tests.views.html import Page

BLOCK, NORCO, ABLATION = "CM14-0031877.1", "CM14-0031877.2", "CM15-0000200.1"


def put_in(client: Client, *references: str) -> None:
    for reference in references:
        response = client.post(f"/folder/items/{reference}/add/", {"next": "/help/"})
        assert response.status_code == 302, response.content


def press(
    client: Client, action: str, notes: dict[str, str] | None = None, address: str = "/folder/"
) -> Page:
    """Press a button of the folder's form with these notes typed in; gives the page that follows."""
    return press_on(client, Page.of(client.get(address)), action, notes, address)


def press_on(
    client: Client, shown: Page, action: str, notes: dict[str, str] | None = None, address: str = "/folder/"
) -> Page:
    """The same in a window that shows the folder as it was earlier."""
    sent: dict[str, str] = {}
    for field in shown.all("textarea"):
        sent[field.attributes["name"]] = "".join(field.parts).removeprefix("\n")
    for field in shown.all("input", type="hidden"):
        if field.attributes["name"].startswith("seen-"):
            sent[field.attributes["name"]] = field.attributes["value"]
    sent |= {f"note-{reference}": note for reference, note in (notes or {}).items()}
    return Page.of(client.post(f"{_address_of(action)}{address.removeprefix('/folder/')}", sent, follow=True))


def _address_of(action: str) -> str:
    """ "save", "clear", "remove:CM14-0031877.1": where the button leads."""
    verb, _, name = action.partition(":")
    return (
        f"/folder/items/{name}/{verb}/" if name else {"save": "/folder/notes/"}.get(verb, f"/folder/{verb}/")
    )


def notes_in(client: Client) -> dict[str, str]:
    """Reference -> note, in the folder's order."""
    return {
        field.attributes["name"].removeprefix("note-"): "".join(field.parts).removeprefix("\n")
        for field in Page.of(client.get("/folder/")).all("textarea")
    }
