"""This site's engine, asked what its results page asks; texts of hits from the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.corpus import Corpus, StoredTexts
from benchmarks.corpus_facets import CORPUS_FACETS as FACETS
from benchmarks.peers import Ask
from benchmarks.questions import HITS, PASSAGES, Page, Question
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import SearchEngine, SearchRequest
from determinations.statistics.rates import outcomes_in, with_outcomes

_COUNTED = tuple(facet.name for facet in FACETS)


def label() -> str:
    return "columnar (this site)"


def unavailable() -> str | None:
    return None


def prepare() -> None:
    """Nothing."""


def build(corpus: Corpus, folder: Path, processes: int) -> None:
    ColumnarEngine(folder, processes=processes).replace_all(corpus.documents())


@contextmanager
def opened(corpus: Corpus, folder: Path) -> Iterator[Ask]:
    yield asking(ColumnarEngine(folder), corpus)


def asking(engine: SearchEngine, corpus: Corpus) -> Ask:
    """Asks an engine of this site for whole pages."""
    stored = StoredTexts(corpus)
    engine.status()  # opens the index, which would else wait for the first question

    def page(question: Question) -> Page:
        asked = question.read()
        # Summaries are searched too, as the other engines do.
        request = SearchRequest(
            asked.node,
            question.filters,
            limit=HITS,
            count=_COUNTED,
            summaries=True,
            ranked_by=asked.ranked_by,
            about=asked.about,
            raised=asked.raised,
            most_of=asked.most_of,
        )
        results = engine.search(with_outcomes(request, _COUNTED))
        outcomes = outcomes_in(results)
        keys = tuple(hit.key for hit in results.hits)
        passages = 0
        for texts in stored.of(keys).values():
            for (field, wanted), text in zip(PASSAGES.items(), texts, strict=True):
                passages += len(engine.highlight(asked.node, field, text, wanted))
        return Page(
            results.total,
            keys,
            {name: {one.value: one.count for one in found} for name, found in results.counts.items()},
            {
                name: {value: (rate.overturned, rate.decided) for value, rate in rates.items()}
                for name, rates in outcomes.by_facet.items()
            },
            passages,
        )

    return page
