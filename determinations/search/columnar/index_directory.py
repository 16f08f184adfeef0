"""The index on disk: one directory per rebuild, a pointer to the one that serves, one lock for writers.

    index/current             which directory and commit serve; replaced in one step, read by every search
    index/<n>/                n is the generation of its first commit
    index/<n>/<id>.columns    a segment
    index/<n>/<digest>.commit the segments of a commit
    index/<n>/_MAIN_<g>.toc   the same for plain Whoosh: this program writes it and never reads it
    index/writer.lock         held by the one process that writes
    index/merging/            what is merged beside commits, and of which segments
    index/merging.lock        held by the one process that does it

A commit is on disk before the pointer names it: segment files, then Whoosh's table of contents, then the
commit's own file, then the pointer, each `fsync`ed with its directory. Reading never creates, changes or
removes anything.

Nothing is believed that is not what was written: the pointer has a checksum and the digest of the commit's
file, which has the digests of the segments' files, which have a checksum for each block. A commit is known
by its digest. Its generation is only a number that grows: one that was restored from a copy repeats it.
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from determinations.file_lock import LockHeldError, exclusive_lock
from determinations.search.columnar.array_file import digest_of
from determinations.search.columnar.columns import SegmentColumns
from determinations.search.columnar.commits import Commit, Segment
from determinations.search.columnar.schema import SCHEMA_VERSION
from determinations.search.index_errors import (
    REBUILD,
    IndexDamagedError,
    IndexVersionError,
    OlderAnalysisError,
)
from determinations.search.interface import IndexLockedError, IndexMissingError

WHOOSH_NAME = "MAIN"
"""The name of the index in Whoosh's table of contents."""

_LONGEST_POINTER = 4096

_Opened = TypeVar("_Opened")
_TOC_NAME = re.compile(rf"_{WHOOSH_NAME}_(\d+)\.toc")


@dataclass(frozen=True, slots=True)
class Pointer:
    """What `current` says: the commit that serves, its directory, and the version that wrote it.

    `commit` is the digest of the commit's file, and what tells one state of the index from any other.
    `log_position` is how far in the log of changes the commit goes; it switches with the commit, in one step.
    """

    generation: int
    directory: str
    commit: str
    schema_version: str = SCHEMA_VERSION
    log_position: str = ""

    def require_present_version(self) -> None:
        """Raises OlderAnalysisError where words were analyzed otherwise than this program does.

        Such an index goes on answering until it is built anew; nothing may be added to it.
        """
        if self.schema_version != SCHEMA_VERSION:
            raise OlderAnalysisError(self.schema_version, SCHEMA_VERSION)

    def to_json(self) -> bytes:
        fields = asdict(self)
        return json.dumps(fields | {"checksum": _checksum(fields)}).encode()

    @classmethod
    def from_json(cls, content: bytes) -> "Pointer":
        """Raises ValueError for what no version wrote, IndexVersionError for what another version wrote."""
        try:
            fields = json.loads(content)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        if not isinstance(fields, dict):
            raise ValueError("no object")
        version = fields.get("schema_version")
        if isinstance(version, str) and _layout(version) != _layout(SCHEMA_VERSION):
            raise IndexVersionError(version, SCHEMA_VERSION)
        checksum = fields.pop("checksum", None)
        if checksum != _checksum(fields):
            raise ValueError("its checksum does not agree with its content")
        return cls(**fields)


def _layout(version: str) -> str:
    """The part of a version that files of another one cannot be read by."""
    return version.partition(".")[0]


def _checksum(fields: dict[str, object]) -> str:
    return digest_of(json.dumps(fields, sort_keys=True).encode())


