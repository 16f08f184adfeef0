"""One commit of the index, immutable and shared by threads.

Documents are numbered across all segments, as Whoosh numbers them. A segment that a new commit keeps is
taken over with all that was read of it. Arrays made for one commit are cached within a byte budget, and
dropped as soon as another commit serves.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.address_blocks import MANY_PLACES, Block, FieldAddresses
from determinations.search.columnar.array_file import Array, joined
from determinations.search.columnar.cache import Cache
from determinations.search.columnar.columns import FACET_FIELDS, SegmentColumns, TermColumns
from determinations.search.columnar.commits import Segment
from determinations.search.columnar.suggest import terms_within
from determinations.search.index_fields import FINGERPRINT, KEY

_KNOWN_TERMS = 10_000
"""How many terms are remembered with the places that they have in the dictionaries."""


class OpenSegment:
    """A segment's columns and what was read of them; all of it stays true however often it is committed.

    `facets`: for each facet's field, its values and the documents that hold each. Every page counts them
    all, so they are read when a segment is opened, some 15 milliseconds for a million documents.
    """

    def __init__(self, columns: SegmentColumns) -> None:
        self.columns = columns
        self.facets = {field: _values(self.columns.field(field)) for field in FACET_FIELDS}
        self._addresses: dict[str, FieldAddresses] = {}

    def addresses(self, field: str) -> FieldAddresses:
        """Of a scored field; remembered."""
        known = self._addresses.get(field)
        if known is None:
            known = FieldAddresses(self.columns.field(field), self.columns.lengths(field))
            self._addresses[field] = known
        return known


def _values(columns: TermColumns) -> dict[str, BitMap]:
    return {term.decode(): columns.documents(number) for number, term in enumerate(columns.terms())}


class Snapshot:
    """The index as one commit left it. `document_count` includes deleted documents, `live` does not.

    `size_at` is how many documents the segment has whose documents are numbered from a base.
    `commit` is the commit's digest: snapshots of the same digest are the same.
    """

    def __init__(
        self, commit: str, generation: int, parts: list[tuple[Segment, OpenSegment]], cache: Cache
    ) -> None:
        self.commit = commit
        self.generation = generation
        self.segments = [segment for _, segment in parts]
        self.sizes = [description.document_count for description, _ in parts]
        self.bases: list[int] = np.cumsum([0, *self.sizes]).tolist()[:-1]
        self.document_count = sum(self.sizes)
        self.size_at = dict(zip(self.bases, self.sizes, strict=True))
        self._descriptions = [description for description, _ in parts]
        self._cache = cache
        self._facets = {field: self._united(field) for field in FACET_FIELDS}
        self._lengths: dict[str, Array] = {}
        self._found: dict[tuple[str, str], list[tuple[TermColumns, int, int]]] = {}

    def cached(self, name: Any, make: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
        """What `make` makes, remembered for this commit under `name`."""
        return self._cache.get(name, make)

    def close(self) -> None:
        """Free what was cached; searches that are still running on this snapshot make it anew."""
        self._cache.close()

    @property
    def is_damaged(self) -> bool:
        return any(segment.columns.is_damaged for segment in self.segments)

    @property
    def open_segments(self) -> dict[tuple[str, str], OpenSegment]:
        """Those that another snapshot may take over, by id and digest.

        Both, for a rebuild can write the same content again in place of a damaged file that is still open.
        """
        return {
            (description.id, description.digest): segment
            for description, segment in zip(self._descriptions, self.segments, strict=True)
            if not segment.columns.is_damaged
        }

    @cached_property
    def deleted(self) -> BitMap:
        deleted = BitMap()
        for description, base in zip(self._descriptions, self.bases, strict=True):
            deleted |= description.deleted.shift(base)
        return deleted

    @cached_property
    def live(self) -> BitMap:
        return BitMap(range(self.document_count)) - self.deleted

    @cached_property
    def keys(self) -> Array:
        return self._column(KEY)

    @property
    def fingerprints(self) -> Array:
        return self._column(FINGERPRINT)

    def column(self, name: str) -> Array:
        """A plain column by document number, remembered."""
        kept: Array = self.cached(("column", name), lambda: (self._column(name),))[0]
        return kept

    def _column(self, name: str) -> Array:
        columns = [segment.columns.document_column(name) for segment in self.segments]
        return joined(columns, np.int64)

    def facet(self, field: str) -> Mapping[str, BitMap]:
        """A facet's values and the documents that hold each, deleted documents left out."""
        return self._facets[field]

    def _united(self, field: str) -> dict[str, BitMap]:
        values: dict[str, BitMap] = {}
        for segment, base in zip(self.segments, self.bases, strict=True):
            for value, documents in segment.facets[field].items():
                shifted = documents.shift(base) if base else documents
                values[value] = values[value] | shifted if value in values else shifted
        if self.deleted:
            values = {value: documents - self.deleted for value, documents in values.items()}
        return values

    def length_bytes(self, field: str) -> Array:
        """Each document's length in a scored field, in Whoosh's one-byte approximation."""
        lengths = self._lengths.get(field)
        if lengths is None:
            lengths = joined([segment.columns.lengths(field) for segment in self.segments], np.uint8)
            self._lengths[field] = lengths
        return lengths

    def average_length(self, field: str) -> float:
        """In words; deleted documents included."""
        total = sum(description.field_lengths.get(field, 0) for description in self._descriptions)
        return total / self.document_count or 1.0

    def frequency(self, field: str, term: str) -> int:
        """How many documents contain the term, deleted ones included (Whoosh's idf counts those too)."""
        return sum(columns.document_frequency(number) for columns, number, _ in self.found(field, term))

    def place_count(self, field: str, term: str) -> int:
        """In how many places the term stands, in deleted documents too."""
        return sum(columns.place_count(number) for columns, number, _ in self.found(field, term))

    def found(self, field: str, term: str) -> Sequence[tuple[TermColumns, int, int]]:
        """(columns, term's number, base of the document numbers) for each segment that has the term."""
        known = self._found.get((field, term))
        if known is None:
            if len(self._found) >= _KNOWN_TERMS:
                self._found.clear()
            known = self._found[field, term] = self._find(field, term.encode())
        return known

    def _find(self, field: str, encoded: bytes) -> list[tuple[TermColumns, int, int]]:
        found = []
        for segment, base in zip(self.segments, self.bases, strict=True):
            columns = segment.columns.field(field)
            number = columns.find(encoded)
            if number is not None:
                found.append((columns, number, base))
        return found

    def has_addresses(self, field: str, term: str) -> bool:
        """Whether every segment that has the term in many places keeps its addresses.

        Those of an index of an earlier version do not.
        """
        numbers = {base: (columns, number) for columns, number, base in self.found(field, term)}
        return all(
            numbers[base][0].place_count(numbers[base][1]) < MANY_PLACES
            or segment.addresses(field).keeps(numbers[base][1])
            for segment, base in zip(self.segments, self.bases, strict=True)
            if base in numbers
        )

    def segments_with(self, field: str, terms: Iterable[str]) -> Iterator[tuple[OpenSegment, int]]:
        """The segments that have all of the terms, and the base of their documents' numbers."""
        bases = [{base for _, _, base in self.found(field, term)} for term in terms]
        for segment, base in zip(self.segments, self.bases, strict=True):
            if all(base in having for having in bases):
                yield segment, base

    def address_blocks(self, field: str, segment: OpenSegment, base: int) -> Iterator[Block]:
        """The blocks of a segment's documents."""
        return segment.addresses(field).blocks(partial(self._starts, field, base))

    def _starts(self, field: str, base: int, block: int, make: Callable[[], Array]) -> Array:
        kept: Array = self.cached(("starts", field, base, block), lambda: (make(),))[0]
        return kept

    # A Vocabulary: see `search.vocabulary`

    def within(self, field: str, word: str, distance: int, prefix: int) -> Iterable[str]:
        found = set[str]()
        for segment in self.segments:
            columns = segment.columns.field(field)
            found.update(
                columns.term(number).decode() for number in terms_within(columns, word, distance, prefix)
            )
        return found

    def with_prefix(self, field: str, prefix: str) -> Mapping[str, int]:
        found = Counter[str]()
        for segment in self.segments:
            columns = segment.columns.field(field)
            numbers = columns.with_prefix(prefix.encode())
            frequencies = columns.document_frequencies(numbers)
            found.update(dict(zip(columns.terms_in(numbers), frequencies.tolist(), strict=True)))
        return found
