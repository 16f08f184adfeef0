"""The site's middleware, outermost first: memory, HEAD without bodies, no crawlers, CSP, 405 as pages."""

import base64
import binascii
import logging
from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import MiddlewareNotUsed, RequestDataTooBig, ValidationError
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from determinations.accounts.second_factor import password_is_enough
from determinations.api.problems import NOT_FOUND, SIGN_IN, problem_response
from determinations.database_errors import kind_of_error
from determinations.research.folder import notes_written
from determinations.research.folder_storage import keep_unsaved
from determinations.robots import crawlers_are_welcome
from determinations.views.error_pages import bad_request_page, came_from

logger = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponseBase]

_IMPORT = "determinations.add_importbatch"
_SIGN_OUT = {"determinations:sign_out", "admin:logout"}
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "microphone",
        "payment",
        "usb",
    )
)
TRUSTED_TYPES = {"require-trusted-types-for": ["'script'"], "trusted-types": ["'none'"]}
EXCHANGING_TRUSTED_TYPES = {**TRUSTED_TYPES, "trusted-types": ["default"]}
_EXCHANGING = {"determinations:search", "determinations:all_items", "determinations:determination"}
"""The pages into which `site.js` takes answers of this site."""
_CHALLENGE = 'Basic realm="IMR determinations", charset="UTF-8"'


_WORDS_OF_A_LARGE_FRAME = 7_200
"""Python gives a frame of this size a piece of 128 KB, of which it leaves 70 KB to the frames below."""


def give_frames_room(get_response: GetResponse) -> GetResponse:
    """The outermost, so that all frames of a request are in one piece of memory.

    Python takes memory for frames 16 KB at a time, and gives a piece back when the first frame in it returns.
    A loop whose calls each began a piece took a fifth of the processor time of a page of results. Releases
    since March 2026 keep one piece, but not 3.11 and 3.12: https://github.com/python/cpython/issues/142183.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    middleware.__code__ = middleware.__code__.replace(co_stacksize=_WORDS_OF_A_LARGE_FRAME)
    return middleware


def strip_head_bodies(get_response: GetResponse) -> GetResponse:
    """Django leaves bodies of HEAD to the server, and gunicorn logs each as an error.

    The headers stay as GET has them, Content-Length included.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method == "HEAD":
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = ()
            elif isinstance(response, HttpResponse):
                response.content = b""
        return response

    return middleware


def add_security_headers(get_response: GetResponse) -> GetResponse:
    """Headers of every answer: no cache keeps what is for one visitor, and signing out empties the browser's.

    An answer is for one visitor where the site requires signing in, and where the request has a session or a
    password. A view that sets Cache-Control itself knows better.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.setdefault("Permissions-Policy", _PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        given = settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
        if (settings.SIGN_IN_ONLY or given) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
            patch_vary_headers(response, ("Cookie", "Authorization"))
        found = request.resolver_match
        if found and found.view_name in _SIGN_OUT and request.method == "POST":
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return middleware


class KeepOutCrawlers:
    """X-Robots-Tag on every answer, for crawlers that reach a page past robots.txt."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if crawlers_are_welcome():
            raise MiddlewareNotUsed
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response


class ContentPolicy(CSPMiddleware):
    """The policy of the settings (CSP), and that no script may turn text into markup.

    The latter, trusted types, holds everywhere but in the admin, where Django's own scripts make markup from
    text. On pages of results and of letters, one policy of `site.js` lets the site's own answers through.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and not request.path.startswith(reverse("admin:index")):
            found = request.resolver_match
            exchanges = found is not None and found.view_name in _EXCHANGING
            types = EXCHANGING_TRUSTED_TYPES if exchanges else TRUSTED_TYPES
            parts.config = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], **types}
        return parts


class KeepReadingSessions(SessionMiddleware):
    """A page that was only read is shown, though its session cannot be stored."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except (Error, SessionInterrupted) as raised:
            error = raised if isinstance(raised, Error) else _lost_database(raised)
            if error is None:
                raise
            if request.method not in ("GET", "HEAD") or kind_of_error(error) is None:
                raise error from error.__cause__
            logger.warning("A session was not stored: %s", error)
            return response


