"""The search history: a signed-in person's own, each search once, cleared and switched off at will."""

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client

from determinations.models import PastSearch
from determinations.research import history
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


@pytest.fixture
def reader(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


def kept(client: Client) -> list[str]:
    page = Page.of(client.get("/history/"))
    assert not page.unbalanced
    return [link.attributes["href"] for link in page.all("a") if "q=" in link.attributes["href"]]


def run(client: Client, *queries: str) -> None:
    for query in queries:
        assert client.get(f"/?{query}").status_code == 200


def test_searches_are_kept_once_each_the_latest_first(reader: Client) -> None:
    run(reader, "q=block", "q=norco&decision=overturned", "decision=overturned&q=norco", "q=block&page=1")
    queries = [address.partition("?")[2] for address in kept(reader)]
    assert queries == ["q=block", "q=norco&decision=overturned"]
    assert PastSearch.objects.get(query="q=norco&decision=overturned").total == 1


def test_what_is_no_search_is_not_kept(reader: Client) -> None:
    run(reader, "", "sort=oldest", "q=%22block", f"q={'word+' * 50}")
    reader.head("/?q=norco")
    reader.get("/?q=norco", headers={"Sec-Purpose": "prefetch;prerender"})
    reader.get("/?q=block&page=2")
    assert not PastSearch.objects.filter(query__startswith="q=norco").exists()
    assert not PastSearch.objects.filter(query="q=block").exists()


def test_nobody_who_is_not_signed_in_has_a_history(client: Client) -> None:
    run(client, "q=block")
    assert not PastSearch.objects.exists()
    assert client.get("/history/")["Location"].startswith("/account/sign-in/")
    for address in ("/history/clear/", "/history/settings/"):
        assert client.post(address)["Location"].startswith("/account/sign-in/")


def test_it_is_ones_own(reader: Client, ben: User) -> None:
    run(reader, "q=block")
    other = Client()
    other.force_login(ben)
    run(other, "q=norco")
    assert len(kept(other)) == 1 and "norco" in kept(other)[0]
    other.post("/history/clear/")
    assert kept(other) == [] and len(kept(reader)) == 1


def test_switched_off_it_keeps_nothing_new_until_it_is_switched_on(reader: Client) -> None:
    run(reader, "q=block")
    reader.post("/history/settings/")
    run(reader, "q=norco")
    assert len(kept(reader)) == 1, "what was kept stays until it is cleared"
    reader.post("/history/settings/", {"keeps_history": "on"})
    run(reader, "q=norco")
    assert len(kept(reader)) == 2


def test_the_oldest_are_forgotten(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_PAST_SEARCHES", 2)
    run(reader, "q=block", "q=norco", "q=therapy")
    assert set(PastSearch.objects.values_list("query", flat=True)) == {"q=norco", "q=therapy"}


def test_a_search_is_shown_though_it_cannot_be_kept(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(history, "_store", locked)
    run(reader, "q=block")
    assert kept(reader) == []


def test_a_filter_that_is_no_longer_known_does_no_harm(reader: Client, ana: User) -> None:
    PastSearch.objects.create(user=ana, query="service=no-longer-known", total=3)
    page = Page.of(reader.get("/history/"))
    assert "no-longer-known" in page.text
