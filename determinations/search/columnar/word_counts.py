"""How often the words of a field are in some documents, alone and two by two.

The postings of all terms are read through once, whatever the documents: some 100 million of them a second,
4 million at a time.
Counting pairs takes four bytes for each word of the documents, in one segment at a time.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.analysis import is_mark
from determinations.search.columnar.array_file import Array
from determinations.search.columnar.bitmaps import to_array
from determinations.search.columnar.columns import TermColumns
from determinations.search.columnar.segments import LENGTH_OF_BYTE, MOST_WORDS
from determinations.search.columnar.snapshot import OpenSegment, Snapshot

_POSTINGS_AT_A_TIME = 1 << 22
_ROOM = np.where(np.arange(256) == 255, MOST_WORDS, LENGTH_OF_BYTE).astype(np.int64) + 1
"""What a document takes by its length byte, which is never too short, and one place that stays empty."""


def term_totals(snapshot: Snapshot, documents: BitMap, field: str) -> Mapping[str, int]:
    """Term -> its occurrences in the documents; terms without any are left out."""
    totals = Counter[str]()
    for segment, within in _parts(snapshot, documents):
        columns = segment.columns.field(field)
        counts = _occurrences(columns, within)
        for number, term in enumerate(columns.terms()):
            if counts[number] and not is_mark(term.decode()):
                totals[term.decode()] += int(counts[number])
    return totals


def pair_totals(
    snapshot: Snapshot, documents: BitMap, field: str, among: Collection[str]
) -> Mapping[tuple[str, str], int]:
    """(term, the term behind it) -> how often, in the documents, both of them in `among`."""
    terms = sorted(set(among))
    totals = Counter[tuple[str, str]]()
    for segment, within in _parts(snapshot, documents):
        text = _written_out(segment, within, field, terms)
        first = np.flatnonzero(text[:-1] * text[1:].astype(bool))
        codes = (text[first].astype(np.int64) - 1) * len(terms) + text[first + 1] - 1
        pairs, counts = np.unique(codes, return_counts=True)
        for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
            before, behind = divmod(pair, len(terms))
            totals[terms[before], terms[behind]] += count
    return totals


def _parts(snapshot: Snapshot, documents: BitMap) -> Iterator[tuple[OpenSegment, Array]]:
    """Each segment that holds some of the documents, with a mark for each of its own."""
    wanted = np.zeros(snapshot.document_count, bool)
    wanted[to_array(documents)] = True
    for segment, base in zip(snapshot.segments, snapshot.bases, strict=True):
        within = wanted[base : base + segment.columns.document_count]
        if within.any():
            yield segment, within


def _occurrences(columns: TermColumns, within: Array) -> Array:
    """How often each term, by its number, is in the documents marked in `within`."""
    offsets = np.asarray(columns.offsets, np.int64)
    counts = np.zeros(len(columns), np.int64)
    first = 0
    while first < len(columns):
        end = offsets[first] + _POSTINGS_AT_A_TIME
        last = max(first + 1, int(np.searchsorted(offsets, end, "right")) - 1)
        kept = np.where(within[columns.doc_ids(first, last)], columns.term_frequencies(first, last), 0)
        running = np.concatenate(([0], np.cumsum(kept, dtype=np.int64)))
        bounds = offsets[first : last + 1] - offsets[first]
        counts[first:last] = running[bounds[1:]] - running[bounds[:-1]]
        first = last
    return counts


def _written_out(segment: OpenSegment, within: Array, field: str, terms: list[str]) -> Array:
    """The documents' words one after the other, each as the number of its term from 1; 0 is any other."""
    room = np.where(within, _ROOM[segment.columns.lengths(field)], 0)
    ends = np.cumsum(room)
    beginnings = ends - room
    text = np.zeros(int(ends[-1]) + 1, np.int32)
    columns = segment.columns.field(field)
    for code, term in enumerate(terms, 1):
        number = columns.find(term.encode())
        if number is None:
            continue
        doc_ids, frequencies = columns.doc_ids(number), columns.term_frequencies(number)
        places = np.repeat(beginnings[doc_ids], frequencies) + columns.positions(number)
        text[places[np.repeat(within[doc_ids], frequencies)]] = code
    return text
