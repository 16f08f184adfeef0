"""The search engine run by Whoosh's own searcher and `groupedby`: correct rather than fast.

It reads the same index as the columnar engine and is what that one is measured against. Every
question opens the index anew, so nothing is shared between threads.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from whoosh import query, sorting
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.reading import IndexReader
from whoosh.searching import Searcher

from determinations.search.analysis import is_mark
from determinations.search.columnar.columns import FORWARD_FIELD, SegmentColumns
from determinations.search.columnar.engine import IndexedEngine
from determinations.search.columnar.index_directory import WHOOSH_NAME, Pointer
from determinations.search.columnar.queries import Excluding, searched_fields, whoosh_query
from determinations.search.facet_counts import counted
from determinations.search.index_fields import (
    CASE_ORDER,
    DATE,
    FINGERPRINT,
    KEY,
    LEVEL_ORDER,
    WORDS_FIELDS,
    date_field,
    facet_field,
)
from determinations.search.interface import (
    FEW,
    EngineStatus,
    FacetCount,
    FacetFilter,
    Hit,
    Likeness,
    MostOf,
    SearchRequest,
    SearchResults,
    Sort,
    Split,
)
from determinations.search.query.nodes import SEARCHED_FIELDS
from determinations.search.relevance import WEIGHTS
from determinations.search.term_counts import PairCounts, WordCounts
from determinations.search.vocabulary import Vocabulary, key_terms
from tests.oracle.reference_scores import ReferenceScores

_LAST = 1 << 62


class WhooshEngine(IndexedEngine):
    """A SearchEngine: see `interface.SearchEngine` for what each method promises."""

    def search(self, request: SearchRequest) -> SearchResults:
        fields = searched_fields(request)
        question = whoosh_query(request.query, fields)
        with self._searcher() as searcher:
            columns = _Columns(searcher)
            found = [
                one for one in _matches(searcher, question, request.filters) if columns.dated(one, request)
            ]
            ranked = _Ranked(searcher, columns, request, fields)
            hits = [Hit(columns.keys[one], score) for one, score in ranked.ordered(found)]
            following: list[Hit] = []
            if request.most_of is not None and len(found) < FEW:
                wide = _Ranked(searcher, columns, request, SEARCHED_FIELDS)
                unfiltered = set(_matches(searcher, question, ()))
                following = _following(wide, request, request.most_of, unfiltered)
            more = None
            is_asked = len(found) < request.count_summaries_below
            if is_asked and request.query is not None and not request.summaries:
                every = whoosh_query(request.query, SEARCHED_FIELDS)
                wider = _matches(searcher, every, request.filters)
                more = sum(columns.dated(one, request) for one in set(wider) - set(found))
            return SearchResults(
                total=len(found),
                hits=tuple((hits + following)[request.offset : request.offset + request.limit]),
                counts={name: _counts(searcher, columns, question, request, name) for name in request.count},
                following=len(following),
                in_summaries=more,
                splits=tuple(self._split(request, one) for one in request.split),
            )

    def _split(self, request: SearchRequest, one: FacetFilter) -> Split:
        others = tuple(other for other in request.filters if other.facet != one.facet)
        asked = SearchRequest(
            query=request.query,
            filters=(*others, one),
            dates=request.dates,
            count=request.split_count,
            summaries=request.summaries,
        )
        results = self.search(asked)
        return Split(results.total, results.counts)

    def more_like(
        self, likeness: Likeness, filters: tuple[FacetFilter, ...], exclude: Iterable[int], limit: int
    ) -> tuple[Hit, ...]:
        with self._vocabulary() as vocabulary, self._searcher() as searcher:
            scores = ReferenceScores(searcher)
            keys = _Columns(searcher).keys
            terms_of = {field: key_terms(text, field, vocabulary) for field, text in likeness.texts.items()}
            sharing = [(scores.matching(_any_value(one)), weight) for one, weight in likeness.shared]
            saying = [
                scores.matching(query.Term(field, term))
                for field, terms in terms_of.items()
                for term in terms
            ]
            let_through = set(_matches(searcher, query.Every(), filters))
            alike = set().union(*(held for held, _ in sharing), *saying) & let_through
            candidates = [one for one in alike if keys[one] not in set(exclude)]
            said = {
                field: {
                    one: sum(
                        scores.of(query.Term(field, term), one) * emphasis for term, emphasis in terms.items()
                    )
                    for one in candidates
                }
                for field, terms in terms_of.items()
            }
            most = {field: max(found.values(), default=0) or 1 for field, found in said.items()}
            hits = [
                Hit(
                    keys[one],
                    sum(weight for held, weight in sharing if one in held)
                    + sum(found[one] / most[field] / len(said) for field, found in said.items()),
                )
                for one in candidates
            ]
            return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.key))[:limit])

    def word_counts(self, requests: Sequence[SearchRequest]) -> WordCounts:
        totals = [Counter[str]() for _ in requests]
        for total, request in zip(totals, requests, strict=True):
            for places in self._places(request).values():
                total.update(places.values())
        return WordCounts.of(
            {term: tuple(total[term] for total in totals) for term in set().union(*totals)},
            len(totals),
        )

    def pair_counts(
        self, requests: Sequence[SearchRequest], among: Collection[str], fewest: int = 1
    ) -> PairCounts:
        totals = [Counter[tuple[str, str]]() for _ in requests]
        for total, request in zip(totals, requests, strict=True):
            for places in self._places(request, among).values():
                pairs = ((term, places.get(place + 1, "")) for place, term in places.items())
                total.update(pair for pair in pairs if set(pair) <= set(among))
        counts = {pair: tuple(total[pair] for total in totals) for pair in set().union(*totals)}
        return PairCounts.of(
            {pair: count for pair, count in counts.items() if sum(count) >= fewest}, len(totals)
        )

    def _places(
        self, request: SearchRequest, among: Collection[str] | None = None
    ) -> Mapping[int, Mapping[int, str]]:
        """Document -> position -> the term that stands there, for all that the request finds."""
        places: dict[int, dict[int, str]] = {}
        with self._searcher() as searcher:
            question = whoosh_query(request.query, searched_fields(request))
            for number in _matches(searcher, question, request.filters):
                places[number] = {}
            reader = searcher.reader()
            for term in reader.lexicon(FORWARD_FIELD):
                if is_mark(term.decode()) or (among is not None and term.decode() not in among):
                    continue
                matcher = reader.postings(FORWARD_FIELD, term)
                while matcher.is_active():
                    if matcher.id() in places:
                        at = dict.fromkeys(matcher.value_as("positions"), term.decode())
                        places[matcher.id()].update(at)
                    matcher.next()
        return places

    def fingerprints(self) -> Iterable[tuple[int, int]]:
        with self._searcher() as searcher:
            columns = _Columns(searcher)
            keys, fingerprints = columns.keys, columns.column(FINGERPRINT)
            numbers = searcher.reader().all_doc_ids()
            return sorted((keys[number], fingerprints[number]) for number in numbers)

    def status(self) -> EngineStatus:
        pointer = self._directory.pointer()
        with self._searcher() as searcher:
            return EngineStatus(
                searcher.doc_count(), pointer.generation, pointer.schema_version, "whoosh", pointer.commit
            )

    @contextmanager
    def _searcher(self) -> Iterator[Searcher]:
        with self._directory.opened(self._open) as searcher:
            yield searcher

    def _open(self, pointer: Pointer) -> Searcher:
        self._directory.commit(pointer)  # raises where the files are gone, which Whoosh says otherwise
        index = FileIndex(FileStorage(str(self._directory.path / pointer.directory)), indexname=WHOOSH_NAME)
        assert index.latest_generation() == pointer.generation
        return index.searcher()

    @contextmanager
    def _vocabulary(self) -> Iterator[Vocabulary]:
        with self._searcher() as searcher:
            yield _ReaderVocabulary(searcher.reader(), self._directory.opened(self._columns_of))

    def _columns_of(self, pointer: Pointer) -> list[SegmentColumns]:
        return [self._directory.columns(pointer, one) for one in self._directory.commit(pointer).segments]


class _ReaderVocabulary:
    """`segments` say about how many documents have a word as it is written; Whoosh counts each."""

    def __init__(self, reader: IndexReader, segments: list[SegmentColumns]) -> None:
        self._reader = reader
        self._segments = segments
        self._leaves = [leaf for leaf, _ in reader.leaf_readers()]

    @property
    def document_count(self) -> int:
        return int(self._reader.doc_count_all())

    def frequency(self, field: str, term: str) -> int:
        if field not in WORDS_FIELDS:
            return int(self._reader.doc_frequency(field, term))
        columns = [segment.field(field) for segment in self._segments]
        numbers = [one.find(term.encode()) for one in columns]
        return sum(
            one.document_frequency(number)
            for one, number in zip(columns, numbers, strict=True)
            if number is not None
        )

    def within(self, field: str, word: str, distance: int, prefix: int) -> Iterable[str]:
        return {
            term for leaf in self._leaves for term in leaf.terms_within(field, word, distance, prefix=prefix)
        }

    def with_prefix(self, field: str, prefix: str) -> Mapping[str, int]:
        terms = {term.decode() for leaf in self._leaves for term in leaf.expand_prefix(field, prefix)}
        return {term: self.frequency(field, term) for term in terms}


class _Columns:
    """The plain columns by document number, over all segments."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self.keys = self.column(KEY)

    def column(self, name: str) -> list[int]:
        leaves = self._searcher.reader().leaf_readers()
        return [
            int(value) for leaf, _ in leaves if leaf.doc_count_all() for value in leaf.column_reader(name)
        ]

    def dated(self, document: int, request: SearchRequest) -> bool:
        """Whether the document's dates lie in the spans asked for."""
        dates = [(self.column(date_field(one.date))[document], one) for one in request.dates]
        return all(date and one.first <= date <= one.last for date, one in dates)


