"""How well documents answer a question: BM25F, a score for each thing that the question names.

A thing is a word, a phrase, a pattern, or several names of one thing. Its strength in a document is that of
the strongest name: occurrences over the field's length, weighed by field and added up. The score saturates
with the strength once for all fields and names, and is multiplied by how rare the thing is, all names taken
together. Scores of the parts of an And or an Or add up; what is left out counts nothing.

Nearness then raises the best documents only (see `nearness`), and a page's `Raised` values multiply.
The work is linear in the postings of the words that are named, whatever the documents.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap
from whoosh import query

from determinations.search.columnar.address_blocks import between
from determinations.search.columnar.array_file import Array, runs
from determinations.search.columnar.bitmaps import to_array
from determinations.search.columnar.columns import LENGTH_OF_BYTE, SCORED_FIELDS
from determinations.search.columnar.executor import documents_of, leaf_name, occurrences_of
from determinations.search.columnar.queries import (
    LEAVES,
    Dated,
    InFields,
    OneThing,
    Positional,
    Stem,
    Together,
)
from determinations.search.columnar.snapshot import Snapshot
from determinations.search.index_fields import words_field
from determinations.search.relevance import WEIGHTS, rarity

_FEW = 16
"""Of less than one document in this many, scores are made for these documents only."""
CHUNK = 1 << 17
"""So many documents are scored at a time: what is made on the way stays in the processor's cache."""
_THINGS = (*LEAVES, InFields, OneThing, Together)
_REMEMBERED = 1 << 20
"""Of at most so many documents the scores for a thing are remembered, 4 bytes for each."""


def rarity_of(holding: BitMap, snapshot: Snapshot) -> float:
    """The rarity of what these documents hold; deleted ones do not count."""
    return rarity(len(snapshot.live), len(holding) - holding.intersection_cardinality(snapshot.deleted))


_Documents = Array | range
"""Some documents that ascend, or all of a range."""


class Scores:
    """Scores for some documents of a snapshot, given by ascending number.

    Of few documents scores are made one by one, else those of all documents, a chunk at a time. The postings
    of one thing are in memory at a time.
    """

    def __init__(self, snapshot: Snapshot, documents: Array) -> None:
        self._snapshot = snapshot
        self._documents = documents
        self._is_few = len(documents) * _FEW < snapshot.document_count

    def of(self, node: query.Query) -> Array:
        """The score of each document; 0 for one that holds nothing of what is asked."""
        scores = np.zeros(len(self._documents), np.float32)
        for part in _summands(node):
            match part:
                case _ if isinstance(part, _THINGS):
                    self._add(part, scores)
                case query.Not() | query.Every() | Dated():
                    scores += 1
                case _ if part is query.NullQuery:
                    pass
                case _:
                    raise NotImplementedError(f"{type(part).__name__} is not scored")
        return scores

    def _add(self, thing: query.Query, scores: Array) -> None:
        holding = documents_of(thing, self._snapshot)
        if not holding:
            return
        rare = rarity_of(holding, self._snapshot)
        if self._is_few:
            strength = _Strength(_Leaves(self._snapshot), self._documents).of(thing)
            scores += _saturated(strength, rare)
        elif self._snapshot.document_count <= _REMEMBERED:
            scores += self._remembered(thing, rare).take(self._documents)
        else:
            _add_in_chunks(thing, rare, self._snapshot, self._documents, scores)

    def _remembered(self, thing: query.Query, rare: float) -> Array:
        """The scores of all documents."""

        def made() -> tuple[Array]:
            every = np.arange(self._snapshot.document_count, dtype=np.uint32)
            scores = np.zeros(len(every), np.float32)
            _add_in_chunks(thing, rare, self._snapshot, every, scores)
            return (scores,)

        scores: Array = self._snapshot.cached(("scores", _thing_name(thing)), made)[0]
        return scores


def _summands(node: query.Query) -> Iterator[query.Query]:
    """The parts of a question whose scores add up."""
    match node:
        case _ if isinstance(node, _THINGS):
            yield node
        case query.And() | query.Or():
            for part in node:
                yield from _summands(part)
        case query.AndNot():
            yield from _summands(node.a)
        case _:
            yield node