def _lost_database(interrupted: SessionInterrupted) -> Error | None:
    """What the database said of a session that Django believes somebody deleted; None where somebody did.

    Django takes every error of storing a session for that (`UpdateError`), such as a lost connection.
    """
    update = interrupted.__context__
    error = update.__context__ if update is not None else None
    return error if isinstance(error, Error) and error.__cause__ is not None else None


class SignInOnly(LoginRequiredMiddleware):
    """A site for signed-in people only, where a setting says so. Views that stay open say so themselves.

    Pages lead to the sign-in page. Programs may send a name and password (HTTP Basic) to the API and to CSV
    files; without them they get a problem as JSON there, and plain text instead of a file.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.SIGN_IN_ONLY:
            raise MiddlewareNotUsed
        super().__init__(get_response)

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if _takes_passwords(request) and (given := _name_and_password(request)):
            person = authenticate(request, username=given[0], password=given[1])
            if person is not None and password_is_enough(person):
                request.user = person
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        if refused is None:
            return None
        if _is_for_programs(request):
            return _challenge(problem_response(SIGN_IN))
        if _is_file(request) and not _is_browser(request):
            message = "This site is for signed-in users. Send the user name and password of your account.\n"
            return _challenge(HttpResponse(message, status=401, content_type="text/plain; charset=utf-8"))
        return _keeping_notes(request) or refused


def refuse_large_bodies(get_response: GetResponse) -> GetResponse:
    """413 before a body is read that is larger than any form, except from people who import letters."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        is_small = length.isdecimal() and len(length) <= len(str(most)) and int(length) <= most
        if is_small or request.user.has_perm(_IMPORT):
            return get_response(request)
        return bad_request_page(request, RequestDataTooBig())

    return middleware


def find_no_null_characters(get_response: GetResponse) -> GetResponse:
    """404 for an address with a null character: nothing has such a name, and PostgreSQL refuses to look."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path:
            if _is_for_programs(request):
                return problem_response(NOT_FOUND)
            raise Http404("There is nothing at an address with a null character.")
        return get_response(request)

    return middleware


def explain_wrong_methods(get_response: GetResponse) -> GetResponse:
    """An empty 405 becomes a page, for people who bookmarked or reloaded where a button leads."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        explained = render(
            request,
            "determinations/errors/wrong_method.html",
            {"is_for_forms": "GET" not in response["Allow"], "back": came_from(request)},
            status=405,
        )
        explained["Allow"] = response["Allow"]
        return explained

    return middleware


def _keeping_notes(request: HttpRequest) -> HttpResponse | None:
    """To the sign-in page, with notes kept that came from a folder's page after its session had ended."""
    try:
        notes = notes_written(request.POST.dict()) if request.method == "POST" else {}
    except ValidationError:
        return None
    if not notes:
        return None
    keep_unsaved(request.session, {name: note.text for name, note in notes.items()})
    return redirect_to_login(reverse("determinations:folder"))


def _challenge(response: HttpResponse) -> HttpResponse:
    response["WWW-Authenticate"] = _CHALLENGE
    return response


def _is_for_programs(request: HttpRequest) -> bool:
    """Below /api/; the page that explains it is for people."""
    page = reverse("determinations:api")
    return request.path.startswith(page) and request.path != page


def _takes_passwords(request: HttpRequest) -> bool:
    return _is_for_programs(request) or _is_file(request)


def _is_file(request: HttpRequest) -> bool:
    """A table or chart as a file, of pages that everybody reads: the admin's are for people alone."""
    found = request.resolver_match
    is_file = request.path.endswith((".csv", ".svg"))
    return is_file and found is not None and found.namespace == "determinations"


def _is_browser(request: HttpRequest) -> bool:
    """Browsers ask for HTML by name. curl takes anything, and would save the sign-in page as the file."""
    return any((kind.main_type, kind.sub_type) == ("text", "html") for kind in request.accepted_types)


def _name_and_password(request: HttpRequest) -> tuple[str, str] | None:
    """What the Authorization header holds (RFC 7617), or None where that is no name and password."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon and "\0" not in name else None
