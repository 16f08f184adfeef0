"""What both engines share: the index they write, its status, highlights, corrections, similar items."""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path

from whoosh import query

from determinations.search import highlights
from determinations.search.interface import FacetFilter, Hit, IndexDocument, Passage, Progress
from determinations.search.lighting import Lighting
from determinations.search.query_tree import Node
from determinations.search.whoosh_engine import analysis, writing
from determinations.search.whoosh_engine.index_directory import IndexDirectory
from determinations.search.whoosh_engine.similar import similar_query
from determinations.search.whoosh_engine.spelling import (
    Vocabulary,
    completions,
    correction,
    spelling,
)


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
        return highlights.best_passages(_lighting(query, field), text, passages)

    def highlight_whole(self, query: Node | None, field: str, text: str) -> Passage:
        return highlights.whole(_lighting(query, field), text)

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
def _lighting(query: Node | None, field: str) -> Lighting:
    return Lighting(query, field, analysis)
