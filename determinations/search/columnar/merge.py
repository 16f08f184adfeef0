"""Several segments -> one, without their deleted documents: columns are moved, nothing is analyzed again.

The new place of every posting is computed for many terms at a time and written through a memory map, so
memory is bounded by the dictionaries, some 60 MB for a block of postings with their positions, and one
facet. Every block of the sources is verified as it is read: damage is never copied into a segment with
checksums of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.address_blocks import Postings, write_addresses
from determinations.search.columnar.array_file import Array, ArrayFileWriter, bounded_runs, offsets_of
from determinations.search.columnar.bit_slices import MANY_WORDS, write_word_slices
from determinations.search.columnar.bitmaps import to_array
from determinations.search.columnar.columns import (
    DOCUMENT_COLUMNS,
    FACET_FIELDS,
    FORWARD_FIELD,
    PLAIN_FIELDS,
    SCORED_FIELDS,
    SegmentColumns,
    TermColumns,
    columns_path,
)
from determinations.search.columnar.commits import Segment
from determinations.search.columnar.known_phrases import write_known_phrases
from determinations.search.columnar.pairs import Texts, write_pairs
from determinations.search.columnar.segments import (
    forward_type,
    write_bitmaps,
    write_dictionary,
    write_words,
)

ENTRIES_AT_A_TIME = 2_000_000
"""How many postings and positions a block has; a term with more comes in several blocks."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A segment to merge: which of its documents stay, and the numbers that they get."""

    columns: SegmentColumns
    stays: Array
    all_stay: bool
    numbers: Array


def merge(segments: Sequence[tuple[SegmentColumns, BitMap]], directory: Path, segment_id: str) -> Segment:
    """Write the merged segment; `segments` come with their deleted documents."""
    sources = list(_sources(segments))
    lengths: dict[str, int] = {}
    with ArrayFileWriter(columns_path(directory, segment_id)) as out:
        for name in DOCUMENT_COLUMNS:
            out.write(name, np.concatenate([one.columns.document_column(name)[one.stays] for one in sources]))
        for name in SCORED_FIELDS:
            column = np.concatenate([one.columns.lengths(name)[one.stays] for one in sources])
            out.write(f"{name}.length", column)
            lengths[name] = _FieldMerge(name, sources).write(out, column)
        for name in PLAIN_FIELDS:
            _FieldMerge(name, sources).write(out)
        write_known_phrases(out, lengths)
    return Segment(segment_id, out.digest, sum(int(one.stays.sum()) for one in sources), lengths)


def _sources(segments: Sequence[tuple[SegmentColumns, BitMap]]) -> Iterator[_Source]:
    base = 0
    for columns, deleted in segments:
        stays = np.ones(columns.document_count, bool)
        stays[to_array(deleted)] = False
        new_numbers = np.cumsum(stays) + (base - 1)
        base += int(stays.sum())
        yield _Source(columns, stays, not deleted, new_numbers.astype(np.uint32))


