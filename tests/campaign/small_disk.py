"""A disk in memory, to be filled: mounted where the campaign may, as it may in a namespace of its own."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def mounted(place: Path, size: str) -> bool:
    """Mount it at the empty folder; False where this system does not allow that."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(place)]
    return (
        shutil.which("mount") is not None
        and not subprocess.run(command, capture_output=True, check=False).returncode
    )


def unmount(place: Path) -> None:
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def filled(place: Path) -> Iterator[None]:
    """Within the block, the disk is full to the last byte."""
    filling = place / "filling"
    try:
        with filling.open("wb", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue
        yield
    finally:
        filling.unlink(missing_ok=True)
    assert os.statvfs(place).f_bavail
