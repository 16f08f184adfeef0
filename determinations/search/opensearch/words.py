"""The words of an index in an index of their own: in how many items each is, as spelled and as a term.

Written with every change of items: what replaced or deleted items had is subtracted, what new ones have is
added. After a change that broke off it may be done twice, so the numbers serve corrections, completions and
the choice of telling terms only, and a rebuild counts them anew.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from determinations.search.analysis import tokens, written_term
from determinations.search.index_fields import WORDS_FIELDS, words_field
from determinations.search.opensearch.connection import Body
from determinations.search.opensearch.expressions import any_of, fuzzy_query
from determinations.search.opensearch.state import Index
from determinations.search.opensearch.texts import vocabulary_of
from determinations.search.query.nodes import SEARCHED_FIELDS
from determinations.search.vocabulary import swapped

Counts = Counter[tuple[str, str]]
"""(field, word) -> items. The field of words as spelled is `words_field`."""

_SHORT = 200
_MOST_FOUND = 2_000
"""Words of one look-up, the commonest: a completion shows a few of them."""
_ADD = "ctx._source.documents += params.by; if (ctx._source.documents <= 0) { ctx.op = 'delete' }"


def words_of(source: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The words of an item as it was sent, each once by field."""
    for field in SEARCHED_FIELDS:
        if sent := source.get(field):
            terms, words = vocabulary_of(sent)
            yield from ((field, term) for term in terms)
            yield from ((words_field(field), word) for word in words)


def lines_of_all(counts: Counts) -> Iterator[Body]:
    """Lines of a bulk request that write every word of a new index."""
    for (field, word), documents in counts.items():
        if documents > 0:
            yield {"index": {"_id": _id(field, word)}}
            yield _row(field, word, documents)


def lines_of_changes(counts: Counts) -> Iterator[Body]:
    """Lines of a bulk request that add to what is there; numbers below zero are taken away."""
    for (field, word), by in counts.items():
        if by:
            yield {"update": {"_id": _id(field, word), "retry_on_conflict": 3}}
            change: Body = {"script": {"source": _ADD, "params": {"by": by}}}
            if by > 0:
                change["upsert"] = _row(field, word, by)
            yield change


def _id(field: str, word: str) -> str:
    return (
        f"{field} {word}" if len(word) <= _SHORT else f"{field} {hashlib.sha256(word.encode()).hexdigest()}"
    )


def _row(field: str, word: str, documents: int) -> Body:
    row: Body = {"field": field, "word": word, "documents": documents}
    if field not in SEARCHED_FIELDS:
        row["stems"] = [token.term for token in tokens(word)][:1]
    return row


class IndexVocabulary:
    """A `vocabulary.Vocabulary` for one call; what the call will ask for is fetched in one search."""

    def __init__(self, index: Index, document_count: int) -> None:
        self._index = index
        self._document_count = document_count
        self._documents: dict[str, dict[str, int]] = {}
        self._stems: dict[str, dict[str, list[str]]] = {}
        self._asked: dict[str, list[Body]] = {}

    @property
    def document_count(self) -> int:
        return self._document_count

    def frequency(self, field: str, term: str) -> int:
        return self._documents.get(field, {}).get(term, 0)

    def within(self, field: str, word: str, distance: int, prefix: int) -> Iterable[str]:
        return self._found(field, fuzzy_query("word", word, distance, prefix))

    def with_prefix(self, field: str, prefix: str) -> Mapping[str, int]:
        return {word: self.frequency(field, word) for word in self._beginning(field, prefix)}

    def _beginning(self, field: str, prefix: str) -> Iterable[str]:
        """Words as spelled, the commonest; of a term's own field, "=term=" for the forms of a term."""
        if field in SEARCHED_FIELDS:
            term = prefix[1:-1]
            words = self._stems.get(words_field(field), {}).get(term, ())
            return [written_term(term, word) for word in words if word != term]
        return self._found(field, {"prefix": {"word": prefix}})

    def _found(self, field: str, query: Body) -> list[str]:
        """The words of a field that a query finds; asked for in all fields at once."""
        name = json.dumps(query)
        if name not in self._asked:
            self._asked[name] = self._fetch(_both({"terms": {"field": list(WORDS_FIELDS)}}, query))
        return [row["word"] for row in self._asked[name] if row["field"] == field]

    def fetch_near(self, typed: str) -> None:
        """What a correction of the word may ask for, aside from words within some edits."""
        words = {word for token in tokens(typed) for word in (token.word, token.term, *swapped(token.word))}
        self.fetch_words(words, (*SEARCHED_FIELDS, *WORDS_FIELDS))

    def fetch_words(self, words: Iterable[str], fields: Sequence[str]) -> None:
        self._fetch(_both({"terms": {"field": list(fields)}}, {"terms": {"word": sorted(set(words))}}))

    def fetch_spellings(self, terms: Iterable[str], field: str) -> None:
        """The words of a field that are indexed as these terms."""
        wanted = sorted(set(terms))
        held = any_of([{"terms": {"stems": wanted}}, {"terms": {"word": wanted}}])
        self._fetch(_both({"term": {"field": words_field(field)}}, held))

    def _fetch(self, query: Body) -> list[Body]:
        body = {"query": query, "size": _MOST_FOUND, "sort": [{"documents": "desc"}, {"word": "asc"}]}
        _, (answer,) = self._index.ask([(self._index.names.words, body | {"track_total_hits": False})])
        rows = [hit["_source"] for hit in answer["hits"]["hits"]]
        for row in rows:
            self._documents.setdefault(row["field"], {})[row["word"]] = row["documents"]
            for stem in row.get("stems", ()):
                self._stems.setdefault(row["field"], {}).setdefault(stem, []).append(row["word"])
        return rows


def _both(one: Body, other: Body) -> Body:
    return {"bool": {"filter": [one, other]}}
