"""The search engine of the site: Whoosh's queries and index, run on columns. See `executor`."""

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from pyroaring import BitMap
from whoosh import query

from determinations.search.interface import (
    EngineStatus,
    FacetFilter,
    Hit,
    SearchRequest,
    SearchResults,
    Sort,
)
from determinations.search.whoosh_engine.array_file import Array
from determinations.search.whoosh_engine.document_sets import numbers
from determinations.search.whoosh_engine.executor import run
from determinations.search.whoosh_engine.facet_counts import FilteredDocuments
from determinations.search.whoosh_engine.index_directory import Pointer
from determinations.search.whoosh_engine.indexed_engine import IndexedEngine
from determinations.search.whoosh_engine.matches import Matches
from determinations.search.whoosh_engine.queries import whoosh_query
from determinations.search.whoosh_engine.ranking import page
from determinations.search.whoosh_engine.snapshot import Cache, OpenSegment, Snapshot
from determinations.search.whoosh_engine.spelling import Vocabulary
from determinations.search.whoosh_engine.word_counting import pair_totals, term_totals

_CACHE_BYTES = 256 << 20


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
        self._cache = Cache(cache_bytes)
        self._opening = threading.Lock()
        self._snapshot: Snapshot | None = None

    def search(self, request: SearchRequest) -> SearchResults:
        question = whoosh_query(request.query)
        snapshot = self._current()
        matches = run(question, snapshot)
        found = FilteredDocuments(_documents(question, matches, snapshot), request.filters, snapshot)
        ids = numbers(found.all)
        hits = _hits(ids, matches, snapshot, request.sort, request.offset, request.limit)
        counts = {facet: found.counts(facet) for facet in request.count}
        return SearchResults(total=len(ids), hits=hits, counts=counts)

    def word_counts(self, request: SearchRequest, field: str) -> Mapping[str, int]:
        snapshot = self._current()
        return term_totals(snapshot, _found(request, snapshot), field)

    def pair_counts(
        self, request: SearchRequest, field: str, among: Collection[str]
    ) -> Mapping[tuple[str, str], int]:
        snapshot = self._current()
        return pair_totals(snapshot, _found(request, snapshot), field, among)

    def fingerprints(self) -> Iterable[tuple[int, int]]:
        snapshot = self._current()
        ids = numbers(snapshot.live)
        keys, fingerprints = snapshot.keys[ids], snapshot.fingerprints[ids]
        order = np.argsort(keys)
        return zip(keys[order].tolist(), fingerprints[order].tolist(), strict=True)

    def status(self) -> EngineStatus:
        snapshot = self._current()
        pointer = self._directory.pointer()
        return EngineStatus(len(snapshot.live), snapshot.generation, pointer.schema_version, "columnar")

    @contextmanager
    def _vocabulary(self) -> Iterator[Vocabulary]:
        yield self._current()

    def _best(
        self, question: query.Query, filters: tuple[FacetFilter, ...], exclude: set[int], limit: int
    ) -> tuple[Hit, ...]:
        snapshot = self._current()
        matches = run(question, snapshot)
        ids = numbers(FilteredDocuments(_documents(question, matches, snapshot), filters, snapshot).all)
        ids = ids[~np.isin(snapshot.keys[ids], list(exclude))]
        return _hits(ids, matches, snapshot, Sort.RELEVANCE, 0, limit)

    def _current(self) -> Snapshot:
        """The snapshot of the commit that serves now. Raises SearchUnavailableError."""
        pointer = self._directory.pointer()
        snapshot = self._snapshot
        if snapshot is None or snapshot.generation != pointer.generation:
            with self._opening:
                snapshot = self._directory.opened(self._opened)
                self._snapshot = snapshot
        return snapshot

    def _opened(self, pointer: Pointer) -> Snapshot:
        before = self._snapshot
        if before is not None and before.generation == pointer.generation:
            return before
        known = {segment.id: segment for segment in before.segments} if before else {}
        folder = self._directory.path / pointer.directory
        parts = []
        for description in self._directory.table_of_contents(pointer).segments:
            name = description.segment_id()
            parts.append((description, known.get(name) or OpenSegment(folder, name)))
        return Snapshot(pointer.generation, parts, self._cache)


def _found(request: SearchRequest, snapshot: Snapshot) -> BitMap:
    """All documents that a request finds, its page and order aside."""
    question = whoosh_query(request.query)
    documents = _documents(question, run(question, snapshot), snapshot)
    return FilteredDocuments(documents, request.filters, snapshot).all


def _documents(question: query.Query, matches: Matches, snapshot: Snapshot) -> BitMap:
    """The matches as a set, without deleted documents."""
    if question == query.Every():
        return snapshot.live
    found = matches.documents()
    return found - snapshot.deleted if snapshot.deleted else found


def _hits(
    ids: Array, matches: Matches, snapshot: Snapshot, sort: Sort, offset: int, limit: int
) -> tuple[Hit, ...]:
    shown = page(ids, matches.scores_of, snapshot.keys, snapshot.dates, sort, offset, limit)
    keys, scores = snapshot.keys[shown].tolist(), matches.scores_of(shown).tolist()
    return tuple(Hit(key, score) for key, score in zip(keys, scores, strict=True))
