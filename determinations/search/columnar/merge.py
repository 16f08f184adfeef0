"""Several segments -> one, without their deleted documents: columns are moved, nothing is analysed again.

Every posting's new place is computed for many terms at a time and written through a memory map, so
memory stays flat whatever the segments' size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.array_file import Array, ArrayFileWriter, smallest_unsigned
from determinations.search.columnar.bitmaps import numbers
from determinations.search.columnar.columns import (
    DOCUMENT_COLUMNS,
    FACET_FIELDS,
    PLAIN_FIELDS,
    SCORED_FIELDS,
    SegmentColumns,
    TermColumns,
    columns_path,
)
from determinations.search.columnar.segments import write_dictionary, write_sets

_POSTINGS_AT_A_TIME = 2_000_000


@dataclass(frozen=True, slots=True)
class _Source:
    """A segment to merge: which of its documents stay, and the numbers that they get."""

    columns: SegmentColumns
    stays: Array
    numbers: Array


def merge(
    segments: Sequence[tuple[SegmentColumns, BitMap]], directory: Path, segment_id: str
) -> tuple[int, dict[str, int]]:
    """Write the merged segment; returns its document count and each scored field's summed length.

    `segments` come with their deleted documents.
    """
    sources = list(_sources(segments))
    lengths: dict[str, int] = {}
    with ArrayFileWriter(columns_path(directory, segment_id)) as out:
        for name in DOCUMENT_COLUMNS:
            out.write(name, np.concatenate([one.columns.document_column(name)[one.stays] for one in sources]))
        for name in SCORED_FIELDS:
            column = np.concatenate([one.columns.lengths(name)[one.stays] for one in sources])
            out.write(f"{name}.length", column)
        for name in SCORED_FIELDS:
            lengths[name] = _FieldMerge(name, sources).write(out, scored=True)
        for name in PLAIN_FIELDS:
            _FieldMerge(name, sources).write(out, scored=False)
    return sum(int(one.stays.sum()) for one in sources), lengths


def _sources(segments: Sequence[tuple[SegmentColumns, BitMap]]) -> Iterator[_Source]:
    base = 0
    for columns, deleted in segments:
        stays = np.ones(columns.document_count, bool)
        stays[numbers(deleted)] = False
        new_numbers = np.cumsum(stays) + (base - 1)
        base += int(stays.sum())
        yield _Source(columns, stays, new_numbers.astype(np.uint32))


class _FieldMerge:
    """One field of several segments, its terms united.

    `frequency` and `place_count` count, for each united term, what stays of it.
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

    def write(self, out: ArrayFileWriter, *, scored: bool) -> int:
        """Returns how many positions the field has: its summed length, where it is scored."""
        frequency, place_count = self._counted(scored=scored)
        used = frequency > 0
        write_dictionary(
            out, self._field, [term for term, is_used in zip(self._terms, used, strict=True) if is_used]
        )
        starts, place_starts = _starts(frequency), _starts(place_count)
        _write_starts(out, f"{self._field}.starts", starts, used)
        ids = out.reserve(f"{self._field}.ids", np.uint32, starts[-1])
        if scored:
            _write_starts(out, f"{self._field}.place_starts", place_starts, used)
            times = out.reserve(f"{self._field}.times", self._widest("all_times"), starts[-1])
            places = out.reserve(f"{self._field}.places", self._widest("all_places"), place_starts[-1])
        next_posting, next_place = starts[:-1].copy(), place_starts[:-1].copy()
        for number, (source, columns) in enumerate(self._parts):
            for block in _blocks(columns, source):
                terms = self._united[number][block.first : block.last]
                at = _destinations(next_posting, terms, block.frequency)
                ids[at] = source.numbers[block.ids]
                if scored:
                    times[at] = block.times
                    places[_destinations(next_place, terms, block.place_count)] = block.places
        if self._field in FACET_FIELDS:
            write_sets(out, self._field, ids, np.append(starts[:-1][used], starts[-1]))
        return int(place_starts[-1])

    def _counted(self, *, scored: bool) -> tuple[Array, Array]:
        frequency = np.zeros(len(self._terms), np.int64)
        place_count = np.zeros(len(self._terms), np.int64)
        for (source, columns), united in zip(self._parts, self._united, strict=True):
            for block in _blocks(columns, source):
                terms = united[block.first : block.last]
                frequency[terms] += block.frequency
                if scored:
                    place_count[terms] += block.place_count
        return frequency, place_count

    def _widest(self, column: str) -> np.dtype[Any]:
        return np.result_type(*(getattr(columns, column).dtype for _, columns in self._parts))


class _Block:
    """What stays of the postings of the terms `first` to `last` - 1 of one segment."""

    def __init__(self, columns: TermColumns, source: _Source, first: int, last: int) -> None:
        self.first, self.last = first, last
        self._columns = columns
        self._begin, self._end = int(columns.starts[first]), int(columns.starts[last])
        self._starts = columns.starts[first : last + 1].astype(np.int64) - self._begin
        ids = columns.all_ids[self._begin : self._end]
        self._stays = source.stays[ids]
        self.ids = ids[self._stays]

    @property
    def frequency(self) -> Array:
        return np.diff(_starts(self._stays)[self._starts])

    @property
    def times(self) -> Array:
        return self._all_times[self._stays]

    @property
    def place_count(self) -> Array:
        return np.diff(_starts(self._all_times * self._stays)[self._starts])

    @property
    def places(self) -> Array:
        places = self._columns.all_places[
            self._columns.place_starts[self.first] : self._columns.place_starts[self.last]
        ]
        kept: Array = places[np.repeat(self._stays, self._all_times)]
        return kept

    @property
    def _all_times(self) -> Array:
        return self._columns.all_times[self._begin : self._end]


def _blocks(columns: TermColumns, source: _Source) -> Iterator[_Block]:
    """All terms of a segment's field, in runs of a bounded number of postings (at least one term each)."""
    first, count = 0, len(columns)
    while first < count:
        limit = int(columns.starts[first]) + _POSTINGS_AT_A_TIME
        last = max(first + 1, int(np.searchsorted(columns.starts, limit, "right")) - 1)
        yield _Block(columns, source, first, last)
        first = last


def _starts(counts: Array) -> Array:
    """Where each of `counts` entries begins when they stand behind one another, and where the last ends."""
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def _write_starts(out: ArrayFileWriter, name: str, starts: Array, used: Array) -> None:
    kept = np.append(starts[:-1][used], starts[-1])
    out.write(name, kept.astype(smallest_unsigned(int(starts[-1]))))


def _destinations(following: Array, terms: Array, counts: Array) -> Array:
    """Where `counts` entries of each of `terms` go, from `following` on; which is moved behind them."""
    begins = _starts(counts)
    at: Array = np.arange(begins[-1]) + np.repeat(following[terms] - begins[:-1], counts)
    following[terms] += counts
    return at
