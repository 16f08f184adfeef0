"""A database that is damaged, emptied or gone is never called well."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.databases import files_of_sqlite
from tests.importing.letter_folders import write_letters
from tests.importing.sites import NewSite, Site

PAGE_BYTES = 4096
PRINT = "import json; from determinations.health import readiness; print(json.dumps(dict(readiness().parts)))"


def said(site: Site) -> dict[str, str]:
    parts: dict[str, str] = json.loads(site.manage("shell", "--no-imports", "-c", PRINT).splitlines()[-1])
    return parts


def empty(file: Path) -> None:
    file.write_bytes(b"")


def remove(file: Path) -> None:
    file.unlink()


def zero_pages(file: Path) -> None:
    data = bytearray(file.read_bytes())
    half = len(data) // PAGE_BYTES // 2 * PAGE_BYTES
    data[half:] = bytes(len(data) - half)
    file.write_bytes(data)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: 10 * PAGE_BYTES])


@files_of_sqlite
@pytest.mark.parametrize("damage", [empty, remove, zero_pages, cut])
def test_a_damaged_database_is_not_ready(new_site: NewSite, tmp_path: Path, damage: object) -> None:
    site = new_site()
    site.manage("import_letters", *map(str, write_letters(tmp_path / "letters", 20)))
    assert said(site) == {"database": "ok", "index": "ok"}
    file = site.folder / "imr.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert callable(damage)
    damage(file)
    assert said(site)["database"] != "ok"
