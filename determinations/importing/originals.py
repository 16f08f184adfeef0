"""Original letters, kept on disk under the SHA-256 of their bytes.

Bytes are written to a temporary file, synced and renamed, so a file under a hash is always whole, even after
a crash. Where machines share a storage, the letters are there, too, when they are kept: a machine's own disk
then has what it took in or read of late. Raises OSError if the disk is full or not writable, or the shared
storage does not answer, and leaves no partial file.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import time
from typing import BinaryIO

from django.conf import settings

from determinations.importing import shared_originals
from determinations.search.interface import Progress

SYNCS_AT_ONCE = 8
ABANDONED_AFTER_SECONDS = 24 * 60 * 60
_PIECE = 1 << 20
_GROUP = 1000
_HASH = re.compile(r"[0-9a-f]{64}")


RemovedAmong = Callable[[Iterable[str]], Collection[str]]
"""Which of some hashes were removed for good."""


def _none_of(_: Iterable[str]) -> Collection[str]:
    return ()


class OriginalLetterMissingError(Exception):
    """The bytes that a determination was read from are nowhere."""


class TooLargeError(Exception):
    """More bytes came than may be kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`size` in bytes."""

    content_hash: str
    size: int


def keep(data: bytes) -> str:
    """Store the bytes, once, and give their hash. They are on disk, and shared, when this returns."""
    return keep_all([data])[0].content_hash


def keep_all(letters: Iterable[bytes]) -> list[Kept]:
    """Store each letter once, in their order. All are on disk, and shared, when this returns.

    Memory holds one.
    """
    kept: list[Kept] = []
    aside: dict[str, Path] = {}
    present: dict[str, Path] = {}
    folder = aside_folder()
    try:
        for data in letters:
            content_hash = hashlib.sha256(data).hexdigest()
            kept.append(Kept(content_hash, len(data)))
            if content_hash in aside or content_hash in present:
                continue
            if is_whole(path_of(content_hash)):
                present[content_hash] = path_of(content_hash)
            else:
                aside[content_hash] = _written_aside(data, folder)
        _switch(aside)
        shared_originals.share({one: path_of(one) for one in aside}, present)
    finally:
        for path in aside.values():
            path.unlink(missing_ok=True)
    return kept


def keep_arriving(pieces: Iterable[bytes], most: int) -> Kept:
    """Store bytes that arrive piece by piece, such as an upload. Raises TooLargeError beyond `most` bytes."""
    digest = hashlib.sha256()
    size = 0
    path = _new_file_aside(aside_folder())
    try:
        with path.open("xb") as file:
            for piece in pieces:
                size += len(piece)
                if size > most:
                    raise TooLargeError
                digest.update(piece)
                file.write(piece)
        content_hash = digest.hexdigest()
        present = is_whole(path_of(content_hash))
        if not present:
            _switch({content_hash: path})
        found = {content_hash: path_of(content_hash)}
        shared_originals.share({} if present else found, found if present else {})
    finally:
        path.unlink(missing_ok=True)
    return Kept(content_hash, size)


def read(content_hash: str) -> bytes:
    """The bytes stored under the hash. Raises OriginalLetterMissingError."""
    if not content_hash:
        raise OriginalLetterMissingError("This file was not kept. Its reason says why.")
    try:
        with opened(content_hash) as file:
            return file.read()
    except FileNotFoundError:
        raise OriginalLetterMissingError(
            f"{path_of(content_hash)} is missing. Restore it from a backup of the data directory, or import "
            "the letter again."
        ) from None


def opened(content_hash: str) -> BinaryIO:
    """The bytes stored under the hash, from this machine's disk, else shared. Raises FileNotFoundError."""
    path = path_of(content_hash)
    if path.exists() or shared_originals.storage() is None:
        return path.open("rb")
    return shared_originals.opened(content_hash)


def local_path(content_hash: str) -> Path:
    """Where the bytes are on this machine's disk, fetched from the shared storage where they were not.

    There may be no file: one that is missing everywhere. Raises SharedOriginalsError, and OSError.
    """
    path = path_of(content_hash)
    if path.exists() or not shared_originals.holds(content_hash):
        return path
    aside = _new_file_aside(aside_folder())
    try:
        shared_originals.fetch(content_hash, aside)
        _switch({content_hash: aside})
    finally:
        aside.unlink(missing_ok=True)
    return path


def size_of(content_hash: str) -> int:
    """In bytes. Raises FileNotFoundError."""
    path = path_of(content_hash)
    return path.stat().st_size if path.exists() else shared_originals.size_of(content_hash)


def is_kept(content_hash: str) -> bool:
    return path_of(content_hash).exists() or shared_originals.holds(content_hash)


