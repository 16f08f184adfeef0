"""How often words and pairs are in sets of documents, from the texts (`F.forward` in `columns`).

The time grows with the documents: some 60 million words a second alone, 12 million in pairs. Memory is that
of a block of documents, and of the different pairs.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from determinations.search.columnar.array_file import Array, joined
from determinations.search.columnar.columns import TermColumns
from determinations.search.columnar.document_sets import CountedTerms, DocumentSets

_DOCUMENTS_AT_A_TIME = 1 << 13
_FEW = 1 << 4
"""Where less than one document in so many is asked for, each is read by itself."""


def word_counts_of_texts(columns: TermColumns, sets: DocumentSets) -> Array:
    """How often each term is in each set: a row for each set."""
    counts = np.zeros((len(sets), len(columns)), np.int64)
    for texts in _texts(columns, sets):
        for number, chosen in enumerate(texts.chosen.marks):
            words = texts.words if chosen.all() else texts.words[np.repeat(chosen, texts.lengths)]
            counts[number] += np.bincount(words >> 1, minlength=len(columns))
    return counts


def pair_counts_of_texts(
    columns: TermColumns, sets: DocumentSets, terms: CountedTerms
) -> tuple[Array, Array]:
    """Pairs, ascending, and how often each is in each set: a row for each set.

    Of several terms at one position the one with the last place counts.
    """
    found = _PairCounts()
    for texts in _texts(columns, sets):
        first, behind, documents = _pairs(texts, terms.places)
        pairs = terms.pairs(first, behind) * len(sets)
        for number, chosen in enumerate(texts.chosen.marks):
            found.add(pairs[chosen[documents]] + number)
    numbers, counts = found.totals()
    pairs, rows = np.unique(numbers // len(sets), return_inverse=True)
    by_set = np.zeros((len(sets), len(pairs)), np.int64)
    by_set[numbers % len(sets), rows] = counts
    return pairs, by_set


@dataclass(frozen=True, slots=True)
class _Texts:
    """The words of some documents one after the other, as `F.forward` has them."""

    words: Array
    lengths: Array
    """How many words each of the documents has."""
    chosen: DocumentSets


def _texts(columns: TermColumns, sets: DocumentSets) -> Iterator[_Texts]:
    """The texts of the documents that are in any of the sets, some documents at a time."""
    offsets = columns.forward_offsets
    every = sets.any
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
        yield _Texts(words, ends - starts, DocumentSets([marks[documents] for marks in sets.marks]))


def _pairs(texts: _Texts, places: Array) -> tuple[Array, Array, Array]:
    """Of each pair of terms the place of the first and of the second in `terms`, and the index of its
    document."""
    own = (texts.words & 1).astype(bool)
    counts = np.cumsum(own, dtype=np.int64)
    terms = places[texts.words[own] >> 1]
    further = np.flatnonzero(~own)
    np.maximum.at(terms, counts[further] - 1, places[texts.words[further] >> 1])
    ends = np.concatenate(([0], counts))[np.cumsum(texts.lengths)]
    first = np.flatnonzero((terms[:-1] > 0) & (terms[1:] > 0))
    documents = np.searchsorted(ends, first, "right")
    within = first + 1 < ends[documents]
    first = first[within]
    return terms[first], terms[first + 1], documents[within]


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
