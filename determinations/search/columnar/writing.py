"""Documents -> segments -> commits: one commit for additions and deletions, or a rebuild aside and a switch.

Documents are taken in runs of a bounded size, each built into a segment of its own, so that memory stays
flat; each document once, the last of each key. Several processes build several runs at a time; the segments
are then merged into one.

`merge_policy` says which segments are merged into one, and when.
"""

import secrets
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from determinations.search.columnar.array_file import Array
from determinations.search.columnar.bitmaps import from_sorted
from determinations.search.columnar.chunk_table import ChunkTable
from determinations.search.columnar.codec import table_of_contents
from determinations.search.columnar.columns import SegmentColumns, columns_path
from determinations.search.columnar.commits import Segment
from determinations.search.columnar.index_directory import (
    WHOOSH_NAME,
    IndexDirectory,
    Pointer,
    sync_directory,
)
from determinations.search.columnar.merge import merge
from determinations.search.columnar.merge_policy import (
    being_merged,
    deleted_since,
    forget_unfinished,
    large_merge,
    merging_beside,
    note_sources,
    small_merge,
    was_dropped,
)
from determinations.search.columnar.segments import SegmentBuilder
from determinations.search.index_errors import IndexDamagedError
from determinations.search.index_fields import KEY
from determinations.search.interface import IndexDocument, Progress

RUN_CHARACTERS = 8_000_000
"""How much text one run has: about 3,000 items, and 100 MB of memory while it is built.

Small runs share out evenly among processes; merging three times as many takes hardly longer.
"""

_PROGRESS_STEP = 100


def build(
    documents: Iterable[IndexDocument],
    folder: Path,
    *,
    processes: int = 1,
    progress: Progress | None = None,
    run_characters: int = RUN_CHARACTERS,
) -> list[Segment]:
    """At most one segment, in `folder`. What fits into one run is built here, whatever `processes`."""
    runs = _runs(_reported(documents, progress), run_characters)
    segments = list(_built(runs, folder, processes, to_be_merged=True))
    segments = _last_of_each_key(segments, folder)
    if len(segments) > 1 or any(segment.deleted for segment in segments):
        return merged(segments, folder)
    return segments


def build_segment(
    documents: Iterable[IndexDocument],
    folder: Path,
    table: ChunkTable | None = None,
    *,
    to_be_merged: bool = False,
) -> Segment:
    """One segment of `documents`, on disk in `folder`. `table` is what earlier segments learned of chunks."""
    builder = SegmentBuilder(table)
    for document in documents:
        builder.add(document)
    return builder.write(folder, _new_id(), to_be_merged=to_be_merged)


def merged(segments: list[Segment], folder: Path, into: Path | None = None) -> list[Segment]:
    """One segment in place of `segments`, or none where all their documents are deleted.

    It is written into the folder of the others, or `into` another. The old files stay: readers that have them
    open go on.
    """
    into = into or folder
    sources = [
        (SegmentColumns.opened(folder, segment.id, segment.digest), segment.deleted) for segment in segments
    ]
    result = merge(sources, into, _new_id())
    if not result.document_count:
        columns_path(into, result.id).unlink()
        return []
    return [result]


def _new_id() -> str:
    return f"{WHOOSH_NAME}_{secrets.token_hex(8)}"


def _reported(documents: Iterable[IndexDocument], progress: Progress | None) -> Iterator[IndexDocument]:
    """`documents`, reported to `progress` some at a time."""
    number = 0
    for number, document in enumerate(documents, 1):
        yield document
        if progress and number % _PROGRESS_STEP == 0:
            progress(_PROGRESS_STEP)
    if progress and number % _PROGRESS_STEP:
        progress(number % _PROGRESS_STEP)


def _runs(documents: Iterable[IndexDocument], run_characters: int) -> Iterator[list[IndexDocument]]:
    run: list[IndexDocument] = []
    characters = 0
    for document in documents:
        run.append(document)
        characters += document.characters
        if characters >= run_characters:
            yield run
            run, characters = [], 0
    if run:
        yield run


def _built(
    runs: Iterator[list[IndexDocument]], folder: Path, processes: int, *, to_be_merged: bool
) -> Iterator[Segment]:
    """A segment for each run. `to_be_merged`: whether several are to be merged into one at once."""
    first, second = next(runs, None), next(runs, None)
    if first is None:
        return
    if second is None or processes < 2:
        with _chunk_table() as table:
            for run in chain([first], [second] if second else [], runs):
                yield build_segment(run, folder, table, to_be_merged=to_be_merged and second is not None)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        building: deque[Future[Segment]] = deque()
        for run in chain([first, second], runs):
            building.append(pool.submit(_build_in_worker, run, folder, to_be_merged))
            if len(building) > processes:
                yield building.popleft().result()
        while building:
            yield building.popleft().result()


_tables: deque[ChunkTable] = deque(maxlen=1)


@contextmanager
def _chunk_table() -> Iterator[ChunkTable]:
    """A table for one thread at a time, that of this process's last segments if it is free.

    Of the chunks that a commit brings, most were in the commits before. One that an error left half filled
    is not used again.
    """
    try:
        table = _tables.pop()
    except IndexError:
        table = ChunkTable()
    yield table
    _tables.append(table)


def _build_in_worker(run: list[IndexDocument], folder: Path, to_be_merged: bool) -> Segment:
    with _chunk_table() as table:
        return build_segment(run, folder, table, to_be_merged=to_be_merged)


