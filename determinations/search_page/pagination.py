"""The search page's own words and links: what was found, its pages, its orders. No HTML, no engine.

With `search_address`, `facet_panel` and `empty_results` it stands between an address and its page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.text import Truncator
from django.utils.translation import ngettext

from determinations.search.facets import YEAR
from determinations.search.interface import DateFilter, LetterDate, Sort
from determinations.search_page.address import SearchAddress, ends_of
from determinations.search_page.facet_panel import full_label, span_in_words
from determinations.search_page.facet_values import DATE_LABELS

PAGES_AROUND = 2
LONGEST_NAME = 200
"""As long as the name of a saved search may be."""

SORT_LABELS: dict[Sort, str] = {
    Sort.RELEVANCE: "Best match",
    Sort.NEWEST: "Newest first",
    Sort.OLDEST: "Oldest first",
    Sort.LEVEL: "By level",
    Sort.CASE: "By case number",
}


@dataclass(frozen=True, slots=True)
class SortLink:
    """A way to show the results: their order, or how they are grouped."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class PageLink:
    """A numbered page; `after_gap` where pages before it are left out."""

    number: int
    url: str
    is_current: bool
    after_gap: bool = False


@dataclass(frozen=True, slots=True)
class Paging:
    """Where this page stands. `first` and `last` number its results, from 1; both 0 past the end."""

    number: int
    pages: int
    first: int
    last: int
    links: tuple[PageLink, ...]
    previous_url: str
    next_url: str
    last_url: str


def headline(address: SearchAddress, total: int, following: int = 0) -> str:
    """What the list holds, in words: "1,946 disputed items", "All 107 disputed items".

    `following` are the items that have some of the words only.
    """
    if not total and following:
        return "No disputed item has all of these words"
    if not total:
        return "Nothing found" if address.is_narrowed else "No letters yet"
    items = ngettext("%(number)s disputed item", "%(number)s disputed items", total)
    items %= {"number": f"{total:,}"}
    return items if address.is_narrowed or total == 1 else f"All {items}"


def filters_in_words(address: SearchAddress) -> list[str]:
    """What each chosen value is called: ["Opioids", "2014"]. Years in a row are one: "2019–2024"."""
    words: list[str] = []
    for given in address.filters:
        if given.facet == YEAR.name:
            words += _years_in_words(given.values)
        else:
            words += [full_label(given.facet, value) for value in given.values]
    words += [f"not {full_label(given.facet, one)}" for given in address.filters for one in given.unwanted]
    return [*words, *map(_span_name, address.dates)]


def _years_in_words(years: Iterable[str]) -> Iterator[str]:
    """("2014", "2019", "2020", "2021") -> "2014", "2019–2021"."""
    runs: list[list[str]] = []
    for year in sorted(years):
        if runs and int(year) == int(runs[-1][-1]) + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return (run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _span_name(span: DateFilter) -> str:
    """ "2019 and later" for a span of whole years, else as the filters say it: "decided from 2019-03-01"."""
    (_, first), (_, last) = ends_of(span)
    if first[4:] not in {"", "-01-01"} or last[4:] not in {"", "-12-31"}:
        return span_in_words(span)
    which = "" if span.date is LetterDate.DECIDED else f"{DATE_LABELS[span.date].lower()} "
    if not last:
        return f"{which}{first[:4]} and later"
    if not first:
        return f"{which}{last[:4]} and earlier"
    return which + (first[:4] if first[:4] == last[:4] else f"{first[:4]}–{last[:4]}")


def search_title(address: SearchAddress) -> str:
    """The search in a few words: "“fusion”, Opioids, 2014"; empty for every item."""
    asked = [f"“{address.text}”"] if address.text else []
    return ", ".join([*asked, *filters_in_words(address)])


def proposed_name(address: SearchAddress) -> str:
    """What a saved search is called until a person gives it a name."""
    words = [address.text] if address.text else []
    return Truncator(", ".join([*words, *filters_in_words(address)]) or "Every item").chars(LONGEST_NAME)


def sort_links(address: SearchAddress) -> tuple[SortLink, ...]:
    """The orders that make sense: nothing is a best match where nothing was asked."""
    orders = [order for order in Sort if address.text or order is not Sort.RELEVANCE]
    return tuple(
        SortLink(SORT_LABELS[order], replace(address, sort=order, page=1).url, order is address.order)
        for order in orders
    )


def grouping_links(address: SearchAddress) -> tuple[SortLink, ...]:
    """Item by item or by letter: the same items on the same page, so the page number stays."""
    return tuple(
        SortLink(label, replace(address, by_letter=by_letter).url, by_letter == address.by_letter)
        for label, by_letter in (("By item", False), ("By letter", True))
    )


def paging(address: SearchAddress, total: int, page_length: int) -> Paging:
    """The links between the pages of `total` results: the first, the last and those around this one."""
    pages = -(-total // page_length)
    number = address.page
    first = (number - 1) * page_length + 1
    within = 1 <= number <= pages
    near = range(max(1, number - PAGES_AROUND), min(pages, number + PAGES_AROUND) + 1)
    numbers = sorted({1, pages, *near}) if pages > 1 else []
    return Paging(
        number=number,
        pages=pages,
        first=first if within else 0,
        last=min(number * page_length, total) if within else 0,
        links=tuple(
            PageLink(shown, _page_url(address, shown), shown == number, after_gap=shown - before > 1)
            for before, shown in zip([0, *numbers], numbers, strict=False)
        ),
        previous_url=_page_url(address, number - 1) if within and number > 1 else "",
        next_url=_page_url(address, number + 1) if number < pages else "",
        last_url=_page_url(address, max(pages, 1)),
    )


def _page_url(address: SearchAddress, number: int) -> str:
    return replace(address, page=number).url
