"""The search engine of the site: Whoosh's queries and index, run on columns.

`executor` finds, `filters` narrows and counts, `scoring` and `ranking` put in order. What the tests' oracle
has in common with it is in `IndexedEngine`: the index, highlights, corrections.
"""

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from pyroaring import BitMap

from determinations.search import analysis
from determinations.search.columnar import writing
from determinations.search.columnar.array_file import Array, runs
from determinations.search.columnar.bitmaps import to_array
from determinations.search.columnar.cache import Cache
from determinations.search.columnar.executor import documents_of
from determinations.search.columnar.filters import Filters
from determinations.search.columnar.index_directory import IndexDirectory, Pointer
from determinations.search.columnar.queries import searched_fields, whoosh_query
from determinations.search.columnar.ranking import Order, following
from determinations.search.columnar.similar import closest
from determinations.search.columnar.snapshot import OpenSegment, Snapshot
from determinations.search.columnar.word_counts import pair_totals, word_totals
from determinations.search.facet_counts import outside_of_splits, summed
from determinations.search.highlighting.passages import best_passages, highlighter, whole
from determinations.search.interface import (
    FEW,
    EngineStatus,
    FacetCount,
    FacetFilter,
    Hit,
    IndexDocument,
    Likeness,
    Passage,
    Progress,
    QuerySyntaxError,
    SearchRequest,
    SearchResults,
    Split,
)
from determinations.search.query.nodes import SEARCHED_FIELDS, Node
from determinations.search.term_counts import PairCounts, WordCounts
from determinations.search.vocabulary import Vocabulary, completions, correction, spelling


class IndexedEngine(ABC):
    """The index in `path`.

    `lock_timeout`: how many seconds a change waits for another writer. `processes`: how many build a
    large index; None is one for each processor.
    """

    def __init__(self, path: Path | str, lock_timeout: float = 10.0, processes: int | None = None) -> None:
        self._directory = IndexDirectory(Path(path), lock_timeout)
        self._processes = processes or os.cpu_count() or 1

    @abstractmethod
    def _vocabulary(self) -> AbstractContextManager[Vocabulary]: ...

    @property
    def location(self) -> str:
        return str(self._directory.path)

    @property
    def is_shared(self) -> bool:
        return False

    def update(
        self,
        documents: Iterable[IndexDocument],
        delete: Iterable[int] = (),
        log_position: str | None = None,
    ) -> None:
        writing.update(self._directory, documents, delete, log_position)

    def replace_all(
        self, documents: Iterable[IndexDocument], progress: Progress | None = None, log_position: str = ""
    ) -> None:
        writing.replace_all(self._directory, documents, progress, self._processes, log_position)

    def log_position(self) -> str:
        return self._directory.pointer().log_position

    def forget_deleted(self) -> None:
        writing.forget_deleted(self._directory)

    def needs_merging(self) -> bool:
        return writing.needs_merging(self._directory)

    def merge(self) -> bool:
        return writing.merge_beside(self._directory)

    def verify(self) -> None:
        self._directory.verify()

    @abstractmethod
    def search(self, request: SearchRequest) -> SearchResults: ...

    def all_pages(self, request: SearchRequest, length: int) -> Iterator[SearchResults]:
        request = replace(request, offset=0, limit=length)
        while True:
            results = self.search(request)
            yield results
            if len(results.hits) < length:
                return
            request = replace(request, offset=request.offset + length, count=(), count_summaries_below=0)

    def highlight(self, query: Node | None, field: str, text: str, passages: int) -> tuple[Passage, ...]:
        return best_passages(highlighter(query, field), text, passages)

    def highlight_whole(self, query: Node | None, field: str, text: str) -> Passage:
        return whole(highlighter(query, field), text)

    def suggest_word(self, word: str, field: str | None = None) -> str | None:
        with self._vocabulary() as vocabulary:
            return correction(vocabulary, word, field)

    def terms(self, text: str) -> tuple[str, ...]:
        return tuple(analysis.terms(text))

    def spellings(self, terms: Iterable[str], field: str) -> Mapping[str, str]:
        with self._vocabulary() as vocabulary:
            return {term: spelling(vocabulary, term, field) for term in terms}

    def words_with_prefix(self, prefix: str, limit: int) -> tuple[str, ...]:
        with self._vocabulary() as vocabulary:
            return completions(vocabulary, prefix, limit)


_CACHE_BYTES = 96 << 20


