"""The secret key: from the environment, or generated once and stored with the data."""

import os
from contextlib import suppress
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def secret_key(given: str, data_dir: Path) -> str:
    """The given key, else the kept one, else a new one written to `secret_key` with mode 600."""
    if given:
        return given
    path = data_dir / "secret_key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        aside = data_dir / f"secret_key.{os.getpid()}"
        aside.touch(mode=0o600)
        aside.write_text(get_random_secret_key(), encoding="ascii")
        # A hard link fails where another process was first, and then that process's key counts.
        with suppress(FileExistsError):
            path.hardlink_to(aside)
        aside.unlink()
    return path.read_text(encoding="ascii")
