"""Saved searches: what is new is exactly what the person has not looked at; no trouble loses it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from determinations.models import Determination, DisputedItem, SavedSearch
from determinations.research import saved_searches
from determinations.research.saved_searches import news_of
from determinations.search.engines import search_engine
from tests.views.html import Page
from tests.views.library import Item, Letter, add, index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


@pytest.fixture
def signed_in(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


def save(client: Client, query: str = "q=block", name: str = "") -> SavedSearch:
    page = Page.of(client.post("/saved/save/", {"query": query, "name": name}, follow=True))
    assert "Saved searches" in page.one("title").text, page.text
    return SavedSearch.objects.latest("pk")


def arrive(number: str, request: str = "Another block") -> Determination:
    letter = add(Letter(number, (Item(request),)))
    index()
    return letter


def new_in(saved: SavedSearch) -> int:
    saved.refresh_from_db()
    return len(news_of(saved, search_engine()).new)


def test_saving_needs_an_account_and_the_page_says_so(client: Client) -> None:
    assert client.post("/saved/save/", {"query": "q=a"})["Location"].startswith("/account/sign-in/")
    page = Page.of(client.get("/?q=block"))
    ways = [link.attributes["href"] for link in page.all("a") if link.text == "Sign in"]
    assert ways == ["/account/sign-in/?next=/%3Fq%3Dblock"] * 2


def test_what_is_found_when_saving_is_not_new(signed_in: Client) -> None:
    assert new_in(save(signed_in)) == 0


def test_letters_that_arrive_are_new_until_marked_as_seen(signed_in: Client) -> None:
    saved = save(signed_in, name="Blocks")
    arrive("CM20-0000001")
    arrive("CM20-0000002")
    assert "2 new of" in Page.of(signed_in.get("/saved/")).text
    page = Page.of(signed_in.get(f"/saved/{saved.pk}/"))
    assert "2 new" in page.text and "CM20-0000001" in page.text and "CM20-0000002" in page.text
    assert new_in(saved) == 2, "looking marks nothing"
    up_to = page.one("input", name="up_to").attributes["value"]
    signed_in.post(f"/saved/{saved.pk}/seen/", {"up_to": up_to})
    assert new_in(saved) == 0


def test_keys_of_more_than_three_digits_are_marked_as_seen(signed_in: Client) -> None:
    """A page writes 12345 as "12,345", which no form may send back."""
    saved = save(signed_in)
    late = add(Letter("CM20-0000003", ()))
    DisputedItem.objects.create(pk=12_345, determination=late, position=1, request="Block", decision="upheld")
    index()
    page = Page.of(signed_in.get(f"/saved/{saved.pk}/"))
    assert page.one("input", name="up_to").attributes["value"] == "12345"
    sent = {"up_to": page.one("input", name="up_to").attributes["value"]}
    assert (
        "1 item marked as seen" in Page.of(signed_in.post(f"/saved/{saved.pk}/seen/", sent, follow=True)).text
    )
    assert new_in(saved) == 0


def test_what_arrives_between_looking_and_marking_stays_new(signed_in: Client) -> None:
    saved = save(signed_in)
    arrive("CM20-0000001")
    up_to = Page.of(signed_in.get(f"/saved/{saved.pk}/")).one("input", name="up_to").attributes["value"]
    arrive("CM20-0000002")
    signed_in.post(f"/saved/{saved.pk}/seen/", {"up_to": up_to})
    assert new_in(saved) == 1


def test_an_item_that_reaches_the_index_late_is_still_new(signed_in: Client) -> None:
    """A highest key or a date would pass over it: a later letter was looked at before it was searchable."""
    saved = save(signed_in)
    late = add(Letter("CM20-0000001", (Item("Late block"),)))
    Determination.objects.filter(pk=late.pk).update(is_current=False)
    arrive("CM20-0000002")
    (key,) = news_of(saved, search_engine()).new
    signed_in.post(f"/saved/{saved.pk}/seen/", {"up_to": str(key)})
    Determination.objects.filter(pk=late.pk).update(is_current=True)
    index()
    assert new_in(saved) == 1


@pytest.mark.parametrize(("up_to", "left"), [("9" * 5000, 0), ("", 1), ("-1", 1), ("x", 1)])
def test_a_key_that_no_item_has_marks_what_lies_below_it(signed_in: Client, up_to: str, left: int) -> None:
    saved = save(signed_in)
    arrive("CM20-0000001")
    response = signed_in.post(f"/saved/{saved.pk}/seen/", {"up_to": up_to})
    assert response.status_code == 302
    assert new_in(saved) == left


def test_a_letter_that_the_search_does_not_find_is_no_news(signed_in: Client) -> None:
    saved = save(signed_in, "q=opioids&decision=overturned")
    arrive("CM20-0000001")
    assert new_in(saved) == 0


def test_without_an_index_the_page_tells_it_and_nothing_is_lost(signed_in: Client) -> None:
    saved = save(signed_in)
    arrive("CM20-0000001")
    folder = Path(settings.SEARCH_INDEX_DIR)
    away = folder.rename(folder.with_name("away"))
    for address in ("/saved/", f"/saved/{saved.pk}/"):
        assert "rebuild_index" in Page.of(signed_in.get(address)).text
    response = signed_in.post(f"/saved/{saved.pk}/seen/", {"up_to": "999999"})
    assert response.status_code == 302
    away.rename(folder)
    assert new_in(saved) == 1


@pytest.mark.parametrize("query", ["q=%22medial", "service=no-longer-known", "q=block&colour=red"])
def test_a_search_that_can_no_longer_be_run_tells_why_and_is_not_run_otherwise(
    signed_in: Client, query: str
) -> None:
    saved = save(signed_in)
    SavedSearch.objects.filter(pk=saved.pk).update(query=query)
    arrive("CM20-0000001")
    page = Page.of(signed_in.get("/saved/"))
    assert page.one("p", class_="notice")
    saved.refresh_from_db()
    news = news_of(saved, search_engine())
    assert news.error and not news.new
    SavedSearch.objects.filter(pk=saved.pk).update(query="q=block")
    assert new_in(saved) == 1


def test_a_search_with_a_fault_is_not_saved_and_is_not_lost(signed_in: Client) -> None:
    page = Page.of(signed_in.post("/saved/save/", {"query": "q=%22medial"}, follow=True))
    assert "was not saved" in page.text
    assert page.one("input", name="q").attributes["value"] == '"medial'
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    ("name", "told", "kept"),
    [
        ("Second", {"First", "Second"}, "Second"),
        ("First", {"First"}, "First"),
        ("", {"First"}, "First"),
        ("block, Lumbar", {"First"}, "First"),
    ],
    ids=["new name", "same name", "no name", "the name that the page proposes"],
)
def test_saving_the_same_search_twice_keeps_one_under_the_name_given(
    signed_in: Client, name: str, told: set[str], kept: str
) -> None:
    save(signed_in, "q=block&level=lumbar", "First")
    sent = {"query": "level=lumbar&q=block&page=2", "name": name}
    page = Page.of(signed_in.post("/saved/save/", sent, follow=True))
    assert set(re.findall("“(.+?)”", page.one("p", class_="notice").text)) == told
    assert "1 saved search." in page.text
    assert SavedSearch.objects.get().name == kept


def test_a_person_has_only_so_many_and_may_still_rename_them(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_searches, "MOST_SAVED_SEARCHES", 1)
    save(signed_in, "q=block", "First")
    page = Page.of(signed_in.post("/saved/save/", {"query": "q=norco"}, follow=True))
    assert "was not saved" in page.text
    save(signed_in, "q=block", "Renamed")
    assert [saved.name for saved in SavedSearch.objects.all()] == ["Renamed"]


def test_the_page_proposes_a_name_in_words(signed_in: Client) -> None:
    page = Page.of(signed_in.get("/?q=block&level=lumbar&decision=upheld"))
    assert page.one("input", id="save-name").attributes["value"] == "block, Upheld, Lumbar"


def test_who_was_signed_out_meanwhile_comes_back_to_the_search(client: Client) -> None:
    sent = {"query": "q=block", "name": "Blocks"}
    page = Page.of(client.post("/saved/save/", sent, follow=True))
    assert "not saved yet" in page.one("p", class_="notice").text
    assert page.one("input", name="next").attributes["value"] == "/?q=block"
    page = Page.of(client.post("/saved/7/alerts/", {"alerts": "daily"}, follow=True))
    assert page.one("input", name="next").attributes["value"] == "/saved/7/"


def test_a_saved_search_or_feed_that_is_not_there_is_told_in_plain_words(signed_in: Client) -> None:
    for address, told in (
        ("/saved/99/", "Your account has no saved search at this address."),
        ("/feeds/abc.atom", "There is no feed at this address."),
        (f"/saved/{10**30}/", "Your account has no saved search"),
    ):
        response = signed_in.get(address)
        assert response.status_code == 404
        assert told in Page.of(response).text


def test_deleting_asks_first(signed_in: Client) -> None:
    saved = save(signed_in)
    assert "Delete “block”?" in Page.of(signed_in.get(f"/saved/{saved.pk}/delete/")).text
    assert SavedSearch.objects.exists()
    signed_in.post(f"/saved/{saved.pk}/delete/")
    assert not SavedSearch.objects.exists()


def test_it_can_be_renamed_but_not_to_nothing(signed_in: Client) -> None:
    saved = save(signed_in)
    for name in ("Lumbar blocks", "  "):
        page = Page.of(signed_in.post(f"/saved/{saved.pk}/change/", {"name": name}, follow=True))
    assert "“Lumbar blocks” was not changed." in page.text
    saved.refresh_from_db()
    assert saved.name == "Lumbar blocks"


def test_another_persons_search_is_not_there(signed_in: Client, ben: User) -> None:
    saved = save(signed_in)
    other = Client()
    other.force_login(ben)
    assert other.get(f"/saved/{saved.pk}/").status_code == 404
    for act in ("seen", "alerts", "change", "new-feed", "delete"):
        assert other.post(f"/saved/{saved.pk}/{act}/", {"name": "mine"}).status_code == 404
    assert not Page.of(other.get("/saved/")).all("article", class_="result")
    assert SavedSearch.objects.exists()


@pytest.mark.parametrize("address", ["/saved/", "/saved/{}/", "/?q=block"])
def test_pages_are_well_formed(signed_in: Client, address: str) -> None:
    saved = save(signed_in)
    arrive("CM20-0000001")
    page = Page.of(signed_in.get(address.format(saved.pk)))
    assert not page.unbalanced
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))


def test_results_link_to_their_table(client: Client) -> None:
    page = Page.of(client.get("/?q=norco"))
    assert page.link("This result as CSV") == "/search.csv?q=norco"
    assert Page.of(client.get("/search/")).link("All 7 results as CSV") == "/search.csv"
