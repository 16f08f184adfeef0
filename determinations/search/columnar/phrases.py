"""Which documents hold a phrase: words as sets of addresses, moved and intersected.

Each word of a field has an address: documents stand behind one another, each as long as Whoosh's
approximation of its length says (which is never too short), with a gap between that no phrase spans.
A phrase is where the first word's addresses, moved by one, are the second's, and so on. Roaring bitmaps
do this some thirty times as fast as searching in sorted arrays.
"""

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.array_file import Array, joined, runs
from determinations.search.columnar.bitmaps import from_sorted, to_array
from determinations.search.columnar.columns import TermColumns
from determinations.search.columnar.errors import IndexLimitError
from determinations.search.columnar.segments import LENGTH_OF_BYTE, MOST_WORDS
from determinations.search.columnar.snapshot import Snapshot

_GAP = 32
_LENGTHS = np.where(np.arange(256) == 255, MOST_WORDS, LENGTH_OF_BYTE).astype(np.uint32) + np.uint32(_GAP)


def phrase_documents(snapshot: Snapshot, field: str, words: list[str], slop: int) -> Array:
    """Ascending numbers of the documents where each word stands at most `slop` positions after the last."""
    standing = [_addresses(snapshot, field, word) for word in words]
    if not all(standing):
        return np.empty(0, np.uint32)
    (starts,) = snapshot.cached(("addresses", field), lambda: (_starts(snapshot, field),))
    if slop > _GAP:
        return _distinct(_far_apart([_document_and_place(starts, one) for one in standing], slop) >> 32)
    ends = standing[0]
    for following in standing[1:]:
        ends = following & _after(ends, slop)
    return _distinct(np.searchsorted(starts, to_array(ends), "right") - 1)


def _starts(snapshot: Snapshot, field: str) -> Array:
    """The address of each document's first word."""
    lengths = joined([one.columns.lengths(field) for one in snapshot.segments], np.uint8)
    ends, words = np.zeros(len(lengths) + 1, np.uint32), 0
    for run in runs(len(lengths)):
        room = _LENGTHS[lengths[run]]
        ends[run.start + 1 : run.stop + 1] = room
        words += int(room.sum(dtype=np.int64))
    if words >= 1 << 32:
        raise IndexLimitError(
            f"Phrases cannot be searched: the index has {words:,} word addresses in “{field}” (one for "
            f"each word and {_GAP} for each item), and at most {(1 << 32) - 1:,} are possible. Search "
            "without quotation marks, or keep fewer letters in one index."
        )
    return np.cumsum(ends, dtype=np.uint32, out=ends)[:-1]


def _addresses(snapshot: Snapshot, field: str, term: str) -> BitMap:
    """Everywhere the term stands."""

    def made() -> tuple[BitMap]:
        found = snapshot.found(field, term)
        if not found:
            return (BitMap(),)
        (starts,) = snapshot.cached(("addresses", field), lambda: (_starts(snapshot, field),))
        parts = [_standing(starts[base:], columns, number) for columns, number, base in found]
        return (from_sorted(joined(parts)),)

    standing: BitMap = snapshot.cached(("standing", field, term), made)[0]
    return standing


def _standing(starts: Array, columns: TermColumns, number: int) -> Array:
    """The addresses of a term in one segment; `starts` begin with the segment's first document."""
    ids, times = columns.doc_ids(number), columns.term_frequencies(number)
    places = columns.positions(number)
    addresses, at = np.empty(len(places), np.uint32), 0
    for run in runs(len(ids)):
        here = slice(at, at + int(times[run].sum(dtype=np.int64)))
        np.add(np.repeat(starts[ids[run]], times[run]), places[here], out=addresses[here])
        at = here.stop
    return addresses


def _after(ends: BitMap, slop: int) -> BitMap:
    """The addresses 1 to `slop` behind those of `ends`."""
    reached, width = ends.shift(1), 1
    while width < slop:
        step = min(width, slop - width)
        reached |= reached.shift(step)
        width += step
    return reached


def _document_and_place(starts: Array, addresses: BitMap) -> Array:
    """document << 32 | position of addresses, ascending: what a distance beyond the gap is measured in."""
    at = to_array(addresses)
    documents = np.searchsorted(starts, at, "right") - 1
    places: Array = (documents << 32) | (at - starts[documents])
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


def _distinct(ascending: Array) -> Array:
    if not len(ascending):
        return np.empty(0, np.uint32)
    changes = np.concatenate(([True], ascending[1:] != ascending[:-1]))
    return ascending[changes].astype(np.uint32)
