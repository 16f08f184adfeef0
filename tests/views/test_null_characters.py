"""PostgreSQL stores no null character: whatever brings one is answered, and never with a 500."""

from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db

ADMIN = "/admin/determinations"


@pytest.fixture(autouse=True)
def errors_as_visitors_see_them(client: Client, admin_client: Client) -> None:
    client.raise_request_exception = admin_client.raise_request_exception = False


@pytest.mark.parametrize(
    "address",
    [
        "/feeds/abc%00.atom",
        "/alerts/stop/a%00b/",
        "/determinations/a%00b/",
        "/determinations/a%00b/original/",
        "/browse/service/a%00/",
        "/api/determinations/a%00b",
        "/folder/items/a%00b.1/add/",
        f"{ADMIN}/determination/a%00b/change/",
        "/%00",
    ],
)
def test_nothing_is_at_an_address_with_one(admin_client: Client, address: str) -> None:
    assert admin_client.get(address).status_code in (404, 405)
    assert admin_client.post(address).status_code in (404, 405)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    "address",
    [
        "/?q=a%00",
        "/?q=%00&decision=%00&service=a%00b",
        "/search.csv?q=a%00",
        "/suggest/?q=%00",
        "/api/search?q=a%00",
        "/api/search?service=%00",
        "/statistics/?q=%00",
        "/compare/?item=a%00b",
        "/account/sign-in/?next=%00",
        f"{ADMIN}/determination/?q=a%00b",
        f"{ADMIN}/determination/?layout__exact=a%00b",
        f"{ADMIN}/determination/?warnings__code=%00",
        f"{ADMIN}/determination/?batch=%00",
        f"{ADMIN}/disputeditem/?q=%00",
        f"{ADMIN}/importfile/?q=%00",
        f"{ADMIN}/importfile/?result__exact=%00",
        f"{ADMIN}/importbatch/?q=%00",
        "/admin/auth/user/?q=%00",
        "/admin/auth/user/?username__contains=a%00",
    ],
)
def test_words_and_filters_with_one_are_understood_or_refused(admin_client: Client, address: str) -> None:
    assert admin_client.get(address).status_code in (200, 302, 400, 404), address


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/saved/save/", {"name": "a\0b", "query": "q=a%00"}),
        ("/saved/save/", {"name": "fine", "query": "q=a\0b"}),
        ("/folders/new/", {"name": "a\0b"}),
        ("/account/sign-in/", {"username": "a\0b", "password": "a\0b"}),
        ("/account/password/", {"old_password": "\0", "new_password1": "\0", "new_password2": "\0"}),
        ("/account/password/reset/", {"email": "a\0@example.org"}),
        ("/admin/login/", {"username": "a\0b", "password": "x"}),
        ("/admin/auth/user/add/", {"username": "a\0b", "password1": "x", "password2": "x"}),
        ("/admin/auth/group/add/", {"name": "a\0b"}),
    ],
)
def test_forms_with_one_are_refused(admin_client: Client, path: str, fields: dict[str, str]) -> None:
    assert admin_client.post(path, fields).status_code < 500


@pytest.mark.parametrize("name", [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME])
def test_a_cookie_with_one_is_answered(client: Client, name: str) -> None:
    answer = client.get("/account/", headers={"cookie": f'{name}="a\\000b"'})
    assert answer.status_code < 500
    assert client.get("/admin/", headers={"cookie": f"{name}={quote(chr(0))}"}).status_code < 500
