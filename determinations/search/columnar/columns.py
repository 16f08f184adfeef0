"""A segment's columns: what each indexed field holds, term by term, and what each document holds.

Per indexed field F, terms in byte order and postings of all terms behind one another:

    F.terms         the terms, each followed by a line feed
    F.term_starts   where each term begins in F.terms; one more entry for the end
    F.starts        where each term's postings begin in F.ids; one more entry for the end
    F.ids           documents, ascending within a term
    F.times         how often the term stands in the document (scored fields only)
    F.place_starts  where each term's positions begin in F.places; one more entry for the end
    F.places        positions, ascending within a document: `times` of them for each posting
    F.sets          facets only: each term's documents once more, as a roaring bitmap that opens at once
    F.set_starts    where each term's set begins in F.sets; one more entry for the end

Per document: F.length (one byte, in Whoosh's approximation) for scored fields, and the plain columns.
Everything here is immutable and may be shared between threads.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.array_file import Array, ArrayFile
from determinations.search.columnar.schema import (
    CASE,
    CASE_ORDER,
    DATE,
    FINGERPRINT,
    KEY,
    LEVEL_ORDER,
    WORDS_FIELDS,
    date_field,
    facet_field,
)
from determinations.search.facets import FACETS
from determinations.search.interface import LetterDate
from determinations.search.query.nodes import SEARCHED_FIELDS

SCORED_FIELDS = SEARCHED_FIELDS
FACET_FIELDS = tuple(facet_field(facet.name) for facet in FACETS)
PLAIN_FIELDS = (*WORDS_FIELDS, CASE, *FACET_FIELDS)
INDEXED_FIELDS = (*SCORED_FIELDS, *PLAIN_FIELDS)
DOCUMENT_COLUMNS = {
    **dict.fromkeys((KEY, FINGERPRINT, CASE_ORDER), "<i8"),
    **dict.fromkeys((DATE, *map(date_field, LetterDate), LEVEL_ORDER), "<i4"),
}


def columns_path(directory: Path, segment_id: str) -> Path:
    return directory / f"{segment_id}.columns"


class TermColumns:
    """One indexed field of a segment. A term is known by its number, 0 to len - 1."""

    def __init__(self, file: ArrayFile, field: str) -> None:
        self._file = file
        self._field = field
        self._terms = f"{field}.terms"
        self.starts = file[f"{field}.starts"]
        self.all_ids = file[f"{field}.ids"]
        self._term_starts = file[f"{field}.term_starts"]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def term(self, number: int) -> bytes:
        return self._text(number, number + 1)

    def terms(self) -> Iterator[bytes]:
        return iter(self._text(0, len(self)).split(b"\n") if len(self) else ())

    def _text(self, first: int, last: int) -> bytes:
        """The terms `first` to `last` - 1, a line feed between them."""
        return self._file.piece(self._terms, int(self._term_starts[first]), int(self._term_starts[last]) - 1)

    def lower_bound(self, term: bytes) -> int:
        """The number of the first term that is not before `term` in byte order."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.term(middle) < term:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, term: bytes) -> int | None:
        number = self.lower_bound(term)
        return number if number < len(self) and self.term(number) == term else None

    def beginning(self, prefix: bytes) -> range:
        """The numbers of the terms that begin with `prefix`."""
        return range(self.lower_bound(prefix), self.lower_bound(prefix + b"\xff"))

    def spelled(self, numbers: range) -> list[str]:
        """The terms of a run of numbers."""
        return self._text(numbers.start, numbers.stop).decode().split("\n") if numbers else []

    def holding(self, letters: bytes, numbers: range) -> list[int]:
        """The numbers, out of a run of them, of the terms that hold `letters` somewhere."""
        if not letters or not numbers:
            return list(numbers)
        text = self._text(numbers.start, numbers.stop) + b"\n"
        found = []
        at = text.find(letters)
        while at >= 0:
            found.append(at)
            at = text.find(letters, text.index(b"\n", at))
        starts = self._term_starts[numbers.start : numbers.stop] - self._term_starts[numbers.start]
        return [numbers.start + int(after) - 1 for after in np.searchsorted(starts, found, "right")]

    def frequency(self, number: int) -> int:
        """In how many documents the term stands, deleted ones included."""
        return int(self.starts[number + 1]) - int(self.starts[number])

    def ids(self, number: int) -> Array:
        return self.all_ids[self.starts[number] : self.starts[number + 1]]

    def documents(self, number: int) -> BitMap:
        """The documents that hold a facet's value."""
        starts = self._file[f"{self._field}.set_starts"]
        return BitMap.deserialize(
            self._file.piece(f"{self._field}.sets", int(starts[number]), int(starts[number + 1]))
        )

    def times(self, number: int) -> Array:
        return self.all_times[self.starts[number] : self.starts[number + 1]]

    def places(self, number: int) -> Array:
        return self.all_places[self.place_starts[number] : self.place_starts[number + 1]]

    @property
    def all_times(self) -> Array:
        return self._file[f"{self._field}.times"]

    @property
    def place_starts(self) -> Array:
        return self._file[f"{self._field}.place_starts"]

    @property
    def all_places(self) -> Array:
        return self._file[f"{self._field}.places"]


class SegmentColumns:
    """A segment's file, opened. `field_lengths` are the summed lengths of the scored fields."""

    def __init__(self, directory: Path, segment_id: str) -> None:
        self._file = ArrayFile(columns_path(directory, segment_id))
        self._fields: dict[str, TermColumns] = {}

    @property
    def document_count(self) -> int:
        return len(self._file[KEY])

    def field(self, name: str) -> TermColumns:
        columns = self._fields.get(name)
        if columns is None:
            columns = self._fields[name] = TermColumns(self._file, name)
        return columns

    def lengths(self, field: str) -> Array:
        """Each document's length in a scored field, in Whoosh's one-byte approximation."""
        return self._file[f"{field}.length"]

    def document_column(self, name: str) -> Array:
        return self._file[name]
