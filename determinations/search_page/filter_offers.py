"""The filters that a question names in plain words, offered in one line and never applied unasked.

"overturned acupuncture since 2019" offers "Overturned (44)" and "2019 and later (212)". Only what leaves
some of the items and not all of them is offered. Knows the vocabulary; the engine counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from determinations.letters.facts.body_parts import body_parts_in
from determinations.letters.facts.guideline_agreement import NOT_CITED, OTHER_EVIDENCE
from determinations.letters.facts.guidelines import citations_in
from determinations.letters.facts.spine import laterality_in, levels_in
from determinations.letters.vocabulary.names import chapter_slug, specialties
from determinations.search import facets
from determinations.search.interface import (
    DateFilter,
    LetterDate,
    SearchEngine,
    SearchRequest,
    SearchResults,
)
from determinations.search_page.address import SearchAddress
from determinations.search_page.facet_panel import full_label
from determinations.search_page.plain_question import PlainQuestion

MOST_OFFERED = 6
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
class _Named:
    """A filter that the words name: a value of a facet, or a span of dates."""

    label: str
    address: SearchAddress
    facet: str = ""
    value: str = ""


def filter_offers(
    address: SearchAddress,
    plain: PlainQuestion | None,
    request: SearchRequest,
    results: SearchResults,
    engine: SearchEngine,
) -> tuple[FilterOffer, ...]:
    """`request` is the search of the page, every facet counted, and `results` what it found.

    A value is counted by its facet; a span of dates, and what is to follow where nothing is found, take a
    search each. A decision by itself is offered in place of the question.
    """
    if plain is None:
        return ()
    if plain.most_of is None:
        return tuple(_decisions_alone(address, plain, engine))
    held = results.total + results.following
    offers = []
    for named in _named(address, plain):
        is_counted = named.facet and results.total and not address.chosen(named.facet)
        if is_counted:
            counts = {one.value: one.count for one in results.counts.get(named.facet, ())}
            total = counts.get(named.value, 0)
        else:
            total = _total(named.address, request, results, engine)
        if 0 < total < held:
            offers.append(FilterOffer(named.label, named.address, total))
    return tuple(offers[:MOST_OFFERED])


def _decisions_alone(
    address: SearchAddress, plain: PlainQuestion, engine: SearchEngine
) -> Iterator[FilterOffer]:
    """ "upheld" by itself: every item of that decision."""
    for decision in plain.decisions:
        changed = address.asking("").choosing(facets.DECISION.name, (decision.value,))
        total = engine.search(SearchRequest(filters=changed.filters, dates=changed.dates, limit=0)).total
        if total:
            yield FilterOffer(full_label(facets.DECISION.name, decision.value), changed, total)


def _total(
    changed: SearchAddress, request: SearchRequest, results: SearchResults, engine: SearchEngine
) -> int:
    narrowed = replace(
        request,
        filters=changed.filters,
        dates=changed.dates,
        offset=0,
        limit=0,
        count=(),
        count_summaries=False,
        most_of=None if results.total else request.most_of,
    )
    found = engine.search(narrowed)
    return found.total + found.following


def _named(address: SearchAddress, plain: PlainQuestion) -> Iterator[_Named]:
    """Every filter that the words name and that is not chosen yet."""
    for decision in plain.decisions:
        yield from _with_value(address, facets.DECISION.name, decision.value)
    yield from _spans(address)
    for value in plain.about:
        yield from _with_value(address, value.facet, value.value)
    words = plain.words
    levels = levels_in(words)
    for level in levels:
        yield from _with_value(address, facets.LEVEL.name, level)
    for part in body_parts_in(words, levels):
        yield from _with_value(address, facets.BODY_PART.name, part)
    if side := laterality_in(words):
        yield from _with_value(address, facets.SIDE.name, side.value)
    lowered = f" {' '.join(words.casefold().split())} "
    for specialty in specialties():
        if any(f" {name.casefold()} " in lowered for name in (specialty.name, *specialty.spellings)):
            yield from _with_value(address, facets.SPECIALTY.name, specialty.slug)
    for citation in citations_in(words):
        if citation.source in (NOT_CITED, OTHER_EVIDENCE):
            continue  # any text that names no known guideline is "other"
        chapter = f".{chapter_slug(citation.chapter)}" if citation.chapter else ""
        yield from _with_value(address, facets.GUIDELINE.name, f"{citation.source}{chapter}")


def _with_value(address: SearchAddress, facet: str, value: str) -> Iterator[_Named]:
    given = address.of(facet)
    if value not in given.values and value not in given.unwanted:
        label = f"{facets.FACETS_BY_NAME[facet].label}: {full_label(facet, value)}"
        if facet == facets.DECISION.name:
            label = full_label(facet, value)
        yield _Named(label, address.choosing(facet, (*given.values, value)), facet, value)


def _spans(address: SearchAddress) -> Iterator[_Named]:
    text = address.text.casefold()
    for pattern, after, before in _SPANS:
        if named := pattern.search(text):
            years = named.groupdict()
            first = int(years["first"]) + after if "first" in years else None
            last = int(years["last"]) + before if "last" in years else None
            span = DateFilter(LetterDate.DECIDED, first * 10_000 + 101 if first else 0, _end_of(last))
            if span not in address.dates and (first or last):
                yield _Named(_span_label(first, last), address.dated(span))
            return
    for named in _ONE_YEAR.finditer(text):
        year = named["year"]
        if year not in address.chosen(facets.YEAR.name):
            yield _Named(year, address.choosing(facets.YEAR.name, (year,)), facets.YEAR.name, year)


def _end_of(year: int | None) -> int:
    return year * 10_000 + 1231 if year else DateFilter(LetterDate.DECIDED).last


def _span_label(first: int | None, last: int | None) -> str:
    if first and last:
        return f"{first} to {last}"
    return f"{first} and later" if first else f"{last} and earlier"
