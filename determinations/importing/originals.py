"""Original letters, kept on disk under the SHA-256 of their bytes.

Bytes are written to a temporary file, synced and renamed, so a file under a hash is always whole, even after
a crash. Raises OSError if the disk is full or not writable, and leaves no partial file.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import time

from django.conf import settings

SYNCS_AT_ONCE = 8
ABANDONED_AFTER_SECONDS = 24 * 60 * 60
REMOVAL_LOCK = "backup"
"""The lock of whatever takes letters away, and of a backup, which copies those that rows name."""


class OriginalLetterMissingError(Exception):
    """The bytes that a determination was read from are not on disk."""


class TooLargeError(Exception):
    """More bytes came than may be kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`size` in bytes."""

    content_hash: str
    size: int


def keep(data: bytes) -> str:
    """Store the bytes, once, and give their hash. They are on disk when this returns."""
    return keep_all([data])[0].content_hash


def keep_all(letters: Iterable[bytes]) -> list[Kept]:
    """Store each letter once, in their order. All are on disk when this returns; memory holds one."""
    kept: list[Kept] = []
    aside: dict[str, Path] = {}
    folder = aside_folder()
    try:
        for data in letters:
            content_hash = hashlib.sha256(data).hexdigest()
            kept.append(Kept(content_hash, len(data)))
            if content_hash not in aside and not is_whole(path_of(content_hash)):
                aside[content_hash] = _written_aside(data, folder)
        _switch(aside)
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
        if not is_whole(path_of(digest.hexdigest())):
            _switch({digest.hexdigest(): path})
    finally:
        path.unlink(missing_ok=True)
    return Kept(digest.hexdigest(), size)


def read(content_hash: str) -> bytes:
    """The bytes stored under the hash. Raises OriginalLetterMissingError."""
    if not content_hash:
        raise OriginalLetterMissingError("This file was not kept. Its reason says why.")
    path = path_of(content_hash)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise OriginalLetterMissingError(
            f"{path} is missing. Restore it from a backup of the data directory, or import the letter again."
        ) from None


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
    """Remove the bytes, if they are there."""
    path_of(content_hash).unlink(missing_ok=True)


def sweep() -> int:
    """Remove what killed processes left aside a day ago or longer; give the number of files."""
    swept = 0
    for path in aside_folder().iterdir():
        if path.stat().st_mtime < time() - ABANDONED_AFTER_SECONDS:
            path.unlink(missing_ok=True)
            swept += 1
    return swept


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
