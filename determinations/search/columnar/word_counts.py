"""How often the words of rationales are in some documents, alone and two by two.

A small part of a segment is counted from its texts (`text_counts`), a large part from its postings and
bitmaps (`posting_counts`), which are made for large segments. Both give the same. A segment of an earlier
version has no bitmaps and is counted from its texts, whatever part is asked for.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, compress, repeat

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.array_file import Array, starts_run
from determinations.search.columnar.bitmaps import to_array
from determinations.search.columnar.columns import FORWARD_FIELD, TermColumns
from determinations.search.columnar.document_sets import CountedTerms, DocumentSets
from determinations.search.columnar.posting_counts import (
    PairPostings,
    has_word_slices,
    word_counts_of_postings,
)
from determinations.search.columnar.snapshot import Snapshot
from determinations.search.columnar.text_counts import pair_counts_of_texts, word_counts_of_texts
from determinations.search.term_counts import PairCounts, WordCounts

SMALL_PART = 128
"""Of one document in so many, or fewer, the texts are read."""


def word_totals(snapshot: Snapshot, several: Sequence[BitMap]) -> WordCounts:
    """Term -> its occurrences in each of several sets of documents; terms without any are left out."""
    parts: list[tuple[list[bytes], Array]] = []
    for columns, sets in _parts(snapshot, several):
        from_postings = has_word_slices(columns) and not _is_small(sets)
        count = word_counts_of_postings if from_postings else word_counts_of_texts
        counts = count(columns, sets)
        used = np.logical_or.reduce(counts)
        parts.append((list(compress(columns.terms(), used.tolist())), counts[:, used]))
    distinct = list(dict.fromkeys(chain.from_iterable(terms for terms, _ in parts)))
    rows = dict(zip(distinct, range(len(distinct)), strict=True))
    totals = np.zeros((len(rows), len(several)), np.int64)
    for terms, counts in parts:
        totals[np.fromiter(map(rows.__getitem__, terms), np.intp, len(terms))] += counts.T
    return WordCounts(tuple(map(bytes.decode, distinct)), totals)


def pair_totals(
    snapshot: Snapshot, several: Sequence[BitMap], among: Collection[str], fewest: int
) -> PairCounts:
    """(term, the term behind it) -> how often in each of the sets, both terms in `among`.

    Pairs of which all sets together have less than `fewest` are left out.
    """
    terms = sorted(dict.fromkeys(among))
    parts = [] if not terms else list(_parts(snapshot, several))
    parts.sort(key=lambda part: len(part[1].any))
    found = [(np.empty(0, np.int64), np.empty((len(several), 0), np.int64))]
    for number, (columns, sets) in enumerate(parts, 1):
        counted = _counted_terms(columns, terms)
        postings = PairPostings(columns)
        if _is_small(sets) or not postings.cover(counted):
            found.append(pair_counts_of_texts(columns, sets, counted))
        else:  # most of the different pairs are rare, and in the largest segment
            is_largest = number == len(parts)
            others = np.sort(np.concatenate([pairs for pairs, _ in found])) if is_largest else None
            found += postings.counted(sets, counted, fewest, others)
    pairs, counts = _summed(found)
    kept = counts.sum(axis=0) >= max(fewest, 1)
    first, second = np.divmod(pairs[kept], max(len(terms), 1))
    return PairCounts(tuple(terms), first, second, counts[:, kept].T)


def _parts(snapshot: Snapshot, several: Sequence[BitMap]) -> Iterator[tuple[TermColumns, DocumentSets]]:
    """Each segment that holds some of the documents, and which of its own are in each set."""
    wanted = [np.zeros(snapshot.document_count, bool) for _ in several]
    for marks, documents in zip(wanted, several, strict=True):
        marks[to_array(documents)] = True
    for segment, base in zip(snapshot.segments, snapshot.bases, strict=True):
        within = [marks[base : base + segment.columns.document_count] for marks in wanted]
        if any(marks.any() for marks in within):
            yield segment.columns.field(FORWARD_FIELD), DocumentSets(within)


def _is_small(sets: DocumentSets) -> bool:
    return int(np.count_nonzero(sets.any)) * SMALL_PART <= len(sets.any)


def _counted_terms(columns: TermColumns, terms: Sequence[str]) -> CountedTerms:
    places = dict(zip(map(str.encode, terms), range(1, len(terms) + 1), strict=True))
    of_all = map(places.get, columns.terms(), repeat(0))
    return CountedTerms(np.fromiter(of_all, np.int32, len(columns)), len(terms))


def _summed(found: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Distinct pairs, ascending, and the sums of their counts."""
    pairs, counts = (np.concatenate(parts, axis=-1) for parts in zip(*found, strict=True))
    order = np.argsort(pairs, kind="stable")
    pairs, counts = pairs[order], counts[:, order]
    first = np.flatnonzero(starts_run(pairs))
    return pairs[first], np.add.reduceat(counts, first, axis=1) if len(first) else counts
