"""What views share: parameters of a request, notices about them, the letter at an address, error responses.

While there is no index to search, a view responds with 503 and names the command that fixes it; details go to
the log. JSON responses can be cached, and every error of the API is a problem document. Each letter has one
canonical address; all other forms (lower case, other forms of its case number, its content hash) redirect to
it.
"""

import hashlib
import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import TooManyFieldsSent
from django.core.paginator import Page, Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.csrf import csrf_exempt

from determinations.api.json_schema import to_json
from determinations.api.problems import (
    NOT_FOUND,
    NOT_UNDERSTOOD,
    READ_ONLY,
    SECONDS_TO_WAIT,
    UNAVAILABLE,
    UNREADABLE,
    problem_response,
)
from determinations.case.letter_names import find_letter, no_such_letter
from determinations.models import Determination
from determinations.search.interface import QuerySyntaxError, SearchUnavailableError
from determinations.search.query.repair import quoted
from determinations.search_page.address import QueryParams
from determinations.search_page.search import InvalidSearchError

_MOST_DIGITS = 18
"""Python refuses to read some thousands of digits, and a database more than 64 bits."""

logger = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
SECONDS_TO_KEEP = 60
_METHODS = ("GET", "HEAD")
_NOTICES = "address_notices"  # the name that the template knows


def person(request: HttpRequest) -> AbstractBaseUser:
    """Who is signed in, for views that let nobody else in."""
    assert isinstance(request.user, AbstractBaseUser)  # noqa: S101  (login_required lets nobody else in)
    return request.user


def query_params(request: HttpRequest) -> QueryParams:
    """The parameters after the question mark, not interpreted."""
    return QueryParams.of_lists(request.GET.lists())


def whole_number(typed: str) -> int | None:
    """The number in plain digits, None for anything else; of very many digits some very large one."""
    return int(typed[:_MOST_DIGITS]) if typed.isascii() and typed.isdecimal() else None


def log_unavailable(error: SearchUnavailableError) -> None:
    logger.error("Search is unavailable: %s", error.with_notes)


def search_unavailable_as_503(view: View[P]) -> View[P]:
    """Turns SearchUnavailableError into the page that says which command fixes the index.

    A search that the engine refuses, because it would take too long, becomes a page that says why.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except QuerySyntaxError as error:
            return render(request, "400.html", {"message": error.message}, status=400)
        except SearchUnavailableError as error:
            log_unavailable(error)
            response = render(request, "503.html", status=503)
            response["Retry-After"] = str(SECONDS_TO_WAIT)
            return response

    return wrapped


def errors_as_text(
    view: Callable[Concatenate[HttpRequest, P], R],
) -> Callable[Concatenate[HttpRequest, P], R | HttpResponse]:
    """For files: what is wrong with a search is answered in plain text.

    400 for a search that cannot be run as asked, 503 while there is no index.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except InvalidSearchError as error:
            return plain_text("\n".join(map(str, error.errors)), 400)
        except QuerySyntaxError as error:
            return plain_text(error.message, 400)
        except SearchUnavailableError as error:
            log_unavailable(error)
            return plain_text(f"Search is temporarily unavailable. {error}", 503)

    return wrapped


def api_view(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A view for reading only, whose errors are problems and whose answers carry an ETag.

    Other methods are refused before anything is done, so they need no token against forgery.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method not in _METHODS:
            refused = problem_response(READ_ONLY, f"{request.method} is not allowed here. Use GET or HEAD.")
            refused["Allow"] = ", ".join(_METHODS)
            return refused
        try:
            response = view(request, *args, **kwargs)
        except InvalidSearchError as error:
            return problem_response(NOT_UNDERSTOOD, str(error), error.errors)
        except TooManyFieldsSent:
            return problem_response(UNREADABLE)
        except Http404 as error:
            return problem_response(NOT_FOUND, str(error))
        except SearchUnavailableError as error:
            log_unavailable(error)
            return problem_response(UNAVAILABLE, f"Search is temporarily unavailable. {error}")
        return _with_etag(request, response) if response.status_code == 200 else response

    return wrapped


def json_response(value: object) -> HttpResponse:
    """A shape, or a mapping of JSON, as a response."""
    data = value if isinstance(value, dict) else to_json(value)
    return JsonResponse(data, safe=False, json_dumps_params={"ensure_ascii": False, "allow_nan": False})


def plain_text(text: str, status: int) -> HttpResponse:
    """An error for people who asked for a file."""
    response = HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
    if status == 503:
        response["Retry-After"] = str(SECONDS_TO_WAIT)
    return response


def _with_etag(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """The ETag digests the answer itself, which a corrected row changes before the index knows of it."""
    tag = quote_etag(hashlib.blake2b(response.content, digest_size=16).hexdigest())
    response["ETag"] = tag
    if settings.SIGN_IN_ONLY:
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=SECONDS_TO_KEEP)
    return get_conditional_response(request, etag=tag, response=response) or response


def allowed_params(*names: str) -> Callable[[View[P]], View[P]]:
    """For a view that takes only these parameters; adds a notice about each other parameter."""

    def decorated(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            for name in request.GET:
                if name not in names:
                    add_notice_of_unknown(request, name)
            return view(request, *args, **kwargs)

        return wrapped

    return decorated


def requested_page(request: HttpRequest, pages: Paginator[T]) -> Page[T]:
    """The page that `page` asks for; for a number that is none, the nearest page, which says so."""
    typed = request.GET.get("page", "1")
    number = whole_number(typed)
    if not number:
        add_notice(request, f"{quoted(typed)} is not a page number. This is the first page.")
        return pages.page(1)
    if number > pages.num_pages:
        last = f"This is the last, page {pages.num_pages:,}" if pages.num_pages > 1 else "There is only one"
        add_notice(request, f"There is no page {quoted(typed)}. {last}.")
        return pages.page(pages.num_pages)
    return pages.page(number)


def add_notice(request: HttpRequest, message: str) -> None:
    """Above the page that answers this request."""
    notices: list[str] = getattr(request, _NOTICES, [])
    setattr(request, _NOTICES, [*notices, message])


def add_notice_of_unknown(request: HttpRequest, name: str) -> None:
    """For a parameter that the page does not have."""
    add_notice(request, f"This page has no parameter {quoted(name)}, so it was ignored.")


def shows_letter(
    view: Callable[Concatenate[HttpRequest, Determination, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Hands the view its letter, 404 where there is none; any other address of it redirects to its own."""

    @wraps(view)
    def wrapped(request: HttpRequest, public_id: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        letter = find_letter(public_id)
        if letter is None:
            raise Http404(no_such_letter(public_id))
        if letter.public_id != public_id:
            return HttpResponsePermanentRedirect(_own_address(request, letter))
        return view(request, letter, *args, **kwargs)

    return wrapped


def _own_address(request: HttpRequest, letter: Determination) -> str:
    match = request.resolver_match
    assert match is not None  # noqa: S101  (a view is only ever called through a resolved address)
    path = reverse(match.view_name, kwargs={**match.kwargs, "public_id": letter.public_id})
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path
