"""A letter without a case number has one name wherever it is named: its address, which is its hash."""

import csv
import io

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from determinations.models import Determination

from .html import Page

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
