"""How often words and pairs are in sets of documents, from their postings and bitmaps.

The time hardly depends on the sets: for words and pairs together some 0.4 seconds for each million of a
segment's documents. For a small part of its documents, reading their texts is faster (`text_counts`). Memory
is that of a block of postings, and 20 bytes for each pair that is found often enough.
"""

from collections.abc import Iterator

import numpy as np

from determinations.search.columnar.array_file import Array, bounded_runs, offsets_of
from determinations.search.columnar.bit_slices import BitSlices
from determinations.search.columnar.columns import TermColumns
from determinations.search.columnar.document_sets import CountedTerms, DocumentSets

_POSTINGS_AT_A_TIME = 1 << 18


def has_word_slices(columns: TermColumns) -> bool:
    """Whether frequent words have bitmaps: in large segments, but for those of an earlier version."""
    return columns.has("word_slices.rows")


def word_counts_of_postings(columns: TermColumns, sets: DocumentSets) -> Array:
    """How often each term is in each set: a row for each set. Marks, which are no words, have 0."""
    counts = np.zeros((len(sets), len(columns)), np.int64)
    slices = BitSlices(columns, "word_slices")
    counts[:, slices.rows] = slices.totals(sets.bitmaps)
    is_read = columns.whole("is_word").copy()
    is_read[slices.rows] = False
    changes = np.flatnonzero(np.diff(np.concatenate(([False], is_read, [False]))))
    offsets = columns.offsets.astype(np.int64)
    for start, stop in changes.reshape(-1, 2).tolist():
        for first, last in bounded_runs(offsets[start : stop + 1], _POSTINGS_AT_A_TIME):
            terms = slice(start + first, start + last)
            ends = offsets[terms.start : terms.stop + 1]
            postings = range(int(ends[0]), int(ends[-1]))
            documents, times = columns.part("doc_ids", postings), columns.part("term_frequencies", postings)
            counts[:, terms] = sets.counts(documents, ends - ends[0], times)
    return counts


class PairPostings:
    """The pairs of a field of one segment: see `pairs`."""

    def __init__(self, columns: TermColumns) -> None:
        self._columns = columns

    def cover(self, terms: CountedTerms) -> bool:
        """Whether the pairs of all these terms are kept."""
        return self._columns.has("paired") and bool(self._columns.whole("paired")[terms.places > 0].all())

    def counted(
        self, sets: DocumentSets, terms: CountedTerms, fewest: int, others: Array | None
    ) -> Iterator[tuple[Array, Array]]:
        """Some pairs at a time and how often they are in each set, a row for each set.

        A pair may come more than once. Those that all sets have fewer than `fewest` times together, and that
        are not among the ascending `others`, may be left out; none without `others`.
        """
        places = self._places(terms)
        yield from self._common(sets, terms, places)
        most = int(self._columns.whole("rare_pair_counts").max(initial=0)) * sets.overlap
        if others is None or fewest <= most:
            yield from self._rare(sets, terms, places, None)
        elif len(others):
            yield from self._rare(sets, terms, places, others)

    def _common(
        self, sets: DocumentSets, terms: CountedTerms, places: Array
    ) -> Iterator[tuple[Array, Array]]:
        slices = BitSlices(self._columns, "pair_slices")
        sliced = slices.totals(sets.bitmaps)
        lengths = self._columns.whole("pair_counts").astype(np.int64)
        lengths[slices.rows] = 0
        ends = offsets_of(lengths)
        for start, stop in bounded_runs(ends, _POSTINGS_AT_A_TIME):
            pairs, are_counted = self._named("pair", range(start, stop), terms, places)
            documents = self._columns.part("pair_documents", range(int(ends[start]), int(ends[stop])))
            counts = sets.counts(documents, ends[start : stop + 1] - ends[start])
            within = slice(*np.searchsorted(slices.rows, (start, stop)).tolist())
            counts[:, slices.rows[within] - start] = sliced[:, within]
            yield pairs[are_counted], counts[:, are_counted]

    def _rare(
        self, sets: DocumentSets, terms: CountedTerms, places: Array, others: Array | None
    ) -> Iterator[tuple[Array, Array]]:
        """All rare pairs, or those among `others`."""
        lengths = self._columns.whole("rare_pair_counts").astype(np.int64)
        ends = offsets_of(lengths)
        for start, stop in bounded_runs(ends, _POSTINGS_AT_A_TIME):
            pairs, kept = self._named("rare_pair", range(start, stop), terms, places)
            if others is not None:
                kept = _among(others, pairs, kept)
            documents = self._columns.part("rare_pair_documents", range(int(ends[start]), int(ends[stop])))
            its_lengths = lengths[start:stop]
            documents = documents[np.repeat(kept, its_lengths)]
            counts = sets.counts(documents, offsets_of(its_lengths[kept]))
            yield pairs[kept], counts

    def _named(self, name: str, rows: range, terms: CountedTerms, places: Array) -> tuple[Array, Array]:
        """Some of the pairs, and whether both terms of each are counted."""
        first = places.take(self._columns.part(f"{name}_first", rows))
        second = places.take(self._columns.part(f"{name}_second", rows))
        return terms.pairs(first, second), (first > 0) & (second > 0)

    def _places(self, terms: CountedTerms) -> Array:
        """The place of each number.

        Of several terms at one position the one with the last place counts.
        """
        columns = self._columns
        alternatives, offsets = columns.whole("alternatives"), columns.whole("alternative_offsets")
        combined = terms.places[:0]
        if len(alternatives):
            combined = np.maximum.reduceat(terms.places[alternatives], offsets[:-1])
        return np.concatenate((terms.places, combined))


def _among(others: Array, pairs: Array, counted: Array) -> Array:
    """Which of the counted pairs are among the others; both ascend."""
    places = np.flatnonzero(counted)
    its_pairs = pairs[places]
    first, last = np.searchsorted(others, its_pairs[[0, -1]] + (0, 1)) if len(places) else (0, 0)
    sought = others[first:last]
    at = np.searchsorted(its_pairs, sought)
    marks = np.zeros(len(pairs), bool)
    marks[places[at[its_pairs.take(at, mode="clip") == sought]]] = True
    return marks
