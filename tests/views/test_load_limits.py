"""What a visitor sees beyond a limit, whom a request counts for, and that large answers are few at a time."""

from threading import Semaphore
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from pytest_django import Settings

from determinations import load_limits
from determinations.load_limits import LARGE_ANSWERS_AT_ONCE, client_address, visitor
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]
LARGE = ["/search.csv", "/folder/brief.docx?item=CM14-0031877.1", "/folder/brief/", "/statistics/words/"]


@pytest.fixture
def rates(settings: Settings) -> dict[str, str]:
    rates = dict.fromkeys(("search", "suggest", "api", "sign_in"), "2/hour")
    settings.RATE_LIMITS = rates
    return rates


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_limits, "_PLACES", Semaphore(0))


@pytest.mark.usefixtures("rates")
@pytest.mark.parametrize(
    "address",
    [
        "/?q=norco",
        "/suggest/?q=nor",
        "/search.csv",
        "/statistics/",
        "/statistics/reasons/",
        "/api/search?q=norco",
    ],
)
def test_beyond_its_rate_a_visitor_is_asked_to_wait(client: Client, address: str) -> None:
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get(address)
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert client.get("/help/").status_code == 200
    assert client.get("/", REMOTE_ADDR="192.0.2.9").status_code == 200


@pytest.mark.usefixtures("rates")
def test_a_page_or_a_problem_says_so(client: Client) -> None:
    for _ in range(2):
        client.get("/?q=norco"), client.get("/api/search")
    assert "Too many requests" in Page.of(client.get("/?q=norco")).text
    problem = client.get("/api/search").json()
    assert (problem["status"], problem["type"]) == (429, "/api/#too-many-requests")


@pytest.mark.usefixtures("rates")
@pytest.mark.parametrize("address", ["/account/sign-in/", "/admin/login/"])
def test_sign_in_is_limited_and_its_page_is_not(client: Client, address: str) -> None:
    wrong = {"username": "alice", "password": "wrong"}
    assert [client.post(address, wrong).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get(address).status_code == 200


def test_without_a_rate_there_is_no_limit(client: Client, rates: dict[str, str]) -> None:
    rates["search"] = ""
    assert {client.get("/?q=norco").status_code for _ in range(4)} == {200}


@pytest.mark.usefixtures("rates")
def test_an_account_has_a_count_of_its_own(client: Client) -> None:
    other = Client()
    for person, name in ((client, "alice"), (other, "bob")):
        person.force_login(User.objects.create_user(name))
    assert [client.get("/").status_code for _ in range(3)] == [200, 200, 429]
    assert other.get("/").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.1", "192.0.2.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.7, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.7, 198.51.100.1, 198.51.100.2", "198.51.100.1"),
        (2, "198.51.100.1", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_only_proxies_of_the_site_are_believed(
    settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("2001:db8::1", "2001:db8::2:3", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_one_network_of_ipv6_is_one_visitor(one: str, other: str, are_same: bool) -> None:
    requests = [RequestFactory().get("/", REMOTE_ADDR=address) for address in (one, other)]
    keys = {visitor(request, is_signing_in=True) for request in requests}
    assert (len(keys) == 1) == are_same


@pytest.mark.usefixtures("no_room")
@pytest.mark.parametrize("address", LARGE)
def test_while_others_wait_for_large_answers_one_more_is_asked_to_wait(client: Client, address: str) -> None:
    refused = client.get(address)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "making some now" in Page.of(refused).text
    assert client.get("/?q=norco").status_code == 200


def test_a_large_answer_keeps_its_place_until_it_is_sent(client: Client) -> None:
    begun: list[Any] = [client.get("/search.csv") for _ in range(LARGE_ANSWERS_AT_ONCE)]
    assert client.get("/search.csv").status_code == 429
    assert b"".join(begun[0].streaming_content)
    assert client.get("/folder/brief/").status_code == 200
    assert client.get("/search.csv?sort=wrong").status_code == 400
    begun[1].close()
    again: list[Any] = [client.get("/search.csv") for _ in range(LARGE_ANSWERS_AT_ONCE)]
    assert {answer.status_code for answer in again} == {200}
