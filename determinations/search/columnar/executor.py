"""The words that a prefix, a wildcard or a fuzzy word stands for, in one segment.

Whoosh expands them over all segments at once, term by term; here each segment's dictionary is looked
at by itself, as one piece of text.

The page of hits that a sort order asks for, without sorting what is not on it.

How many of a question's documents hold each value of a facet, every facet without its own filter.

Runs a Whoosh query on a snapshot: which documents match, and their BM25F scores as Whoosh computes them.

Scores follow Whoosh: a term's is BM25F in a scored field and 1 elsewhere; And, Or and Phrase add; Not and
Every are 1; AndNot is its first part's. A MultiTerm adds its words' scores, whatever `constantscore` says.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import translate
from functools import reduce
from operator import and_

import numpy as np
from pyroaring import BitMap
from whoosh import query

from determinations.search.columnar.array_file import Array, joined, runs
from determinations.search.columnar.columns import SCORED_FIELDS, TermColumns
from determinations.search.columnar.matches import (
    FOUND_NOTHING,
    Matches,
    added_up,
    both,
    extent,
    without,
)
from determinations.search.columnar.phrases import phrase_documents
from determinations.search.columnar.schema import facet_field
from determinations.search.columnar.snapshot import K1, Snapshot
from determinations.search.columnar.suggest import terms_within
from determinations.search.interface import FacetCount, FacetFilter, Sort


def expanded(columns: TermColumns, node: query.MultiTerm) -> list[str]:
    return [columns.term(number).decode() for number in numbers_of(columns, node)]


def numbers_of(columns: TermColumns, node: query.MultiTerm) -> range | list[int]:
    """The numbers of the terms that a prefix, wildcard or fuzzy word stands for in one segment."""
    match node:
        case query.Prefix():
            return columns.with_prefix(node.text.encode())
        case query.FuzzyTerm():
            return terms_within(columns, node.text, node.maxdist, node.prefixlength)
        case _:
            literals = re.split(r"\[.*\]|[*?]", node.text)
            near = columns.with_prefix(literals[0].encode())
            fits = re.compile(translate(node.text)).match
            holding = columns.containing(max(literals, key=len).encode(), near)
            return [number for number in holding if fits(columns.term(number).decode())]


_UNDATED = np.iinfo(np.int32).max
_FEWEST = 1 << 14

Scores = Callable[[Array], Array]
"""The scores of documents, given by number."""


def page(ids: Array, scores: Scores, keys: Array, dates: Array, sort: Sort, offset: int, limit: int) -> Array:
    """Of the documents `ids` those that stand at `offset` to `offset + limit`, best first.

    `keys` and `dates` go by document number.
    Equal hits come by ascending key, undated ones last in either order of dates.
    """
    wanted = min(offset + limit, len(ids))
    if wanted <= offset or limit <= 0:
        return np.empty(0, np.uint32)
    best, rank = ids[:0], _rank(ids[:0], scores, dates, sort)
    for run in runs(len(ids), max(_FEWEST, 2 * wanted)):
        more, its_rank = ids[run], _rank(ids[run], scores, dates, sort)
        if len(best) == wanted:
            good = its_rank <= rank.max()
            more, its_rank = more[good], its_rank[good]
        best, rank = np.concatenate((best, more)), np.concatenate((rank, its_rank))
        first = _first(rank, keys, best, wanted)
        best, rank = best[first], rank[first]
    ordered: Array = best[np.lexsort((keys[best], rank))]
    return ordered[offset:]


def _rank(ids: Array, scores: Scores, dates: Array, sort: Sort) -> Array:
    """What to sort by, the smallest first."""
    if sort is Sort.RELEVANCE:
        return -scores(ids)
    dated = dates[ids]
    return -dated if sort is Sort.NEWEST else np.where(dated == 0, _UNDATED, dated)


def _first(rank: Array, keys: Array, ids: Array, wanted: int) -> Array:
    """Places of the `wanted` smallest ranks, in no order; of equal ones, those with the smallest keys."""
    if wanted >= len(rank):
        return np.arange(len(rank))
    threshold = np.partition(rank, wanted - 1)[wanted - 1]
    below, equal = np.flatnonzero(rank < threshold), np.flatnonzero(rank == threshold)
    missing = wanted - len(below)
    if missing < len(equal):
        equal = equal[np.argpartition(keys[ids[equal]], missing - 1)[:missing]]
    return np.concatenate((below, equal))


class FilteredDocuments:
    """The documents that answer a question, and what the chosen facet values make of them."""

    def __init__(self, found: BitMap, filters: Iterable[FacetFilter], snapshot: Snapshot) -> None:
        self._found = found
        self._snapshot = snapshot
        self._chosen = {
            one.facet: _holding(snapshot.facet(facet_field(one.facet)), one.values) for one in filters
        }
        self.all = self._without_filter_of(None)

    def counts(self, facet: str) -> tuple[FacetCount, ...]:
        documents = self._without_filter_of(facet) if facet in self._chosen else self.all
        values = self._snapshot.facet(facet_field(facet)).items()
        return counted((value, documents.intersection_cardinality(holding)) for value, holding in values)

    def _without_filter_of(self, facet: str | None) -> BitMap:
        return reduce(and_, (chosen for name, chosen in self._chosen.items() if name != facet), self._found)


def counted(counts: Iterable[tuple[str, int]]) -> tuple[FacetCount, ...]:
    """Facet counts as the interface gives them: commonest first, then by value."""
    found = [(-count, value) for value, count in counts if count]
    return tuple(FacetCount(value, -count) for count, value in sorted(found))


def _holding(values: Mapping[str, BitMap], chosen: Iterable[str]) -> BitMap:
    return BitMap.union(BitMap(), *(values[value] for value in chosen if value in values))


_FEW = 16
"""Matches of less than one in this many documents are kept as numbers."""

_LEAVES = (query.Term, query.Prefix, query.Wildcard, query.FuzzyTerm)


@dataclass(frozen=True, slots=True)
class _Postings:
    """Documents of one segment, numbered from `base`: scored by the rest, or 1 each where `times` is None.

    `weight` is what BM25F gives for the term alone: its idf times K1 + 1.
    """

    ids: Array
    base: int
    times: Array | None = None
    field: str = ""
    weight: float = 1.0


def run(node: query.Query, snapshot: Snapshot) -> Matches:
    """Raises NotImplementedError for a kind of query that is not listed here."""
    return _Run(snapshot).matches(node)


class _Run:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._size = snapshot.document_count

    def matches(self, node: query.Query) -> Matches:
        match node:
            case _ if isinstance(node, _LEAVES):
                found = self._added([node])
            case query.Or() if all(isinstance(part, _LEAVES) and part.boost == 1.0 for part in node):
                found = self._added(node.subqueries)
            case query.Or():
                found = self._sum([self.matches(part) for part in node])
            case query.And():
                found = reduce(both, sorted(map(self.matches, node), key=extent))
            case query.AndNot():
                return without(self.matches(node.a), self.matches(node.b))
            case query.Not():
                return without(self._every(), self.matches(node.query))
            case query.Phrase():
                found = self._phrase(node.fieldname, node.words, node.slop)
            case query.Every(fieldname=None):
                found = self._every()
            case _ if node is query.NullQuery:
                return FOUND_NOTHING
            case _:
                raise NotImplementedError(f"{type(node).__name__} is not run on columns")
        return found if node.boost == 1.0 else Matches(found.numbers, found.scores * np.float32(node.boost))

    def _added(self, leaves: list[query.Query]) -> Matches:
        """Documents of any of some terms and patterns, each adding its score; remembered."""

        def made() -> tuple[Array, ...]:
            postings = [one for leaf in leaves for one in self._postings(leaf)]
            if sum(len(one.ids) for one in postings) * _FEW < self._size:
                scored = [run for one in postings for run in self._scored(one)]
                numbers = joined([ids.astype(np.uint32) for ids, _ in scored])
                return added_up(numbers, joined([scores for _, scores in scored], np.float32))
            every = np.zeros(self._size, np.float32)
            for one in postings:
                for ids, scores in self._scored(one):
                    scores += every.take(ids)
                    every[ids] = scores
            return (every,)

        *numbers, scores = self._snapshot.cached(("added", *map(_name, leaves)), made)
        return Matches(numbers[0] if numbers else None, scores)

    def _postings(self, leaf: query.Query) -> Iterator[_Postings]:
        """The postings of a term, or of all the words that a prefix, wildcard or fuzzy word stands for."""
        field = leaf.fieldname
        if isinstance(leaf, query.Term):
            yield from self._postings_of_term(field, leaf.text)
        elif field in SCORED_FIELDS:
            terms = {term for columns in self._columns(field) for term in expanded(columns, leaf)}
            for term in sorted(terms):
                yield from self._postings_of_term(field, term)
        else:
            for columns, base in zip(self._columns(field), self._snapshot.bases, strict=True):
                for number in numbers_of(columns, leaf):
                    yield _Postings(columns.doc_ids(number), base)

    def _postings_of_term(self, field: str, term: str) -> Iterator[_Postings]:
        found = self._snapshot.found(field, term)
        frequency = sum(columns.document_frequency(number) for columns, number, _ in found)
        for columns, number, base in found:
            if field in SCORED_FIELDS:
                weight = (math.log(self._size / (frequency + 1)) + 1) * (K1 + 1)
                yield _Postings(
                    columns.doc_ids(number), base, columns.term_frequencies(number), field, weight
                )
            else:
                yield _Postings(columns.doc_ids(number), base)

    def _scored(self, postings: _Postings) -> Iterator[tuple[Array, Array]]:
        """Numbers (of the type that numpy indexes by) and scores, a run of postings at a time."""
        for run in runs(len(postings.ids)):
            ids = postings.ids[run].astype(np.intp)
            ids += postings.base
            if postings.times is None:
                yield ids, np.ones(len(ids), np.float32)
            else:
                times = postings.times[run].astype(np.float32)
                scores = self._snapshot.norms(postings.field, ids)
                scores += times
                np.divide(times, scores, out=scores)
                scores *= np.float32(postings.weight)
                yield ids, scores

    def _columns(self, field: str) -> list[TermColumns]:
        return [segment.columns.field(field) for segment in self._snapshot.segments]

    def _phrase(self, field: str, words: list[str], slop: int) -> Matches:
        numbers = phrase_documents(self._snapshot, field, words, slop)
        scores = np.zeros(len(numbers), np.float32)
        if len(numbers):
            for word in words:
                scores += self._added([query.Term(field, word)]).scores_of(numbers)
        return self._matches_of(numbers, scores)

    def _matches_of(self, numbers: Array, scores: Array) -> Matches:
        """Matches in the form that their number calls for."""
        if len(numbers) * _FEW < self._size:
            return Matches(numbers, scores)
        every = np.zeros(self._size, np.float32)
        every[numbers] = scores
        return Matches(None, every)

    def _every(self) -> Matches:
        return Matches(None, np.ones(self._size, np.float32))

    def _sum(self, parts: list[Matches]) -> Matches:
        """Documents of any part; a document's score is the sum of what the parts give it."""
        few = [part for part in parts if part.numbers is not None]
        many = [part.scores for part in parts if part.numbers is None]
        if not many:
            numbers = joined([part.numbers for part in few if part.numbers is not None])
            return self._matches_of(*added_up(numbers, joined([part.scores for part in few], np.float32)))
        total = reduce(np.add, many) if len(many) > 1 else many[0].copy()
        for part in few:
            total[part.numbers] += part.scores
        return Matches(None, total)


def _name(leaf: query.Query) -> tuple[object, ...]:
    edits = (leaf.maxdist, leaf.prefixlength) if isinstance(leaf, query.FuzzyTerm) else ()
    return type(leaf).__name__, leaf.fieldname, leaf.text, edits
