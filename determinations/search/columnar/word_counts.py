"""How often the words of rationales are in some documents, alone and two by two.

Words are read in the order of the text (`F.forward` in `columns`), so the time grows with the documents
asked for: some 60 million words a second alone, 12 million in pairs. Memory is that of a block of documents,
and of the different pairs.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import add

import numpy as np
from pyroaring import BitMap

from determinations.search.analysis import is_mark
from determinations.search.columnar.array_file import Array, joined
from determinations.search.columnar.bitmaps import to_array
from determinations.search.columnar.columns import FORWARD_FIELD, TermColumns
from determinations.search.columnar.snapshot import Snapshot

_DOCUMENTS_AT_A_TIME = 1 << 13
_FEW = 1 << 4
"""Where less than one document in so many is asked for, each is read by itself."""


def word_totals(snapshot: Snapshot, several: Sequence[BitMap]) -> Mapping[str, tuple[int, ...]]:
    """Term -> its occurrences in each of several sets of documents; terms without any are left out."""
    totals: dict[str, tuple[int, ...]] = {}
    for columns, wanted in _parts(snapshot, several):
        counts = np.zeros((len(columns), len(several)), np.int64)
        for texts in _texts(columns, wanted):
            for number, chosen in enumerate(texts.chosen):
                words = texts.words if chosen.all() else texts.words[np.repeat(chosen, texts.lengths)]
                counts[:, number] += np.bincount(words >> 1, minlength=len(columns))
        used = np.logical_or.reduce(counts, axis=1)
        held = compress(columns.terms(), used.tolist())
        for encoded, count in zip(held, counts[used].tolist(), strict=True):
            term = encoded.decode()
            if not is_mark(term):
                totals[term] = tuple(map(add, count, totals[term])) if term in totals else tuple(count)
    return totals


def pair_totals(
    snapshot: Snapshot, several: Sequence[BitMap], among: Collection[str], fewest: int
) -> Mapping[tuple[str, str], tuple[int, ...]]:
    """(term, the term behind it) -> how often in each of the sets, both terms in `among`.

    Pairs of which all sets together have less than `fewest` are left out.
    """
    terms = sorted(set(among))
    found = _PairCounts()
    for columns, wanted in _parts(snapshot, several):
        codes = _codes(columns, terms)
        for texts in _texts(columns, wanted):
            first, behind, documents = _pairs(texts, codes)
            pairs = (first * len(terms) + behind) * len(several)
            for number, chosen in enumerate(texts.chosen):
                found.add(pairs[chosen[documents]] + number)
    pairs, counts = found.totals()
    return _named(pairs, counts, terms, len(several), fewest)


@dataclass(frozen=True, slots=True)
class _Texts:
    """The words of some documents one after the other, as `F.forward` has them."""

    words: Array
    lengths: Array
    """How many words each of the documents has."""
    chosen: Sequence[Array]
    """For each set whether it has each of the documents."""


def _parts(snapshot: Snapshot, several: Sequence[BitMap]) -> Iterator[tuple[TermColumns, list[Array]]]:
    """Each segment that holds some of the documents, with a mark for each of its own by set."""
    wanted = [np.zeros(snapshot.document_count, bool) for _ in several]
    for marks, documents in zip(wanted, several, strict=True):
        marks[to_array(documents)] = True
    for segment, base in zip(snapshot.segments, snapshot.bases, strict=True):
        within = [marks[base : base + segment.columns.document_count] for marks in wanted]
        if any(marks.any() for marks in within):
            yield segment.columns.field(FORWARD_FIELD), within


def _texts(columns: TermColumns, wanted: Sequence[Array]) -> Iterator[_Texts]:
    """The texts of the documents that are in any of the sets, some documents at a time."""
    offsets = columns.forward_offsets
    every = np.logical_or.reduce(wanted)
    for first in range(0, len(every), _DOCUMENTS_AT_A_TIME):
        marks = every[first : first + _DOCUMENTS_AT_A_TIME]
        documents = np.flatnonzero(marks) + first
        if not len(documents):
            continue
        starts, ends = offsets[documents].astype(np.int64), offsets[documents + 1].astype(np.int64)
        if len(documents) * _FEW < len(marks):
            places = zip(starts.tolist(), ends.tolist(), strict=True)
            words = joined([columns.part("forward", range(*place)) for place in places])
        else:
            begins = offsets[first : first + len(marks) + 1].astype(np.int64)
            words = columns.part("forward", range(int(begins[0]), int(begins[-1])))
            if len(documents) < len(marks):
                words = words[np.repeat(marks, np.diff(begins))]
        yield _Texts(words, ends - starts, [marks[documents] for marks in wanted])


def _codes(columns: TermColumns, terms: Sequence[str]) -> Array:
    """By number of a term its place in `terms`, from 1; 0 where it is not among them."""
    places = {term.encode(): place for place, term in enumerate(terms, 1)}
    return np.fromiter((places.get(term, 0) for term in columns.terms()), np.int32, len(columns))


def _pairs(texts: _Texts, codes: Array) -> tuple[Array, Array, Array]:
    """Of each pair of terms the place of the first and of the second in `terms`, and the index of its
    document."""
    own = (texts.words & 1).astype(bool)
    counts = np.cumsum(own, dtype=np.int64)
    terms = codes[texts.words[own] >> 1]
    further = np.flatnonzero(~own)
    np.maximum.at(terms, counts[further] - 1, codes[texts.words[further] >> 1])
    ends = np.concatenate(([0], counts))[np.cumsum(texts.lengths)]
    first = np.flatnonzero((terms[:-1] > 0) & (terms[1:] > 0))
    documents = np.searchsorted(ends, first, "right")
    within = first + 1 < ends[documents]
    first = first[within]
    return terms[first].astype(np.int64) - 1, terms[first + 1].astype(np.int64) - 1, documents[within]


class _PairCounts:
    """How often numbers occur, of which more come than memory has room for.

    Sorted runs of (number, count), each more than twice as long as the next, so that merging them takes
    n log n.
    """

    def __init__(self) -> None:
        self._runs: list[tuple[Array, Array]] = []

    def add(self, numbers: Array) -> None:
        self._runs.append(np.unique(numbers, return_counts=True))
        while len(self._runs) > 1 and len(self._runs[-2][0]) <= 2 * len(self._runs[-1][0]):
            self._merge_last()

    def totals(self) -> tuple[Array, Array]:
        """The numbers, ascending, and their counts."""
        while len(self._runs) > 1:
            self._merge_last()
        return self._runs[0] if self._runs else (np.empty(0, np.int64), np.empty(0, np.int64))

    def _merge_last(self) -> None:
        (numbers, counts), (others, other_counts) = self._runs.pop(), self._runs.pop()
        every, places = np.unique(np.concatenate((numbers, others)), return_inverse=True)
        totals = np.bincount(places, np.concatenate((counts, other_counts)), len(every))
        self._runs.append((every, totals.astype(np.int64)))


def _named(
    pairs: Array, counts: Array, terms: Sequence[str], sets: int, fewest: int
) -> dict[tuple[str, str], tuple[int, ...]]:
    """Each pair's counts by set. A pair's number is `sets` times its own, plus that of the set."""
    own, places = np.unique(pairs // sets, return_inverse=True)
    by_set = np.zeros((len(own), sets), np.int64)
    by_set[places, pairs % sets] = counts
    kept = by_set.sum(axis=1) >= fewest
    named = {}
    for pair, count in zip(own[kept].tolist(), by_set[kept].tolist(), strict=True):
        first, behind = divmod(pair, len(terms))
        named[terms[first], terms[behind]] = tuple(count)
    return named
