"""The columns as Whoosh sees them: a codec, so that plain Whoosh can search the same index.

Whoosh's searcher reads segments through these objects and is the oracle of the property tests. The
vectorised executor does not pass here: it reads the columns themselves.
"""

from collections.abc import Iterator
from pathlib import Path

from pyroaring import BitMap
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage

from determinations.search.whoosh_engine.codec_reading import (
    ColumnDocumentReader,
    ColumnTermsReader,
)
from determinations.search.whoosh_engine.codec_writing import (
    ColumnDocumentWriter,
    ColumnFieldWriter,
)
from determinations.search.whoosh_engine.columns import SegmentColumns


class ColumnarSegment(base.Segment):  # type: ignore[misc]
    """What the table of contents keeps of a segment; immutable but for Whoosh's own `delete_document`."""

    def __init__(
        self,
        index_name: str,
        segment_id: str,
        document_count: int,
        field_lengths: dict[str, int],
        deleted: BitMap | None = None,
    ) -> None:
        self.indexname, self.segid = index_name, segment_id
        self.compound = False
        self.document_count = document_count
        self.field_lengths = field_lengths
        self.deleted = deleted if deleted is not None else BitMap()

    def without(self, documents: BitMap) -> "ColumnarSegment":
        """This segment with `documents` deleted as well."""
        return ColumnarSegment(
            self.indexname, self.segid, self.document_count, self.field_lengths, self.deleted | documents
        )

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
    """Shows columnar segments to Whoosh, and lets its writer write them: one codec for each writer."""

    length_stats = False

    def new_segment(self, storage: FileStorage, indexname: str) -> ColumnarSegment:
        return ColumnarSegment(indexname, ColumnarSegment._random_id(), 0, {})

    def per_document_writer(self, storage: FileStorage, segment: ColumnarSegment) -> ColumnDocumentWriter:
        self._documents = ColumnDocumentWriter(segment)
        return self._documents

    def field_writer(self, storage: FileStorage, segment: ColumnarSegment) -> ColumnFieldWriter:
        return ColumnFieldWriter(Path(storage.folder), segment, self._documents)

    def terms_reader(self, storage: FileStorage, segment: ColumnarSegment) -> ColumnTermsReader:
        return ColumnTermsReader(_opened(storage, segment))

    def per_document_reader(self, storage: FileStorage, segment: ColumnarSegment) -> ColumnDocumentReader:
        return ColumnDocumentReader(_opened(storage, segment), segment)


def _opened(storage: FileStorage, segment: ColumnarSegment) -> SegmentColumns:
    return SegmentColumns(Path(storage.folder), segment.segment_id())