def hash_of(path: Path) -> str:
    """SHA-256 of a file's bytes, of which memory holds a part. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_whole(path: Path) -> bool:
    """Whether the file is there and its bytes have the hash that it is named after.

    Bytes that come again take the place of a file that a disk has damaged.
    """
    try:
        return hash_of(path) == path.name
    except FileNotFoundError:
        return False


def path_of(content_hash: str) -> Path:
    """Where the bytes live: 256 folders, each of some 8,000 files at two million letters."""
    return _folder() / content_hash[:2] / content_hash


def forget(content_hash: str) -> None:
    """Remove the bytes, if they are there. What another machine has on its disk goes when that one sweeps."""
    shared_originals.remove(content_hash)
    path_of(content_hash).unlink(missing_ok=True)


def kept_files() -> Iterator[Path]:
    """The files on this machine's disk that are named by a hash, folder by folder."""
    folder = _folder()
    for part in sorted(folder.iterdir()) if folder.is_dir() else ():
        if len(part.name) == 2 and part.is_dir():
            yield from (path for path in sorted(part.iterdir()) if _HASH.fullmatch(path.name))


def kept_hashes() -> Iterator[str]:
    """Of all that is kept: what is shared, or else what is on this machine's disk. Ascending."""
    if shared_originals.storage() is None:
        yield from (path.name for path in kept_files())
    else:
        yield from (one for one in shared_originals.hashes() if _HASH.fullmatch(one))


def digest_of(content_hash: str) -> str:
    """SHA-256 of what is kept under a hash, shared or else on this disk. Raises OSError."""
    if shared_originals.storage() is None:
        return hash_of(path_of(content_hash))
    digest = hashlib.sha256()
    with shared_originals.opened(content_hash) as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def removal_lock() -> Path:
    """The lock of whatever takes letters away, and of a backup, which copies those that rows name."""
    return Path(settings.DATA_DIR) / "backup.lock"


def sweep(removed_among: RemovedAmong = _none_of) -> int:
    """Remove what killed processes left aside a day ago or longer; give the number of files.

    Where letters are shared, what this disk has had of them for so long goes as well, and at once what was
    removed on another machine. A letter that the shared storage does not have is the only one, and stays.
    """
    abandoned = [path for path in aside_folder().iterdir() if _is_old(path)]
    if shared_originals.storage() is not None:
        for names in _in_groups(path.name for path in kept_files()):
            removed = removed_among(names)
            old = [one for one in names if one not in removed and _is_old(path_of(one))]
            abandoned += [path_of(one) for one in names if one in removed]
            abandoned += [path_of(one) for one in old if shared_originals.holds(one)]
    for path in abandoned:
        path.unlink(missing_ok=True)
    return len(abandoned)


def share_kept(progress: Progress | None = None) -> None:
    """Send what this disk has and the shared storage lacks, such as all letters of a site that had none."""
    if shared_originals.storage() is None:
        return
    for names in _in_groups(path.name for path in kept_files()):
        shared_originals.share({}, {one: path_of(one) for one in names})
        if progress:
            progress(len(names))


def _is_old(path: Path) -> bool:
    try:
        return path.stat().st_mtime < time() - ABANDONED_AFTER_SECONDS
    except FileNotFoundError:
        return False


def _in_groups(names: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(names)
    return iter(lambda: list(islice(rest, _GROUP)), [])


def _folder() -> Path:
    return Path(settings.ORIGINAL_LETTERS_DIR)


def aside_folder() -> Path:
    """Where bytes are while they arrive: on the same disk, so that renaming moves none."""
    folder = _folder() / "aside"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _new_file_aside(folder: Path) -> Path:
    return folder / secrets.token_hex(16)


def _written_aside(data: bytes, folder: Path) -> Path:
    path = _new_file_aside(folder)
    try:
        path.write_bytes(data)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _switch(aside: dict[str, Path]) -> None:
    """Bring written files to disk, then under their names, then the names to disk."""
    targets = {content_hash: path_of(content_hash) for content_hash in aside}
    folders = {path.parent for path in targets.values()}
    new_folders = [folder for folder in folders if not folder.exists()]
    for folder in new_folders:
        folder.mkdir(parents=True, exist_ok=True)
    # A journal writes syncs that wait for each other at once, so several at a time cost little more than one.
    with ThreadPoolExecutor(SYNCS_AT_ONCE) as pool:
        list(pool.map(_sync, aside.values()))
        for content_hash, path in aside.items():
            path.replace(targets[content_hash])
        list(pool.map(_sync, folders))
    if new_folders:
        _sync(_folder())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
