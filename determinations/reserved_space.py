"""A file that keeps some room on the disk, so that the site starts for reading when the disk is full.

SQLite writes a small file beside the database before the first page can be read.
"""

import logging
import os
import shutil
from pathlib import Path

logger = logging.getLogger(__name__)
RESERVED_BYTES = 4_000_000
_NAME = "reserved-space"


def release_if_needed(data_dir: Path) -> bool:
    """Give the room back where there is hardly any other; whether that was done."""
    path = data_dir / _NAME
    if not path.exists() or shutil.disk_usage(data_dir).free > RESERVED_BYTES:
        return False
    path.unlink()
    return True


def reserve(data_dir: Path) -> None:
    """Take the room, where there is plenty."""
    path = data_dir / _NAME
    if path.exists() or shutil.disk_usage(data_dir).free < 10 * RESERVED_BYTES:
        return
    try:
        # A file system that compresses would keep no room for zeros.
        path.write_bytes(os.urandom(RESERVED_BYTES))
    except OSError as error:
        logger.warning("No room was reserved for a start on a full disk: %s", error)
        path.unlink(missing_ok=True)