def _add_in_chunks(
    thing: query.Query, rare: float, snapshot: Snapshot, documents: Array, scores: Array
) -> None:
    leaves = _Leaves(snapshot)
    for start in range(0, snapshot.document_count, CHUNK):
        stop = min(start + CHUNK, snapshot.document_count)
        first, last = between(documents, start, stop)
        if first < last:
            found = _saturated(_Strength(leaves, range(start, stop)).of(thing), rare)
            scores[first:last] += found.take(documents[first:last] - np.uint32(start))


def _thing_name(node: query.Query) -> tuple[object, ...]:
    if isinstance(node, LEAVES):
        word = node.word if isinstance(node, Stem) else ""
        return (*leaf_name(node), word, node.boost)
    phrase = _thing_name(node.phrase) if isinstance(node, Together) else ()
    return type(node).__name__, node.boost, phrase, *map(_thing_name, node)


def scores_of_term(snapshot: Snapshot, term: query.Term) -> Iterator[tuple[Array, Array]]:
    """The documents that hold a term of a scored field, some at a time, and their scores for it."""
    norms, lengths = _norms(snapshot, term.fieldname), snapshot.length_bytes(term.fieldname)
    found = snapshot.found(term.fieldname, term.text)
    if snapshot.deleted:
        rare = rarity_of(documents_of(term, snapshot), snapshot)
    else:
        rare = rarity(len(snapshot.live), snapshot.frequency(term.fieldname, term.text))
    for columns, number, base in found:
        documents = columns.doc_ids(number).astype(np.intp)
        documents += base
        strength = norms.take(lengths.take(documents))
        strength *= columns.term_frequencies(number)
        yield documents, _saturated(strength, rare)


def _saturated(strength: Array, rare: float) -> Array:
    scores = strength + np.float32(WEIGHTS.saturation)
    np.divide(strength, scores, out=scores)
    scores *= np.float32(rare * (WEIGHTS.saturation + 1))
    return scores


@dataclass(frozen=True, slots=True)
class _Holding:
    """Documents of a segment, numbered from `base`, that hold a leaf in a field.

    `times` is how often; None is once for a pattern or a whole value, whose `field` is that of its weight.
    `as_typed` are the documents that hold the very word; None: all of them do.
    """

    field: str
    base: int
    documents: Array
    times: Array | None = None
    as_typed: Array | None = None


