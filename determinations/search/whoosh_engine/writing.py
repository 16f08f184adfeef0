"""Changing the index: one commit for additions and deletions, or a rebuild aside and a switch.

Merging is planned: after every commit the smallest segments are merged as long as that is cheap beside
the documents that they hold, so their number grows with the logarithm of the index.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from whoosh.index import TOC

from determinations.search.interface import IndexDocument, Progress
from determinations.search.whoosh_engine.array_file import Array
from determinations.search.whoosh_engine.codec import ColumnarSegment
from determinations.search.whoosh_engine.columns import SegmentColumns
from determinations.search.whoosh_engine.document_sets import bitmap
from determinations.search.whoosh_engine.index_directory import (
    INDEX_NAME,
    IndexDirectory,
    Pointer,
    sync_directory,
)
from determinations.search.whoosh_engine.rebuilding import build, build_segment, merged
from determinations.search.whoosh_engine.schema import KEY, SCHEMA_VERSION, index_schema

_GROWTH = 8
"""A segment is merged with the smaller ones when it is at most this many times as large as they together."""

_MOST_DELETED = 1 / 3
"""A segment with a larger share of deleted documents is written anew."""


def update(directory: IndexDirectory, documents: Iterable[IndexDocument], delete: Iterable[int]) -> None:
    """One commit, on disk when this returns. Raises IndexLockedError or SearchUnavailableError."""
    latest = {document.key: document for document in documents}
    gone = np.array(sorted({*delete, *latest}), np.int64)
    with directory.writing():
        pointer, segments = directory.opened(lambda serving: (serving, _without(gone, directory, serving)))
        folder = directory.path / pointer.directory
        if latest:
            segments.append(build_segment(latest.values(), folder))
        chosen = to_merge(segments)
        kept = [segment for number, segment in enumerate(segments) if number not in chosen]
        if chosen:
            kept += merged([segments[number] for number in sorted(chosen)], folder)
        commit(directory, Pointer(directory.next_generation(), pointer.directory, SCHEMA_VERSION), kept)


def replace_all(
    directory: IndexDirectory, documents: Iterable[IndexDocument], progress: Progress | None, processes: int
) -> None:
    """A new index beside the old one, which serves until the new one is on disk."""
    with directory.writing():
        generation = directory.next_generation()
        folder = directory.path / str(generation)
        folder.mkdir()
        sync_directory(directory.path)
        segments = build(documents, folder, processes=processes, progress=progress)
        commit(directory, Pointer(generation, folder.name, SCHEMA_VERSION), segments)


def to_merge(segments: Sequence[ColumnarSegment]) -> set[int]:
    """Which of `segments` to merge into one (by number): none, one with many deletions, or several."""
    by_size = sorted(range(len(segments)), key=lambda number: segments[number].doc_count())
    chosen: set[int] = set()
    together = 0
    for place, number in enumerate(by_size):
        if place and segments[number].doc_count() <= _GROWTH * together:
            chosen.update(by_size[: place + 1])
        together += segments[number].doc_count()
    worn = (
        number
        for number, segment in enumerate(segments)
        if segment.deleted_count() > _MOST_DELETED * segment.doc_count_all()
    )
    return chosen.union(worn)


def _without(gone: Array, directory: IndexDirectory, serving: Pointer) -> list[ColumnarSegment]:
    """The segments that serve, the documents with one of the keys `gone` marked as deleted."""
    folder = directory.path / serving.directory
    segments = []
    for segment in directory.table_of_contents(serving).segments:
        keys = SegmentColumns(folder, segment.segment_id()).document_column(KEY)
        segments.append(segment.without(bitmap(np.flatnonzero(np.isin(keys, gone)))))
    return segments


def commit(directory: IndexDirectory, pointer: Pointer, segments: list[ColumnarSegment]) -> None:
    """Name `segments` in a table of contents and let it serve. Their files are on disk already."""
    sync_directory(directory.path / pointer.directory)
    contents = TOC(index_schema(), segments, pointer.generation)
    contents.write(directory.storage(pointer.directory), INDEX_NAME)
    directory.switch(pointer)
    directory.remove_leftovers(pointer, {segment.segment_id() for segment in segments})
