"""The data directory belongs to the account that runs the site, and to nobody else."""

import os
import stat
from pathlib import Path

_OTHERS = 0o077
_OWN = ("secret_key", "imr.sqlite3", "imr.sqlite3-wal", "imr.sqlite3-shm", "index", "letters")
"""What an older version made readable. Files within a folder cannot be reached from outside."""


def keep_private(data_dir: Path) -> None:
    """Nothing that this process makes from now on is readable by other accounts; what is there becomes so.

    A directory without the site's files in it is left as it is: it may be anything.
    """
    os.umask(_OTHERS)
    present = [data_dir / name for name in _OWN if (data_dir / name).exists()]
    for path in [data_dir, *present] if present else []:
        found = path.stat()
        if found.st_uid == os.geteuid() and found.st_mode & _OTHERS:
            path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
