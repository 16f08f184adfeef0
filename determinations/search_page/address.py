"""The address of a search: everything a person chose, in one canonical form; and raw query parameters.

Two searches that mean the same have the same address, so that it can be bookmarked, quoted and compared.
This writes addresses; `search.read_search` reads them. No HTML, no engine and no web request.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self
from urllib.parse import quote_plus, urlencode

from django.http import QueryDict
from django.urls import get_script_prefix, reverse

from determinations.search.days import iso_day
from determinations.search.facets import FACETS, LEVEL, REQUEST_LEVEL
from determinations.search.interface import DateFilter, FacetFilter, LetterDate, Sort
from determinations.search_page.facet_values import parent_of


@dataclass(frozen=True, slots=True)
class QueryParams:
    """The parameters of an address, nothing interpreted yet: `pairs` of name and value, repeats included."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of_lists(cls, lists: Iterable[tuple[str, Iterable[str]]]) -> Self:
        """Of names, each with all of its values."""
        return cls(tuple((name, value) for name, values in lists for value in values))

    @classmethod
    def of_query(cls, query_string: str) -> Self:
        """Of what follows the question mark of an address: `q=norco&level=L4-L5`."""
        return cls.of_lists(QueryDict(query_string).lists())

    @property
    def names(self) -> tuple[str, ...]:
        """Each name once, in the order in which they appear."""
        return tuple(dict.fromkeys(name for name, _ in self.pairs))

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(value for each, value in self.pairs if each == name)

    def differ(self, name: str) -> bool:
        """Whether the name is given more than once, with different values."""
        return len(set(self.values(name))) > 1

    @property
    def query_string(self) -> str:
        """What follows the question mark, as it was given."""
        return urlencode(self.pairs)

    def without(self, *names: str) -> Self:
        return type(self)(tuple(pair for pair in self.pairs if pair[0] not in names))

    def renaming(self, name: str, other: str) -> Self:
        return type(self)(tuple((other if each == name else each, value) for each, value in self.pairs))


EXCLUDED = "-"
"""Before a value of a facet: items that have it are left out."""
EVERY = "all"
"""The parameter that names a facet of which all chosen values are asked for."""
INCLUDE, SUMMARY = "include", "summary"
EXACT = "exact"
LEVELS_FROM, REQUEST = "levels_from", "request"
"""The parameter by which only levels that the request states count."""
FROM, TO = "from", "to"

EVERY_FACET: tuple[str, ...] = tuple(facet.name for facet in FACETS)


