"""Runs a Whoosh query on a snapshot: which documents match, and their BM25F scores as Whoosh computes them.

A node's answer is `Matches`, in one of two forms: few documents as ascending numbers with their scores,
many as one score for each document of the index, 0 where it does not match. Every match scores above 0
(boosts must be positive), so both forms say the same.

Scores follow Whoosh: a term's is BM25F in a scored field and 1 elsewhere; And, Or and Phrase add; Not and
Every are 1; AndNot is its first part's. A MultiTerm adds its words' scores, whatever `constantscore` says.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import numpy as np
from whoosh import query

from .array_file import Array, joined
from .columns import SCORED_FIELDS, TermColumns
from .expansion import expanded, numbers_of
from .phrases import phrase_documents
from .snapshot import K1, Snapshot

_FEW = 16
"""Matches of less than one in this many documents are kept as numbers."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Ascending document `numbers` with their scores; or, without `numbers`, a score for every document."""

    numbers: Array | None
    scores: Array

    def ids(self) -> Array:
        if self.numbers is not None:
            return self.numbers
        return np.flatnonzero(self.scores > 0).astype(np.uint32)  # of bools: ten times as fast as of floats

    def scores_of(self, ids: Array) -> Array:
        """The scores of some of the matches, given by ascending document number."""
        return self.scores[ids if self.numbers is None else np.searchsorted(self.numbers, ids)]


def run(node: query.Query, snapshot: Snapshot) -> Matches:
    """Raises NotImplementedError for a kind of query that is not listed here."""
    return _Run(snapshot).matches(node)


class _Run:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._size = snapshot.document_count

    def matches(self, node: query.Query) -> Matches:
        match node:
            case query.Term():
                found = self._term(node.fieldname, node.text)
            case query.Or():
                found = self._sum([self.matches(part) for part in node.subqueries])
            case query.And():
                found = reduce(_both, sorted(map(self.matches, node.subqueries), key=_extent))
            case query.AndNot():
                return _without(self.matches(node.a), self.matches(node.b))
            case query.Not():
                return _without(self._every(), self.matches(node.query))
            case query.Phrase():
                found = self._phrase(node.fieldname, node.words, node.slop)
            case query.Prefix() | query.Wildcard() | query.FuzzyTerm():
                found = self._words(node)
            case query.Every(fieldname=None):
                found = self._every()
            case _ if node is query.NullQuery:
                return _FOUND_NOTHING
            case _:
                raise NotImplementedError(f"{type(node).__name__} is not run on columns")
        return found if node.boost == 1.0 else Matches(found.numbers, found.scores * np.float32(node.boost))

    def _term(self, field: str, term: str) -> Matches:
        return self._cached(("term", field, term), lambda: self._scored_term(field, term))

    def _scored_term(self, field: str, term: str) -> tuple[Array, Array]:
        """Numbers and scores of a term's documents, over all segments."""
        found = self._snapshot.found(field, term)
        numbers = joined([_shifted(columns.ids(number), base) for columns, number, base in found])
        if field not in SCORED_FIELDS or not found:
            return numbers, np.ones(len(numbers), np.float32)
        times = joined([columns.times(number) for columns, number, _ in found]).astype(np.float32)
        idf = np.float32(np.log(self._size / (len(numbers) + 1)) + 1)
        return numbers, idf * (times * np.float32(K1 + 1)) / (times + self._snapshot.norms(field, numbers))

    def _words(self, node: query.MultiTerm) -> Matches:
        """Documents with any of the words that a prefix, wildcard or fuzzy word stands for."""
        name = (type(node).__name__, node.fieldname, node.text, getattr(node, "maxdist", 0))
        if node.fieldname in SCORED_FIELDS:
            terms = {term for columns in self._columns(node.fieldname) for term in expanded(columns, node)}
            return self._sum([self._term(node.fieldname, term) for term in sorted(terms)])
        return self._cached(name, lambda: self._counted_words(node))

    def _counted_words(self, node: query.MultiTerm) -> tuple[Array, Array]:
        ids = [
            _shifted(columns.ids(number), base)
            for columns, base in zip(self._columns(node.fieldname), self._snapshot.bases, strict=True)
            for number in numbers_of(columns, node)
        ]
        numbers = joined(ids)
        return _added_up(numbers, np.ones(len(numbers), np.float32))

    def _columns(self, field: str) -> list[TermColumns]:
        return [segment.columns.field(field) for segment in self._snapshot.segments]

    def _phrase(self, field: str, words: list[str], slop: int) -> Matches:
        numbers = phrase_documents(self._snapshot, field, words, slop)
        scores = np.zeros(len(numbers), np.float32)
        if len(numbers):
            for word in words:
                scores += self._term(field, word).scores_of(numbers)
        return self._matches_of(numbers, scores)

    def _cached(self, name: tuple[object, ...], make: Callable[[], tuple[Array, Array]]) -> Matches:
        def made() -> tuple[Array, ...]:
            matches = self._matches_of(*make())
            return (matches.scores,) if matches.numbers is None else (matches.numbers, matches.scores)

        *numbers, scores = self._snapshot.cached(name, made)
        return Matches(numbers[0] if numbers else None, scores)

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
            return self._matches_of(*_added_up(numbers, joined([part.scores for part in few], np.float32)))
        total = reduce(np.add, many) if len(many) > 1 else many[0].copy()
        for part in few:
            total[part.numbers] += part.scores
        return Matches(None, total)


_FOUND_NOTHING = Matches(np.empty(0, np.uint32), np.empty(0, np.float32))


def _extent(matches: Matches) -> int:
    return len(matches.scores) if matches.numbers is None else len(matches.numbers)


def _both(one: Matches, other: Matches) -> Matches:
    """Documents of both, their scores added; `one` is not the larger."""
    if one.numbers is None:
        return Matches(None, (one.scores + other.scores) * ((one.scores > 0) & (other.scores > 0)))
    if other.numbers is None:
        added = other.scores[one.numbers]
        shared = added > 0
    else:
        at, shared = _located(one.numbers, other.numbers)
        added = other.scores[at] if len(other.scores) else np.zeros(len(at), np.float32)
    return Matches(one.numbers[shared], (one.scores + added)[shared])


def _without(one: Matches, other: Matches) -> Matches:
    if one.numbers is None and other.numbers is None:
        return Matches(None, one.scores * (other.scores == 0))
    if one.numbers is None:
        kept = one.scores.copy()
        kept[other.numbers] = 0
        return Matches(None, kept)
    if other.numbers is None:
        shared = other.scores[one.numbers] > 0
    else:
        _, shared = _located(one.numbers, other.numbers)
    return Matches(one.numbers[~shared], one.scores[~shared])


def _located(wanted: Array, among: Array) -> tuple[Array, Array]:
    """For each of `wanted`, a place in the ascending `among`, and whether it stands there."""
    if not len(among):
        return np.zeros(len(wanted), np.intp), np.zeros(len(wanted), bool)
    at = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
    return at, among[at] == wanted


def _added_up(numbers: Array, scores: Array) -> tuple[Array, Array]:
    """Distinct numbers, ascending, each with the sum of its scores."""
    if len(numbers) < 2:
        return numbers, scores
    order = np.argsort(numbers, kind="stable")
    numbers = numbers[order]
    first = np.flatnonzero(np.concatenate(([True], numbers[1:] != numbers[:-1])))
    return numbers[first], np.add.reduceat(scores[order], first)


def _shifted(ids: Array, base: int) -> Array:
    return ids + np.uint32(base) if base else ids