def _last_of_each_key(segments: list[Segment], folder: Path) -> list[Segment]:
    """`segments` with every document deleted that a later one of the same key replaces."""
    if not segments:
        return []
    columns = [
        SegmentColumns.opened(folder, segment.id, segment.digest).document_column(KEY) for segment in segments
    ]
    keys = np.concatenate(columns)
    order = np.argsort(keys, kind="stable")
    replaced = np.zeros(len(keys), bool)
    replaced[order[:-1][keys[order[:-1]] == keys[order[1:]]]] = True
    parts = np.split(replaced, np.cumsum([len(column) for column in columns])[:-1])
    return [
        segment.without(from_sorted(np.flatnonzero(part)))
        for segment, part in zip(segments, parts, strict=True)
    ]


def update(
    directory: IndexDirectory,
    documents: Iterable[IndexDocument],
    delete: Iterable[int],
    log_position: str | None,
) -> None:
    """One commit, on disk when this returns. Raises IndexLockedError or SearchUnavailableError."""
    latest = {document.key: document for document in documents}
    gone = np.array(sorted({*delete, *latest}), np.int64)
    with directory.writing():
        directory.pointer().require_present_version()
        pointer, segments = directory.opened(lambda serving: (serving, _without(gone, directory, serving)))
        reached = pointer.log_position if log_position is None else log_position
        folder = directory.path / pointer.directory
        segments += _built(_runs(latest.values(), RUN_CHARACTERS), folder, processes=1, to_be_merged=False)
        busy = being_merged(directory.path)
        due = small_merge([segment for segment in segments if segment.id not in busy])
        replaced = {segment.id for segment in due}
        kept = [segment for segment in segments if segment.id not in replaced]
        kept += merged(due, folder) if due else []
        commit(directory, pointer.directory, directory.next_generation(), kept, reached)


def needs_merging(directory: IndexDirectory) -> bool:
    """Whether there is something for `merge_beside`. Raises SearchUnavailableError."""
    return bool(large_merge(directory.opened(directory.commit).segments))


def merge_beside(directory: IndexDirectory) -> bool:
    """Merge large segments while other commits go on. Returns whether segments were merged.

    False if nothing is due, another process is merging, or a rebuild or `forget_deleted` replaced the
    segments. A million documents take some 50 seconds of processor time; the writers' lock is held for
    milliseconds. Raises IndexLockedError or SearchUnavailableError.
    """
    with merging_beside(directory.path) as folder:
        if folder is None:
            return False
        with directory.writing():
            directory.pointer().require_present_version()
            pointer, begun = directory.opened(lambda serving: (serving, directory.commit(serving)))
            sources = large_merge(begun.segments)
            if not sources:
                return False
            note_sources(folder, sources)
        serving = directory.path / pointer.directory
        try:
            results = merged(sources, serving, folder)
        except (OSError, IndexDamagedError):
            with directory.writing():
                if _are_served(directory, pointer.directory, sources) and not was_dropped(folder):
                    raise
            return False  # a rebuild or forgotten words took away what it read or wrote
        with directory.writing():
            if not _are_served(directory, pointer.directory, sources) or was_dropped(folder):
                return False
            pointer_now, now = directory.opened(lambda serving: (serving, directory.commit(serving)))
            present = {segment.id: segment for segment in now.segments}
            late = deleted_since(sources, [present.pop(segment.id) for segment in sources])
            for segment in results:
                columns_path(folder, segment.id).rename(columns_path(serving, segment.id))
            commit(
                directory,
                pointer.directory,
                directory.next_generation(),
                [*present.values(), *(segment.without(late) for segment in results)],
                pointer_now.log_position,
            )
    return True


def _are_served(directory: IndexDirectory, folder: str, segments: Sequence[Segment]) -> bool:
    """Whether the present commit is in `folder` and has the segments' files. Needs the writers' lock."""
    pointer, now = directory.opened(lambda serving: (serving, directory.commit(serving)))
    files = {(segment.id, segment.digest) for segment in now.segments}
    return pointer.directory == folder and files >= {(each.id, each.digest) for each in segments}


def replace_all(
    directory: IndexDirectory,
    documents: Iterable[IndexDocument],
    progress: Progress | None,
    processes: int,
    log_position: str,
) -> None:
    """A new index beside the old one, which serves until the new one is on disk."""
    with directory.writing():
        generation = directory.next_generation()
        folder = directory.path / str(generation)
        folder.mkdir()
        sync_directory(directory.path)
        segments = build(documents, folder, processes=processes, progress=progress)
        commit(directory, folder.name, generation, segments, log_position)


def forget_deleted(directory: IndexDirectory) -> None:
    """Each segment with deleted documents anew without them; files of no commit are removed.

    What another process merges meanwhile is dropped, for the words may be in it.
    """
    with directory.writing():
        directory.pointer().require_present_version()
        pointer, commit_now = directory.opened(lambda serving: (serving, directory.commit(serving)))
        folder = directory.path / pointer.directory
        kept: list[Segment] = []
        for segment in commit_now.segments:
            kept += merged([segment], folder) if segment.deleted else [segment]
        commit(directory, pointer.directory, directory.next_generation(), kept, pointer.log_position)
        forget_unfinished(directory.path)


def _without(gone: Array, directory: IndexDirectory, serving: Pointer) -> list[Segment]:
    """The segments that serve, the documents with one of the keys `gone` marked as deleted."""
    segments = []
    for segment in directory.commit(serving).segments:
        keys = directory.columns(serving, segment).document_column(KEY)
        segments.append(segment.without(from_sorted(np.flatnonzero(np.isin(keys, gone)))))
    return segments


def commit(
    directory: IndexDirectory, folder: str, generation: int, segments: Sequence[Segment], log_position: str
) -> Pointer:
    """Let `segments` serve, whose files are on disk in `folder`. Needs the writers' lock."""
    sync_directory(directory.path / folder)
    return directory.write_commit(
        folder, generation, tuple(segments), table_of_contents(segments, generation), log_position
    )
