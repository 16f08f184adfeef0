"""The answer while there is no index to search: 503, and which command mends it. Details go to the log."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from determinations.api.problems import SECONDS_TO_WAIT
from determinations.search.interface import SearchUnavailableError

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
