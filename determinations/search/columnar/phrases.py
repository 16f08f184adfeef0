"""Where a phrase stands: words as sets of addresses, moved and intersected.

First come the documents that have all of the words; positions are read in these only. There each word has
an address: documents stand behind one another, each as long as Whoosh's approximation of its length says
(which is never too short), with a gap between that no phrase spans. A phrase is where the first word's
addresses, moved by one, are the second's, and so on. Roaring bitmaps do this some thirty times as fast as
searching in sorted arrays.

The rarest words come first: once these stand side by side in few documents only, the others ("the", "of")
are read in these few. The work is linear in the documents of the phrase's words, and in the places of the
two rarest; where all are frequent, in the places of all.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import and_
from typing import TypeVar

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.array_file import Array, joined, runs
from determinations.search.columnar.bitmaps import from_sorted, to_array
from determinations.search.columnar.columns import TermColumns
from determinations.search.columnar.segments import LENGTH_OF_BYTE, MOST_WORDS
from determinations.search.columnar.snapshot import Snapshot

_GAP = 32
_MANY = 4
"""Of a word in more documents than so many times those looked at, the documents are searched for."""
_FEWER = 2
"""Documents are left out once so many times fewer are left: sooner does not pay."""
_LENGTHS = np.where(np.arange(256) == 255, MOST_WORDS, LENGTH_OF_BYTE).astype(np.int64) + _GAP
MOST_ADDRESSES = 1 << 27
"""Of documents looked at together: a word's addresses in them then take some tens of megabytes."""


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
    fitting = parts_that_fit(snapshot, field, documents, _LENGTHS)
    parts = [_within(snapshot, field, words, slop, part) for part in fitting]
    return Occurrences(joined([part.documents for part in parts]), joined([part.times for part in parts]))


def _documents(snapshot: Snapshot, field: str, word: str) -> BitMap:
    documents = BitMap()
    for columns, number, base in snapshot.found(field, word):
        documents |= from_sorted(columns.doc_ids(number)).shift(base)
    return documents


def parts_that_fit(snapshot: Snapshot, field: str, documents: Array, lengths: Array) -> Iterator[Array]:
    """The documents in parts of less than MOST_ADDRESSES; `lengths` has a document's by its length byte."""
    first, words = 0, 0
    for run in runs(len(documents)):
        room = int(lengths[snapshot.length_bytes(field).take(documents[run])].sum())
        if words + room >= MOST_ADDRESSES:
            yield documents[first : run.start]
            first, words = run.start, 0
        words += room
    yield documents[first:]


def _within(snapshot: Snapshot, field: str, words: Sequence[str], slop: int, documents: Array) -> Occurrences:
    if not len(documents):
        return _NOWHERE
    room = _LENGTHS[snapshot.length_bytes(field).take(documents)]
    starts = (np.cumsum(room) - room).astype(np.uint32)
    if slop > _GAP:
        placed = {
            word: _document_and_place(starts, addresses(snapshot, field, word, documents, starts))
            for word in dict.fromkeys(words)
        }
        ends = _far_apart([placed[word] for word in words], slop) >> 32
        return counted(documents, ends)

    def standing(word: str, documents: Array, starts: Array) -> BitMap:
        return from_sorted(addresses(snapshot, field, word, documents, starts))

    if slop == 1:
        found = side_by_side(words, partial(snapshot.place_count, field), standing, documents, starts)
    else:
        sets = {word: standing(word, documents, starts) for word in dict.fromkeys(words)}
        found = sets[words[0]]
        for word in words[1:]:
            if not found:
                break
            found = sets[word] & _after(found, slop)
    return counted(documents, np.searchsorted(starts, to_array(found), "right") - 1)


_Leaf = TypeVar("_Leaf", bound=Hashable)
Standing = Callable[[_Leaf, Array, Array], BitMap]
"""The addresses of a word in some documents, which begin at certain addresses."""


def side_by_side(
    words: Sequence[_Leaf],
    place_count: Callable[[_Leaf], int],
    standing: Standing[_Leaf],
    documents: Array,
    starts: Array,
) -> BitMap:
    """The addresses of the first word wherever the words stand side by side in this order.

    `starts` are where the documents begin. More addresses than the phrase has words are free between two.
    """
    found: BitMap | None = None
    read: dict[_Leaf, BitMap] = {}
    for place in sorted(range(len(words)), key=lambda place: place_count(words[place])):
        word = words[place]
        if word not in read:
            read[word] = standing(word, documents, starts)
        at = read[word].shift(-place)
        found = at if found is None else found & at
        if not found:
            break
        if len(found) * _FEWER < len(documents):
            held = np.unique(np.searchsorted(starts, to_array(found), "right") - 1)
            documents, starts = documents[held], starts[held]
    return BitMap() if found is None else found


def addresses(snapshot: Snapshot, field: str, word: str, documents: Array, starts: Array) -> Array:
    """Everywhere the word stands in the documents, each of which has its addresses from its start on.

    Ascending, of the type of `starts`. Not every document need have the word.
    """
    parts = []
    for columns, number, base in snapshot.found(field, word):
        first, last = np.searchsorted(documents, (base, base + snapshot.size_at[base]))
        if first < last:
            within = documents[first:last] - np.uint32(base)
            parts.append(_addresses_in(columns, number, within, starts[first:last]))
    return joined(parts, starts.dtype)


def _addresses_in(columns: TermColumns, number: int, documents: Array, starts: Array) -> Array:
    """The same in a segment, whose documents are numbered from 0 on."""
    ids, times = columns.doc_ids(number), columns.term_frequencies(number)
    first, last = np.searchsorted(ids, (int(documents[0]), int(documents[-1]) + 1))
    if first == last:
        return starts[:0]
    before = int(times[:first].sum(dtype=np.int64))
    ids, times = ids[first:last], times[first:last]
    positions = columns.some_positions(number, before, int(times.sum(dtype=np.int64)))
    if len(documents) * _MANY < len(ids):
        return _addresses_in_few(ids, times, positions, documents, starts)
    index = np.full(int(documents[-1]) - int(documents[0]) + 1, -1, np.int32)
    index[documents - documents[0]] = np.arange(len(documents), dtype=np.int32)
    whose = index.take(ids - documents[0])
    held = whose >= 0
    if not held.all():
        positions = positions[np.repeat(held, times)]
        whose, times = whose[held], times[held]
    found: Array = np.repeat(starts.take(whose), times)
    found += positions
    return found


def _addresses_in_few(ids: Array, times: Array, positions: Array, documents: Array, starts: Array) -> Array:
    """`positions` are those of a term that is in documents `ids` so many `times`."""
    at = np.searchsorted(ids, documents)
    held = np.flatnonzero(ids.take(at, mode="clip") == documents)
    if not len(held):
        return starts[:0]
    at = at[held]
    ends = np.cumsum(times[: at[-1] + 1], dtype=np.int64)
    counts = times[at].astype(np.int64)
    behind = np.cumsum(counts)
    places = np.repeat(ends[at] - behind, counts) + np.arange(int(behind[-1]))
    found: Array = np.repeat(starts[held], counts)
    found += positions[places]
    return found


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
