"""Copies files that are named after their hash, several at a time, and checks each while it is copied."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from determinations.backup.manifest import sync

COPIES_AT_ONCE = 8
_LETTERS_AT_A_TIME = 1000
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Copied:
    """`problem` is "missing", "damaged", or empty where the copy is on disk; `size` in bytes."""

    content_hash: str
    size: int
    problem: str = ""


OpenSource = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens what is copied. May raise FileNotFoundError."""


def opening(path: Path) -> OpenSource:
    """Opens a file."""
    return lambda: path.open("rb")


def copy_checked(source: OpenSource, target: Path, sha256: str) -> Copied:
    """Copy one file; nothing takes the target's name unless the bytes have the hash. Raises OSError."""
    aside = target.with_name(f"{target.name}.{secrets.token_hex(4)}.new")
    digest, size = hashlib.sha256(), 0
    try:
        with source() as read:
            aside.touch(mode=0o600)
            with aside.open("wb") as written:
                while piece := read.read(_PIECE):
                    digest.update(piece)
                    size += len(piece)
                    written.write(piece)
                written.flush()
                os.fsync(written.fileno())
        if digest.hexdigest() != sha256:
            return Copied(sha256, size, "damaged")
        aside.replace(target)
        return Copied(sha256, size)
    except FileNotFoundError:
        return Copied(sha256, 0, "missing")
    finally:
        aside.unlink(missing_ok=True)


def copy_originals(
    hashes: Iterable[str],
    source_of: Callable[[str], OpenSource],
    target_of: Callable[[str], Path],
) -> Iterator[Copied]:
    """Copy each original; its answers come in the order of the hashes, when the copies are on disk."""
    with ThreadPoolExecutor(COPIES_AT_ONCE) as pool:
        remaining = iter(hashes)
        while group := list(islice(remaining, _LETTERS_AT_A_TIME)):
            folders = {target_of(content_hash).parent for content_hash in group}
            for folder in folders:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            copied = list(pool.map(lambda one: copy_checked(source_of(one), target_of(one), one), group))
            list(pool.map(sync, {*folders, *(folder.parent for folder in folders)}))
            yield from copied
