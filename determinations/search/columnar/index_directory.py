"""The index on disk: one directory per rebuild, a pointer to the one that serves, one lock for writers.

    index/current        which directory and which commit serve; replaced in one step, read by every search
    index/<n>/           a Whoosh index; n is the generation of its first commit
    index/writer.lock    held by the one process that writes

A commit is on disk before the pointer names it: segment files, then Whoosh's table of contents, then
the pointer, each `fsync`ed with its directory. Reading never creates, changes or removes anything.
"""

import json
import os
import pickle
import re
import secrets
import shutil
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.index import TOC
from whoosh.index import IndexError as WhooshIndexError

from determinations.file_lock import LockHeldError, exclusive_lock
from determinations.search.columnar.schema import SCHEMA_VERSION
from determinations.search.interface import (
    IndexLockedError,
    IndexMissingError,
    SearchUnavailableError,
)

REBUILD = "Run “manage.py rebuild_index” to make it anew from the database."
INDEX_NAME = "MAIN"
_DAMAGES = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    AssertionError,
    AttributeError,
    TypeError,
    ImportError,
    struct.error,
    pickle.UnpicklingError,
    WhooshIndexError,
)
"""What opening a damaged index may raise: Whoosh reads its table of contents without checking much."""

_Opened = TypeVar("_Opened")
_TOC_NAME = re.compile(rf"_{INDEX_NAME}_(\d+)\.toc")


@dataclass(frozen=True, slots=True)
class Pointer:
    """What `current` says: the commit that serves, its directory, and the version that wrote it."""

    generation: int
    directory: str
    schema_version: str


class DurableStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's directory of files, with every file on disk when it is closed and every rename, too."""

    def create_file(self, name: str, **options: Any) -> Any:
        created = super().create_file(name, **options)
        created.onclose = _sync_struct_file
        return created

    def open_file(self, name: str, **options: Any) -> BufferFile:
        """Read whole: Whoosh would leave a damaged table of contents open."""
        return BufferFile((Path(self.folder) / name).read_bytes(), name=name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        super().rename_file(oldname, newname, safe=safe)
        sync_directory(Path(self.folder))


def _sync_struct_file(file: StructFile) -> None:
    file.flush()
    os.fsync(file.fileno())


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
            pointer = Pointer(**json.loads((self.path / "current").read_bytes()))
        except FileNotFoundError:
            raise self._noted(IndexMissingError(f"There is no search index. {REBUILD}")) from None
        except (OSError, ValueError, TypeError) as error:
            unreadable = SearchUnavailableError(f"The search index cannot be read. {REBUILD}")
            raise self._noted(unreadable, error) from error
        if pointer.schema_version != SCHEMA_VERSION:
            raise SearchUnavailableError(
                f"The search index was written as version {pointer.schema_version}; "
                f"this program reads version {SCHEMA_VERSION}. {REBUILD}"
            )
        return pointer

    def _noted(
        self, unavailable: SearchUnavailableError, reason: Exception | None = None
    ) -> SearchUnavailableError:
        """With a note for the log: the message is shown to anyone, and paths of this machine are not."""
        unavailable.add_note(f"The index belongs in {self.path}" + (f": {reason}" if reason else ""))
        return unavailable

    def storage(self, directory: str) -> DurableStorage:
        return DurableStorage(str(self.path / directory))

    def opened(self, open_it: Callable[[Pointer], _Opened]) -> _Opened:
        """What `open_it` makes of the serving commit; tried again where a new commit removed its files.

        Raises SearchUnavailableError where the index cannot be opened.
        """
        pointer = self.pointer()
        while True:
            try:
                return open_it(pointer)
            except _DAMAGES as error:
                tried, pointer = pointer, self.pointer()
                if pointer == tried:
                    damaged = SearchUnavailableError(f"The search index is damaged. {REBUILD}")
                    raise self._noted(damaged, error) from error

    def table_of_contents(self, pointer: Pointer) -> TOC:
        return TOC.read(self.storage(pointer.directory), INDEX_NAME, gen=pointer.generation)

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

        A folder without any begins anywhere below 2^30 (Whoosh stores 31 bits): a serving process that
        knew an index which has since been deleted must not take the new one for it.
        """
        directories = [entry for entry in self.path.iterdir() if entry.name.isdigit()]
        contents = (_TOC_NAME.fullmatch(entry.name) for each in directories for entry in each.iterdir())
        begun = [int(each.name) for each in directories] + [int(name[1]) for name in contents if name]
        return max(begun) + 1 if begun else secrets.randbelow(1 << 30)

    def switch(self, pointer: Pointer) -> None:
        """Let `pointer` serve from now on; needs the lock, and the commit on disk."""
        fresh = self.path / "current.new"
        with fresh.open("w") as file:
            json.dump(asdict(pointer), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path / "current")
        sync_directory(self.path)

    def remove_leftovers(self, pointer: Pointer, segment_ids: set[str]) -> None:
        """Remove what no commit names any more. Readers that have the files open keep them (POSIX)."""
        for entry in self.path.iterdir():
            if entry.name.isdigit() and entry.name != pointer.directory:
                shutil.rmtree(entry, ignore_errors=True)
        for entry in (self.path / pointer.directory).iterdir():
            contents = _TOC_NAME.fullmatch(entry.name)
            serves = (
                int(contents[1]) == pointer.generation
                if contents
                else entry.name.partition(".")[0] in segment_ids
            )
            if not serves:
                _remove(entry)


def _remove(entry: Path) -> None:
    if entry.is_dir():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)
