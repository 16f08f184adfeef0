"""Where a phrase stands: words as sets of addresses, moved and intersected.

First come the documents that have all of the words; positions are read in these only, those of a word
that the phrase has twice once. There each word has an address: documents stand behind one another, each
as long as Whoosh's approximation of its length says (which is never too short), with a gap between that
no phrase spans. A phrase is where the first word's addresses, moved by one, are the second's, and so on.
Roaring bitmaps do this some thirty times as fast as searching in sorted arrays.

The work is linear in the postings of the phrase's distinct words, and in its length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.array_file import Array, joined, runs
from determinations.search.columnar.bitmaps import from_sorted, to_array
from determinations.search.columnar.columns import TermColumns
from determinations.search.columnar.segments import LENGTH_OF_BYTE, MOST_WORDS
from determinations.search.columnar.snapshot import Snapshot

_GAP = 32
_MANY = 16
"""Of a word in more documents than so many times those looked at, the documents are searched for."""
_LENGTHS = np.where(np.arange(256) == 255, MOST_WORDS, LENGTH_OF_BYTE).astype(np.int64) + _GAP
_MOST_ADDRESSES = 1 << 32


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Documents by ascending number, and in how many places each holds what was looked for."""

    documents: Array
    times: Array


def counted(documents: Array, places: Array) -> Occurrences:
    """How often each of the documents is named by ascending places in their array."""
    if not len(places):
        return _NOWHERE
    first = np.flatnonzero(np.concatenate(([True], places[1:] != places[:-1])))
    times = np.diff(np.append(first, len(places)))
    return Occurrences(documents[places[first]], times.astype(np.uint32))


_NOWHERE = Occurrences(np.empty(0, np.uint32), np.empty(0, np.uint32))


def phrase_occurrences(snapshot: Snapshot, field: str, words: Sequence[str], slop: int) -> Occurrences:
    """The documents where each word stands at most `slop` positions after the last."""
    documents = to_array(reduce(and_, (_documents(snapshot, field, word) for word in dict.fromkeys(words))))
    parts = [_within(snapshot, field, words, slop, part) for part in _that_fit(snapshot, field, documents)]
    return Occurrences(joined([part.documents for part in parts]), joined([part.times for part in parts]))


def _documents(snapshot: Snapshot, field: str, word: str) -> BitMap:
    documents = BitMap()
    for columns, number, base in snapshot.found(field, word):
        documents |= from_sorted(columns.doc_ids(number)).shift(base)
    return documents


def _that_fit(snapshot: Snapshot, field: str, documents: Array) -> list[Array]:
    """The documents in parts, each so small that its words have addresses below 2^32."""
    parts, first, words = [], 0, 0
    for run in runs(len(documents)):
        room = int(_LENGTHS[snapshot.length_bytes(field).take(documents[run])].sum())
        if words + room >= _MOST_ADDRESSES:
            parts.append(documents[first : run.start])
            first, words = run.start, 0
        words += room
    return [*parts, documents[first:]]


def _within(snapshot: Snapshot, field: str, words: Sequence[str], slop: int, documents: Array) -> Occurrences:
    if not len(documents):
        return _NOWHERE
    room = _LENGTHS[snapshot.length_bytes(field).take(documents)]
    starts = (np.cumsum(room) - room).astype(np.uint32)
    standing = {word: _addresses(snapshot, field, word, documents, starts) for word in dict.fromkeys(words)}
    if slop > _GAP:
        placed = {word: _document_and_place(starts, at) for word, at in standing.items()}
        ends = _far_apart([placed[word] for word in words], slop) >> 32
    else:
        sets = {word: from_sorted(at) for word, at in standing.items()}
        found = sets[words[0]]
        for word in words[1:]:
            if not found:
                break
            found = sets[word] & _after(found, slop)
        ends = np.searchsorted(starts, to_array(found), "right") - 1
    return counted(documents, ends)


def _addresses(snapshot: Snapshot, field: str, word: str, documents: Array, starts: Array) -> Array:
    """Everywhere the word stands in the documents, which all hold it."""
    parts = []
    for columns, number, base in snapshot.found(field, word):
        first, last = np.searchsorted(documents, (base, base + snapshot.size_at[base]))
        if first < last:
            within = documents[first:last] - np.uint32(base)
            parts.append(_standing(columns, number, within, starts[first:last]))
    return joined(parts)


def _standing(columns: TermColumns, number: int, documents: Array, starts: Array) -> Array:
    """The addresses of a term in some of a segment's documents, which all hold it."""
    whose, positions = places_in(columns, number, documents)
    addresses: Array = starts.take(whose)
    addresses += positions
    return addresses


def places_in(columns: TermColumns, number: int, documents: Array) -> tuple[Array, Array]:
    """Of every place that a term has in some of a segment's documents: the document, and the position in it.

    Documents are meant by their index in `documents`, which ascend and need not all have the term. Ascending.
    """
    ids, times = columns.doc_ids(number), columns.term_frequencies(number)
    if not len(documents) or not len(ids):
        return np.empty(0, np.int32), np.empty(0, np.uint32)
    if len(documents) * _MANY < len(ids):
        return _places_in_few(columns, number, documents, ids, times)
    index = np.full(max(int(documents[-1]), int(ids[-1])) + 1, -1, np.int32)
    index[documents] = np.arange(len(documents), dtype=np.int32)
    whose = index.take(ids)
    held = whose >= 0
    if held.all():
        return np.repeat(whose, times), columns.positions(number)
    return np.repeat(whose[held], times[held]), columns.positions(number)[np.repeat(held, times)]


def _places_in_few(
    columns: TermColumns, number: int, documents: Array, ids: Array, times: Array
) -> tuple[Array, Array]:
    at = np.searchsorted(ids, documents)
    held = np.flatnonzero(ids.take(at, mode="clip") == documents)
    if not len(held):
        return held, np.empty(0, np.uint32)
    at = at[held]
    ends = np.cumsum(times[: at[-1] + 1], dtype=np.int64)
    counts = times[at].astype(np.int64)
    behind = np.cumsum(counts)
    places = np.repeat(ends[at] - behind, counts) + np.arange(int(behind[-1]))
    return np.repeat(held, counts), columns.positions(number)[places]


def _after(ends: BitMap, slop: int) -> BitMap:
    """The addresses 1 to `slop` behind those of `ends`."""
    reached, width = ends.shift(1), 1
    while width < slop:
        step = min(width, slop - width)
        reached |= reached.shift(step)
        width += step
    return reached


def _document_and_place(starts: Array, addresses: Array) -> Array:
    """document << 32 | position of addresses, ascending: what a distance beyond the gap is measured in."""
    documents = np.searchsorted(starts, addresses, "right") - 1
    places: Array = (documents << 32) | (addresses - starts[documents])
    return places


def _far_apart(places: list[Array], slop: int) -> Array:
    """Where phrases end whose every word stands at most `slop` positions after the one before."""
    ends = places[0]
    for following in places[1:]:
        if not len(ends):
            break
        before = np.searchsorted(ends, following) - 1  # the nearest end decides: others are farther away
        distance = following - ends[before]
        ends = following[(before >= 0) & (distance >= 1) & (distance <= slop)]
    return ends
