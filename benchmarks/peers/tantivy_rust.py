"""tantivy: the index is written by its Python package, and asked by a small Rust program (`tantivy_process`).

Each text has two fields, as in this site's index: its stems, and its words as they are written, among which
prefixes and fuzzy words are looked for.

Where that program is not compiled, the Python package answers too: its snippets, and its terms aggregation
over fast fields. Tables say which of the two it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.corpus import Corpus
from benchmarks.corpus_facets import CORPUS_FACETS as FACETS
from benchmarks.peers import Ask, tantivy_process
from benchmarks.questions import HITS, ByDecision, NotSupportedError, Page, Question, page_of
from determinations.search.facets import DECISION
from determinations.search.index_fields import facet_field, words_field
from determinations.search.interface import FacetFilter
from determinations.search.query.nodes import (
    SEARCHED_FIELDS,
    All,
    AnyOf,
    Fuzzy,
    Near,
    Node,
    Not,
    Phrase,
    Wildcard,
    Word,
)  # fmt: skip

_WRITER_BYTES = 500_000_000
_MORE_VALUES_THAN_ANY_FACET_HAS = 500
_SNIPPET_CHARACTERS = {"rationale": 400, "summary": 250, "request": 250}


def label() -> str:
    return f"tantivy ({'Python' if tantivy_process.compiled() is None else 'Rust'})"


def prepare() -> None:
    tantivy_process.compile_if_possible()


def unavailable() -> str | None:
    return None if find_spec("tantivy") else "tantivy is not installed: pip install --group bench"


def _terms(facet: str) -> dict[str, Any]:
    return {"terms": {"field": facet_field(facet), "size": _MORE_VALUES_THAN_ANY_FACET_HAS}}


_BY_DECISION = {DECISION.name: _terms(DECISION.name)}


def _schema() -> Any:
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_integer_field("key", stored=True, fast=True)
    for name in SEARCHED_FIELDS:
        is_shown = name in _SNIPPET_CHARACTERS
        schema.add_text_field(name, stored=is_shown, tokenizer_name="en_stem", index_option="position")
        schema.add_text_field(words_field(name), tokenizer_name="default", index_option="freq")
    for facet in FACETS:
        schema.add_text_field(facet_field(facet.name), tokenizer_name="raw", index_option="basic", fast=True)
    return schema.build()


def build(corpus: Corpus, folder: Path, processes: int) -> None:
    import tantivy

    writer = tantivy.Index(_schema(), str(folder)).writer(_WRITER_BYTES, num_threads=processes)
    for document in corpus.documents():
        texts = {name: getattr(document, name) for name in SEARCHED_FIELDS}
        words = {words_field(name): text for name, text in texts.items()}
        facets = {facet_field(name): list(values) for name, values in document.facets.items()}
        writer.add_document(tantivy.Document(key=document.key, **texts, **words, **facets))
    writer.commit()
    writer.wait_merging_threads()
    if program := tantivy_process.compiled():
        tantivy_process.merge(program, folder)


@contextmanager
def opened(corpus: Corpus, folder: Path) -> Iterator[Ask]:
    if program := tantivy_process.compiled():
        with tantivy_process.collector(program, folder) as collector:
            yield collector.page
    else:
        import tantivy

        yield PythonSearcher(tantivy, tantivy.Index.open(str(folder))).page


class PythonSearcher:
    def __init__(self, tantivy: Any, index: Any) -> None:
        self._tantivy, self._index = tantivy, index
        self._schema, self._searcher = index.schema, index.searcher()

    def page(self, question: Question) -> Page:
        parsed = question.node
        query = self._tantivy.Query.all_query() if parsed is None else self._query(parsed)
        found = self._searcher.search(self._filtered(query, question.filters), HITS, count=False)
        counts = self._counts(query, question.filters)
        generators = [self._snippets(query, field) for field in _SNIPPET_CHARACTERS]
        keys, passages = [], 0
        for _, address in found.hits:
            document = self._searcher.doc(address)
            keys.append(document["key"][0])
            for generator in generators:
                passages += bool(generator.snippet_from_doc(document).to_html())
        return page_of(counts, question.filters, tuple(keys), passages)

    def _snippets(self, query: Any, field: str) -> Any:
        generator = self._tantivy.SnippetGenerator.create(self._searcher, query, self._schema, field)
        generator.set_max_num_chars(_SNIPPET_CHARACTERS[field])
        return generator

    def _filtered(self, query: Any, filters: tuple[FacetFilter, ...], without: str | None = None) -> Any:
        must = self._tantivy.Occur.Must
        chosen = [
            self._any([self._term(facet_field(one.facet), value) for value in one.values])
            for one in filters
            if one.facet != without
        ]
        if not chosen:
            return query
        return self._tantivy.Query.boolean_query([(must, query), *((must, each) for each in chosen)])

    def _counts(self, query: Any, filters: tuple[FacetFilter, ...]) -> ByDecision:
        others = tuple(given for given in filters if given.facet != DECISION.name)
        filtered = {given.facet for given in others}
        free = [facet.name for facet in FACETS if facet.name not in filtered]
        counts = self._aggregated(self._filtered(query, others), free)
        for facet in filtered:
            counts |= self._aggregated(self._filtered(query, others, facet), [facet])
        return counts

    def _aggregated(self, query: Any, names: list[str]) -> dict[str, dict[str, dict[str, int]]]:
        """Facet -> value -> decision -> items."""
        found = self._searcher.aggregate(
            query, {name: _terms(name) | {"aggs": _BY_DECISION} for name in names}
        )
        return {
            name: {
                value["key"]: {each["key"]: each["doc_count"] for each in value[DECISION.name]["buckets"]}
                for value in found[name]["buckets"]
            }
            for name in names
        }

    def _query(self, node: Node) -> Any:
        match node:
            case Word(text, field):
                return self._parsed(text, field)
            case Near(parts, distance) if distance and all(isinstance(part, Word) for part in parts):
                words = tuple(part.text for part in parts if isinstance(part, Word))
                return self._query(
                    Phrase(words, distance, parts[0].field if isinstance(parts[0], Word) else None)
                )
            case Phrase(words, slop, field):  # tantivy's slop counts moved words: nearly the same
                text = f'"{" ".join(words)}"'
                return self._parsed(text if slop == 1 else f"{text}~{slop - 1}", field)
            case Wildcard(pattern, field) if pattern[-1] == "*" and pattern[:-1].isalnum():
                regex = self._tantivy.Query.regex_query  # it gives all items the same score
                like = pattern[:-1].lower() + ".*"
                return self._any([regex(self._schema, words_field(name), like) for name in _fields(field)])
            case Fuzzy(text, distance, field) if text.isalnum():
                fuzzy = partial(  # it gives all items the same score, and the first letter may differ
                    self._tantivy.Query.fuzzy_term_query,
                    self._schema,
                    text=text.lower(),
                    distance=distance,
                    transposition_cost_one=False,
                )
                return self._any([fuzzy(words_field(name)) for name in _fields(field)])
            case AnyOf(parts):
                return self._any([self._query(part) for part in parts])
            case All(parts):
                occur = self._tantivy.Occur
                clauses = [
                    (occur.MustNot, self._query(part.part))
                    if isinstance(part, Not)
                    else (occur.Must, self._query(part))
                    for part in parts
                ]
                return self._tantivy.Query.boolean_query(clauses)
        raise NotSupportedError(f"not written for tantivy: {node}")

    def _parsed(self, text: str, field: str | None) -> Any:
        return self._index.parse_query(text, _fields(field))

    def _term(self, field: str, value: str) -> Any:
        return self._tantivy.Query.term_query(self._schema, field, value, index_option="basic")

    def _any(self, queries: list[Any]) -> Any:
        return self._tantivy.Query.boolean_query([(self._tantivy.Occur.Should, query) for query in queries])


def _fields(field: str | None) -> list[str]:
    return list(SEARCHED_FIELDS) if field is None else [field]
