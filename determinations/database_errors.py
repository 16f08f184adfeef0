"""When the database is locked, full or damaged, what only reads goes on.

SQLite writes a small file beside the database before the first page can be read. Another file keeps room for
it on the disk, so that the site starts for reading when the disk is full.
"""

import errno
import logging
import os
import shutil
from pathlib import Path

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InternalError,
    NotSupportedError,
    ProgrammingError,
)

_FAULTS = (IntegrityError, DataError, ProgrammingError, InternalError, NotSupportedError)
_FULL = {errno.ENOSPC, errno.EDQUOT}
_SIGNS = (
    ("busy", ("locked", "lock timeout", "statement timeout")),
    ("full", ("is full", "disk i/o error", "no space left", "readonly", "read-only")),
)

logger = logging.getLogger(__name__)


def kind_of_error(error: BaseException | None) -> str | None:
    """What is wrong with the database: "busy", "full" or "broken"; None for a fault of the site's code."""
    if isinstance(error, OSError):
        return "full" if error.errno in _FULL else None
    if not isinstance(error, DatabaseError) or isinstance(error, _FAULTS):
        return None
    said = str(error).lower()
    return next((kind for kind, signs in _SIGNS if any(sign in said for sign in signs)), "broken")


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
