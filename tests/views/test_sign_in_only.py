"""A setting shows the whole site to signed-in people only: every address is walked."""

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from determinations.research.saved_searches import save
from determinations.search.engines import search_engine
from tests.api.calling import problem
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library", "sign_in_only")]

OPEN = {
    "/health/",
    "/health/live",
    "/health/ready",
    "/metrics",
    "/robots.txt",
    "/opensearch.xml",
    "/account/sign-in/",
    "/account/password/reset/",
    "/account/password/reset/sent/",
    "/account/password/reset/1/1/",
    "/feeds/1.atom",
    "/alerts/stop/1/",
    "/admin/login/",
}
"""What a stranger may open: nothing of any letter. Feeds and mails carry a secret of their own."""


FILES = {"/search.csv", "/statistics/1.csv", "/statistics/reasons.csv", "/statistics/words.csv"}
FILES |= {"/statistics/letters.csv", "/statistics/compare/1.csv"}
FILES |= {"/statistics/year.svg", "/statistics/letters.svg", "/statistics/compare/1.svg"}
FILES |= {"/folder/items.csv", "/folders/1/items.csv"}
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def sign_in_only() -> Iterator[None]:
    with override_settings(SIGN_IN_ONLY=True):
        yield


@pytest.fixture
def ana() -> User:
    return User.objects.create_user("ana", "ana@example.org", "correct: hörse")


def every_address(patterns: list[Any], begin: str = "/") -> Iterator[str]:
    """An address for each pattern of the site, "1" in place of whatever it leaves open."""
    for pattern in patterns:
        written = re.sub(r"<[^>]+>|\(\?P.*?\)|\.\*", "1", str(pattern.pattern)).strip("^$").rstrip("$")
        written = written.replace(r"\Z", "").replace("?", "")
        if isinstance(pattern, URLResolver):
            yield from every_address(pattern.url_patterns, begin + written)
        else:
            assert isinstance(pattern, URLPattern)
            yield begin + written


ADDRESSES = sorted(set(every_address(get_resolver().url_patterns)))


def test_the_walk_knows_all_addresses() -> None:
    some = {"/", "/api/search", "/determinations/1/", "/search.csv", "/sitemap.xml"}
    assert set(ADDRESSES) >= some | OPEN | FILES
    assert len(ADDRESSES) > 60


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete"])
def test_a_stranger_gets_nothing_but_the_way_to_sign_in(client: Client, method: str) -> None:
    for address in ADDRESSES:
        response = getattr(client, method)(address)
        if address in OPEN:
            assert "Location" not in response, address
            assert response.status_code != 401, address
        elif address in FILES or (address.startswith("/api/") and address != "/api/"):
            assert response.status_code == 401, address
            assert response["WWW-Authenticate"].startswith("Basic "), address
        else:
            assert response.status_code == 302, address
            assert response["Location"].startswith(("/account/sign-in/?next=", "/admin/login/?next=")), (
                address
            )


def test_what_is_open_tells_nothing_of_the_letters(client: Client) -> None:
    for address in OPEN:
        body = client.get(address).content.decode()
        assert "CM16-0000300" not in body
        assert "Norco" not in body


def test_a_page_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get("/nothing/here/").status_code == 404


def test_signing_in_leads_to_where_one_was_going_and_opens_the_site(client: Client, ana: User) -> None:
    asked = "/?q=norco&decision=overturned"
    way = client.get(asked)["Location"]
    Page.of(client.get(way))
    sent = {"username": "ana", "password": "correct: hörse", "next": asked}
    response = client.post("/account/sign-in/", sent)
    assert response["Location"] == asked
    assert "Norco" in Page.of(client.get(asked)).text
    assert client.get("/api/search?q=norco").json()["total"] == 1
    client.post("/account/sign-out/")
    assert client.get(asked).status_code == 302
    assert client.get("/api/search").status_code == 401


def basic(given: str) -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(given.encode()).decode()}"}


def test_a_program_sends_its_accounts_name_and_password(client: Client, ana: User) -> None:
    response = client.get("/api/search?q=norco", headers=basic("ana:correct: hörse"))
    assert response.json()["total"] == 1
    assert response["Cache-Control"] == "private, no-cache"
    assert not response.cookies
    assert client.get("/api/search").status_code == 401, "the next call needs it again"


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"ana").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
        "Basic " + base64.b64encode(b"a\0na:correct").decode(),
        "Basic " + base64.b64encode(b"ana:wrong").decode(),
        "Basic " + base64.b64encode(b":").decode(),
        "Bearer correct",
        "",
    ],
)
def test_any_other_authorization_is_refused(client: Client, ana: User, header: str) -> None:
    problem(client.get("/api/search", headers={"authorization": header}), 401)


def test_an_account_that_was_closed_is_refused(client: Client, ana: User) -> None:
    User.objects.update(is_active=False)
    assert client.get("/api/search", headers=basic("ana:correct: hörse")).status_code == 401


def test_a_name_and_password_open_the_api_and_its_file_and_no_page(client: Client, ana: User) -> None:
    sent = basic("ana:correct: hörse")
    assert client.get("/search.csv?q=norco", headers=sent).status_code == 200
    assert client.get("/statistics/service.csv", headers=sent).status_code == 200
    assert client.get("/search.csv?q=norco", headers=basic("ana:wrong")).status_code == 401
    assert client.get("/", headers=sent).status_code == 302


@pytest.mark.parametrize("accept", ["*/*", "text/csv", "application/json, */*;q=0.1"])
def test_a_program_never_gets_the_sign_in_page_as_its_file(client: Client, accept: str) -> None:
    response = client.get("/search.csv?q=norco", headers={"accept": accept}, follow=True)
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic ")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "name and password" in response.content.decode()


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_browser_that_asks_for_a_file_is_led_to_sign_in(client: Client, file: str) -> None:
    response = client.get(file, headers=BROWSER)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/sign-in/?next=")


def test_a_feed_is_read_by_its_secret_address(client: Client, ana: User) -> None:
    token = save(ana, "Blocks", "q=block", search_engine()).saved.feed_token
    assert client.get(f"/feeds/{token}.atom").status_code == 200
    assert client.get("/feeds/guess.atom").status_code == 404


def test_the_description_says_that_an_account_is_needed(client: Client, ana: User) -> None:
    client.force_login(ana)
    assert client.get("/api/openapi.json").json()["security"] == [{"account": []}]
