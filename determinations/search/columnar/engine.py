"""More like this: the words that make a text what it is, as one question.

What both engines share: the index they write, its status, highlights, corrections, similar items.

The search engine of the site: Whoosh's queries and index, run on columns. See `executor`.
"""

import math
import os
import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from pathlib import Path

import numpy as np
from pyroaring import BitMap
from whoosh import query

from determinations.search.columnar import analysis, writing
from determinations.search.columnar.analysis import terms
from determinations.search.columnar.array_file import Array
from determinations.search.columnar.bitmaps import numbers
from determinations.search.columnar.executor import FilteredDocuments, page, run
from determinations.search.columnar.index_directory import IndexDirectory, Pointer
from determinations.search.columnar.matches import Matches
from determinations.search.columnar.queries import whoosh_query
from determinations.search.columnar.snapshot import Cache, OpenSegment, Snapshot
from determinations.search.columnar.suggest import Vocabulary, completions, correction, spelling
from determinations.search.columnar.word_counts import pair_totals, term_totals
from determinations.search.highlighting.matches import Highlighter
from determinations.search.highlighting.passages import best_passages, whole
from determinations.search.interface import (
    EngineStatus,
    FacetFilter,
    Hit,
    IndexDocument,
    Passage,
    Progress,
    SearchRequest,
    SearchResults,
    Sort,
)
from determinations.search.query.nodes import Node

_KEY_TERMS = 25
_COMMONEST, _ALWAYS_TELLING = 0.5, 10
"""A term that more than this share of the documents holds says nothing, unless it is in a handful."""


def similar_query(texts: Mapping[str, str], vocabulary: Vocabulary) -> query.Query | None:
    """Documents that hold the key terms of `texts` (by field name); None where there are none.

    Key terms have the highest tf-idf and stand in at least one other document; each counts by how
    often the text repeats it, beside the rarity that the score itself counts.
    """
    documents = vocabulary.document_count
    weighed: list[tuple[float, str, str, float]] = []
    for field, text in texts.items():
        for term, times in Counter(terms(text)).items():
            frequency = vocabulary.frequency(field, term)
            if 2 <= frequency <= max(_ALWAYS_TELLING, documents * _COMMONEST):
                emphasis = 1 + math.log(times)
                weighed.append((-emphasis * math.log(documents / frequency + 1), field, term, emphasis))
    parts = [
        query.Term(field, term, boost=emphasis) for _, field, term, emphasis in sorted(weighed)[:_KEY_TERMS]
    ]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else query.Or(parts)


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

    @abstractmethod
    def _best(
        self, question: query.Query, filters: tuple[FacetFilter, ...], exclude: set[int], limit: int
    ) -> tuple[Hit, ...]:
        """The `limit` best hits of `question` whose key is not in `exclude`."""

    def update(self, documents: Iterable[IndexDocument], delete: Iterable[int] = ()) -> None:
        writing.update(self._directory, documents, delete)

    def replace_all(self, documents: Iterable[IndexDocument], progress: Progress | None = None) -> None:
        writing.replace_all(self._directory, documents, progress, self._processes)

    def highlight(self, query: Node | None, field: str, text: str, passages: int) -> tuple[Passage, ...]:
        return best_passages(_highlighter(query, field), text, passages)

    def highlight_whole(self, query: Node | None, field: str, text: str) -> Passage:
        return whole(_highlighter(query, field), text)

    def more_like(
        self, texts: Mapping[str, str], filters: tuple[FacetFilter, ...], exclude: Iterable[int], limit: int
    ) -> tuple[Hit, ...]:
        with self._vocabulary() as vocabulary:
            question = similar_query(texts, vocabulary)
        return () if question is None else self._best(question, filters, set(exclude), limit)

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


@lru_cache(maxsize=64)
def _highlighter(query: Node | None, field: str) -> Highlighter:
    return Highlighter(query, field, analysis)


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
