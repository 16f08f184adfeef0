"""The Atom feed of a saved search: read by its secret address, without a session, page by page."""

import shutil
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from determinations import feeds
from determinations.models import Determination, SavedSearch
from determinations.research.saved_searches import save
from determinations.search.engines import search_engine
from tests.views.library import Item, Letter, add, index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def saved(ana: User) -> SavedSearch:
    return save(ana, "Blocks & more", "q=block", search_engine()).saved


def read(client: Client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314  (our own)


def titles(feed: ElementTree.Element) -> list[str]:
    return [str(entry.findtext(f"{ATOM}title")) for entry in feed.findall(f"{ATOM}entry")]


def links(feed: ElementTree.Element) -> dict[str, str]:
    return {link.get("rel", ""): link.get("href", "") for link in feed.findall(f"{ATOM}link")}


def test_what_was_stored_last_stands_first(client: Client, saved: SavedSearch) -> None:
    add(Letter("CM20-0000001", (Item("Newest\x0c block <b>"),)))
    index()
    feed = read(client, f"/feeds/{saved.feed_token}.atom")
    assert feed.findtext(f"{ATOM}title") == "IMR determinations: Blocks & more"
    assert titles(feed)[0] == "Upheld: Newest block <b>"
    assert links(feed)["self"] == f"http://testserver/feeds/{saved.feed_token}.atom"
    assert "not precedent" in str(feed.findtext(f"{ATOM}subtitle"))


def test_the_feed_has_all_that_rfc_4287_asks_for(client: Client, saved: SavedSearch) -> None:
    feed = read(client, f"/feeds/{saved.feed_token}.atom")
    assert feed.findtext(f"{ATOM}author/{ATOM}name"), "every entry needs an author, its own or the feed's"
    for part in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (text,) = [found.text or "" for found in part.findall(f"{ATOM}{name}")]
            assert text.strip()
        assert datetime.fromisoformat(str(part.findtext(f"{ATOM}updated"))).tzinfo
        assert urlsplit(str(part.findtext(f"{ATOM}id"))).scheme == "tag"
        alternates = [link for link in part.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len(alternates) == 1
        assert str(alternates[0].get("href")).startswith("http://testserver/")


def test_entries_keep_their_ids(client: Client, saved: SavedSearch) -> None:
    def ids() -> list[str | None]:
        feed = read(client, f"/feeds/{saved.feed_token}.atom")
        return [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]

    before = ids()
    add(Letter("CM20-0000001", (Item("Newest block"),)))
    index()
    assert ids()[1:] == before and len(set(before)) == len(before) > 1


def test_ids_change_neither_with_the_host_nor_with_the_database(client: Client, ana: User) -> None:
    def ids(host: str, address: str) -> list[str | None]:
        root = ElementTree.fromstring(client.get(address, headers={"Host": host}).content)  # noqa: S314
        return [part.findtext(f"{ATOM}id") for part in (root, *root.findall(f"{ATOM}entry"))]

    first = save(ana, "Blocks", "q=norco", search_engine()).saved
    before = ids("testserver", f"/feeds/{first.feed_token}.atom")
    assert before[1] == "tag:imr-determinations.invalid,2026:determinations/CM14-0031877/items/2"
    assert ids("localhost", f"/feeds/{first.feed_token}.atom") == before
    first.delete()
    Determination.objects.get(case_number="CM14-0031877").delete()
    norco = Item("Norco 10/325", services=("opioids",), levels=())
    add(Letter("CM14-0031877", (Item(), norco)))
    index()
    again = save(ana, "Other name", "q=norco", search_engine()).saved
    assert ids("localhost", f"/feeds/{again.feed_token}.atom") == before


def test_a_letter_without_a_case_number_has_ids_of_its_hash(client: Client, ana: User) -> None:
    letter = add(Letter("", (Item("Zebra cream"),)))
    index()
    saved = save(ana, "", "q=zebra", search_engine()).saved
    feed = read(client, f"/feeds/{saved.feed_token}.atom")
    (found,) = [entry.findtext(f"{ATOM}id") or "" for entry in feed.findall(f"{ATOM}entry")]
    assert found.endswith(f"/{letter.content_hash[:16]}/items/1")


def test_pages_lead_on_to_the_last_item(
    client: Client, saved: SavedSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = titles(read(client, f"/feeds/{saved.feed_token}.atom"))
    monkeypatch.setattr(feeds, "ENTRIES_PER_PAGE", 1)
    address, found = f"/feeds/{saved.feed_token}.atom", []
    while address:
        feed = read(client, address)
        found += titles(feed)
        address = links(feed).get("next", "").removeprefix("http://testserver")
    assert found == whole and len(found) > 1


def test_a_wrong_token_or_a_new_one_closes_the_feed(client: Client, saved: SavedSearch, ana: User) -> None:
    assert client.get("/feeds/guess.atom").status_code == 404
    reader = Client()
    reader.force_login(ana)
    reader.post(f"/saved/{saved.pk}/new-feed/")
    assert client.get(f"/feeds/{saved.feed_token}.atom").status_code == 404
    saved.refresh_from_db()
    read(client, f"/feeds/{saved.feed_token}.atom")


def test_a_search_that_cannot_be_run_says_so_in_the_feed(client: Client, saved: SavedSearch) -> None:
    SavedSearch.objects.update(query="q=%22block")
    assert titles(read(client, f"/feeds/{saved.feed_token}.atom")) == [
        "This saved search can no longer be run"
    ]


def test_without_an_index_the_reader_is_asked_to_come_again(client: Client, saved: SavedSearch) -> None:
    shutil.rmtree(Path(settings.SEARCH_INDEX_DIR))
    response = client.get(f"/feeds/{saved.feed_token}.atom")
    assert response.status_code == 503 and response["Retry-After"]


@pytest.mark.parametrize("page", ["0", "x", "-1", "99999999999999999999", "9" * 5000])
def test_a_page_that_is_none_is_refused(client: Client, saved: SavedSearch, page: str) -> None:
    assert client.get(f"/feeds/{saved.feed_token}.atom?page={page}").status_code == 400
