"""Which segments are merged, and which of them beside the commits that go on.

The smallest segments are merged as long as that is cheap beside the documents that they hold, so their number
grows with the logarithm of the index, and each document is written again about log(documents) / log(8) times.
What takes seconds is merged by the commit that makes it due. What takes minutes is merged by a process of its
own, in a folder of its own, and other commits leave its segments alone meanwhile.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pyroaring import BitMap

from determinations.file_lock import LockHeldError, exclusive_lock, holder_of
from determinations.search.columnar.commits import Segment

_GROWTH = 8
"""A segment is merged with the smaller ones when it is at most this many times as large as they together."""

MERGED_AT_ONCE = 100_000
"""More documents than these are left to a process of its own: merging them would hold up commits."""

_MOST_DELETED = 1 / 3
"""A segment with a larger share of deleted documents is written anew."""

_FOLDER, _SOURCES = "merging", "sources.json"
_SECONDS_FOR_A_LOOK = 1.0
"""Whoever asks for the lock's holder takes it for an instant; that is no merge."""


def to_merge(segments: Sequence[Segment], most: int | None = None) -> set[int]:
    """Which of `segments` to merge into one (by number): none, one with many deletions, or several.

    They have at most `most` documents together, if it is given.
    """
    by_size = sorted(range(len(segments)), key=lambda number: segments[number].live_count)
    chosen: set[int] = set()
    together = 0
    for place, number in enumerate(by_size):
        size = segments[number].live_count
        if most is not None and together + size > most:
            break
        if place and size <= _GROWTH * together:
            chosen.update(by_size[: place + 1])
        together += size
    room = None if most is None else most - sum(segments[number].live_count for number in chosen)
    for number, segment in enumerate(segments):
        is_worn = len(segment.deleted) > _MOST_DELETED * segment.document_count
        if is_worn and number not in chosen and (room is None or segment.live_count <= room):
            chosen.add(number)
            room = None if room is None else room - segment.live_count
    return chosen


def small_merge(segments: Sequence[Segment]) -> list[Segment]:
    """The segments that a commit is to merge."""
    return _chosen(segments, to_merge(segments, MERGED_AT_ONCE))


def large_merge(segments: Sequence[Segment]) -> list[Segment]:
    """The segments to merge beside the commits that go on; none where a commit can merge what is due."""
    chosen = _chosen(segments, to_merge(segments))
    return chosen if sum(segment.live_count for segment in chosen) > MERGED_AT_ONCE else []


def _chosen(segments: Sequence[Segment], numbers: set[int]) -> list[Segment]:
    return [segments[number] for number in sorted(numbers)]


@contextmanager
def merging_beside(index: Path) -> Iterator[Path | None]:
    """A folder for what is merged, emptied before and removed after; None where another process merges."""
    folder = index / _FOLDER
    try:
        with exclusive_lock(_lock(index), _SECONDS_FOR_A_LOOK):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)  # another process may have removed it
    except LockHeldError:
        yield None


def note_sources(folder: Path, sources: Sequence[Segment]) -> None:
    """Say which segments other commits are to leave alone. Needs the writers' lock."""
    folder.mkdir(exist_ok=True)  # words may have been forgotten since it was made
    (folder / _SOURCES).write_text(json.dumps([segment.id for segment in sources]))


def was_dropped(folder: Path) -> bool:
    """Whether what is merged was forgotten since its sources were noted. Needs the writers' lock."""
    return not (folder / _SOURCES).exists()


def being_merged(index: Path) -> frozenset[str]:
    """The ids of the segments that another process merges. Needs the writers' lock."""
    if holder_of(_lock(index)) is None:
        return frozenset()
    try:
        return frozenset(json.loads((index / _FOLDER / _SOURCES).read_text()))
    except FileNotFoundError:  # that merge has just ended, or has not begun
        return frozenset()


def forget_unfinished(index: Path) -> None:
    """Remove what is being merged, or was by a process that is gone."""
    shutil.rmtree(index / _FOLDER, ignore_errors=True)


def deleted_since(sources: Sequence[Segment], now: Sequence[Segment]) -> BitMap:
    """What was deleted of the sources while they were merged, by the numbers that documents got by that.

    `now` are the same segments as the present commit has them.
    """
    found, base = BitMap(), 0
    for before, after in zip(sources, now, strict=True):
        kept = BitMap(range(before.document_count)) - before.deleted
        late = after.deleted - before.deleted
        found |= BitMap(base + kept.rank(document) - 1 for document in late)
        base += len(kept)
    return found


def _lock(index: Path) -> Path:
    return index / "merging.lock"
