"""Letters as they came, kept on disk under the SHA-256 of their bytes. Knows no model and no reader."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


class OriginalLetterMissingError(Exception):
    """The bytes that a determination was read from are not on disk."""


def keep(data: bytes) -> str:
    """Store the bytes, once, and give their hash. They are on disk when this returns."""
    content_hash = hashlib.sha256(data).hexdigest()
    path = path_of(content_hash)
    if path.exists():
        return content_hash
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix="aside-", delete=False) as aside:
        try:
            aside.write(data)
            aside.flush()
            os.fsync(aside.fileno())
            Path(aside.name).replace(path)
        except BaseException:
            Path(aside.name).unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)
    return content_hash


def read(content_hash: str) -> bytes:
    """The bytes stored under the hash. Raises OriginalLetterMissingError."""
    path = path_of(content_hash)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise OriginalLetterMissingError(
            f"{path} is missing: restore it from a backup of the data directory, or import the letter again."
        ) from None


def path_of(content_hash: str) -> Path:
    """Where the bytes live: two levels of folders keep each below a few hundred files at two million."""
    return Path(settings.ORIGINAL_LETTERS_DIR) / content_hash[:2] / content_hash[2:4] / content_hash


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
