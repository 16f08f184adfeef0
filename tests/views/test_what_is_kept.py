"""Every address of the site is kept or named with a reason; what is kept reads nothing of a visitor.

A kept answer is the one that would be made, but for the tokens in its forms.
"""

import gzip
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import timezone
from pytest_django import Settings

from tests.views.figure_pages import FIGURE_PAGES
from tests.views.kept_answers import Made, without_tokens
from tests.views.kept_pages import KEPT, NOT_KEPT, TOO_LITTLE

ADDRESSES = dict.fromkeys(
    [
        *(address for name, several in KEPT.items() if name not in TOO_LITTLE for address in several),
        *FIGURE_PAGES,
    ]
)
in_a_library = pytest.mark.usefixtures("db", "library")
HEADERS = {"HX-Request": "true"}
NAMES_OF_THE_SITE = {"SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "QUERY_STRING"}
NAMES_OF_THE_SITE |= {"HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT"}


def every_pattern(patterns: list[Any], namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, (namespace, pattern.namespace)))
            yield from every_pattern(pattern.url_patterns, inner)
        else:
            yield f"{namespace}:{pattern.name}", pattern


def test_whether_an_address_is_kept_was_decided_for_every_one() -> None:
    is_kept = {
        name: getattr(pattern.callback, "is_kept", False)
        for name, pattern in every_pattern(get_resolver().url_patterns)
    }
    own = {name.removeprefix("determinations:") for name in is_kept if name.startswith("determinations:")}
    assert own == KEPT.keys() | NOT_KEPT.keys()
    assert not KEPT.keys() & NOT_KEPT.keys()
    assert {name for name, kept in is_kept.items() if kept} == {f"determinations:{name}" for name in KEPT}


@in_a_library
def test_a_kept_answer_is_the_one_that_would_be_made(settings: Settings, made: Made) -> None:
    budget = settings.KEPT_ANSWER_BYTES
    for address in ADDRESSES:
        made.clear()
        settings.KEPT_ANSWER_BYTES = 0
        fresh = Client().get(address, headers=HEADERS)
        settings.KEPT_ANSWER_BYTES = budget
        answers = [Client().get(address, headers=HEADERS) for _ in range(2)]
        assert made == ["made", "kept"], address
        for answer in answers:
            assert answer.status_code == fresh.status_code == 200, address
            assert without_tokens(answer) == without_tokens(fresh), address
            assert headers_of(answer) == headers_of(fresh), address
            assert vary_of(fresh) <= vary_of(answer), address
            assert set(answer.cookies) == set(fresh.cookies), address


@in_a_library
@pytest.mark.parametrize("address", ["/?q=block", "/statistics/", "/statistics/service.csv"])
def test_it_is_compressed_where_the_browser_takes_that(made: Made, address: str) -> None:
    plain = Client().get(address)
    packed = Client().get(address, headers={"Accept-Encoding": "br, gzip"})
    assert made == ["made", "kept"]
    assert packed["Content-Encoding"] == "gzip"
    assert packed["Content-Length"] == str(len(packed.content))
    assert "Content-Encoding" not in plain
    packed.content = gzip.decompress(packed.content)
    assert without_tokens(packed) == without_tokens(plain)


@in_a_library
def test_files_with_too_little_to_draw_are_not_kept(made: Made) -> None:
    for address in (address for name in TOO_LITTLE for address in KEPT[name]):
        for _ in range(2):
            refused = Client().get(address)
            assert refused.status_code == 404
            assert not refused.has_header("ETag")
    assert set(made) == {"made"}


@in_a_library
def test_what_is_kept_reads_nothing_of_the_visitor_or_the_day(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KEPT_ANSWER_BYTES = 0

    def today() -> None:
        raise AssertionError("The page depends on the day.")

    monkeypatch.setattr(timezone, "now", today)
    for address in ADDRESSES:
        request = RequestFactory().get(address, headers=HEADERS)
        request.session = SessionStore()
        request.user = AnonymousUser()
        request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
        found = request.resolver_match = resolve(request.path)
        read = recorded(request)
        answer = found.func(request, *found.args, **found.kwargs)
        assert answer.status_code == 200, address
        assert read["META"] <= NAMES_OF_THE_SITE | {"CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE"}, address
        assert read["COOKIES"] <= {CookieStorage.cookie_name}, address
        assert read["headers"] <= ({"HX-Request"} if found.url_name == "closest" else set()), address
        assert not request.session.modified, address


class Recording(dict[str, Any]):
    """A mapping that knows which of its names were read."""

    def __init__(self, values: Mapping[str, Any], read: set[str]) -> None:
        super().__init__(values)
        self._values, self._read = values, read

    def __getitem__(self, name: str) -> Any:
        self._read.add(name)
        return self._values[name] if name in self._values else super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._read.add(str(name))
        return name in self._values or super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default


def recorded(request: HttpRequest) -> dict[str, set[str]]:
    """What is read of the request from now on, by the name of its attribute."""
    read: dict[str, set[str]] = {"META": set(), "COOKIES": set(), "headers": set()}
    request.__dict__["headers"] = Recording(request.headers, read["headers"])
    request.COOKIES = Recording(request.COOKIES, read["COOKIES"])
    request.META = Recording(request.META, read["META"])
    return read


def vary_of(answer: Any) -> set[str]:
    return set(filter(None, answer.get("Vary", "").split(", ")))


def headers_of(answer: Any) -> dict[str, str]:
    """Those that keeping does not change."""
    changed = {"X-Request-ID", "ETag", "Cache-Control", "Vary"}
    return {name: value for name, value in answer.items() if name not in changed}