class _Ranked:
    """The order of a request, and the scores of its documents."""

    def __init__(
        self, searcher: Searcher, columns: _Columns, request: SearchRequest, fields: tuple[str, ...]
    ) -> None:
        self.searcher, self.columns, self._request = searcher, columns, request
        self.scores = ReferenceScores(searcher)
        node = request.query if request.ranked_by is None else request.ranked_by
        self._question = whoosh_query(node, fields)

    def ordered(self, documents: Iterable[int]) -> list[tuple[int, float]]:
        found = [(one, self._score(one)) for one in documents]
        return sorted(found, key=lambda one: (self._place(*one), self.columns.keys[one[0]]))

    def _score(self, document: int) -> float:
        score = self.scores.of(self._question, document)
        for value in self._request.about:
            held = self.scores.matching(query.Term(facet_field(value.facet), value.value))
            if document in held:
                score += WEIGHTS.about * self.scores.rarity(len(held))
        for raised in self._request.raised:
            value = raised.value
            if document in self.scores.matching(query.Term(facet_field(value.facet), value.value)):
                score *= 1 + raised.by
        if self._request.sort is Sort.RELEVANCE:
            score += self.scores.nearness(self._question, document)
        return score

    def _place(self, document: int, score: float) -> float:
        names = {Sort.NEWEST: DATE, Sort.OLDEST: DATE, Sort.LEVEL: LEVEL_ORDER, Sort.CASE: CASE_ORDER}
        if self._request.sort is Sort.RELEVANCE:
            return -score
        entry = self.columns.column(names[self._request.sort])[document]
        return -entry if self._request.sort is Sort.NEWEST else entry or _LAST


