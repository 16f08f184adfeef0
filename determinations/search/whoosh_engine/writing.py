"""Changing the index: add, replace and delete in one commit; rebuild aside, then switch."""

from collections.abc import Iterable
from typing import Any

from whoosh.index import TOC, FileIndex
from whoosh.writing import SegmentWriter

from ..interface import IndexDocument, Progress
from ..query_tree import SEARCHED_FIELDS
from .index_directory import INDEX_NAME, IndexDirectory, Pointer
from .schema import CASE, DATE, FINGERPRINT, KEY, SCHEMA_VERSION, facet_field, index_schema, words_field


def update(directory: IndexDirectory, documents: Iterable[IndexDocument], delete: Iterable[int]) -> None:
    """One commit, on disk when this returns. Raises IndexLockedError or SearchUnavailableError."""
    latest = {document.key: document for document in documents}
    gone = set(delete) | latest.keys()
    with directory.writing():
        pointer = directory.pointer()
        index = FileIndex(directory.storage(pointer.directory), indexname=INDEX_NAME)
        writer = SegmentWriter(index, _lk=False, compound=False)
        with index.reader() as reader:
            for leaf, base in reader.leaf_readers():
                keys = leaf.column_reader(KEY) if leaf.doc_count_all() else ()
                for number, key in enumerate(keys):
                    if key in gone:
                        writer.delete_document(base + number)
        for document in latest.values():
            writer.add_document(**_fields(document))
        writer.commit()
        _serve(directory, pointer.directory, writer)


def replace_all(
    directory: IndexDirectory, documents: Iterable[IndexDocument], progress: Progress | None
) -> None:
    """A new index beside the old one, which serves until the new one is on disk."""
    with directory.writing():
        latest: dict[int, IndexDocument] = {}
        for document in documents:
            latest[document.key] = document
        generation = directory.next_generation()
        storage = directory.storage(str(generation)).create()
        TOC(index_schema(), [], generation).write(storage, INDEX_NAME)
        writer = SegmentWriter(FileIndex(storage, indexname=INDEX_NAME), _lk=False, compound=False)
        for document in latest.values():
            writer.add_document(**_fields(document))
            if progress:
                progress(1)
        writer.commit()
        _serve(directory, str(generation), writer)


def _serve(directory: IndexDirectory, name: str, writer: Any) -> None:
    pointer = Pointer(writer.generation, name, SCHEMA_VERSION)
    directory.switch(pointer)
    segments = directory.table_of_contents(pointer).segments
    directory.remove_leftovers(pointer, {segment.segment_id() for segment in segments})


def _fields(document: IndexDocument) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(document, name) for name in SEARCHED_FIELDS}
    values |= {words_field(name): getattr(document, name) for name in SEARCHED_FIELDS}
    values |= {facet_field(facet): list(chosen) for facet, chosen in document.facets.items() if chosen}
    values |= {KEY: document.key, DATE: document.date, FINGERPRINT: document.fingerprint}
    if document.case:
        values[CASE] = document.case
    return values