class _Leaves:
    """What documents hold the leaves of one thing: each is read once, however many chunks are scored."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._known: dict[tuple[object, ...], list[_Holding]] = {}

    def of(self, leaf: query.Query) -> list[_Holding]:
        name = _thing_name(leaf)
        if name not in self._known:
            self._known[name] = list(self._read(leaf))
        return self._known[name]

    def _read(self, leaf: query.Query) -> Iterator[_Holding]:
        if isinstance(leaf, query.Term) and leaf.fieldname in SCORED_FIELDS:
            for columns, number, base in self.snapshot.found(leaf.fieldname, leaf.text):
                ids, times = columns.doc_ids(number), columns.term_frequencies(number)
                yield _Holding(leaf.fieldname, base, ids, times, self._as_typed(leaf, base, len(ids)))
        elif isinstance(leaf, query.Phrase | Positional):
            found = occurrences_of(leaf, self.snapshot)
            yield _Holding(leaf.fieldname, 0, found.documents, found.times)
        else:
            holding = to_array(documents_of(leaf, self.snapshot))
            yield _Holding(leaf.fieldname.removesuffix("_words"), 0, holding)

    def _as_typed(self, leaf: query.Term, base: int, holding: int) -> Array | None:
        """The documents of a segment that hold the very word; None: all that have the stem do."""
        if not isinstance(leaf, Stem):
            return None
        for columns, number, its_base in self.snapshot.found(words_field(leaf.fieldname), leaf.word):
            if its_base == base:
                if columns.document_frequency(number) == holding:
                    return None
                found: Array = columns.doc_ids(number)
                return found
        return np.empty(0, np.uint32)


class _Strength:
    """How strongly documents speak of a thing, by its names."""

    def __init__(self, leaves: _Leaves, documents: _Documents) -> None:
        self._leaves = leaves
        self._snapshot = leaves.snapshot
        self._documents = documents
        self._size = len(documents)

    def of(self, node: query.Query) -> Array:
        match node:
            case OneThing():
                found = self._best(node)
            case Together():
                apart = self._least(node) * np.float32(WEIGHTS.apart)
                found = np.maximum(apart, self.of(node.phrase))
            case query.Or():
                found = np.zeros(self._size, np.float32)
                for leaf in node:
                    self._add(leaf, found)
            case query.And():
                found = self._least(node)
            case _:
                found = np.zeros(self._size, np.float32)
                self._add(node, found)
        return found if node.boost == 1.0 else found * np.float32(node.boost)

    def _best(self, names: Sequence[query.Query]) -> Array:
        best = np.zeros(self._size, np.float32)
        for name in names:
            np.maximum(best, self.of(name), out=best)
        return best

    def _least(self, words: Sequence[query.Query]) -> Array:
        least: Array | None = None
        for word in words:
            found = self.of(word)
            least = found if least is None else np.minimum(least, found)
        return np.zeros(self._size, np.float32) if least is None else least

    def _add(self, leaf: query.Query, strength: Array) -> None:
        """Add what the leaf's occurrences in its field count."""
        for holding in self._leaves.of(leaf):
            if holding.times is None:
                weight = np.float32(WEIGHTS.fields.get(holding.field, 1.0))
                for places, _ in self._places(holding):
                    strength[places] += weight
            else:
                self._add_occurrences(holding, holding.times, strength)

    def _add_occurrences(self, holding: _Holding, times: Array, strength: Array) -> None:
        norms = _norms(self._snapshot, holding.field)
        lengths = self._snapshot.length_bytes(holding.field)
        forms = None if holding.as_typed is None else self._weights_of_forms(holding.as_typed, holding.base)
        for places, postings in self._places(holding):
            documents = holding.documents[postings].astype(np.intp)
            counts = norms.take(lengths.take(documents + holding.base if holding.base else documents))
            counts *= times[postings]
            if forms is not None:
                counts *= forms(documents)
            strength[places] += counts

    def _weights_of_forms(self, as_typed: Array, base: int) -> Callable[[Array], Array]:
        """What an occurrence counts in documents of a segment, by whether they have the word as typed."""
        if isinstance(self._documents, range):
            begin = self._documents.start - base
            first, last = _of_range(as_typed, begin, self._documents.stop - base)
            weights = np.full(self._size, WEIGHTS.inflected, np.float32)
            weights[as_typed[first:last].astype(np.intp) - begin] = 1
            return lambda documents: weights.take(documents - begin)

        def of_few(documents: Array) -> Array:
            at = np.searchsorted(as_typed, documents)
            held = as_typed.take(at, mode="clip") == documents if len(as_typed) else np.zeros(len(at), bool)
            return np.where(held, np.float32(1), np.float32(WEIGHTS.inflected))

        return of_few

    def _places(self, holding: _Holding) -> Iterator[tuple[Array, Array | slice]]:
        """Where in `strength` some postings belong, and which postings: a run of them, or those wanted."""
        ids, base = holding.documents, holding.base
        if isinstance(self._documents, range):
            begin = self._documents.start - base
            first, last = _of_range(ids, begin, self._documents.stop - base)
            for run in runs(last - first):
                postings = slice(first + run.start, min(first + run.stop, last))
                yield ids[postings].astype(np.intp) - begin, postings
            return
        first, last = between(self._documents, base, base + int(ids[-1]) + 1) if len(ids) else (0, 0)
        wanted = self._documents[first:last] - np.uint32(base)
        at = np.searchsorted(ids, wanted)
        held = np.flatnonzero(ids.take(at, mode="clip") == wanted) if len(ids) else at[:0]
        yield held + first, at[held]


def _of_range(documents: Array, start: int, stop: int) -> tuple[int, int]:
    """The places of the first of a segment's documents from `start` on, and from `stop` on."""
    return between(documents, max(start, 0), max(stop, 0))


def _norms(snapshot: Snapshot, field: str) -> Array:
    """By length byte: what one occurrence in the field counts."""

    def made() -> tuple[Array]:
        relative = LENGTH_OF_BYTE / snapshot.average_length(field)
        norms = WEIGHTS.fields[field] / (1 - WEIGHTS.length + WEIGHTS.length * relative)
        return (norms.astype(np.float32),)

    norms: Array = snapshot.cached(("norms", field), made)[0]
    return norms