def _following(ranked: _Ranked, request: SearchRequest, wanted: MostOf, found: set[int]) -> list[Hit]:
    """The items behind those found by all parts, before any filter."""
    scores, fields = ranked.scores, searched_fields(request)
    own = [scores.matching(whoosh_query(part, fields)) for part in wanted.parts]
    wide = [scores.matching(whoosh_query(part, SEARCHED_FIELDS)) for part in wanted.parts]
    weights = [scores.rarity(len(held)) if held else 0.0 for held in wide]
    about = set[int]()
    for value in request.about:
        about |= scores.matching(query.Term(facet_field(value.facet), value.value))
    let_through = set(_matches(ranked.searcher, query.Every(), request.filters))
    if wanted.required is not None:
        let_through &= set(_matches(ranked.searcher, whoosh_query(wanted.required, fields), ()))
    chosen = []
    for one in (set().union(*wide) & let_through) - found:
        held = sum(
            weight * (1 if one in inside else 0.5 if one in outside else 0)
            for weight, inside, outside in zip(weights, own, wide, strict=True)
        )
        enough = one in about or held >= (0.3 - 1e-5) * sum(weights)
        if enough and ranked.columns.dated(one, request):
            chosen.append(one)
    return [
        Hit(
            ranked.columns.keys[one],
            score,
            follows=True,
            lacks=tuple(place for place, held in enumerate(wide) if one not in held),
            in_summary=tuple(
                place for place, held in enumerate(wide) if one in held and one not in own[place]
            ),
        )
        for one, score in ranked.ordered(chosen)
    ]


def _filter_query(filters: Iterable[FacetFilter]) -> query.Query | None:
    """Documents that the filters let through, or None without filters."""
    chosen = [part for one in filters for part in _filter_parts(one)]
    return query.And(chosen) if chosen else None


def _filter_parts(one: FacetFilter) -> Iterator[query.Query]:
    values = [query.Term(facet_field(one.held_in), value) for value in one.values]
    if values:
        yield query.And(values) if one.every else query.Or(values)
    if one.unwanted:
        unwanted = [query.Term(facet_field(one.held_in), value) for value in one.unwanted]
        yield Excluding(query.Every(), query.Or(unwanted))


def _any_value(one: FacetFilter) -> query.Query:
    return query.Or([query.Term(facet_field(one.held_in), value) for value in one.values])


def _matches(searcher: Searcher, question: query.Query, filters: tuple[FacetFilter, ...]) -> list[int]:
    """The number of every document that matches."""
    results = searcher.search(question, limit=None, filter=_filter_query(filters))
    return [int(number) for _, number in results.top_n]


def _counts(
    searcher: Searcher, columns: _Columns, question: query.Query, request: SearchRequest, facet: str
) -> tuple[FacetCount, ...]:
    others = _filter_query(one for one in request.filters if one.facet != facet)
    column = next((one.held_in for one in request.filters if one.facet == facet), facet)
    grouped = sorting.FieldFacet(facet_field(column), allow_overlap=True, maptype=sorting.OrderedList)
    results = searcher.search(question, limit=None, filter=others, groupedby={facet: grouped})
    groups = results.groups(facet).items()
    return counted(
        (value, sum(columns.dated(number, request) for number in numbers))
        for value, numbers in groups
        if value is not None
    )
