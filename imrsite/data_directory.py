"""The data directory: where it is, and that it belongs to the account that runs the site, to nobody else."""

import errno
import os
import stat
from pathlib import Path

import platformdirs

from imrsite.installation import BASE_DIR, IS_INSTALLED

_OTHERS = 0o077
_OWN = ("secret_key", "imr.sqlite3", "imr.sqlite3-wal", "imr.sqlite3-shm", "index", "letters")
"""What an older version made readable. Files within a folder cannot be reached from outside."""


def data_directory(given: str) -> Path:
    """The absolute path of the given directory, else of the default.

    The default is `data` in a checkout. An installed site must be the same one from whatever folder a command
    is run: it has the platform's folder for an account's data, such as ~/.local/share/imrsite.
    """
    if given:
        return Path(given).resolve()
    return platformdirs.user_data_path("imrsite", appauthor=False) if IS_INSTALLED else BASE_DIR / "data"


def prepare(data_dir: Path) -> None:
    """Make the directory if there is none, private as below. OSError if this account cannot write there."""
    keep_private(data_dir)
    data_dir.mkdir(parents=True, exist_ok=True)
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(data_dir))


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
