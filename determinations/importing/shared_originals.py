"""The storage in which machines share original letters, such as S3, where the settings name one.

It is Django's storage "originals". Each machine still writes a letter to its own disk first, and reads it
there; it is shared before a row names it. Everything here raises SharedOriginalsError where the storage does
not answer. Without such a storage, nothing here does anything.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import Storage, storages

STORAGE = "originals"
_AT_ONCE = 8
_PIECE = 1 << 20


class SharedOriginalsError(OSError):
    """The shared storage does not answer, or has other bytes than it should; the message says what to do."""


def storage() -> Storage | None:
    """The storage that machines share; None where the machine's own disk is all."""
    return storages[STORAGE] if STORAGE in storages.backends else None


def name_of(content_hash: str) -> str:
    return f"{content_hash[:2]}/{content_hash}"


def share(new: Mapping[str, Path], present: Mapping[str, Path] | None = None) -> None:
    """Send files, by hash: all that are `new`, and of those `present` here what the storage lacks."""
    shared = storage()
    if shared is None:
        return

    def send(content_hash: str, path: Path, *, look: bool) -> None:
        with _in_words(), path.open("rb") as file:
            if not look or not shared.exists(name_of(content_hash)):
                shared.save(name_of(content_hash), File(file))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        sent = [pool.submit(send, one, path, look=False) for one, path in new.items()]
        sent += [pool.submit(send, one, path, look=True) for one, path in (present or {}).items()]
        for each in sent:
            each.result()


def opened(content_hash: str) -> BinaryIO:
    """A shared letter, open for reading. Raises FileNotFoundError, also where nothing is shared."""
    shared = storage()
    if shared is None:
        raise FileNotFoundError(content_hash)
    with _in_words():
        file = shared.open(name_of(content_hash))
        # A storage may fetch the bytes only when they are read: here its errors are still put into words.
        return cast("BinaryIO", file.file)


def fetch(content_hash: str, target: Path) -> None:
    """Write a shared letter's bytes to a new file. Raises FileNotFoundError where it is not shared."""
    digest = hashlib.sha256()
    with opened(content_hash) as file, target.open("xb") as written:
        while piece := file.read(_PIECE):
            digest.update(piece)
            written.write(piece)
    if digest.hexdigest() != content_hash:
        raise SharedOriginalsError(
            f"The shared storage has other bytes for {content_hash} than were stored. Restore this file from "
            "a backup of the storage, or import the letter again."
        )


def holds(content_hash: str) -> bool:
    shared = storage()
    if shared is None:
        return False
    with _in_words():
        return shared.exists(name_of(content_hash))


def size_of(content_hash: str) -> int:
    """In bytes. Raises FileNotFoundError where it is not shared."""
    shared = storage()
    if shared is None or not holds(content_hash):
        raise FileNotFoundError(content_hash)
    with _in_words():
        return shared.size(name_of(content_hash))


def remove(content_hash: str) -> None:
    """Remove a letter's bytes, if they are there."""
    shared = storage()
    if shared is not None:
        with _in_words():
            shared.delete(name_of(content_hash))


def hashes() -> Iterable[str]:
    """Of all that is shared, ascending. One folder's names are in memory at a time."""
    shared = storage()
    if shared is None:
        return
    with _in_words():
        folders, _ = shared.listdir("")
    for folder in sorted(folders):
        with _in_words():
            _, names = shared.listdir(folder)
        yield from sorted(names)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise
    except Exception as error:  # every storage has errors of its own, and Django names none for them
        raise SharedOriginalsError(
            f"The shared storage of original letters does not answer ({error}). Check IMR_ORIGINALS_BUCKET, "
            "IMR_ORIGINALS_ENDPOINT and the keys; docs/operations.md says how they are set."
        ) from error
