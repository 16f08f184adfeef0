"""What the site refuses, it refuses with a page: what happened, what to do, and the words that were typed."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.test import Client, override_settings
from django.views.defaults import permission_denied
from pytest_django import DjangoAssertNumQueries

from tests.views.html import Page

pytestmark = pytest.mark.django_db

NOTE = "Same levels as ours, and the reviewer asked for blocks first."


@pytest.fixture
def strict() -> Client:
    """A client that checks forms as a browser meets it."""
    return Client(enforce_csrf_checks=True)


def test_a_stale_form_gives_the_words_typed_back(strict: Client) -> None:
    strict.cookies["csrftoken"] = "a" * 32
    response = strict.post(
        "/folder/notes/",
        {"note-CM14-0031877.1": NOTE, "csrfmiddlewaretoken": "b" * 32 + "c" * 32},
        headers={"referer": "http://testserver/folder/"},
    )
    assert response.status_code == 403
    page = Page.of(response)
    assert page.one("h1").text.startswith("Nothing was changed")
    assert [area.text for area in page.all("textarea")] == [NOTE]
    assert page.one("label", **{"for": "typed-1"}).text == "CM14-0031877.1"
    assert page.link("Open the page again") == "http://testserver/folder/"
    assert "before you last signed in or out" in page.text
    assert not page.unbalanced


def test_a_form_without_a_cookie_says_that_cookies_are_needed(strict: Client) -> None:
    page = Page.of(strict.post("/folder/notes/"))
    assert "cookie" in page.one("main").text


def test_a_password_is_never_given_back(strict: Client) -> None:
    sent = {"username": "ann lee", "password": "four words of mine", "new_password": "five words of my own"}
    response = strict.post("/account/sign-in/", sent)
    assert response.status_code == 403
    assert "words of m" not in response.content.decode()


def test_a_form_from_elsewhere_leads_nowhere_else(strict: Client) -> None:
    response = strict.post(
        "/folder/clear/",
        headers={"origin": "https://evil.example", "referer": "https://evil.example/"},
    )
    assert response.status_code == 403
    assert "evil.example" not in response.content.decode()
    assert "IMR_CSRF_TRUSTED_ORIGINS" in Page.of(response).text


@pytest.mark.parametrize("address", ["/folder/notes/", "/folder/put-back/"])
def test_an_address_for_buttons_is_explained_to_who_opens_it(client: Client, address: str) -> None:
    response = client.get(address)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    page = Page.of(response)
    assert page.one("h1").text == "Nothing happened"
    assert page.link("search page") == "/"


def test_sending_to_a_page_that_is_only_read_is_explained(client: Client) -> None:
    page = Page.of(client.post("/help/", headers={"referer": "http://testserver/browse/"}))
    assert "read-only" in page.text
    assert page.link("Back to the page you came from") == "http://testserver/browse/"


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1_000_000)
def test_a_note_that_is_too_long_says_how_long_it_may_be(client: Client) -> None:
    response = client.post(
        "/folder/notes/", "note=" + "long+" * 300_000, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert "At most 1.0 MB of text can be sent at once" in Page.of(response).text


def test_too_many_values_say_how_many_there_may_be(client: Client) -> None:
    response = client.get("/?" + "year=2014&" * 2000)
    assert response.status_code == 400
    assert "more than 1,000 values" in Page.of(response).text


def test_an_unknown_host_is_told_to_who_runs_the_site(client: Client) -> None:
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        response = client.get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "IMR_ALLOWED_HOSTS" in Page.of(response).text


def test_a_page_that_needs_a_permission_says_which_and_who_is_signed_in(client: Client) -> None:
    client.force_login(get_user_model().objects.create_user("ann", is_staff=True))
    response = client.get("/admin/determinations/importbatch/add/")
    page = Page.of(response)
    assert response.status_code == 403
    assert "“Can add import batch”" in page.text
    assert "signed in as ann" in page.text


def test_without_a_reason_the_refusal_still_has_words(client: Client) -> None:
    request = client.get("/help/").wsgi_request
    assert "permission" in Page.of(permission_denied(request, PermissionDenied())).one("main").text


def test_the_page_of_a_bad_request_needs_no_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert client.get("/?" + "year=2014&" * 2000).status_code == 400