@dataclass(frozen=True, slots=True)
class SearchAddress:
    """`filters` are in the facets' order with sorted values, `dates` in theirs; make them with `choosing`,
    `excluding`, `matching_every` and `dated`.

    `summaries`: the clinical summaries of letters are searched as well. `exact`: every word is looked for as
    it is written, and nothing else. `sort` None leaves the order to the
    search: by relevance where there is a question, else newest first. `by_letter` shows each page's items
    under their letters.
    """

    text: str = ""
    filters: tuple[FacetFilter, ...] = ()
    dates: tuple[DateFilter, ...] = ()
    summaries: bool = False
    exact: bool = False
    sort: Sort | None = None
    expand: bool = True
    by_letter: bool = False
    page: int = 1

    def of(self, facet: str) -> FacetFilter:
        """What is chosen and what is excluded of the facet."""
        return next((given for given in self.filters if given.facet == facet), FacetFilter(facet))

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The facet's chosen values."""
        return self.of(facet).values

    def choosing(self, facet: str, values: tuple[str, ...]) -> Self:
        """The first page of this search with these values of the facet instead of the present ones."""
        present = self.of(facet)
        unwanted = tuple(value for value in present.unwanted if value not in values)
        return self._with(replace(present, values=values, unwanted=unwanted))

    def excluding(self, facet: str, unwanted: tuple[str, ...]) -> Self:
        """The first page of this search without items that have one of these values of the facet."""
        present = self.of(facet)
        values = tuple(value for value in present.values if value not in unwanted)
        return self._with(replace(present, values=values, unwanted=unwanted))

    def matching_every(self, facet: str, every: bool) -> Self:
        """The first page of this search for items with all chosen values of the facet, or with any."""
        return self._with(replace(self.of(facet), every=every))

    def counting_levels(self, *, of_requests: bool) -> Self:
        """The first page of this search going by the levels that requests state, or by all levels."""
        column = REQUEST_LEVEL.name if of_requests else ""
        return self._with(replace(self.of(LEVEL.name), column=column))

    @property
    def goes_by_request_levels(self) -> bool:
        """Whether only levels that the request states count, those read in the rationale left out."""
        return bool(self.of(LEVEL.name).column)

    def _with(self, chosen: FacetFilter) -> Self:
        canonical = FacetFilter(
            chosen.facet,
            tuple(sorted(set(chosen.values))),
            chosen.every and len(set(chosen.values)) > 1,
            tuple(sorted(set(chosen.unwanted))),
            chosen.column,
        )
        choices = {given.facet: given for given in self.filters} | {chosen.facet: canonical}
        kept = (choices[name] for name in EVERY_FACET if name in choices)
        filters = tuple(given for given in kept if given.values or given.unwanted or given.column)
        return replace(self, filters=filters, page=1)

    def dated(self, span: DateFilter) -> Self:
        """The first page of this search for letters whose date lies in the span; an open one is no filter."""
        others = {given.date: given for given in self.dates} | {span.date: span}
        kept = (others[name] for name in LetterDate if name in others)
        dates = tuple(given for given in kept if given != DateFilter(given.date))
        return replace(self, dates=dates, page=1)

    def span(self, date: LetterDate) -> DateFilter:
        """What the search asks of the date; an open span where it asks nothing."""
        return next((given for given in self.dates if given.date is date), DateFilter(date))

    def toggling(self, facet: str, value: str) -> Self:
        """With the value added, or removed where it is chosen.

        A parent and its child are never chosen together, since the parent already covers the child:
        the one chosen last replaces the other.
        """
        present = self.chosen(facet)
        if value in present:
            return self.choosing(facet, tuple(kept for kept in present if kept != value))
        others = tuple(
            kept for kept in present if parent_of(facet, kept) != value and parent_of(facet, value) != kept
        )
        return self.choosing(facet, (*others, value))

    def without_filters(self) -> Self:
        return replace(self, filters=(), dates=(), page=1)

    def asking(self, text: str) -> Self:
        """The first page of the same search with another question."""
        return replace(self, text=text, page=1)

    @property
    def order(self) -> Sort:
        """The order that the results come in: without a question nothing is more relevant than the rest."""
        if not self.text:
            return Sort.NEWEST if self.sort in (None, Sort.RELEVANCE) else self.sort
        return self.sort or Sort.RELEVANCE

    @property
    def is_narrowed(self) -> bool:
        chosen = any(given.values or given.unwanted for given in self.filters)
        return bool(self.text or chosen or self.dates)

    @property
    def query_string(self) -> str:
        """The parameters in canonical order, what goes without saying left out."""
        return urlencode([*self._pairs_of(self.filters), *self._pairs_behind_filters()])

    def _pairs_of(self, filters: Iterable[FacetFilter]) -> list[tuple[str, str]]:
        """The question and these filters."""
        pairs: list[tuple[str, str]] = [("q", self.text)] if self.text else []
        for given in filters:
            pairs += [(given.facet, value) for value in given.values]
            pairs += [(given.facet, f"{EXCLUDED}{value}") for value in given.unwanted]
        return pairs

    def _pairs_behind_filters(self) -> list[tuple[str, str]]:
        pairs = [(EVERY, given.facet) for given in self.filters if given.every]
        if self.goes_by_request_levels:
            pairs.append((LEVELS_FROM, REQUEST))
        for span in self.dates:
            pairs += [(date_parameter(span.date, end), day) for end, day in ends_of(span) if day]
        if self.text and self.summaries:
            pairs.append((INCLUDE, SUMMARY))
        if self.text and self.exact:
            pairs.append((EXACT, "1"))
        if self.order is not (Sort.RELEVANCE if self.text else Sort.NEWEST):
            pairs.append(("sort", self.order.value))
        if self.text and not self.expand:
            pairs.append(("expand", "off"))
        if self.by_letter:
            pairs.append(("group", "letter"))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return pairs

    @property
    def url(self) -> str:
        """Where nothing is asked and chosen, of all items: without parameters it would be the first page."""
        query = self.query_string
        start, all_items = _search_pages(get_script_prefix())
        return f"{start}?{query}" if query else all_items

    def toggling_urls(self, facet: str) -> Callable[[str], str]:
        """Gives the address of `toggling` for any value of the facet. A page of results links to hundreds."""
        if any(given.facet == facet for given in self.filters):
            return lambda value: self.toggling(facet, value).url
        place = EVERY_FACET.index(facet)
        before: list[FacetFilter] = []
        behind: list[FacetFilter] = []
        for given in self.filters:
            (before if EVERY_FACET.index(given.facet) < place else behind).append(given)
        first_page = replace(self, page=1)
        start, _ = _search_pages(get_script_prefix())
        opening = urlencode([*first_page._pairs_of(before), (facet, "")])
        rest = [*replace(first_page, text="")._pairs_of(behind), *first_page._pairs_behind_filters()]
        ending = f"&{urlencode(rest)}" if rest else ""
        return lambda value: f"{start}?{opening}{_quoted(value)}{ending}"

    def url_at(self, view: str, *args: str) -> str:
        """The same search at another view of the site; order and page of a result list left out."""
        return self.urls_at(view)(*args)

    def urls_at(self, view: str, sort: Sort | None = None) -> Callable[..., str]:
        """Gives the address of `url_at` for any arguments of the view, in that order if it has one."""
        query = replace(self, sort=sort, page=1).query_string
        ending, prefix = f"?{query}" if query else "", get_script_prefix()
        return lambda *args: f"{_view(prefix, view, args)}{ending}"


def url_of_value(facet: str, value: str) -> str:
    """The address of all items that have this value of a facet."""
    return _url_of_value(get_script_prefix(), facet, value)


@lru_cache(maxsize=8192)
def _url_of_value(script_prefix: str, facet: str, value: str) -> str:
    return SearchAddress().choosing(facet, (value,)).url


def date_parameter(date: LetterDate, end: str) -> str:
    """`decided_from`, `decided_to`: the parameters of a letter's date."""
    return f"{date.value}_{end}"


def ends_of(span: DateFilter) -> tuple[tuple[str, str], tuple[str, str]]:
    """Both ends of a span as an address writes them, yyyy-mm-dd; an open end is empty."""
    whole = DateFilter(span.date)
    first = "" if span.first == whole.first else iso_day(span.first)
    last = "" if span.last == whole.last else iso_day(span.last)
    return (FROM, first), (TO, last)


@lru_cache(maxsize=256)
def _view(script_prefix: str, view: str, args: tuple[str, ...]) -> str:
    return reverse(f"determinations:{view}", args=args)


_quoted = lru_cache(maxsize=8192)(quote_plus)


@lru_cache
def _search_pages(script_prefix: str) -> tuple[str, str]:
    """Remembered, because a page of results links to hundreds of searches."""
    return reverse("determinations:search"), reverse("determinations:all_items")
