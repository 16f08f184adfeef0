"""Each request gets an id and a line in the access log, and is counted for the metrics.

The access log has no search words by default: it leaves out the query string, and the path of an address
that holds a secret, such as a feed's. It names neither accounts nor network addresses. Checks of the site's
health are not logged.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from determinations import metrics
from determinations.accounts.events import log_event
from imrsite.logs import request_id

HEADER = "X-Request-ID"
MOST_CHARACTERS = 300

_USABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_CHECKS = {"health", "health_live", "health_ready", "metrics"}
_DOWNLOADS = {
    "admin:determinations_importbatch_results",
    "admin:determinations_importfile_original",
    "brief_word",
    "compare_csv",
    "compare_svg",
    "download",
    "folder_csl",
    "folder_csv",
    "folder_ris",
    "letters_csv",
    "letters_svg",
    "reasons_csv",
    "search_csv",
    "statistics_csv",
    "words_csv",
    "year_svg",
}
_SECRETS = {"token", "uidb64"}

logger = logging.getLogger("determinations.access")


def log_requests(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Middleware, around all others that answer. The answer has the request's id as X-Request-ID."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        number = _id_of(request)
        request_id.set(number)
        response = get_response(request)
        response[HEADER] = number
        seconds = time.perf_counter() - begun
        name = request.resolver_match.view_name if request.resolver_match else ""
        name = name.removeprefix("determinations:")
        metrics.count_request(name or "none", request.method or "", response.status_code, seconds)
        if name in _DOWNLOADS and response.status_code == 200:
            _log_download(request)
        if settings.ACCESS_LOG != "off" and name not in _CHECKS:
            _log(request, response, name, seconds)
        return response

    return middleware


def _id_of(request: HttpRequest) -> str:
    """The one that a proxy of ours gave, else a new one: a visitor cannot choose what the log says."""
    given = request.headers.get(HEADER, "")
    return given if settings.PROXIES and _USABLE.fullmatch(given) else secrets.token_hex(8)


def _log_download(request: HttpRequest) -> None:
    """Who took which file, where somebody is signed in."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        log_event("download", user.get_username(), path=quote(request.path))


def _log(request: HttpRequest, response: HttpResponseBase, name: str, seconds: float) -> None:
    milliseconds = round(1000 * seconds)
    path = _path(request)
    logger.info(
        "%s %s %s %s ms",
        request.method,
        path,
        response.status_code,
        milliseconds,
        extra={
            "method": request.method,
            "path": path,
            "view": name,
            "status": response.status_code,
            "milliseconds": milliseconds,
        },
    )


def _path(request: HttpRequest) -> str:
    """Percent-encoded, so that no path can write a line of its own."""
    found = request.resolver_match
    if found and _SECRETS & found.kwargs.keys():
        return f"/{found.route}"
    path = quote(request.path)
    if settings.ACCESS_LOG == "words" and (query := request.META.get("QUERY_STRING", "")):
        path += f"?{quote(query, safe='=&%+')}"
    return path if len(path) <= MOST_CHARACTERS else f"{path[:MOST_CHARACTERS]}..."