class _FieldMerge:
    """One field of several segments, its terms united.

    Two passes over the postings: one counts what stays of each united term, one writes it.
    """

    def __init__(self, field: str, sources: Sequence[_Source]) -> None:
        self._field = field
        self._parts = [(source, source.columns.field(field)) for source in sources]
        terms = set[bytes]()
        for _, columns in self._parts:  # one vocabulary at a time: together they are many times the union
            terms.update(columns.terms())
        self._terms = sorted(terms)
        united = dict(zip(self._terms, range(len(self._terms)), strict=True))
        self._united = [
            np.fromiter(map(united.__getitem__, columns.terms()), np.uint32, len(columns))
            for _, columns in self._parts
        ]

    def write(self, out: ArrayFileWriter, lengths: Array | None = None) -> int:
        """Returns how many positions the field has. `lengths` are the documents', for a scored field."""
        scored = lengths is not None
        frequency, position_count = self._counted(scored=scored)
        used = frequency > 0
        terms_used = [term for term, is_used in zip(self._terms, used, strict=True) if is_used]
        write_dictionary(out, self._field, terms_used)
        offsets, position_offsets = offsets_of(frequency), offsets_of(position_count)
        out.write_offsets(f"{self._field}.offsets", frequency[used])
        doc_ids = out.reserve(f"{self._field}.doc_ids", np.uint32, offsets[-1])
        if scored:
            out.write_offsets(f"{self._field}.position_offsets", position_count[used])
            frequencies = self._reserve(out, "term_frequencies", offsets[-1])
            positions = self._reserve(out, "positions", position_offsets[-1])
        next_posting, next_position = offsets[:-1].copy(), position_offsets[:-1].copy()
        for number, (source, columns) in enumerate(self._parts):
            for block in _blocks(columns, source, scored=scored):
                terms = self._united[number][block.first : block.last]
                at = _destinations(next_posting, terms, block.frequency)
                doc_ids[at] = source.numbers[block.doc_ids]
                if scored:
                    frequencies[at] = block.term_frequencies
                    positions[_destinations(next_position, terms, block.position_count)] = block.positions
        kept = offsets_of(frequency[used])
        if lengths is not None:
            write_words(out, self._field, terms_used, frequency[used], position_count[used])
            kept_positions = offsets_of(position_count[used])
            postings = Postings(kept, kept_positions, doc_ids, frequencies, positions)
            write_addresses(out, self._field, lengths, postings)
            if self._field == FORWARD_FIELD:
                texts = self._write_forward(out, used)
                if len(texts.words) >= MANY_WORDS:
                    write_word_slices(out, self._field, terms_used, postings, len(lengths))
                    write_pairs(out, self._field, terms_used, np.diff(kept_positions), texts)
        if self._field in FACET_FIELDS:
            write_bitmaps(out, self._field, doc_ids, kept)
        return int(position_offsets[-1])

    def _write_forward(self, out: ArrayFileWriter, used: Array) -> Texts:
        every = [columns.forward_offsets.astype(np.int64) for _, columns in self._parts]
        parts = zip(every, self._parts, strict=True)
        lengths = np.concatenate([np.diff(offsets)[source.stays] for offsets, (source, _) in parts])
        new_offsets = offsets_of(lengths)
        entries = out.reserve(f"{self._field}.forward", forward_type(int(used.sum())), new_offsets[-1])
        numbers = np.cumsum(used) - 1
        at = 0
        for offsets, united, (source, columns) in zip(every, self._united, self._parts, strict=True):
            new_numbers = numbers[united]
            for first, last in bounded_runs(offsets, ENTRIES_AT_A_TIME):
                words = columns.part("forward", range(int(offsets[first]), int(offsets[last])))
                words = words[np.repeat(source.stays[first:last], np.diff(offsets[first : last + 1]))]
                entries[at : at + len(words)] = (new_numbers[words >> 1] << 1) | (words & 1)
                at += len(words)
        out.write_offsets(f"{self._field}.forward_offsets", lengths)
        return Texts(entries, new_offsets)

    def _counted(self, *, scored: bool) -> tuple[Array, Array]:
        frequency = np.zeros(len(self._terms), np.int64)
        position_count = np.zeros(len(self._terms), np.int64)
        for (source, columns), united in zip(self._parts, self._united, strict=True):
            if source.all_stay:
                frequency[united] += _sizes(columns.offsets)
                if scored:
                    position_count[united] += _sizes(columns.position_offsets)
                continue
            for block in _blocks(columns, source, scored=scored):
                terms = united[block.first : block.last]
                frequency[terms] += block.frequency
                if scored:
                    position_count[terms] += block.position_count
        return frequency, position_count

    def _reserve(self, out: ArrayFileWriter, column: str, length: int) -> Array:
        widest: np.dtype[Any] = np.result_type(*(columns.dtype(column) for _, columns in self._parts))
        return out.reserve(f"{self._field}.{column}", widest, length)