class ColumnarEngine(IndexedEngine):
    """A SearchEngine: see `interface.SearchEngine` for what each method promises. Threads may share one."""

    def __init__(
        self,
        path: Path | str,
        lock_timeout: float = 10.0,
        processes: int | None = None,
        cache_bytes: int = _CACHE_BYTES,
    ) -> None:
        super().__init__(path, lock_timeout, processes)
        self._cache_bytes = cache_bytes
        self._opening = threading.Lock()
        self._snapshot: Snapshot | None = None

    def search(self, request: SearchRequest) -> SearchResults:
        return self._search(request, self._current())

    def all_pages(self, request: SearchRequest, length: int) -> Iterator[SearchResults]:
        """Of one commit, all of it put in order once: a page would take as long as all hits before it."""
        snapshot = self._current()
        first = self._search(replace(request, offset=0, limit=length), snapshot)
        if first.following:
            yield from super().all_pages(request, length)
            return
        yield first
        if len(first.hits) == length:
            found = to_array(_found(request, snapshot))
            for hits in Order(request, snapshot).hits_from(found, length, length):
                yield SearchResults(first.total, hits)

    def _search(self, request: SearchRequest, snapshot: Snapshot) -> SearchResults:
        filters = Filters(request.filters, request.dates, snapshot)
        found = _documents(request, snapshot)
        narrowed = filters.of(found)
        order = Order(request, snapshot)
        hits = order.hits(to_array(narrowed), request.offset, request.limit)
        behind = BitMap()
        if request.most_of is not None and len(narrowed) < FEW:
            enough = following(request, request.most_of, snapshot)
            behind = filters.of(enough.documents - found)
            start = max(0, request.offset - len(narrowed))
            wide = Order(request, snapshot, SEARCHED_FIELDS)
            hits += wide.following(enough, to_array(behind), start, request.limit - len(hits))
        splits = tuple(_split(filters.replaced(one), found, request.split_count) for one in request.split)
        return SearchResults(
            total=len(narrowed),
            hits=hits,
            counts=_counts(request, filters, found, narrowed, splits),
            following=len(behind),
            in_summaries=self._in_summaries(request, filters, narrowed, snapshot),
            splits=splits,
        )

    def _in_summaries(
        self, request: SearchRequest, filters: Filters, narrowed: BitMap, snapshot: Snapshot
    ) -> int | None:
        """How many more items there would be if summaries were searched as well; None if not to be counted.

        Nor is it counted where that cannot be searched: the search itself must not be refused for it.
        """
        is_asked = len(narrowed) < request.count_summaries_below
        if not is_asked or request.summaries or request.query is None:
            return None
        try:
            wider = filters.of(_documents(replace(request, summaries=True), snapshot))
        except QuerySyntaxError:
            return None
        return len(wider - narrowed)

    def more_like(
        self, likeness: Likeness, filters: tuple[FacetFilter, ...], exclude: Iterable[int], limit: int
    ) -> tuple[Hit, ...]:
        snapshot = self._current()
        narrowed = Filters(filters, (), snapshot)
        return closest(snapshot, likeness, narrowed, exclude, limit)

    def word_counts(self, requests: Sequence[SearchRequest]) -> WordCounts:
        snapshot = self._current()
        return word_totals(snapshot, [_found(request, snapshot) for request in requests])

    def pair_counts(
        self, requests: Sequence[SearchRequest], among: Collection[str], fewest: int = 1
    ) -> PairCounts:
        snapshot = self._current()
        return pair_totals(snapshot, [_found(request, snapshot) for request in requests], among, fewest)

    def fingerprints(self) -> Iterable[tuple[int, int]]:
        snapshot = self._current()
        ids = to_array(snapshot.live)
        ids = ids[np.argsort(snapshot.keys[ids])]
        return _entries(ids, snapshot.keys, snapshot.fingerprints)

    def status(self) -> EngineStatus:
        snapshot = self._current()
        pointer = self._directory.pointer()
        return EngineStatus(
            len(snapshot.live), snapshot.generation, pointer.schema_version, "columnar", snapshot.commit
        )

    @contextmanager
    def _vocabulary(self) -> Iterator[Vocabulary]:
        yield self._current()

    def _current(self) -> Snapshot:
        """The snapshot of the commit that serves now. Raises SearchUnavailableError."""
        pointer = self._directory.pointer()
        snapshot = self._snapshot
        if snapshot is None or snapshot.commit != pointer.commit or snapshot.is_damaged:
            with self._opening:
                before = self._snapshot
                snapshot = self._directory.opened(self._opened)
                self._snapshot = snapshot
                if before is not None and before is not snapshot:
                    before.close()
        return snapshot

    def _opened(self, pointer: Pointer) -> Snapshot:
        before = self._snapshot
        if before is not None and before.commit == pointer.commit and not before.is_damaged:
            return before
        known = before.open_segments if before else {}
        parts = [
            (
                segment,
                known.get((segment.id, segment.digest))
                or OpenSegment(self._directory.columns(pointer, segment)),
            )
            for segment in self._directory.commit(pointer).segments
        ]
        return Snapshot(pointer.commit, pointer.generation, parts, Cache(self._cache_bytes))


def _entries(ids: Array, *columns: Array) -> Iterator[tuple[int, int]]:
    """What two columns have for each of the documents."""
    for run in runs(len(ids)):
        yield from zip(*(column[ids[run]].tolist() for column in columns), strict=True)


def _split(filters: Filters, found: BitMap, facets: Iterable[str]) -> Split:
    narrowed = filters.of(found)
    return Split(len(narrowed), {facet: filters.counts(facet, found, narrowed) for facet in facets})


def _counts(
    request: SearchRequest, filters: Filters, found: BitMap, narrowed: BitMap, splits: Sequence[Split]
) -> Mapping[str, tuple[FacetCount, ...]]:
    outside = outside_of_splits(request)
    known = set() if outside is None else set(request.split_count)
    counts = {facet: filters.counts(facet, found, narrowed) for facet in request.count if facet not in known}
    if outside is not None:
        rest = _split(filters.replaced(outside), found, known.intersection(request.count))
        counts |= {
            facet: summed(few, *(one.counts[facet] for one in splits)) for facet, few in rest.counts.items()
        }
    return counts


def _found(request: SearchRequest, snapshot: Snapshot) -> BitMap:
    """All documents that a request finds, its page and order aside."""
    return Filters(request.filters, request.dates, snapshot).of(_documents(request, snapshot))


def _documents(request: SearchRequest, snapshot: Snapshot) -> BitMap:
    """What the question finds before any filter, without deleted documents."""
    if request.query is None:
        return snapshot.live
    question = whoosh_query(request.query, searched_fields(request))
    found = documents_of(question, snapshot)
    return found - snapshot.deleted if snapshot.deleted else found
