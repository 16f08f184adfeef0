"""While another program holds the database, pages are read; a form is answered soon, with its words."""

import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from tests.importing.sites import Site
from tests.operations.conftest import Answer, NewWebServer, WebServer

WORDS = "These words were typed with care."
MAKE = """
from django.contrib.auth.models import User
User.objects.create_superuser("chief", password="a long enough password")
"""
LONGEST_SECONDS = 10.0
"""The site waits for two seconds. The rest is for a machine that runs other tests as well."""


class Visitor:
    """Keeps cookies, and sends forms with their token."""

    def __init__(self, server: WebServer) -> None:
        self._server = server
        self._cookies: dict[str, str] = {"csrftoken": "a" * 32}

    def send(self, path: str, **fields: str) -> Answer:
        form = urlencode({"csrfmiddlewaretoken": "a" * 32, **fields}).encode()
        return self._keeping(self._server.get(path, self._headers, form))

    def open(self, path: str) -> Answer:
        return self._keeping(self._server.get(path, self._headers))

    @property
    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}

    def _keeping(self, answer: Answer) -> Answer:
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            if name == "sessionid":
                self._cookies[name] = value
        return answer


@pytest.fixture
def chief(small_site: Site, serve: NewWebServer) -> Visitor:
    small_site.manage("shell", "--no-imports", "-c", MAKE)
    visitor = Visitor(serve(small_site))
    signed_in = visitor.send("/account/sign-in/", username="chief", password="a long enough password")  # noqa: S106
    assert signed_in.status == 302
    return visitor


def test_reading_goes_on_and_writing_is_answered_soon(small_site: Site, chief: Visitor) -> None:
    letters = small_site.rows("SELECT public_id, id FROM determinations_determination")
    public_id, key = letters[0]
    folder = f"/folder/items/{public_id}.1/add/"
    with small_site.locked():
        for address in ("/", "/?q=pain", f"/determinations/{public_id}/", "/folder/", "/account/", "/admin/"):
            assert chief.open(address).status == 200, address
        change = f"/admin/determinations/determination/{key}/change/"
        begun = time.monotonic()
        with ThreadPoolExecutor(4) as pool:
            asked = [
                pool.submit(chief.send, change, clinical_summary=WORDS),
                pool.submit(chief.send, folder),
                pool.submit(chief.send, "/saved/save/", name=WORDS, query="q=pain"),
                pool.submit(chief.open, "/help/"),
            ]
            answers = [each.result() for each in asked]
        assert time.monotonic() - begun < LONGEST_SECONDS
    assert [answer.status for answer in answers][1:] == [503, 503, 200]
    assert 'data-error="busy"' in answers[2].body
    assert WORDS in answers[2].body
    assert int(answers[1].headers["Retry-After"]) > 0
    assert chief.send(folder).status == 302


def test_a_visitors_folder_and_a_sign_in_are_answered_too(small_site: Site, serve: NewWebServer) -> None:
    server = serve(small_site)
    small_site.manage("shell", "--no-imports", "-c", MAKE)
    public_id = small_site.rows("SELECT public_id FROM determinations_determination")[0][0]
    with small_site.locked():
        for path, fields in (
            (f"/folder/items/{public_id}.1/add/", {}),
            ("/account/sign-in/", {"username": "chief", "password": "a long enough password"}),
            ("/account/sign-in/", {"username": "chief", "password": "wrong"}),
        ):
            begun = time.monotonic()
            answer = Visitor(server).send(path, **fields)
            assert time.monotonic() - begun < LONGEST_SECONDS
            assert answer.status == 503
            assert 'data-error="busy"' in answer.body
            assert "a long enough password" not in answer.body
