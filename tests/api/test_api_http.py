"""How the API keeps to HTTP: what may be kept, what is refused, who else may read."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client, override_settings
from pytest_django import Settings

from determinations.models import DisputedItem
from tests.api.calling import letter, problem, search
from tests.views.library import Letter, add, index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

ADDRESSES = ["/api/search?q=block", "/api/determinations/CM14-0031877", "/api/openapi.json"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unchanged_answer_is_not_sent_again(client: Client, address: str) -> None:
    first = client.get(address)
    assert first["Cache-Control"] == "public, max-age=60"
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_changed_answer_has_another_tag(client: Client) -> None:
    before = client.get("/api/search?q=block")["ETag"]
    add(Letter("CM20-0000001"))
    index()
    after = client.get("/api/search?q=block", headers={"if-none-match": before})
    assert after.status_code == 200
    assert after.json()["total"] > 1


def test_a_correction_that_the_index_does_not_know_yet_changes_the_tag(client: Client) -> None:
    tags = [client.get(address)["ETag"] for address in ADDRESSES[:2]]
    DisputedItem.objects.filter(position=1).update(laterality="left")
    for address, tag in zip(ADDRESSES, tags, strict=False):
        assert client.get(address, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("address", [*ADDRESSES, "/api/"])
def test_head_has_the_headers_of_get_and_no_body(client: Client, address: str) -> None:
    head, get = client.head(address), client.get(address)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "ETag", "Cache-Control"):
        assert head.get(name) == get.get(name)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("address", [*ADDRESSES, "/api/nothing"])
def test_other_methods_are_refused_in_json(method: str, address: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = getattr(strict, method)(address)
    told = problem(response, 405)
    assert response["Allow"] == "GET, HEAD"
    assert method.upper() in told["detail"]


def test_without_an_index_it_says_when_to_come_again(client: Client) -> None:
    shutil.rmtree(Path(site.SEARCH_INDEX_DIR))
    response = client.get("/api/search?q=block")
    told = problem(response, 503)
    assert response["Retry-After"] == "60"
    assert response["Cache-Control"] == "no-store"
    assert "rebuild_index" in told["detail"]
    assert str(site.SEARCH_INDEX_DIR) not in response.content.decode()


def test_a_fault_of_the_site_has_the_shape_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("determinations.views.api.search_engine", broken)
    response = Client(raise_request_exception=False).get("/api/search")
    told = problem(response, 500)
    assert "boom" not in response.content.decode()
    assert told["type"] == "/api/#fault-of-the-site"


@override_settings(ALLOWED_HOSTS=["testserver"])
def test_an_unknown_host_is_refused_in_shape(client: Client) -> None:
    problem(client.get("/api/search", headers={"host": "elsewhere.example"}), 400)


def test_answers_are_not_to_be_guessed_or_framed(client: Client) -> None:
    for address in (*ADDRESSES, "/api/search?page=0"):
        response = client.get(address)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response["Content-Security-Policy"]


def test_no_cookie_is_set_or_asked_for(client: Client) -> None:
    for address in ADDRESSES:
        response = client.get(address)
        assert not response.cookies
        assert "cookie" not in response.get("Vary", "").lower()


def test_the_scripts_of_other_sites_may_not_read_it(client: Client) -> None:
    response = client.get("/api/search", headers={"origin": "https://other.example"})
    assert "Access-Control-Allow-Origin" not in response


@override_settings(CORS_ALLOWED_ORIGINS=["https://firm.example"])
def test_sites_that_a_setting_names_may_read_it(client: Client) -> None:
    allowed = client.get("/api/search", headers={"origin": "https://firm.example"})
    assert allowed["Access-Control-Allow-Origin"] == "https://firm.example"
    assert "Access-Control-Allow-Credentials" not in allowed
    other = client.get("/api/search", headers={"origin": "https://other.example"})
    assert "Access-Control-Allow-Origin" not in other
    page = client.get("/", headers={"origin": "https://firm.example"})
    assert "Access-Control-Allow-Origin" not in page


@override_settings(CORS_ALLOW_ALL_ORIGINS=True)
def test_all_sites_may_read_it_where_a_setting_says_so(client: Client) -> None:
    response = client.get("/api/search", headers={"origin": "https://other.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    asked = {"origin": "https://other.example", "access-control-request-method": "GET"}
    assert client.options("/api/search", headers=asked)["Access-Control-Allow-Methods"] == "GET, HEAD"


def test_addresses_follow_the_host_that_was_asked(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["imr.example"]
    there: dict[str, Any] = {"SERVER_NAME": "imr.example"}
    found = client.get("/api/search?year=2015", **there).json()
    assert found["hits"][0]["links"]["api"] == "http://imr.example/api/determinations/CM15-0000200"


def test_looking_costs_as_many_questions_to_the_database_whatever_the_page_size(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    search(client)
    with django_assert_max_num_queries(2):
        search(client, "page_size=100")
    with django_assert_max_num_queries(5):
        letter(client, "CM14-0031877")
