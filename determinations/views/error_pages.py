"""Error pages that say what happened and what to do next.

Text that came with a refused form is shown again, so that nobody has to retype it. For errors that Django
itself raises, programs get a problem document as JSON and people get a page.
"""

import sys
from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import defaults

from determinations.api.problems import (
    INTERNAL_ERROR,
    SECONDS_TO_WAIT,
    UNAVAILABLE,
    UNREADABLE,
    problem_response,
)
from determinations.database_errors import Trouble, holds_null_character, kind_of_error

SECONDS_UNTIL_FREE = 5
_SAID_TO_PROGRAMS = {
    Trouble.BUSY: "The database is busy.",
    Trouble.READ_ONLY: "The database is read-only at the moment.",
}
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class NullCharacterError(SuspiciousOperation):
    """The request has a null character (U+0000), which no letter and no person's text has."""


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that may not be from this site. Nothing in it was used; Django logs `reason`."""
    context = {
        "has_cookie": settings.CSRF_COOKIE_NAME in request.COOKIES,
        "is_elsewhere": reason.startswith("Origin checking failed"),
        "back": came_from(request),
        "typed": tuple(_typed_words(request)),
    }
    return render(request, "determinations/errors/stale_form.html", context, status=403)


def bad_request_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for what is too large. Asks neither database nor session: the request is not trusted."""
    status, message = 400, "The request could not be understood."
    if isinstance(exception, RequestDataTooBig):
        megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1_000_000
        status, message = (
            413,
            f"At most {megabytes:.1f} MB of text can be sent at once. Shorten it or send it in parts.",
        )
    elif isinstance(exception, TooManyFieldsSent):
        most = f"{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,}"
        message = f"The request has more than {most} values. Use fewer filters or fields at once."
    elif isinstance(exception, TooManyFilesSent):
        most = f"{settings.DATA_UPLOAD_MAX_NUMBER_FILES:,}"
        message = f"The request has more than {most} files. Send fewer at once, or send a ZIP archive."
    elif isinstance(exception, NullCharacterError):
        message = "The request has a null character (%00). Leave it out."
    elif isinstance(exception, DisallowedHost):
        message = (
            "This site does not accept the host name in the address. Its administrator can add it to "
            "IMR_ALLOWED_HOSTS."
        )
    return HttpResponse(render_to_string("400.html", {"message": message}), status=status)


def came_from(request: HttpRequest) -> str:
    """The page of this site that the request came from, or an empty text."""
    address = request.META.get("HTTP_REFERER", "")
    known = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if known else ""


def _typed_words(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Field and text of what a person wrote: notes, names and whatever has several words; no password."""
    for name, text in request.POST.items():
        value = str(text).strip()
        wrote = name == "name" or name.startswith("note-") or len(value.split()) > 1
        if value and wrote and "password" not in name.lower():
            yield name.removeprefix("note-"), value


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_response(UNREADABLE) if _by_a_program(request) else bad_request_page(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503, where the error that Django is handling is of the database or its disk.

    400 for a text that no database stores; SQLite would, but then no site could move to PostgreSQL.
    """
    error = sys.exc_info()[1]
    if kind := kind_of_error(error):
        return _database_page(request, kind)
    if isinstance(error, Exception) and holds_null_character(error):
        return bad_request(request, NullCharacterError())
    return problem_response(INTERNAL_ERROR) if _by_a_program(request) else defaults.server_error(request)


def _database_page(request: HttpRequest, kind: Trouble) -> HttpResponse:
    """Asks the database for nothing."""
    if _by_a_program(request):
        return problem_response(UNAVAILABLE, _SAID_TO_PROGRAMS.get(kind, "The database does not respond."))
    changes = request.method not in ("GET", "HEAD")
    context = {"kind": kind, "changes": changes, "typed": _typed_if_read(request) if changes else ()}
    content = render_to_string("determinations/errors/database.html", context)
    response = HttpResponse(content, status=UNAVAILABLE.status)
    response["Retry-After"] = str(SECONDS_UNTIL_FREE if kind is Trouble.BUSY else SECONDS_TO_WAIT)
    response["Cache-Control"] = "no-store"
    return response


def _typed_if_read(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(_typed_words(request))
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return ()


def _by_a_program(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("determinations:api"))
