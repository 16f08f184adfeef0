"""Whoosh 2.7.4 as its documentation shows it: stock codec, stored texts, `groupedby`, `Hit.highlights`.

The analyzer is its own for English, all words kept, since phrases are asked with them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh import analysis, fields, index, qparser, query, sorting
from whoosh.searching import Results, Searcher

from benchmarks.corpus import Corpus
from benchmarks.corpus_facets import CORPUS_FACETS as FACETS
from benchmarks.peers import Ask
from benchmarks.questions import HITS, PASSAGES, Page, Question
from determinations.search.facets import DECISION, Facet
from determinations.search.interface import FacetFilter, IndexDocument
from determinations.search.query.nodes import SEARCHED_FIELDS
from determinations.search.query.unparse import query_to_text
from determinations.statistics.rates import DECIDED, OVERTURNED

_MEMORY_MB = 512


def label() -> str:
    return "Whoosh as documented"


def unavailable() -> str | None:
    return None


def _facet_field(name: str) -> str:
    return f"facet_{name}"


def _schema(facets: Iterable[Facet]) -> fields.Schema:
    schema = fields.Schema(key=fields.NUMERIC(stored=True))
    for name in SEARCHED_FIELDS:
        schema.add(
            name, fields.TEXT(analyzer=analysis.StemmingAnalyzer(stoplist=None, minsize=1), stored=True)
        )
    for facet in facets:
        kind = fields.KEYWORD(scorable=False) if facet.multiple else fields.ID(sortable=True)
        schema.add(_facet_field(facet.name), kind)
    return schema


def prepare() -> None:
    """Nothing."""


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
    parser.replace_plugin(qparser.OperatorsPlugin(Not=r"(^|(?<=[\s()]))-"))
    with opened_index.searcher() as searcher:
        yield lambda question: _page(searcher, parser, question)


def _page(searcher: Searcher, parser: qparser.QueryParser, question: Question) -> Page:
    node = question.node
    parsed = query.Every() if node is None else parser.parse(query_to_text(node))
    names = [facet.name for facet in FACETS]
    results, counts = _counted(searcher, parsed, question.filters, names)
    others = tuple(given for given in question.filters if given.facet != DECISION.name)
    undecided = [name for name in names if name != DECISION.name]
    (_, decided), (_, overturned) = (
        _counted(searcher, parsed, (*others, FacetFilter(DECISION.name, decisions)), undecided)
        for decisions in (DECIDED, OVERTURNED)
    )
    outcomes = {
        name: {value: (overturned[name].get(value, 0), number) for value, number in decided[name].items()}
        for name in undecided
    }
    passages = 0
    hits = results[:HITS]  # with groupedby, Whoosh keeps every hit whatever the limit
    for hit in hits:
        for field, wanted in PASSAGES.items():
            passages += bool(hit.highlights(field, top=wanted))
    return Page(len(results), tuple(hit["key"] for hit in hits), counts, outcomes, passages)


def _counted(
    searcher: Searcher, parsed: query.Query, filters: tuple[FacetFilter, ...], names: list[str]
) -> tuple[Results, dict[str, dict[str, int]]]:
    """The results, and of each facet the counts without its own filter."""
    filtered = {one.facet for one in filters} & {*names}
    free = [name for name in names if name not in filtered]
    results = searcher.search(parsed, limit=HITS, filter=_filter(filters), groupedby=_grouping(free))
    counts = {name: results.groups(name) for name in free}
    for facet in filtered:
        others = _filter(one for one in filters if one.facet != facet)
        counts[facet] = searcher.search(
            parsed, limit=HITS, filter=others, groupedby=_grouping([facet])
        ).groups(facet)
    return results, {
        name: {value: number for value, number in found.items() if value} for name, found in counts.items()
    }


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
