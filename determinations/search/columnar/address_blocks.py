"""Where words stand in a segment, as addresses: one number for a document and a position in it.

Documents follow one another, each as long as Whoosh's approximation of its length says (which is never
too short), with more free addresses between than any distance spans. Moved by one, the addresses of a word
are those of the next word of a phrase: phrases and distances are set algebra on roaring bitmaps.

A segment's documents are cut into blocks whose addresses begin at 0 anew, BLOCK_ADDRESSES of them or one
document, so that little memory is needed. The addresses of a word in MANY_PLACES of the segment are in the
file, a bitmap for each block: reading and intersecting them takes a nanosecond or two for each place, a tenth
of what addresses made of positions take. They take two bytes for each place. Of these words the documents
are in the file as bitmaps as well.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.array_file import Array, ArrayFileWriter, starts_run
from determinations.search.columnar.bitmaps import from_sorted, to_array
from determinations.search.columnar.columns import LENGTH_OF_BYTE, MOST_WORDS, TermColumns
from determinations.search.positions import MAX_DISTANCE

BLOCK_ADDRESSES = 1 << 27
MANY_PLACES = 1 << 16
_SLOT = 128
_NEEDED = np.where(np.arange(256) == 255, MOST_WORDS, LENGTH_OF_BYTE).astype(np.int64) + MAX_DISTANCE + 2
ROOM = (-(-_NEEDED // _SLOT) * _SLOT).astype(np.uint32)
"""By length byte: how many addresses a document has, whole slots."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Documents by ascending number, and in how many places each holds what was looked for."""

    documents: Array
    times: Array


Remembered = Callable[[int, Callable[[], Array]], Array]
"""What was made for a block, by its number, or what the function makes."""


