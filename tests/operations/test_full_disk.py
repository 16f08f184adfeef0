"""On a disk that is full to the last byte the site starts, and people read and search."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from determinations.database_errors import RESERVED_BYTES, release_if_needed, reserve
from tests.importing.sites import Site, wait_until
from tests.operations.conftest import ServedSite

MOST = "48m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MOST}", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this system lets the tests mount no disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    path = disk / "filling"
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(os.urandom(size))
            except OSError:
                continue
    assert shutil.disk_usage(disk).free == 0
    return path


def test_the_site_starts_and_is_read(small_site: Site, small_disk: Path) -> None:
    site = small_site.copied(small_disk / "site")
    reserve(site.folder)
    before = fill(small_disk)
    address = small_site.rows("SELECT public_id FROM determinations_determination")[0][0]
    served = ServedSite(site, small_site.folder / "serve.log")
    try:
        wait_until(served.answers)
        for page in ("/", "/?q=pain", f"/determinations/{address}/", "/help/", "/health/ready"):
            assert served.get(page).status == 200, page
        assert served.get("/health/").status == 503
        before.unlink()
        assert served.get("/health/ready").status == 200
    finally:
        served.end()
    assert "disk is full" in (small_site.folder / "serve.log").read_text().lower()


def test_room_is_reserved_once_and_given_back_on_a_full_disk(small_disk: Path) -> None:
    reserve(small_disk)
    assert (small_disk / "reserved-space").stat().st_size == RESERVED_BYTES
    assert not release_if_needed(small_disk)
    filling = fill(small_disk)
    assert release_if_needed(small_disk)
    assert not release_if_needed(small_disk)
    reserve(small_disk)
    assert not (small_disk / "reserved-space").exists()
    filling.unlink()
