"""Why a search found nothing, and what to drop so that it finds something. No HTML, no engine.

Counting is a function that the view hands in, so that every number offered is a real one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from determinations.search.facets import FACETS_BY_NAME
from determinations.search.interface import FacetFilter
from determinations.search.query.repair import quoted
from determinations.search_page.address import SearchAddress
from determinations.search_page.facet_panel import full_label
from determinations.search_page.question import ShorterQuestion

TotalOf = Callable[[SearchAddress], int]
"""How many items a search finds."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """A change of the search and how many items it then finds."""

    label: str
    url: str
    total: int


@dataclass(frozen=True, slots=True)
class EmptyResult:
    """`absent` are the parts of the question that no item at all holds.

    `heaviest` is the filter that removes the most of several: the one without which the most items are
    found. It stands apart from the other `ways_out`.
    """

    absent: tuple[str, ...]
    ways_out: tuple[WayOut, ...]
    heaviest: WayOut | None = None


def explain_empty(
    address: SearchAddress, shorter: Sequence[ShorterQuestion], total_of: TotalOf, *, is_one_part: bool
) -> EmptyResult:
    """`shorter` are the address's questions with one part less. Only what finds something is offered.

    `is_one_part`: the question is a word, a phrase or the like, which an item contains or lacks as a whole.
    """
    parts = [less.dropped for less in shorter if not less.dropped.startswith("-")]
    if address.text and is_one_part:
        parts = [address.text]
    absent = tuple(part for part in parts if not total_of(SearchAddress(text=part, expand=address.expand)))
    filters = _that_find(_dropping_a_filter(address), total_of)
    ways = (*filters, *_that_find(_dropping_one(address, shorter), total_of))
    if not filters:
        ways += _that_find(_keeping_one_filter(address), total_of)
    ways = tuple(sorted(ways, key=_most_first)) or _that_find(_dropping_more(address, shorter), total_of)
    heaviest = filters[0] if filters and len(address.filters) > 1 else None
    return EmptyResult(absent, tuple(way for way in ways if way is not heaviest), heaviest)


def _that_find(changes: Iterable[tuple[str, SearchAddress]], total_of: TotalOf) -> tuple[WayOut, ...]:
    """The changes that find something, the one that finds most first."""
    ways = (WayOut(label, changed.url, total_of(changed)) for label, changed in changes)
    return tuple(sorted((way for way in ways if way.total), key=_most_first))


def _most_first(way: WayOut) -> int:
    return -way.total


def _dropping_a_filter(address: SearchAddress) -> Iterator[tuple[str, SearchAddress]]:
    for given in address.filters:
        yield f"without {_in_words(given)}", address.choosing(given.facet, ())
    if address.goes_by_request_levels:
        yield "with levels from rationales too", address.counting_levels(of_requests=False)


def _keeping_one_filter(address: SearchAddress) -> Iterator[tuple[str, SearchAddress]]:
    """Where several filters are to blame together; of two, keeping one is dropping the other."""
    if len(address.filters) > 2:
        for given in address.filters:
            yield (
                f"with {_in_words(given)} as the only filter",
                address.without_filters().choosing(given.facet, given.values),
            )


def _dropping_one(
    address: SearchAddress, shorter: Sequence[ShorterQuestion]
) -> Iterator[tuple[str, SearchAddress]]:
    if address.text and address.filters:
        yield f"without {quoted(address.text)}", address.asking("")
    for less in shorter:
        yield f"without {quoted(less.dropped)}", address.asking(less.text)
    if len(address.filters) > 1:
        yield "without any filter", address.without_filters()


def _dropping_more(
    address: SearchAddress, shorter: Sequence[ShorterQuestion]
) -> Iterator[tuple[str, SearchAddress]]:
    for less in shorter:
        label = f"without {quoted(less.dropped)} and without any filter"
        yield label, address.without_filters().asking(less.text)
    for given in address.filters:
        yield f"with {_in_words(given)} alone", SearchAddress().choosing(given.facet, given.values)


def _in_words(given: FacetFilter) -> str:
    values = " or ".join(f"“{full_label(given.facet, value)}”" for value in given.values)
    return f"{FACETS_BY_NAME[given.facet].label.lower()} {values}"
