"""A codec: segments as Whoosh reads them, so that plain Whoosh can open and search the same index.

Whoosh's searcher reads segments through these objects and is the oracle of the property tests. The
vectorized executor does not pass here: it reads the columns themselves.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pyroaring import BitMap
from whoosh import formats
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from determinations.search.columnar.array_file import Array
from determinations.search.columnar.columns import (
    INDEXED_FIELDS,
    LENGTH_OF_BYTE,
    SCORED_FIELDS,
    SegmentColumns,
    TermColumns,
)
from determinations.search.columnar.commits import Segment
from determinations.search.columnar.index_directory import WHOOSH_NAME
from determinations.search.columnar.schema import index_schema
from determinations.whoosh_index import restored


class EncodedPositions:
    """The positions of each of a term's postings, encoded as Whoosh's format has them when it asks."""

    def __init__(self, positions: Array, frequencies: Array, format_: formats.Positions) -> None:
        self._positions = positions
        self._ends = np.cumsum(frequencies)
        self._frequencies = frequencies
        self._format = format_

    def __getitem__(self, posting: int) -> bytes:
        end = int(self._ends[posting])
        positions = self._positions[end - int(self._frequencies[posting]) : end]
        return bytes(self._format.encode(positions.tolist()))


class ColumnTermsReader(base.TermsReader):  # type: ignore[misc]
    def __init__(self, segment: SegmentColumns) -> None:
        self._segment = segment

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return term[0] in INDEXED_FIELDS and self._segment.field(term[0]).find(term[1]) is not None

    def _found(self, field: str, term: bytes) -> tuple[TermColumns, int]:
        columns = self._segment.field(field)
        number = columns.find(term)
        if number is None:
            raise TermNotFound(f"{field}:{term!r}")
        return columns, number

    def cursor(self, fieldname: str, fieldobj: Any) -> "ColumnCursor":
        return ColumnCursor(self._segment.field(fieldname))

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for field in sorted(INDEXED_FIELDS):
            for term in self._segment.field(field).terms():
                yield field, term

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        columns = self._segment.field(fieldname)
        for number in range(columns.lower_bound(prefix), len(columns)):
            yield fieldname, columns.term(number)
        for field in sorted(INDEXED_FIELDS):
            if field > fieldname:
                for term in self._segment.field(field).terms():
                    yield field, term

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, tbytes: bytes) -> TermInfo:
        columns, number = self._found(fieldname, tbytes)
        doc_ids = columns.doc_ids(number)
        count, first, last = len(doc_ids), int(doc_ids[0]), int(doc_ids[-1])
        if fieldname not in SCORED_FIELDS:
            return TermInfo(count, count, 1, 1, 1.0, first, last)
        frequencies = columns.term_frequencies(number)
        lengths = LENGTH_OF_BYTE[self._segment.lengths(fieldname)[doc_ids]]
        return TermInfo(
            float(frequencies.sum()),
            count,
            int(lengths.min()),
            int(lengths.max()),
            float(frequencies.max()),
            first,
            last,
        )

    def doc_frequency(self, fieldname: str, tbytes: bytes) -> int:
        columns = self._segment.field(fieldname)
        number = columns.find(tbytes)
        return 0 if number is None else len(columns.doc_ids(number))

    def frequency(self, fieldname: str, tbytes: bytes) -> float:
        return float(self.term_info(fieldname, tbytes).weight()) if (fieldname, tbytes) in self else 0.0

    def matcher(self, fieldname: str, tbytes: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        columns, number = self._found(fieldname, tbytes)
        doc_ids = columns.doc_ids(number).tolist()
        weights: list[float] = [1.0] * len(doc_ids)
        values: EncodedPositions | list[bytes] = [b""] * len(doc_ids)
        if fieldname in SCORED_FIELDS:
            frequencies = columns.term_frequencies(number)
            weights = frequencies.astype(float).tolist()
            values = EncodedPositions(columns.positions(number), frequencies, format_)
        return ListMatcher(
            doc_ids,
            weights,
            values,
            format_,
            scorer=scorer,
            term=(fieldname, tbytes),
            terminfo=self.term_info(fieldname, tbytes),
        )

    def indexed_field_names(self) -> Sequence[str]:
        return INDEXED_FIELDS

    def close(self) -> None:
        """Nothing to do: the file is closed with the last reader."""


class ColumnCursor(base.FieldCursor):  # type: ignore[misc]
    """Walks a field's terms; what Whoosh's Levenshtein automaton asks for."""

    def __init__(self, columns: TermColumns) -> None:
        self._columns = columns
        self._number = 0

    def first(self) -> str | None:
        self._number = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        self._number = self._columns.lower_bound(term if isinstance(term, bytes) else term.encode())
        return self.text()

    def next(self) -> str | None:
        self._number += 1
        return self.text()

    def text(self) -> str | None:
        return self._columns.term(self._number).decode() if self.is_valid() else None

    def is_valid(self) -> bool:
        return self._number < len(self._columns)


class ColumnDocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    def __init__(self, columns: SegmentColumns, segment: base.Segment) -> None:
        self._columns = columns
        self._segment = segment

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return int(self._segment.doc_count_all())

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> Iterator[int]:
        return iter(self._segment.deleted_docs())

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return True

    def column_reader(self, fieldname: str, column: Any) -> "NumberColumn":
        return NumberColumn(self._columns.document_column(fieldname))

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        if fieldname not in SCORED_FIELDS:
            return default
        return int(LENGTH_OF_BYTE[self._columns.lengths(fieldname)[docnum]])

    def field_length(self, fieldname: str) -> int:
        return int(self._segment.field_lengths.get(fieldname, 0))

    def min_field_length(self, fieldname: str) -> int:
        return int(LENGTH_OF_BYTE[self._columns.lengths(fieldname).min()])

    def max_field_length(self, fieldname: str) -> int:
        return int(LENGTH_OF_BYTE[self._columns.lengths(fieldname).max()])

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return {}

    def close(self) -> None:
        """Nothing to do: the file is closed with the last reader."""


class NumberColumn:
    """A document column as Whoosh reads one."""

    def __init__(self, values: Array) -> None:
        self._values = values

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, docnum: int) -> int:
        return int(self._values[docnum])

    def __iter__(self) -> Iterator[int]:
        return iter(self._values.tolist())

    sort_key = __getitem__


class ColumnarSegment(base.Segment):  # type: ignore[misc]
    """A segment as Whoosh's table of contents keeps it; the arguments are what is pickled.

    `deleted`: a serialized bitmap. Immutable but for Whoosh's own `delete_document`.
    """

    def __init__(
        self,
        segment_id: str,
        digest: str,
        document_count: int,
        field_lengths: dict[str, int],
        deleted: bytes,
    ) -> None:
        self.indexname, _, self.segid = segment_id.partition("_")
        self.compound = False
        self.digest = digest
        self.document_count = document_count
        self.field_lengths = field_lengths
        self.deleted = BitMap.deserialize(deleted)

    @classmethod
    def of(cls, segment: Segment) -> "ColumnarSegment":
        return cls(
            segment.id,
            segment.digest,
            segment.document_count,
            dict(segment.field_lengths),
            segment.deleted.serialize(),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        arguments = self.digest, self.document_count, self.field_lengths, self.deleted.serialize()
        return restored, ("segment", self.segment_id(), *arguments)

    def codec(self) -> "ColumnarCodec":
        return ColumnarCodec()

    def doc_count_all(self) -> int:
        return self.document_count

    def set_doc_count(self, doccount: int) -> None:
        self.document_count = doccount

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        (self.deleted.add if delete else self.deleted.discard)(docnum)

    def deleted_count(self) -> int:
        return len(self.deleted)

    def deleted_docs(self) -> Iterator[int]:
        return iter(self.deleted)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self.deleted

    def should_assemble(self) -> bool:
        return False


class ColumnarCodec(base.Codec):  # type: ignore[misc]
    """Lets Whoosh read columnar segments. Only `segments` writes them, in bulk."""

    def terms_reader(self, storage: FileStorage, segment: ColumnarSegment) -> ColumnTermsReader:
        return ColumnTermsReader(_opened(storage, segment))

    def per_document_reader(self, storage: FileStorage, segment: ColumnarSegment) -> ColumnDocumentReader:
        return ColumnDocumentReader(_opened(storage, segment), segment)


def _opened(storage: FileStorage, segment: ColumnarSegment) -> SegmentColumns:
    return SegmentColumns.opened(Path(storage.folder), segment.segment_id(), segment.digest)


def table_of_contents(segments: Iterable[Segment], generation: int) -> bytes:
    """The file that plain Whoosh opens an index by."""
    storage = RamStorage()
    contents = TOC(index_schema(), list(map(ColumnarSegment.of, segments)), generation)
    contents.write(storage, WHOOSH_NAME)
    (content,) = storage.files.values()
    return bytes(content)