def counted(documents: Array, lengths: Array, starts: Array, begins: BitMap) -> Occurrences:
    """Those of the documents in which some addresses are.

    `lengths` are the length bytes of the documents, `starts` their first addresses.
    """
    at = to_array(begins)
    if len(at) < len(documents):
        places = np.searchsorted(starts, at, "right") - 1
        first = np.flatnonzero(starts_run(places))
        held, times = places[first], np.diff(np.append(first, len(places)))
    else:
        of_slot = np.repeat(np.arange(len(documents), dtype=np.uint32), ROOM.take(lengths) // _SLOT)
        every = np.bincount(of_slot.take(at // _SLOT), minlength=len(documents))
        held = np.flatnonzero(every)
        times = every[held]
    return Occurrences(documents[held].astype(np.uint32), times.astype(np.uint32))


def starts_of(lengths: Array) -> Array:
    """Where each of some documents has its first address, by their length bytes."""
    room = ROOM.take(lengths)
    starts: Array = np.cumsum(room, dtype=np.uint32)
    starts -= room
    return starts


def between(ascending: Array, start: int, stop: int) -> tuple[int, int]:
    """The first entry that is not below `start`, and the first not below `stop`.

    Numpy would make all entries anew where these two were of another type.
    """
    first, last = np.searchsorted(ascending, np.array((start, stop), ascending.dtype))
    return int(first), int(last)


class FieldAddresses:
    """The addresses of a field of one segment; `lengths` are its documents' length bytes.

    Those of a file in which a document takes another room are not used.
    """

    def __init__(self, columns: TermColumns, lengths: Array) -> None:
        self.columns = columns
        self.lengths = lengths
        bounds, room = np.split(columns.address_layout, [-len(ROOM)])
        self.are_kept = np.array_equal(room, ROOM)
        self._bounds = bounds.tolist() if self.are_kept else _bounds(lengths)

    def keeps(self, number: int) -> bool:
        """Whether the addresses of a term are in the file and can be used."""
        return self.are_kept and self.columns.keeps_addresses(number)

    def blocks(self, remembered: Remembered) -> Iterator["Block"]:
        """`remembered` keeps what is made for a block under a number, 4 bytes for each document."""
        for number, (first, last) in enumerate(pairwise(self._bounds)):
            yield Block(self, number, range(first, last), remembered)


class Block:
    """Documents of a segment that follow one another, numbered as in the segment."""

    def __init__(self, field: FieldAddresses, number: int, documents: range, remembered: Remembered) -> None:
        self.documents = documents
        self._remembered = remembered
        self._field = field
        self._number = number

    @cached_property
    def starts(self) -> Array:
        """Where each document has its first address."""
        return self._remembered(self._number, lambda: starts_of(self._lengths))

    @property
    def _lengths(self) -> Array:
        return self._field.lengths[self.documents.start : self.documents.stop]

    def places(self, term: str) -> BitMap:
        """The addresses of the term."""
        columns = self._field.columns
        number = columns.find(term.encode())
        if number is None:
            return BitMap()
        if self._field.keeps(number):
            return columns.addresses(number, self._number)
        return self._of_positions(number)

    def keeps(self, term: str) -> bool:
        """Whether the addresses of the term are in the file."""
        number = self._field.columns.find(term.encode())
        return number is not None and self._field.keeps(number)

    def _of_positions(self, number: int) -> BitMap:
        columns, documents = self._field.columns, self.documents
        ids, times = columns.doc_ids(number), columns.term_frequencies(number)
        first, last = between(ids, documents.start, documents.stop)
        if first == last:
            return BitMap()
        before = int(times[:first].sum(dtype=np.int64))
        ids, times = ids[first:last], times[first:last]
        positions = columns.some_positions(number, before, int(times.sum(dtype=np.int64)))
        found = np.repeat(self.starts.take(ids - np.uint32(documents.start)), times)
        found += positions
        return from_sorted(found)

    def occurrences(self, begins: BitMap, base: int) -> Occurrences:
        """The documents in which these addresses are; `base` is the number of the segment's first."""
        documents = np.arange(base + self.documents.start, base + self.documents.stop, dtype=np.uint32)
        return counted(documents, self._lengths, self.starts, begins)


def _bounds(lengths: Array) -> list[int]:
    """Where each block's documents begin, and where the last one's end."""
    behind = np.cumsum(ROOM.take(lengths), dtype=np.int64)
    bounds = [0]
    while bounds[-1] < len(lengths):
        taken = int(behind[bounds[-1] - 1]) if bounds[-1] else 0
        fitting = int(np.searchsorted(behind, taken + BLOCK_ADDRESSES, "right"))
        bounds.append(max(fitting, bounds[-1] + 1))
    return bounds


@dataclass(frozen=True, slots=True)
class Postings:
    """A text field as it is written. Offsets are where each term begins, and where the last one ends."""

    offsets: Array
    position_offsets: Array
    documents: Array
    frequencies: Array
    positions: Array


def write_addresses(out: ArrayFileWriter, field: str, lengths: Array, postings: Postings) -> None:
    """The addresses of frequent terms, if there are any. A block of one term is in memory at a time."""
    terms = np.flatnonzero(np.diff(postings.position_offsets.astype(np.int64)) >= MANY_PLACES)
    if not len(terms):
        return
    sizes: list[int] = []
    bounds = _bounds(lengths)
    out.write_parts(f"{field}.addresses", _serialized(lengths, bounds, postings, terms, sizes))
    out.write(f"{field}.address_layout", np.concatenate((bounds, ROOM)))
    out.write(f"{field}.address_terms", terms.astype(np.uint32))
    out.write_offsets(f"{field}.address_offsets", sizes)
    sizes = []
    out.write_parts(f"{field}.address_documents", _serialized_documents(postings, terms, sizes))
    out.write_offsets(f"{field}.address_document_offsets", sizes)


def _serialized_documents(postings: Postings, terms: Array, sizes: list[int]) -> Iterator[bytes]:
    """The set of each term's documents; `sizes` gets their lengths."""
    for term in terms:
        holding = from_sorted(
            postings.documents[int(postings.offsets[term]) : int(postings.offsets[term + 1])]
        )
        holding.run_optimize()
        serialized = holding.serialize()
        sizes.append(len(serialized))
        yield serialized


def _serialized(
    lengths: Array, bounds: list[int], postings: Postings, terms: Array, sizes: list[int]
) -> Iterator[bytes]:
    """The bitmaps of all terms in the first block, then in the second; `sizes` gets their lengths."""
    begins = [int(postings.offsets[term]) for term in terms]
    cuts = [
        begin + np.searchsorted(postings.documents[begin : int(postings.offsets[term + 1])], wanted)
        for wanted in [np.array(bounds, np.uint32)]
        for begin, term in zip(begins, terms, strict=True)
    ]
    following = [int(postings.position_offsets[term]) for term in terms]
    for block, (first, last) in enumerate(pairwise(bounds)):
        starts = starts_of(lengths[first:last])
        for place, cut in enumerate(cuts):
            its = slice(int(cut[block]), int(cut[block + 1]))
            times = postings.frequencies[its]
            begin = following[place]
            following[place] += int(times.sum(dtype=np.int64))
            found = np.repeat(starts.take(postings.documents[its] - np.uint32(first)), times)
            found += postings.positions[begin : following[place]]
            serialized = from_sorted(found).serialize()
            sizes.append(len(serialized))
            yield serialized
