"""robots.txt, and the header that keeps pages out of search engines' lists. Knows no letters."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

_FORMS_AND_FILES = (
    "admin:index",
    "determinations:api",
    "determinations:compare",
    "determinations:folder",
    "determinations:saved_searches",
    "determinations:search_csv",
    "determinations:sign_in",
    "determinations:suggest",
)


def crawlers_are_welcome() -> bool:
    """A site for signed-in people has nothing for a crawler, whatever else is set."""
    return bool(settings.ALLOW_CRAWLERS and not settings.SIGN_IN_ONLY)


def robots_txt(sitemap: str) -> str:
    """The rules (RFC 9309); `sitemap` is its whole address.

    Any address with a question mark is a search or a marked copy of a letter. Facets combine without end, so
    crawlers keep to letters and browse pages, which the sitemap names.
    """
    if not crawlers_are_welcome():
        return "User-agent: *\nDisallow: /\n"
    closed = ["/*?", "/*.csv$", "/determinations/*/items/", "/determinations/*/original/download/"]
    closed += [reverse(name) for name in _FORMS_AND_FILES]
    rules = "".join(f"Disallow: {path}\n" for path in closed)
    return f"User-agent: *\n{rules}\nSitemap: {sitemap}\n"


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
