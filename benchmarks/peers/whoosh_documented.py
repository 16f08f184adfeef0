"""Whoosh 2.7.4 as its documentation shows it: stock codec, stored texts, `groupedby`, `Hit.highlights`.

The analyzer is this site's own, so that the same words are found.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh import fields, index, qparser, query, sorting
from whoosh.searching import Searcher

from benchmarks.corpus import Corpus
from benchmarks.corpus_facets import CORPUS_FACETS as FACETS
from benchmarks.peers import Ask
from benchmarks.questions import HITS, PASSAGES, Page, Question
from determinations.search.columnar.schema import TextAnalyzer
from determinations.search.facets import Facet
from determinations.search.interface import FacetFilter, IndexDocument
from determinations.search.query.nodes import SEARCHED_FIELDS

LABEL = "Whoosh as documented"
_MEMORY_MB = 512


def unavailable() -> str | None:
    return None


def _facet_field(name: str) -> str:
    return f"facet_{name}"


def _schema(facets: Iterable[Facet]) -> fields.Schema:
    schema = fields.Schema(key=fields.NUMERIC(stored=True))
    for name in SEARCHED_FIELDS:
        schema.add(name, fields.TEXT(analyzer=TextAnalyzer(spelled=False), stored=True))
    for facet in facets:
        kind = fields.KEYWORD(scorable=False) if facet.multiple else fields.ID(sortable=True)
        schema.add(_facet_field(facet.name), kind)
    return schema


def build(corpus: Corpus, folder: Path, processes: int) -> None:
    write(corpus.documents(), folder, FACETS, processes)


def write(
    documents: Iterable[IndexDocument], folder: Path, facets: Iterable[Facet], processes: int = 1
) -> None:
    """An index of the documents with their values of the facets, in one commit."""
    created = index.create_in(str(folder), _schema(facets))
    writer = created.writer(limitmb=_MEMORY_MB, procs=processes, multisegment=processes > 1)
    for document in documents:
        texts = {name: getattr(document, name) for name in SEARCHED_FIELDS}
        values = {_facet_field(name): " ".join(values) for name, values in document.facets.items() if values}
        writer.add_document(key=document.key, **texts, **values)
    writer.commit()


@contextmanager
def opened(corpus: Corpus, folder: Path) -> Iterator[Ask]:
    opened_index = index.open_dir(str(folder))
    parser = qparser.MultifieldParser(list(SEARCHED_FIELDS), opened_index.schema)
    parser.add_plugin(qparser.FuzzyTermPlugin())
    with opened_index.searcher() as searcher:
        yield lambda question: _page(searcher, parser, question)


def _page(searcher: Searcher, parser: qparser.QueryParser, question: Question) -> Page:
    parsed = parser.parse(question.typed) if question.typed else query.Every()
    filtered = {one.facet for one in question.filters}
    free = [facet.name for facet in FACETS if facet.name not in filtered]
    results = searcher.search(parsed, limit=HITS, filter=_filter(question.filters), groupedby=_grouping(free))
    counts = {name: results.groups(name) for name in free}
    for facet in filtered:
        others = _filter(one for one in question.filters if one.facet != facet)
        counts[facet] = searcher.search(
            parsed, limit=HITS, filter=others, groupedby=_grouping([facet])
        ).groups(facet)
    passages = 0
    hits = results[:HITS]  # with groupedby, Whoosh keeps every hit whatever the limit
    for hit in hits:
        for field, wanted in PASSAGES.items():
            passages += bool(hit.highlights(field, top=wanted))
    keys = tuple(hit["key"] for hit in hits)
    named = {
        name: {value: count for value, count in found.items() if value} for name, found in counts.items()
    }
    return Page(len(results), keys, named, passages)


def _grouping(names: Iterable[str]) -> sorting.Facets:
    grouping = sorting.Facets()
    multiple = {facet.name: facet.multiple for facet in FACETS}
    for name in names:
        field = sorting.FieldFacet(_facet_field(name), allow_overlap=multiple[name], maptype=sorting.Count)
        grouping.add_facet(name, field)
    return grouping


def _filter(filters: Iterable[FacetFilter]) -> query.Query | None:
    chosen = [
        query.Or([query.Term(_facet_field(one.facet), value) for value in one.values]) for one in filters
    ]
    return query.And(chosen) if chosen else None
