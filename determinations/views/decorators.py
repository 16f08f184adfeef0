"""What a request says, for those who know no request: its parameters, and the numbers in them.

The answer while there is no index to search: 503, and which command mends it. Details go to the log.

How a view answers programs: JSON that caches can keep, and every fault as a problem.
"""

import hashlib
import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.csrf import csrf_exempt

from determinations.api.problems import (
    NOT_FOUND,
    NOT_UNDERSTOOD,
    READ_ONLY,
    SECONDS_TO_WAIT,
    UNAVAILABLE,
    UNREADABLE,
    problem_answer,
)
from determinations.api.schemas import to_json
from determinations.search.interface import SearchUnavailableError
from determinations.search_page.address import QueryParams
from determinations.search_page.search import InvalidSearchError

_MOST_DIGITS = 18
"""Python refuses to read some thousands of digits, and a database more than 64 bits."""


def query_params(request: HttpRequest) -> QueryParams:
    """The parameters after the question mark, not interpreted."""
    return QueryParams.of_lists(request.GET.lists())


def whole_number(typed: str) -> int | None:
    """The number in plain digits, None for anything else; of very many digits some very large one."""
    return int(typed[:_MOST_DIGITS]) if typed.isascii() and typed.isdecimal() else None


logger = logging.getLogger(__name__)
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def log_unavailable(error: SearchUnavailableError) -> None:
    """With the notes that the engine left for whoever runs the site, such as where the index lies."""
    logger.error("Search is unavailable: %s", " ".join([str(error), *getattr(error, "__notes__", ())]))


def answers_503(view: View[P]) -> View[P]:
    """Turns SearchUnavailableError into the page that says which command mends the index."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except SearchUnavailableError as error:
            log_unavailable(error)
            response = render(request, "503.html", status=503)
            response["Retry-After"] = str(SECONDS_TO_WAIT)
            return response

    return wrapped


SECONDS_TO_KEEP = 60
_METHODS = ("GET", "HEAD")


def answers_programs(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A view for reading only, whose errors are problems and whose answers carry an ETag.

    Other methods are refused before anything is done, so they need no token against forgery.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method not in _METHODS:
            refused = problem_answer(READ_ONLY, f"{request.method} is not possible here: use GET or HEAD.")
            refused["Allow"] = ", ".join(_METHODS)
            return refused
        try:
            response = view(request, *args, **kwargs)
        except InvalidSearchError as error:
            return problem_answer(NOT_UNDERSTOOD, str(error), error.errors)
        except TooManyFieldsSent:
            return problem_answer(UNREADABLE)
        except Http404 as error:
            return problem_answer(NOT_FOUND, str(error))
        except SearchUnavailableError as error:
            log_unavailable(error)
            return problem_answer(UNAVAILABLE, f"Search is unavailable for now. {error}")
        return _with_etag(request, response) if response.status_code == 200 else response

    return wrapped


def json_answer(value: object) -> HttpResponse:
    """A shape, or a mapping of JSON, as a response."""
    data = value if isinstance(value, dict) else to_json(value)
    return JsonResponse(data, safe=False, json_dumps_params={"ensure_ascii": False, "allow_nan": False})


def _with_etag(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """The ETag digests the answer itself, which a corrected row changes before the index knows of it."""
    tag = quote_etag(hashlib.blake2b(response.content, digest_size=16).hexdigest())
    response["ETag"] = tag
    if settings.SIGN_IN_ONLY:
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=SECONDS_TO_KEEP)
    return get_conditional_response(request, etag=tag, response=response) or response