def write_durably(path: Path, content: bytes) -> None:
    """Write a file that is on disk, whole, before it has its name; its directory is the caller's to sync."""
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class IndexDirectory:
    """`path` need not exist: the first writer makes it."""

    def __init__(self, path: Path, lock_timeout: float = 10.0) -> None:
        self.path = path
        self.lock_timeout = lock_timeout

    def pointer(self) -> Pointer:
        """Raises SearchUnavailableError where there is no index, or one of another version."""
        try:
            with (self.path / "current").open("rb") as file:
                content = file.read(_LONGEST_POINTER + 1)
            if len(content) > _LONGEST_POINTER:
                raise ValueError("too long")
            return Pointer.from_json(content)
        except FileNotFoundError:
            missing = IndexMissingError(f"There is no search index. {REBUILD}")
            missing.add_note(f"The index belongs in {self.path}")
            raise missing from None
        except (OSError, ValueError, TypeError) as error:
            raise IndexDamagedError(f"{self.path / 'current'}: {error}") from error

    def opened(self, open_it: Callable[[Pointer], _Opened]) -> _Opened:
        """What `open_it` makes of the serving commit; tried again where a new commit removed its files.

        Raises SearchUnavailableError where the index cannot be opened.
        """
        pointer = self.pointer()
        while True:
            try:
                return open_it(pointer)
            except (OSError, IndexDamagedError) as error:
                tried, pointer = pointer, self.pointer()
                if pointer == tried:
                    if isinstance(error, IndexDamagedError):
                        error.add_note(f"The index is in {self.path / pointer.directory}")
                        raise
                    raise IndexDamagedError(f"{self.path / pointer.directory}: {error}") from error

    def commit(self, pointer: Pointer) -> Commit:
        """Raises IndexDamagedError where the commit's file is not what was written."""
        path = self.path / pointer.directory / f"{pointer.commit}.commit"
        try:
            content = path.read_bytes()
        except OSError as error:
            raise IndexDamagedError(f"{path.name}: {error}") from error
        if digest_of(content) != pointer.commit:
            raise IndexDamagedError(f"{path.name}: content changed")
        return Commit.from_json(content)

    def columns(self, pointer: Pointer, segment: Segment) -> SegmentColumns:
        return SegmentColumns.opened(self.path / pointer.directory, segment.id, segment.digest)

    def verify(self) -> None:
        """Read every file of the serving commit to its end, at some 2 GB a second where they are in memory.

        Raises SearchUnavailableError where one of them is not what was written, or the index is of an older
        version that still answers.
        """
        self.opened(self._verify)

    def _verify(self, pointer: Pointer) -> None:
        commit = self.commit(pointer)
        for segment in commit.segments:
            self.columns(pointer, segment).verify()
        contents = self.path / pointer.directory / toc_name(pointer.generation)
        if digest_of(contents.read_bytes()) != commit.whoosh_contents:
            raise IndexDamagedError(f"{contents.name}: content changed")
        pointer.require_present_version()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writers' lock. Raises IndexLockedError where it stays taken for `lock_timeout` seconds."""
        try:
            with exclusive_lock(self.path / "writer.lock", self.lock_timeout):
                yield
        except LockHeldError:
            raise IndexLockedError(
                f"Another process is writing the search index (waited {self.lock_timeout:g} seconds)."
                " Wait until it has finished, or stop it, and try again."
            ) from None

    def next_generation(self) -> int:
        """Higher than any generation that was ever begun here, finished or not. Needs the lock.

        A folder without any begins anywhere below 2^30 (Whoosh stores 31 bits).
        """
        directories = [entry for entry in self.path.iterdir() if entry.name.isdigit() and entry.is_dir()]
        contents = (_TOC_NAME.fullmatch(entry.name) for each in directories for entry in each.iterdir())
        begun = [int(each.name) for each in directories] + [int(name[1]) for name in contents if name]
        return max(begun) + 1 if begun else secrets.randbelow(1 << 30)

    def write_commit(
        self,
        directory: str,
        generation: int,
        segments: tuple[Segment, ...],
        whoosh_contents: bytes,
        log_position: str,
    ) -> Pointer:
        """Put a commit on disk, whose segments are there already, and let it serve. Needs the lock."""
        folder = self.path / directory
        write_durably(folder / toc_name(generation), whoosh_contents)
        content = Commit(segments, digest_of(whoosh_contents)).to_json()
        pointer = Pointer(generation, directory, digest_of(content), log_position=log_position)
        write_durably(folder / f"{pointer.commit}.commit", content)
        sync_directory(folder)
        self.switch(pointer)
        self._remove_leftovers(pointer, {segment.id for segment in segments})
        return pointer

    def switch(self, pointer: Pointer) -> None:
        """Let `pointer` serve from now on; needs the lock, and the commit on disk."""
        current = self.path / "current"
        if current.is_dir() and not current.is_symlink():  # damage that no rename replaces
            shutil.rmtree(current)
        write_durably(current, pointer.to_json())
        sync_directory(self.path)

    def _remove_leftovers(self, pointer: Pointer, segment_ids: set[str]) -> None:
        """Remove what no commit names any more. Readers that have the files open keep them (POSIX)."""
        for entry in self.path.iterdir():
            if entry.name.isdigit() and entry.name != pointer.directory:
                _remove(entry)
        serving = {f"{pointer.commit}.commit", toc_name(pointer.generation)}
        for entry in (self.path / pointer.directory).iterdir():
            if entry.name not in serving and entry.name.partition(".")[0] not in segment_ids:
                _remove(entry)


def toc_name(generation: int) -> str:
    """The file of Whoosh's table of contents."""
    return f"_{WHOOSH_NAME}_{generation}.toc"


def _remove(entry: Path) -> None:
    if entry.is_dir():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)
