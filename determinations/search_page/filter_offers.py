"""The filters that a question names in plain words, offered in one line and never applied unasked.

"overturned acupuncture since 2019" offers "Overturned (44)" and "2019 and later (212)". Only what leaves
some of the items and not all of them is offered. Knows the vocabulary; the engine counts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TypeAlias

from determinations.search import facets
from determinations.search.interface import (
    DateFilter,
    LetterDate,
    NamedValue,
    SearchEngine,
    SearchRequest,
    SearchResults,
)
from determinations.search_page.address import SearchAddress
from determinations.search_page.facet_panel import full_label
from determinations.search_page.named_filters import filters_named
from determinations.search_page.plain_question import PlainQuestion

MOST_OFFERED = 8
MOST_NAMED = 16
"""So many of the filters that a question names are looked at: it may name every year there is."""
SHOWN_AT_FIRST = 3
"""The others are folded away: on a phone they would push the results off the screen."""
_REVIEWERS, _CLAIMS_ADMINISTRATORS = facets.GUIDELINE.name, facets.CLAIMS_ADMINISTRATOR_GUIDELINE.name
_SAYING_WHY = (facets.REASON.name, facets.AGREEMENT.name, facets.CONTRADICTION.name)
"""Facets that a question names in words of its own, which letters need not have."""
_FIRST, _END, _YEAR = (rf"(?P<{name}>(?:19|20)\d\d)" for name in ("first", "last", "year"))
_SPANS = (
    (re.compile(rf"\b(?:between|from)\s+{_FIRST}\s+(?:and|to|until|through)\s+{_END}\b"), 0, 0),
    (re.compile(rf"\b{_FIRST}\s*(?:-|–|to|through)\s*{_END}\b"), 0, 0),
    (re.compile(rf"\b(?:since|from)\s+{_FIRST}\b"), 0, 0),
    (re.compile(rf"\bafter\s+{_FIRST}\b"), 1, 0),
    (re.compile(rf"\b(?:until|through)\s+{_END}\b"), 0, 0),
    (re.compile(rf"\bbefore\s+{_END}\b"), 0, -1),
)
"""Each with what is added to its first and its last year."""
_ONE_YEAR = re.compile(rf"(?<![\d/#.-]){_YEAR}(?![\d/.-])")


@dataclass(frozen=True, slots=True)
class FilterOffer:
    """`total` is how many items the search has with the filter."""

    label: str
    address: SearchAddress
    total: int

    @property
    def url(self) -> str:
        return self.address.url


@dataclass(frozen=True, slots=True)
class FilterOffers:
    """`each` filter by itself, all of them `together`, and `alone` without the words; None if no help.

    `instead`: each one is offered in place of the question.
    """

    each: tuple[FilterOffer, ...] = ()
    together: FilterOffer | None = None
    alone: FilterOffer | None = None
    instead: bool = False

    @property
    def first(self) -> tuple[FilterOffer, ...]:
        """What a page shows at once; folding away one alone would save nothing."""
        return self.each if len(self.each) <= SHOWN_AT_FIRST + 1 else self.each[:SHOWN_AT_FIRST]

    @property
    def more(self) -> tuple[FilterOffer, ...]:
        return self.each[len(self.first) :]


_Named: TypeAlias = NamedValue | DateFilter
"""What the words name."""


def filter_offers(
    address: SearchAddress,
    plain: PlainQuestion | None,
    request: SearchRequest,
    results: SearchResults,
    engine: SearchEngine,
) -> FilterOffers:
    """`request` is the search of the page, with some facets counted, and `results` what it found.

    A value is counted by its facet, those of facets that the page leaves out by one more search. A value of
    a chosen facet, a span of dates, what is to follow where nothing is found, all filters together and the
    filters alone take a search each.
    """
    if plain is None or address.exact:
        return FilterOffers()
    named = tuple(dict.fromkeys(_named(address, plain)))[:MOST_NAMED]
    if plain.most_of is None:
        return _instead(address, named, engine)
    held = results.total + results.following
    counts = _counts(address, named, request, results, engine)
    offered: list[_Named] = []
    each: list[FilterOffer] = []
    for one in named:
        narrowed = _narrowed(address, one)
        if isinstance(one, NamedValue) and one.facet in counts:
            total = counts[one.facet].get(one.value, 0)
        else:
            total = _total(narrowed, request, results, engine)
        if 0 < total < held and len(each) < MOST_OFFERED:
            offered.append(one)
            each.append(FilterOffer(_label(one), narrowed, total))
    together = None
    if len(offered) > 1:
        narrowed = reduce(_narrowed, offered, address)
        if total := _total(narrowed, request, results, engine):
            together = FilterOffer(_all_of(len(offered)), narrowed, total)
    return FilterOffers(tuple(each), together, _alone(address, named, results, engine))


def _counts(
    address: SearchAddress,
    named: Sequence[_Named],
    request: SearchRequest,
    results: SearchResults,
    engine: SearchEngine,
) -> dict[str, dict[str, int]]:
    """Facet -> value -> items, of the facets of which values are named and none is chosen.

    None where nothing is found: what follows is not counted by facet.
    """
    if not results.total:
        return {}
    values = [one for one in named if isinstance(one, NamedValue)]
    facets_named = {one.facet for one in values if not address.chosen(one.facet)}
    counts = dict(results.counts)
    if left_out := tuple(sorted(facets_named - counts.keys())):
        counts |= engine.search(request.counting(*left_out)).counts
    return {name: {one.value: one.count for one in counts[name]} for name in facets_named}


def _of_one_side(named: Sequence[_Named]) -> list[_Named]:
    """Of a guideline of which the question does not say who cited it, only the reviewer's."""
    values = {one.value for one in named if isinstance(one, NamedValue) and one.facet == _REVIEWERS}
    return [
        one
        for one in named
        if not (isinstance(one, NamedValue) and one.facet == _CLAIMS_ADMINISTRATORS and one.value in values)
    ]


