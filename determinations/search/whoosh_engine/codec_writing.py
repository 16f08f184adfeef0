"""Columns as Whoosh's own writer fills them, one posting after the other.

The site builds its segments in bulk (`segment_building`), some ten times as fast; this makes the codec
whole: `index.writer(codec=ColumnarCodec())` writes the same segments, and can merge them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import base

from determinations.search.whoosh_engine.array_file import ArrayFileWriter, smallest_unsigned
from determinations.search.whoosh_engine.columns import (
    DOCUMENT_COLUMNS,
    FACET_FIELDS,
    INDEXED_FIELDS,
    SCORED_FIELDS,
    columns_path,
)
from determinations.search.whoosh_engine.segment_building import (
    length_bytes,
    write_dictionary,
    write_sets,
)


class ColumnDocumentWriter(base.PerDocumentWriter):  # type: ignore[misc]
    """Collects what each document holds; the field writer writes it beside the postings."""

    def __init__(self, segment: base.Segment) -> None:
        self._segment = segment
        self._document = -1
        self.is_closed = False
        self.lengths: dict[str, dict[int, int]] = {name: {} for name in SCORED_FIELDS}
        self.columns: dict[str, dict[int, int]] = {name: {} for name in DOCUMENT_COLUMNS}

    def start_doc(self, docnum: int) -> None:
        self._document = docnum

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:
        if fieldname in self.lengths:
            self.lengths[fieldname][self._document] = length

    def add_column_value(self, fieldname: str, columnobj: Any, value: int) -> None:
        self.columns[fieldname][self._document] = value

    def close(self) -> None:
        self._segment.field_lengths = {name: sum(found.values()) for name, found in self.lengths.items()}
        self.is_closed = True

    @property
    def document_count(self) -> int:
        return self._document + 1


class _Postings:
    """One field's columns, growing term by term."""

    def __init__(self) -> None:
        self.terms: list[bytes] = []
        self.starts, self.place_starts = [0], [0]
        self.ids: list[int] = []
        self.times: list[int] = []
        self.places: list[int] = []


class ColumnFieldWriter(base.FieldWriter):  # type: ignore[misc]
    """Collects postings, which Whoosh gives in order, and writes the segment's file when closed."""

    def __init__(self, folder: Path, segment: base.Segment, documents: ColumnDocumentWriter) -> None:
        self._path = columns_path(folder, segment.segment_id())
        self._documents = documents
        self._fields = {name: _Postings() for name in INDEXED_FIELDS}
        self._format: Any = None
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        self._postings = self._fields[fieldname]
        self._format = fieldobj.format if fieldname in SCORED_FIELDS else None

    def start_term(self, text: bytes) -> None:
        self._postings.terms.append(text)

    def add(self, docnum: int, weight: float, vbytes: Any, length: int) -> None:
        self._postings.ids.append(docnum)
        if self._format is not None:
            places = self._format.decode_positions(vbytes)
            self._postings.times.append(len(places))
            self._postings.places.extend(places)

    def finish_term(self) -> None:
        self._postings.starts.append(len(self._postings.ids))
        self._postings.place_starts.append(len(self._postings.places))

    def close(self) -> None:
        self.is_closed = True
        count = self._documents.document_count
        with ArrayFileWriter(self._path) as out:
            for name, kind in DOCUMENT_COLUMNS.items():
                out.write(name, np.array(list(_dense(self._documents.columns[name], count)), kind))
            for name, found in self._documents.lengths.items():
                out.write(f"{name}.length", length_bytes(np.array(list(_dense(found, count)), np.int64)))
            for name, postings in self._fields.items():
                _write(out, name, postings)


def _dense(values: dict[int, int], count: int) -> Iterator[int]:
    return (values.get(number, 0) for number in range(count))


def _write(out: ArrayFileWriter, field: str, postings: _Postings) -> None:
    columns = {"starts": postings.starts}
    if field in SCORED_FIELDS:
        columns |= {"times": postings.times, "place_starts": postings.place_starts, "places": postings.places}
    write_dictionary(out, field, postings.terms)
    out.write(f"{field}.ids", np.array(postings.ids, np.uint32))
    if field in FACET_FIELDS:
        write_sets(out, field, np.array(postings.ids, np.uint32), np.array(postings.starts))
    for name, values in columns.items():
        out.write(f"{field}.{name}", np.array(values, smallest_unsigned(max(values, default=0))))
