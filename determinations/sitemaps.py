"""The sitemap's sections: letters by ranges of their keys, browse pages, pages about the site.

A letter's section never changes, and no section is reached by counting off the rows before it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.contrib.sitemaps import Sitemap
from django.core.paginator import Page, Paginator
from django.db.models import F, Max, QuerySet
from django.urls import reverse

from determinations.models import Determination
from determinations.search.engines import search_engine
from determinations.search.interface import SearchRequest
from determinations.statistics.browsing import BROWSE_FACETS_BY_NAME, browse_url

LETTERS_PER_SECTION = 10_000
"""A fifth of what a sitemap may hold, so that a section is written quickly."""

_PAGES = ("search", "browse", "statistics", "help", "about")
_LETTERS = re.compile(r"letters-(0|[1-9][0-9]{0,11})")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of this site, and when it last changed where that is known."""

    path: str
    changed_at: datetime | None = None


Entries = Callable[[], Iterable[Entry]]


class _OnePage(Paginator[Entry]):
    """The whole section, fetched once it is asked for: the index of sections names it without a look."""

    num_pages = 1

    def __init__(self, entries: Entries) -> None:
        super().__init__((), Sitemap.limit)
        self._entries = entries

    def page(self, number: int | str) -> Page[Entry]:
        return Page(tuple(self._entries()), self.validate_number(number), self)


class SitemapSection(Sitemap[Entry]):
    """`changed_at` is the latest of its entries'."""

    def __init__(self, entries: Entries, changed_at: datetime | None = None) -> None:
        self._entries = entries
        self._changed_at = changed_at

    @property
    def paginator(self) -> Paginator[Entry]:
        return _OnePage(self._entries)

    def location(self, item: Entry) -> str:
        return item.path

    def lastmod(self, item: Entry) -> datetime | None:
        return item.changed_at

    def get_latest_lastmod(self) -> datetime | None:
        return self._changed_at


def every_section() -> dict[str, SitemapSection]:
    """Name -> section. Ranges of keys without a current letter have none."""
    letters = {
        f"letters-{number}": SitemapSection(partial(_letters, number), last)
        for number, last in latest_changes()
    }
    return _others() | letters


def section_named(name: str) -> SitemapSection | None:
    """One section; None where there is none of that name. A range of keys may turn out to be empty."""
    if match := _LETTERS.fullmatch(name):
        return SitemapSection(partial(_letters, int(match[1])))
    return _others().get(name)


def latest_changes() -> QuerySet[Determination, tuple[int, datetime]]:
    """The number of each section that holds letters, and the latest change among them."""
    return (
        Determination.objects.current()
        .order_by()
        .annotate(section=F("pk") / LETTERS_PER_SECTION)
        .values("section")
        .annotate(last=Max("changed_at"))
        .order_by("section")
        .values_list("section", "last")
    )


def letters_of(number: int) -> QuerySet[Determination, tuple[str, datetime]]:
    """Address and last change of a section's letters."""
    first = number * LETTERS_PER_SECTION
    return (
        Determination.objects.current()
        .filter(pk__gte=first, pk__lt=first + LETTERS_PER_SECTION)
        .order_by("pk")
        .values_list("public_id", "changed_at")
    )


def _others() -> dict[str, SitemapSection]:
    return {"pages": SitemapSection(_pages), "browse": SitemapSection(_browse_pages)}


def _pages() -> Iterator[Entry]:
    return (Entry(reverse(f"determinations:{name}")) for name in _PAGES)


def _browse_pages() -> Iterator[Entry]:
    """Every value that an item held here has. Raises SearchUnavailableError."""
    counts = search_engine().search(SearchRequest(limit=0, count=tuple(BROWSE_FACETS_BY_NAME))).counts
    for facet, browsed in BROWSE_FACETS_BY_NAME.items():
        yield Entry(browsed.url)
        yield from (Entry(browse_url(facet, counted.value)) for counted in counts[facet])


def _letters(number: int) -> Iterator[Entry]:
    for public_id, changed_at in letters_of(number):
        yield Entry(reverse("determinations:determination", args=[public_id]), changed_at)
