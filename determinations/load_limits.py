"""Limits that keep one visitor from stopping the others: how often one may ask, and how many large answers
are made at once.

Both count within one web process. Beyond a limit the answer is 429 with Retry-After: a page for people, a
problem for programs. An account has its own count. Other visitors are counted by address: an IPv4 address, or
the first 64 bits of an IPv6 address.
"""

import ipaddress
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache, wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from determinations.api.problems import TOO_MANY, problem_response

P = ParamSpec("P")
T = TypeVar("T")
SECONDS_UNTIL_ROOM = 5
LARGE_ANSWERS_AT_ONCE = 2
"""In each web process, of its four threads."""

_PLACES = threading.BoundedSemaphore(LARGE_ANSWERS_AT_ONCE)

_GROUPS = {
    "search": "search",
    "all_items": "search",
    "search_csv": "search",
    "facet_values": "search",
    "closest": "search",
    "similar": "search",
    "statistics": "search",
    "statistics_table": "search",
    "statistics_csv": "search",
    "year_svg": "search",
    "letters": "search",
    "letters_svg": "search",
    "letters_csv": "search",
    "compare_years": "search",
    "compare_svg": "search",
    "compare_csv": "search",
    "words": "search",
    "all_words": "search",
    "words_csv": "search",
    "reasons": "search",
    "reasons_csv": "search",
    "brief": "search",
    "brief_word": "search",
    "folder_csv": "search",
    "folder_ris": "search",
    "folder_csl": "search",
    "suggest": "suggest",
    "browser_suggestions": "suggest",
    "api_search": "api",
    "api_determination": "api",
}
"""The name of an address -> the group of `settings.RATE_LIMITS` that counts it."""


class RequestCounts:
    """How often each visitor asked, by the groups of `settings.RATE_LIMITS`."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def seconds_to_wait(self, group: str, key: str) -> int:
        """Counts one request of the visitor `key`. 0 where the group's rate allows it."""
        for limit in _parsed(settings.RATE_LIMITS.get(group, "")):
            if not self._limiter.hit(limit, group, key):
                until = self._limiter.get_window_stats(limit, group, key).reset_time
                return max(1, math.ceil(until - time.time()))
        return 0


class RateLimits:
    """Middleware that counts requests by group; the folder and sign-in count what is posted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._counts = RequestCounts()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponseBase | None:
        group = _group(request)
        if not settings.RATE_LIMITS.get(group, ""):
            return None
        seconds = self._counts.seconds_to_wait(group, visitor(request, is_signing_in=group == "sign_in"))
        return too_many(request, seconds) if seconds else None


def few_at_a_time(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse | StreamingHttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse | StreamingHttpResponse]:
    """For views with large answers: only LARGE_ANSWERS_AT_ONCE of them all are made or sent at once."""

    @wraps(view)
    def wrapped(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse | StreamingHttpResponse:
        places = _PLACES
        if not places.acquire(blocking=False):
            return too_many(request, SECONDS_UNTIL_ROOM, is_busy=True)
        place = _Place(places)
        try:
            response = view(request, *args, **kwargs)
        except BaseException:
            place.leave()
            raise
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = _InPlace(iter(response), place)
        else:
            place.leave()
        return response

    return wrapped


def too_many(
    request: HttpRequest, seconds: int, *, is_busy: bool = False, is_locked: bool = False
) -> HttpResponse:
    """429. `is_busy`: not this visitor asks too often, but others wait for such an answer as well.

    `is_locked`: too many sign-ins of the account or the address failed.
    """
    if request.path.startswith(reverse("determinations:api")):
        response = problem_response(TOO_MANY)
    else:
        context = {"seconds": seconds, "is_busy": is_busy, "is_locked": is_locked}
        response = render(request, "429.html", context, status=TOO_MANY.status)
        response["Cache-Control"] = "no-store"
    response["Retry-After"] = str(seconds)
    return response


def visitor(request: HttpRequest, *, is_signing_in: bool = False) -> str:
    """Whom a request counts for. A sign-in counts for its address, for everyone who is signed in there."""
    # Without a session's cookie the user is not asked for, which would add Vary: Cookie to the API's answers.
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    if has_session and not is_signing_in and request.user.is_authenticated:
        return account_key(request.user.pk)
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def account_key(number: int) -> str:
    """Whom the requests of an account count for, wherever they come from."""
    return f"account {number}"


def client_address(request: HttpRequest) -> str:
    """The connection's address, or behind `settings.PROXIES` proxies the one that the outermost added."""
    forwarded = [
        part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
    ]
    if 0 < settings.PROXIES <= len(forwarded):
        return forwarded[-settings.PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))


class _Place:
    """One place among the answers that are made at once; left once, however often it is said."""

    def __init__(self, places: threading.BoundedSemaphore) -> None:
        self._places: threading.BoundedSemaphore | None = places

    def leave(self) -> None:
        places, self._places = self._places, None
        if places:
            places.release()


class _InPlace(Generic[T]):
    """The pieces of an answer. Django closes it at the answer's end, also where the client has gone."""

    def __init__(self, pieces: Iterable[T], place: _Place) -> None:
        self._pieces, self._place = pieces, place

    def __iter__(self) -> Iterator[T]:
        return iter(self._pieces)

    def close(self) -> None:
        self._place.leave()

    __del__ = close  # an answer that was replaced before it was sent is never closed


@cache
def _parsed(rate: str) -> tuple[RateLimitItem, ...]:
    return tuple(parse_many(rate)) if rate else ()


def _group(request: HttpRequest) -> str:
    found = request.resolver_match
    name = found.view_name if found else ""
    if name in {"determinations:sign_in", "determinations:password_reset", "admin:login"}:
        return "sign_in" if request.method == "POST" else ""
    if name.startswith("determinations:folder_") and request.method == "POST":
        return "folder"
    return _GROUPS.get(name.removeprefix("determinations:"), "")
