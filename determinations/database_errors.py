"""What is wrong with the database, for pages and imports; and room for SQLite to start on a full disk.

When the database is locked, full, damaged, away or read-only, what only reads goes on where it can. SQLite
writes a small file beside the database before the first page can be read. Another file keeps room for it on
the disk, so that the site starts for reading when the disk is full.
"""

import errno
import logging
import os
import shutil
import sqlite3
from enum import StrEnum
from pathlib import Path

from django.db import (
    DataError,
    Error,
    IntegrityError,
    InternalError,
    NotSupportedError,
    ProgrammingError,
)
from django.db.backends.utils import CursorWrapper


def know_errors_of_closing() -> None:
    """Let a connection that was lost as a cursor is closed be one of Django's errors, as at any other moment.

    Rows that are read a part at a time have a cursor on the server. Django 5.2 to 6.1 leave an error of
    closing it as the driver's own, which nobody who asks a database expects.
    """
    CursorWrapper.WRAP_ERROR_ATTRS |= {"close"}


class Trouble(StrEnum):
    """A kind of fault that is not the site's code: trying again, or an administrator, mends it."""

    BUSY = "busy"
    FULL = "full"
    READ_ONLY = "read_only"
    BROKEN = "broken"


_FAULTS = (IntegrityError, DataError, ProgrammingError, InternalError, NotSupportedError)
_FULL = {errno.ENOSPC, errno.EDQUOT}
_SIGNS = (
    (Trouble.BUSY, ("locked", "lock timeout", "statement timeout", "couldn't get a connection after")),
    (Trouble.FULL, ("is full", "disk i/o error", "no space left", "readonly", "read-only")),
)
_LOCKED = "Another program has locked the database"
_DISK = "The database's disk is full. Free space"
_ENDED = "The database server is shutting down"
_SQLITE = {
    sqlite3.SQLITE_FULL: (Trouble.FULL, _DISK),
    sqlite3.SQLITE_BUSY: (Trouble.BUSY, _LOCKED),
    sqlite3.SQLITE_LOCKED: (Trouble.BUSY, _LOCKED),
}
_POSTGRESQL = {
    "25006": (Trouble.READ_ONLY, "The database is read-only, as a standby is"),
    "40001": (Trouble.BUSY, "Another transaction changed the same rows of the database"),
    "40P01": (Trouble.BUSY, "Two transactions of the database waited for each other"),
    "53100": (Trouble.FULL, _DISK),
    "53200": (Trouble.BUSY, "The database server is out of memory"),
    "53300": (Trouble.BUSY, "The database server has no connection left"),
    "55P03": (Trouble.BUSY, _LOCKED),
    "57014": (Trouble.BUSY, "The database took longer than one statement may take"),
    "57P01": (Trouble.BROKEN, _ENDED),
    "57P02": (Trouble.BROKEN, _ENDED),
    "57P03": (Trouble.BROKEN, "The database server is starting or shutting down"),
}
"""SQLSTATE -> the kind, and what it means: https://www.postgresql.org/docs/15/errcodes-appendix.html"""

logger = logging.getLogger(__name__)


def kind_of_error(error: BaseException | None) -> Trouble | None:
    """What is wrong with the database or its disk; None for a fault of the site's code."""
    if isinstance(error, OSError):
        return Trouble.FULL if error.errno in _FULL else None
    if not isinstance(error, Error):
        return None
    if known := _known(error):
        return known[0]
    if isinstance(error, _FAULTS):
        return None
    said = str(error).lower()
    return next((kind for kind, signs in _SIGNS if any(sign in said for sign in signs)), Trouble.BROKEN)


def error_in_words(error: Error) -> str:
    """What is wrong, as the beginning of a sentence for the person who waits; without its period."""
    if known := _known(error):
        return known[1]
    return f"The database does not respond ({str(error).strip()})"


def holds_null_character(error: BaseException | None) -> bool:
    """Whether PostgreSQL refused a text because of a null character, which it cannot store."""
    if not isinstance(error, DataError | ValueError):
        return False
    said = str(error)
    return "NUL (0x00)" in said or "\\u0000 cannot be converted to text" in said


def _known(error: Error) -> tuple[Trouble, str] | None:
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _SQLITE.get(code & 0xFF)  # the low byte names the kind
    return _POSTGRESQL.get(str(getattr(cause, "sqlstate", None)))


RESERVED_BYTES = 4_000_000
_RESERVED_NAME = "reserved-space"


def release_if_needed(data_dir: Path) -> bool:
    """Give the room back where there is hardly any other; whether that was done."""
    path = data_dir / _RESERVED_NAME
    if not path.exists() or shutil.disk_usage(data_dir).free > RESERVED_BYTES:
        return False
    path.unlink()
    return True


def reserve(data_dir: Path) -> None:
    """Take the room, where there is plenty."""
    path = data_dir / _RESERVED_NAME
    if path.exists() or shutil.disk_usage(data_dir).free < 10 * RESERVED_BYTES:
        return
    try:
        # A file system that compresses would keep no room for zeros.
        path.write_bytes(os.urandom(RESERVED_BYTES))
    except OSError as error:
        logger.warning("No room was reserved for a start on a full disk: %s", error)
        path.unlink(missing_ok=True)