class _Block:
    """What stays of some postings of one segment: of the terms `first` to `last` - 1, or of a part of one."""

    def __init__(self, columns: TermColumns, source: _Source, terms: range, places: "_BlockPlaces") -> None:
        self.first, self.last = terms.start, terms.stop
        self._columns = columns
        self._places = places
        self._offsets = _within(columns.offsets[terms.start : terms.stop + 1], places.postings)
        doc_ids = columns.part("doc_ids", places.postings)
        self._stays = None if source.all_stay else source.stays[doc_ids]
        self.doc_ids = doc_ids if self._stays is None else doc_ids[self._stays]

    @property
    def frequency(self) -> Array:
        """How many postings stay of each term."""
        return np.diff(self._offsets if self._stays is None else offsets_of(self._stays)[self._offsets])

    @property
    def position_count(self) -> Array:
        """How many positions stay of each term."""
        if self._stays is None:
            offsets = self._columns.position_offsets[self.first : self.last + 1]
            return np.diff(_within(offsets, self._places.positions))
        return np.diff(offsets_of(self._all_frequencies * self._stays)[self._offsets])

    @property
    def term_frequencies(self) -> Array:
        return self._all_frequencies if self._stays is None else self._all_frequencies[self._stays]

    @property
    def positions(self) -> Array:
        positions = self._columns.part("positions", self._places.positions)
        if self._stays is None:
            return positions
        kept: Array = positions[np.repeat(self._stays, self._all_frequencies)]
        return kept

    @cached_property
    def _all_frequencies(self) -> Array:
        return self._columns.part("term_frequencies", self._places.postings)


def _within(offsets: Array, entries: range) -> Array:
    """Where terms begin in some entries, by their offsets; none of a term is before or behind them."""
    return offsets.astype(np.int64).clip(entries.start, entries.stop) - entries.start


@dataclass(frozen=True, slots=True)
class _BlockPlaces:
    """Where a block's entries are in their columns."""

    postings: range
    positions: range


def _blocks(columns: TermColumns, source: _Source, *, scored: bool) -> Iterator[_Block]:
    """All terms of a segment's field, in blocks of a bounded number of entries."""
    offsets = columns.offsets.astype(np.int64)
    position_offsets = columns.position_offsets.astype(np.int64) if scored else np.zeros_like(offsets)
    entries = offsets + position_offsets
    for first, last in bounded_runs(entries, ENTRIES_AT_A_TIME):
        terms = range(first, last)
        postings = range(int(offsets[first]), int(offsets[last]))
        positions = range(int(position_offsets[first]), int(position_offsets[last]))
        if entries[last] - entries[first] <= ENTRIES_AT_A_TIME:
            yield _Block(columns, source, terms, _BlockPlaces(postings, positions))
        else:
            for places in _parts(columns, postings, positions.start, scored=scored):
                yield _Block(columns, source, terms, places)


def _parts(
    columns: TermColumns, postings: range, first_position: int, *, scored: bool
) -> Iterator[_BlockPlaces]:
    """The postings of a term that is too frequent for one block, some at a time."""
    counts = columns.part("term_frequencies", postings) if scored else np.zeros(len(postings), np.uint8)
    position_offsets = offsets_of(counts)
    entries = position_offsets + np.arange(len(counts) + 1)
    for first, last in bounded_runs(entries, ENTRIES_AT_A_TIME):
        yield _BlockPlaces(
            postings[first:last],
            range(
                first_position + int(position_offsets[first]), first_position + int(position_offsets[last])
            ),
        )


def _sizes(offsets: Array) -> Array:
    sizes: Array = np.diff(offsets.astype(np.int64))
    return sizes


def _destinations(following: Array, terms: Array, counts: Array) -> Array:
    """Where `counts` entries of each of `terms` go, from `following` on; which is moved behind them."""
    begins = offsets_of(counts)
    at: Array = np.arange(begins[-1]) + np.repeat(following[terms] - begins[:-1], counts)
    following[terms] += counts
    return at
