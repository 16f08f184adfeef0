"""This site's engine; texts of hits from the database, as the site does it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.corpus import Corpus, StoredTexts
from benchmarks.corpus_facets import CORPUS_FACETS as FACETS
from benchmarks.peers import Ask
from benchmarks.questions import HITS, PASSAGES, Page, Question
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import SearchRequest
from determinations.search.query.language import parse_query

LABEL = "columnar (this site)"
_COUNTED = tuple(facet.name for facet in FACETS)


def unavailable() -> str | None:
    return None


def build(corpus: Corpus, folder: Path, processes: int) -> None:
    ColumnarEngine(folder, processes=processes).replace_all(corpus.documents())


@contextmanager
def opened(corpus: Corpus, folder: Path) -> Iterator[Ask]:
    engine, stored = ColumnarEngine(folder), StoredTexts(corpus)
    engine.status()  # opens the index, which would else wait for the first question

    def page(question: Question) -> Page:
        query = parse_query(question.typed)
        # Summaries are searched too, as the other engines do.
        request = SearchRequest(query, question.filters, limit=HITS, count=_COUNTED, summaries=True)
        results = engine.search(request)
        keys = tuple(hit.key for hit in results.hits)
        passages = 0
        for texts in stored.of(keys).values():
            for (field, wanted), text in zip(PASSAGES.items(), texts, strict=True):
                passages += len(engine.highlight(query, field, text, wanted))
        counts = {name: {one.value: one.count for one in found} for name, found in results.counts.items()}
        return Page(results.total, keys, counts, passages)

    yield page
