"""Whether crawlers are allowed, and what robots.txt says."""

from django.conf import settings
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
