"""The texts of a field as numbers of chunks, and where each of their words is, as numbers to be sorted.

A word's rank among the terms, its document and its position are packed into 64 bits, so that one sort gives
the postings. What can be is computed for a chunk, not for each of its words, and most chunks are one word.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from determinations.search.columnar.array_file import Array, joined, offsets_of
from determinations.search.columnar.chunk_table import ChunkTable, TermNumbers

_LOOKED_UP_AT_ONCE = 1 << 18
"""So many characters of text wait to be looked up: what is made of them stays in the processor's cache."""
_FEW_TERMS = 4
"""As many terms of each chunk are taken one after another: the first of all, the second of all, and so on."""


class FieldTexts:
    """The texts of a field, document by document. One that comes twice running is looked up once."""

    def __init__(self, table: ChunkTable) -> None:
        self._table = table
        self._last = ""
        self._count = 0
        self._of_document = array("I")
        self._waiting: list[str] = []
        self._characters = 0
        self._numbers: list[Array] = []
        self._sizes: list[Array] = []

    def add(self, text: str) -> None:
        if text != self._last or not self._count:  # as the items of a letter have the same summary
            self._last = text
            self._count += 1
            self._waiting.append(text)
            self._characters += len(text)
            if self._characters >= _LOOKED_UP_AT_ONCE:
                self._look_up()
        self._of_document.append(self._count - 1)

    def _look_up(self) -> None:
        numbers, sizes = self._table.numbers_of(self._waiting)
        self._numbers.append(numbers)
        self._sizes.append(sizes)
        self._waiting, self._characters = [], 0

    def chunks(self) -> "Chunks":
        """Those of all documents that were added."""
        if self._waiting:
            self._look_up()
        numbers, sizes = joined(self._numbers), joined(self._sizes, np.int64)
        if len(sizes) != len(self._of_document):
            starts = offsets_of(sizes)[:-1]
            of_document = np.asarray(self._of_document)
            sizes = sizes[of_document]
            numbers = numbers.take(runs_from(starts[of_document], sizes))
        return Chunks(numbers.astype(np.intp), offsets_of(sizes))


@dataclass(frozen=True, slots=True)
class Chunks:
    """The numbers of the documents' chunks, those of document n from `offsets[n]` to `offsets[n + 1]`."""

    numbers: Array
    offsets: Array


@dataclass(frozen=True, slots=True)
class TableArrays:
    """What a table says of chunks: chunk n has `sizes[n]` terms from `starts[n]` on, of `words[n]` words.

    Of each term: `ranks` in the order of the terms, its position `within` the chunk, and the table's columns.
    """

    starts: Array
    sizes: Array
    words: Array
    ranks: Array
    within: Array
    moves: Array
    written: Array

    @classmethod
    def of(cls, table: ChunkTable, columns: Iterable[Array]) -> tuple[list[bytes], Self]:
        """The terms of all chunks that are in some columns of numbers, in byte order, and the arrays.

        Terms of other chunks have no rank: their number is that of another one.
        """
        starts = np.asarray(table.starts).astype(np.int32)
        sizes = np.diff(starts)
        used = np.zeros(len(sizes), bool)
        for column in columns:
            used[column] = True
        terms, ranks = ranked(table.terms, table.term_column, np.repeat(used, sizes))
        moves, written = np.asarray(table.moves), np.asarray(table.written)
        words_before = offsets_of(moves)
        words = np.diff(words_before[starts])
        within = words_before[1:] - 1 - np.repeat(words_before[starts[:-1]], sizes)
        return terms, cls(starts, sizes, words, ranks, within, moves, written)


def ranked(numbers: TermNumbers, column: "array[int]", used: Array | slice) -> tuple[list[bytes], Array]:
    """The strings that `used` entries of a column of numbers name, in byte order, and the column as ranks."""
    entries = np.asarray(column)
    named = np.zeros(len(numbers), bool)
    named[entries[used]] = True
    strings, ranks = numbers.ranks(np.flatnonzero(named))
    return strings, ranks[entries]


class TextPostings:
    """A text field, as far as it is known before its words are sorted."""

    def __init__(self, chunks: Chunks, table: TableArrays) -> None:
        self._chunks = chunks
        self._table = table
        self._sizes = table.sizes.take(chunks.numbers)
        self._words_before = offsets_of(table.words.take(chunks.numbers))
        self.term_offsets = offsets_of(self._sizes)[chunks.offsets]
        """Where each document's terms begin, and where the last one's end."""
        words = np.diff(self._words_before[chunks.offsets])
        self.largest_position = max(int(words.max(initial=0)) - 1, 0)

    def forward(self, kind: np.dtype[Any]) -> tuple[Array, Array]:
        """The written words in the order of the text, and where each document's begin; see `columns`."""
        table, numbers = self._table, self._chunks.numbers
        used = np.zeros(len(table.sizes), bool)
        used[numbers] = True
        held = np.zeros(int(table.ranks.max(initial=0)) + 1, bool)
        held[table.ranks[np.repeat(used, table.sizes)]] = True
        written = np.flatnonzero(table.written)
        entries = (np.cumsum(held) - 1)[table.ranks[written]] << 1 | table.moves[written]
        offsets = offsets_of(table.written)[table.starts]
        sizes = np.diff(offsets).take(numbers)
        words = entries.astype(kind).take(runs_from(offsets[:-1].take(numbers), sizes))
        return words, offsets_of(sizes)[self._chunks.offsets]

    def packed(self, document_bits: int, position_bits: int) -> Array:
        """Each term's rank, document and position in one number of 64 bits, from the top; in any order."""
        offsets = self._chunks.offsets
        of_document = np.arange(len(offsets) - 1) << position_bits
        of_document -= self._words_before[offsets[:-1]]
        of_chunk = np.repeat(of_document, np.diff(offsets))
        of_chunk += self._words_before[:-1]
        of_term = self._table.ranks.astype(np.int64) << (document_bits + position_bits)
        of_term += self._table.within
        firsts, sizes = self._table.starts.take(self._chunks.numbers), self._sizes.copy()
        packed = np.empty(self.term_offsets[-1], np.int64)
        at = 0
        for _ in range(_FEW_TERMS):
            more = np.flatnonzero(sizes)
            if len(more) < len(sizes):
                firsts, sizes, of_chunk = firsts.take(more), sizes.take(more), of_chunk.take(more)
            part = packed[at : at + len(firsts)]
            of_term.take(firsts, out=part, mode="clip")
            part += of_chunk
            at += len(firsts)
            firsts += 1
            sizes -= 1
        packed[at:] = of_term.take(runs_from(firsts, sizes))
        packed[at:] += np.repeat(of_chunk, sizes)
        return packed.view(np.uint64)


def runs_from(firsts: Array, counts: Array) -> Array:
    """The numbers from each of `firsts` on, as many as its count says, behind one another.

    They are far fewer than 2 ** 31, as the characters of a segment are.
    """
    ends = np.cumsum(counts, dtype=np.int32)
    numbers = np.arange(ends[-1] if len(ends) else 0, dtype=np.int32)
    numbers += np.repeat((firsts - ends + counts).astype(np.int32), counts)
    return numbers
