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

from determinations.search.columnar.engine import IndexedEngine
from determinations.search.columnar.executor import counted
from determinations.search.columnar.index_directory import WHOOSH_NAME, Pointer
from determinations.search.columnar.queries import filter_query, whoosh_query
from determinations.search.columnar.schema import DATE, FINGERPRINT, KEY, facet_field
from determinations.search.columnar.suggest import Vocabulary
from determinations.search.interface import (
    EngineStatus,
    FacetCount,
    FacetFilter,
    Hit,
    SearchRequest,
    SearchResults,
    Sort,
)

_LAST = 1 << 62


class WhooshEngine(IndexedEngine):
    """A SearchEngine: see `interface.SearchEngine` for what each method promises."""

    def search(self, request: SearchRequest) -> SearchResults:
        question = whoosh_query(request.query)
        with self._searcher() as searcher:
            found = _matches(searcher, question, request.filters)
            keys, dates = _column(searcher, KEY), _column(searcher, DATE)
            ordered = sorted(found, key=lambda hit: _place(request.sort, hit, keys, dates))
            page = ordered[request.offset : request.offset + request.limit]
            return SearchResults(
                total=len(found),
                hits=tuple(Hit(keys[number], score) for score, number in page),
                counts={name: _counts(searcher, question, request.filters, name) for name in request.count},
            )

    def word_counts(self, request: SearchRequest, field: str) -> Mapping[str, int]:
        totals = Counter[str]()
        for places in self._places(request, field).values():
            totals.update(places.values())
        return totals

    def pair_counts(
        self, request: SearchRequest, field: str, among: Collection[str]
    ) -> Mapping[tuple[str, str], int]:
        totals = Counter[tuple[str, str]]()
        for places in self._places(request, field).values():
            pairs = ((term, places.get(place + 1, "")) for place, term in places.items())
            totals.update(pair for pair in pairs if set(pair) <= set(among))
        return totals

    def _places(self, request: SearchRequest, field: str) -> Mapping[int, Mapping[int, str]]:
        """Document -> position -> the term that stands there, for all that the request finds."""
        places: dict[int, dict[int, str]] = {}
        with self._searcher() as searcher:
            for _, number in _matches(searcher, whoosh_query(request.query), request.filters):
                places[number] = {}
            reader = searcher.reader()
            for term in reader.lexicon(field):
                matcher = reader.postings(field, term)
                while matcher.is_active():
                    if matcher.id() in places:
                        at = dict.fromkeys(matcher.value_as("positions"), term.decode())
                        places[matcher.id()].update(at)
                    matcher.next()
        return places

    def fingerprints(self) -> Iterable[tuple[int, int]]:
        with self._searcher() as searcher:
            keys, fingerprints = _column(searcher, KEY), _column(searcher, FINGERPRINT)
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
            yield _ReaderVocabulary(searcher.reader())

    def _best(
        self, question: query.Query, filters: tuple[FacetFilter, ...], exclude: set[int], limit: int
    ) -> tuple[Hit, ...]:
        with self._searcher() as searcher:
            keys = _column(searcher, KEY)
            found = [Hit(keys[number], score) for score, number in _matches(searcher, question, filters)]
        kept = [hit for hit in found if hit.key not in exclude]
        return tuple(sorted(kept, key=lambda hit: (-hit.score, hit.key))[:limit])


class _ReaderVocabulary:
    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader
        self._leaves = [leaf for leaf, _ in reader.leaf_readers()]

    @property
    def document_count(self) -> int:
        return int(self._reader.doc_count_all())

    def frequency(self, field: str, term: str) -> int:
        return int(self._reader.doc_frequency(field, term))

    def within(self, field: str, word: str, distance: int, prefix: int) -> Iterable[str]:
        return {
            term for leaf in self._leaves for term in leaf.terms_within(field, word, distance, prefix=prefix)
        }

    def beginning(self, field: str, prefix: str) -> Iterable[str]:
        return {term.decode() for leaf in self._leaves for term in leaf.expand_prefix(field, prefix)}


def _matches(
    searcher: Searcher, question: query.Query, filters: tuple[FacetFilter, ...]
) -> list[tuple[float, int]]:
    """(score, document number) of every match."""
    results = searcher.search(question, limit=None, filter=filter_query(filters))
    return [(float(score), int(number)) for score, number in results.top_n]


def _counts(
    searcher: Searcher, question: query.Query, filters: tuple[FacetFilter, ...], facet: str
) -> tuple[FacetCount, ...]:
    others = filter_query(one for one in filters if one.facet != facet)
    grouped = sorting.FieldFacet(facet_field(facet), allow_overlap=True, maptype=sorting.Count)
    results = searcher.search(question, limit=None, filter=others, groupedby={facet: grouped})
    groups = results.groups(facet).items()
    return counted((value, count) for value, count in groups if value is not None)


def _column(searcher: Searcher, name: str) -> list[int]:
    """The values of a column by document number, over all segments."""
    leaves = searcher.reader().leaf_readers()
    return [int(value) for leaf, _ in leaves if leaf.doc_count_all() for value in leaf.column_reader(name)]


def _place(
    sort: Sort, hit: tuple[float, int], keys: Sequence[int], dates: Sequence[int]
) -> tuple[float, int]:
    score, number = hit
    date = dates[number]
    if sort is Sort.NEWEST:
        return (-date, keys[number])
    if sort is Sort.OLDEST:
        return (date or _LAST, keys[number])
    return (-score, keys[number])
