"""A letter without a case number has one name wherever it is named: its address, which is its hash."""

import csv
import io

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from determinations.case.citation import item_citation
from determinations.models import Determination, DisputedItem
from tests.views.html import Page
from tests.views.library import Letter, add

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


@pytest.fixture
def unnumbered() -> Determination:
    return Determination.objects.get(case_number="")


def test_its_address_is_the_beginning_of_its_hash(unnumbered: Determination) -> None:
    assert unnumbered.get_absolute_url() == f"/determinations/{unnumbered.content_hash[:16]}/"


def test_every_page_calls_it_the_same(client: Client, unnumbered: Determination) -> None:
    name = f"letter {unnumbered.content_hash[:16]}"
    own = unnumbered.get_absolute_url()
    item = f"{unnumbered.public_id}.1"
    places = {
        own: ("h1", f"IMR {name}"),
        f"{own}original/": ("p", name.capitalize()),
        f"{own}items/1/similar/": ("p", f"Compared with {name}, item 1"),
        "/?q=block&level=L3-L4": ("p", f"{name.capitalize()}, item 1"),
        "/?q=block&level=L3-L4&group=letter": ("p", name.capitalize()),
        f"/compare/?item={item}&item=CM14-0031877.1": ("h3", f"{name.capitalize()}, item 1"),
        f"/folder/brief/?item={item}": ("h2", f"IMR {name}, no case number, item 1"),
    }
    for address, (tag, text) in places.items():
        found = [element.text for element in Page.of(client.get(address)).all(tag)]
        assert any(text in one for one in found), (address, found)


def test_csv_and_admin_call_it_the_same(client: Client, unnumbered: Determination) -> None:
    name = f"letter {unnumbered.content_hash[:16]}"
    written = b"".join(client.get("/search.csv?level=L3-L4")).decode()
    (row,) = csv.DictReader(io.StringIO(written.removeprefix("\ufeff")))
    assert row["letter"] == name
    assert row["citation"].startswith(f"IMR {name}, no case number, item 1")
    client.force_login(get_user_model().objects.create_superuser("ann"))
    assert name in Page.of(client.get(f"/admin/determinations/determination/{unnumbered.pk}/change/")).text


@pytest.fixture
def cut_off() -> Determination:
    """A letter in which no disputed item could be read: held, and not in the index."""
    return add(Letter("CM18-0777702", items=()))


@pytest.mark.usefixtures("cut_off")
@pytest.mark.parametrize(
    "typed", ["CM18-0777702", "cm18-777702", "CM18-0777702, item 1", "norco CM18-0777702"]
)
def test_a_letter_without_items_is_not_denied(client: Client, typed: str) -> None:
    page = Page.of(client.get("/", {"q": typed}))
    assert page.one("h2", id="results-heading").text == "Nothing found"
    assert "CM18-0777702" in page.text
    own = page.link("Read the letter CM18-0777702")
    assert own == "/determinations/CM18-0777702/"
    assert client.get(own).status_code == 200
    assert "No determination" not in page.text


@pytest.mark.usefixtures("cut_off")
def test_a_letter_without_items_is_named_beside_the_results_of_another(client: Client) -> None:
    page = Page.of(client.get("/", {"q": "CM18-0777702, CM15-0000200"}))
    assert page.one("h2", id="results-heading").text == "1 disputed item"
    assert page.link("Read the letter CM18-0777702")
    for without in ("CM15-0000200", "-CM18-0777702 norco", "CM18-0777703"):
        assert "is held here" not in Page.of(client.get("/", {"q": without})).text


@pytest.mark.usefixtures("cut_off")
def test_a_letter_without_items_completes_its_number(client: Client) -> None:
    (offer,) = client.get("/suggest/", {"q": "cm18-7777"}).json()["suggestions"]
    assert (offer["label"], offer["url"]) == ("CM18-0777702", "/determinations/CM18-0777702/")


@pytest.mark.parametrize(
    "typed",
    [
        "IMR Case No. CM14-0031877, item 2 (Aug. 13, 2014)",
        "IMR Case No. CM14-0031877, item 2 (August 13, 2014)",
        "CM14-0031877 item 2",
        "CM14-0031877.2",
    ],
)
def test_a_citation_finds_the_letter_and_leads_to_the_item(client: Client, typed: str) -> None:
    page = Page.of(client.get("/", {"q": typed}))
    assert page.one("h2", id="results-heading").text == "2 disputed items"
    assert page.link("CM14-0031877, item 2") == "/determinations/CM14-0031877/#item-2"


def test_a_citation_of_an_item_that_is_not_there_still_finds_the_letter(client: Client) -> None:
    page = Page.of(client.get("/", {"q": "CM14-0031877, item 9"}))
    assert page.one("h2", id="results-heading").text == "2 disputed items"
    assert "The item cited" not in page.text


def test_every_citation_of_the_site_leads_to_its_item(client: Client) -> None:
    for item in DisputedItem.objects.select_related("determination"):
        letter = item.determination
        citation = item_citation(item, f"http://testserver{item.get_absolute_url()}").plain
        for pasted in (citation, f"{citation} – invented sample, not a real determination"):
            page = Page.of(client.get("/", {"q": pasted}))
            assert not page.all("div", class_="ask-error"), pasted
            assert page.link(f"{letter}, item {item.position}") == item.get_absolute_url()