def _alone(
    address: SearchAddress, named: Sequence[_Named], results: SearchResults, engine: SearchEngine
) -> FilterOffer | None:
    """The filters without the words, where these say why an item was decided, or find nothing.

    "The reviewer assessed the wrong level" is in no letter, and the filter has what it asks for.
    """
    says_why = any(isinstance(one, NamedValue) and one.facet in _SAYING_WHY for one in named)
    if not named or (results.total and not says_why):
        return None
    filters = _of_one_side(named)
    offer = _in_place_of_words(address, filters, engine)
    many = len(filters) > SHOWN_AT_FIRST
    return replace(offer, label=_all_of(len(filters))) if offer and many else offer


def _instead(address: SearchAddress, named: Sequence[_Named], engine: SearchEngine) -> FilterOffers:
    """ "upheld since 2019" has no word to look for: the filters, each by itself and all of them."""
    each = [_in_place_of_words(address, (one,), engine) for one in named[:MOST_OFFERED]]
    whole = _in_place_of_words(address, named, engine) if len(named) > 1 else None
    together = replace(whole, label=_all_of(len(named))) if whole else None
    return FilterOffers(tuple(offer for offer in each if offer), together, instead=True)


def _all_of(filters: int) -> str:
    return "Both filters" if filters == 2 else f"All {filters} filters"


def _in_place_of_words(
    address: SearchAddress, filters: Sequence[_Named], engine: SearchEngine
) -> FilterOffer | None:
    changed = reduce(_narrowed, filters, address.asking(""))
    total = engine.search(SearchRequest(filters=changed.filters, dates=changed.dates, limit=0)).total
    return FilterOffer(", ".join(map(_label, filters)), changed, total) if total else None


def _total(
    changed: SearchAddress, request: SearchRequest, results: SearchResults, engine: SearchEngine
) -> int:
    narrowed = replace(
        request.counting(),
        filters=changed.filters,
        dates=changed.dates,
        most_of=None if results.total else request.most_of,
    )
    found = engine.search(narrowed)
    return found.total + found.following


def _named(address: SearchAddress, plain: PlainQuestion) -> Iterator[_Named]:
    """Every filter that the words name and that is not chosen yet."""
    values = filters_named(address.text, plain.decisions, plain.about)
    decisions = [one for one in values if one.facet == facets.DECISION.name]
    others = [one for one in values if one.facet != facets.DECISION.name]
    for named in (*decisions, *_dates(address), *others):
        if isinstance(named, DateFilter) or not _is_given(address, named):
            yield named


def _is_given(address: SearchAddress, named: NamedValue) -> bool:
    given = address.of(named.facet)
    return named.value in (*given.values, *given.unwanted)


def _narrowed(address: SearchAddress, named: _Named) -> SearchAddress:
    if isinstance(named, DateFilter):
        return address.dated(named)
    return address.toggling(named.facet, named.value)


def _label(named: _Named) -> str:
    if isinstance(named, DateFilter):
        return _span_label(named)
    value = full_label(named.facet, named.value)
    if named.facet in (facets.DECISION.name, facets.YEAR.name):
        return value
    return f"{facets.FACETS_BY_NAME[named.facet].label}: {value}"


def _dates(address: SearchAddress) -> Iterator[_Named]:
    """A span of years, or else every year that stands by itself."""
    text = address.text.casefold()
    for pattern, after, before in _SPANS:
        if named := pattern.search(text):
            years = named.groupdict()
            first = int(years["first"]) + after if "first" in years else None
            last = int(years["last"]) + before if "last" in years else None
            span = DateFilter(LetterDate.DECIDED, first * 10_000 + 101 if first else 0, _end_of(last))
            if span not in address.dates and (first or last):
                yield span
            return
    for year in _ONE_YEAR.finditer(text):
        yield NamedValue(facets.YEAR.name, year["year"])


def _end_of(year: int | None) -> int:
    return year * 10_000 + 1231 if year else DateFilter(LetterDate.DECIDED).last


def _span_label(span: DateFilter) -> str:
    first, last = span.first // 10_000, span.last // 10_000
    if span.last == _end_of(None):
        return f"{first} and later"
    return f"{first} to {last}" if first else f"{last} and earlier"
