"""`manage.py backup` and `restore`: in the middle of an import, on another machine, after an upgrade."""

import json
import os
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from determinations.backup.manifest import MANIFEST, BackupError, Manifest, listed_originals, original_in
from tests import databases
from tests.databases import ON_POSTGRESQL
from tests.importing.letter_folders import write_letters, write_mixed_folder
from tests.importing.sites import NewSite, Site, wait_until
from tests.importing.test_kill_9 import FILES, FINISHED, ITEMS, LETTERS, UNFINISHED_BATCHES, WARNINGS

TABLES = (LETTERS, ITEMS, WARNINGS, FILES, "SELECT * FROM determinations_importbatch ORDER BY id")
WAITING = "SELECT count(*) FROM determinations_importfile WHERE result = 'waiting'"


def empty_place(tmp_path: Path, name: str = "restored") -> Site:
    """A data directory that does not exist yet."""
    return Site(tmp_path / name)


def rows_of(database: Path, query: str) -> list[tuple[object, ...]]:
    """Rows of the database in a backup."""
    return databases.ask_copy(database, query)


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("letters/??/*") if len(path.name) == 64}


@pytest.fixture(scope="module")
def filled_once(migrated_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("filled")
    site = migrated_site.copied(folder / "site")
    site.manage("import_letters", *map(str, write_letters(folder / "first", 12)))
    return site


@pytest.fixture
def filled(filled_once: Site, tmp_path: Path) -> Site:
    return filled_once.copied(tmp_path / "site")


def test_a_backup_in_the_middle_of_an_import_restores_to_what_it_found(
    site: Site, new_site: NewSite, tmp_path: Path
) -> None:
    folder, backup = write_mixed_folder(tmp_path / "given", 320), tmp_path / "backup"
    with site.running("import_letters", str(folder)) as importing:
        wait_until(lambda: site.count(FINISHED) > 20)
        os.killpg(importing.pid, signal.SIGSTOP)  # else it could be over before the backup has started
        backing_up = site.start("backup", str(backup))
        wait_until(lambda: any(backup.glob("*.new")) or backing_up.poll() is not None)
        os.killpg(importing.pid, signal.SIGCONT)
        assert backing_up.wait() == 0
    assert "running imports" in (site.folder / "backup.log").read_text()

    manifest = Manifest.read(backup)
    database = backup / manifest.database.name
    assert 0 < len(rows_of(database, LETTERS)) < 400
    restored = empty_place(tmp_path)
    restored.manage("restore", str(backup))
    for table in TABLES:
        assert restored.rows(table) == rows_of(database, table)
    named = set(rows_of(database, "SELECT content_hash FROM determinations_importfile"))
    assert {(name,) for name in kept(restored.folder)} == named - {("",)}
    assert restored.manage("check_originals") and "agrees" in restored.manage("check_index")

    # The import goes on in the new place and ends like one that nobody disturbed.
    with restored.running("process_imports"):
        wait_until(lambda: restored.count(UNFINISHED_BATCHES) == 0)
    undisturbed = new_site("undisturbed")
    undisturbed.manage("import_letters", str(folder), status=3)
    for table in (LETTERS, ITEMS, WARNINGS, FILES):
        assert restored.rows(table) == undisturbed.rows(table)
    assert kept(restored.folder) == kept(undisturbed.folder)
    assert "agrees" in restored.manage("check_index")


def test_a_second_backup_copies_new_letters_only_and_drops_what_no_row_names(
    filled: Site, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    filled.manage("backup", str(backup))
    before = {path: path.stat().st_mtime_ns for path in backup.glob("letters/*/*")}
    first = Manifest.read(backup)

    filled.manage("import_letters", *map(str, write_letters(tmp_path / "more", 3, seed=5)))
    gone = str(filled.rows("SELECT content_hash FROM determinations_determination ORDER BY id")[0][0])
    for table in ("determination", "importfile"):  # the restored rows need not agree here
        filled.execute(f"UPDATE determinations_{table} SET content_hash = '' WHERE content_hash = '{gone}'")  # noqa: S608
    filled.manage("backup", str(backup))

    second = Manifest.read(backup)
    assert (first.originals, second.originals) == (12, 14)
    assert not original_in(backup, gone).exists()
    stayed = {path for path in before if path.name != gone}
    assert {path: path.stat().st_mtime_ns for path in stayed} == {path: before[path] for path in stayed}
    assert {path.name for path in backup.iterdir()} == {
        MANIFEST,
        "letters",
        *(file.name for file in second.files),
    }
    assert dict(listed_originals(backup / second.originals_list.name)).keys() == kept(backup).keys()


def test_every_file_of_a_backup_is_for_its_owner_only(filled: Site, tmp_path: Path) -> None:
    filled.manage("backup", str(tmp_path / "backup"))
    modes = {path.stat().st_mode & 0o077 for path in (tmp_path / "backup").rglob("*")}
    assert modes == {0}


def test_a_backup_with_something_missing_or_altered_is_refused(filled: Site, tmp_path: Path) -> None:
    backup, restored = tmp_path / "backup", empty_place(tmp_path)
    filled.manage("backup", str(backup))
    manifest = Manifest.read(backup)
    original, database = next(backup.glob("letters/*/*")), backup / manifest.database.name
    listed = backup / manifest.originals_list.name
    for path, how in (
        (original, missing),
        (original, altered),
        (original, cut_short),
        (database, missing),
        (database, altered),
        (listed, altered),
        (backup / MANIFEST, altered),
        (backup / MANIFEST, cut_short),
    ):
        content = path.read_bytes()
        how(path)
        said = restored.manage("restore", str(backup), status=1).replace("\n", "")
        assert ("missing" if how is missing else path.name) in said
        assert databases.is_empty(restored.folder)
        assert not kept(restored.folder)
        path.write_bytes(content)
    restored.manage("restore", str(backup))
    assert restored.rows(LETTERS) == filled.rows(LETTERS)


def missing(path: Path) -> None:
    path.unlink()


def altered(path: Path) -> None:
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def test_a_place_that_is_not_empty_is_refused(filled: Site, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    filled.manage("backup", str(backup))
    letters = filled.rows(LETTERS)
    assert "not empty" in filled.manage("restore", str(backup), status=1)
    assert filled.rows(LETTERS) == letters
    only_letters = empty_place(tmp_path, "letters")
    shutil.copytree(filled.folder / "letters", only_letters.folder / "letters")
    assert "not empty" in only_letters.manage("restore", str(backup), status=1)
    assert kept(only_letters.folder) == kept(filled.folder)


def test_a_backup_of_a_newer_program_is_refused(filled: Site, tmp_path: Path) -> None:
    filled.execute(
        "INSERT INTO django_migrations (app, name, applied) "
        "VALUES ('determinations', '9999_later', '2030-01-01')"
    )
    filled.manage("backup", str(tmp_path / "backup"))
    assert "9999_later" in empty_place(tmp_path).manage("restore", str(tmp_path / "backup"), status=1)


def test_a_folder_with_something_else_and_the_data_directory_are_refused(
    filled: Site, tmp_path: Path
) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "will.txt").write_text("mine")
    filled.manage("backup", str(tmp_path / "papers"), status=1)
    filled.manage("backup", str(filled.folder / "backup"), status=1)
    assert (tmp_path / "papers" / "will.txt").read_text() == "mine"
    assert [path.name for path in (tmp_path / "papers").iterdir()] == ["will.txt"]


def test_the_backup_of_another_site_is_not_replaced_by_a_slip(
    filled: Site, new_site: NewSite, tmp_path: Path
) -> None:
    backup, other = tmp_path / "backup", new_site("other")
    filled.manage("backup", str(backup))
    other.manage("import_letters", *map(str, write_letters(tmp_path / "others", 3, seed=77)))
    before = kept(backup)
    assert "--other-letters" in other.manage("backup", str(backup), status=1)
    assert kept(backup) == before and Manifest.read(backup).originals == 12
    other.manage("backup", "--other-letters", str(backup))
    assert kept(backup).keys() == kept(other.folder).keys()


def test_a_damaged_original_is_named_and_does_not_replace_a_good_copy(filled: Site, tmp_path: Path) -> None:
    one, other = sorted(filled.folder.glob("letters/??/*"))[:2]
    true = one.read_bytes()
    backup = tmp_path / "backup"
    filled.manage("backup", str(backup))
    one.write_bytes(b"XXXX" + true[4:])
    filled.manage("backup", "--verify", str(backup))
    assert original_in(backup, one.name).read_bytes() == true

    one.write_bytes(true)
    for number, damage in ((0, b""), (1, b"XXXX")):  # the copies: one is cut short, one is changed
        copy = original_in(backup, (one, other)[number].name)
        whole = copy.read_bytes()
        copy.write_bytes(damage + whole[4 * number :] if number else whole[:100])
    filled.manage("backup", "--verify", str(backup))
    for path in (one, other):
        assert original_in(backup, path.name).read_bytes() == path.read_bytes()

    one.write_bytes(b"XXXX" + true[4:])
    other.unlink()
    fresh = tmp_path / "fresh"
    assert "missing or damaged" in filled.manage("backup", str(fresh), status=1)
    assert set(Manifest.read(fresh).lost_originals) == {one.name, other.name}
    restored = empty_place(tmp_path)
    assert "check_originals" in restored.manage("restore", str(fresh))
    assert restored.rows(LETTERS) == filled.rows(LETTERS)


@databases.files_of_sqlite
def test_a_damaged_database_does_not_take_the_place_of_a_good_copy(filled: Site, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    filled.manage("backup", str(backup))
    good = (backup / MANIFEST).read_bytes()
    filled.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database = filled.folder / "imr.sqlite3"
    with database.open("r+b") as file:
        file.seek(4096 * 20)
        file.write(bytes(4096 * 20))
    filled.manage("backup", str(backup), status=1)
    assert (backup / MANIFEST).read_bytes() == good
    assert empty_place(tmp_path).manage("restore", str(backup))


def test_a_killed_backup_leaves_the_earlier_one_whole(filled: Site, tmp_path: Path) -> None:
    filled, backup = replace(filled, extra={"LEASE_SECONDS": "1"}), tmp_path / "backup"
    filled.manage("backup", str(backup))
    filled.manage("import_letters", *map(str, write_letters(tmp_path / "more", 60, seed=5)))
    letters = filled.rows(LETTERS)
    for steps in range(3):
        with filled.running("backup", str(backup)) as process:
            wait_until(lambda process=process: any(backup.glob("*.new")) or process.poll() is not None)  # type: ignore[misc]
            time.sleep(0.01 * steps)
        time.sleep(2 * ON_POSTGRESQL)  # the lease of the killed one runs out; a file's lock is gone at once
        for file in Manifest.read(backup).files:
            assert (backup / file.name).stat().st_size == file.size
    filled.manage("backup", str(backup))
    restored = empty_place(tmp_path)
    restored.manage("restore", str(backup))
    assert restored.rows(LETTERS) == letters
    assert not list(backup.rglob("*.new"))


def test_the_secret_key_moves_along(tmp_path: Path) -> None:
    own_key = {"IMR_SECRET_KEY": ""}
    site = Site(tmp_path / "site", own_key)
    site.manage("migrate", "--verbosity", "0")
    site.manage("backup", str(tmp_path / "backup"))
    restored = Site(tmp_path / "restored", own_key)
    restored.manage("restore", str(tmp_path / "backup"))
    key = restored.folder / "secret_key"
    assert key.read_bytes() == (site.folder / "secret_key").read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_backup_of_an_older_program_is_upgraded_where_it_is_restored(filled: Site, tmp_path: Path) -> None:
    letters = filled.rows(LETTERS)
    filled.manage("migrate", "determinations", "0010", "--verbosity", "0")
    if ON_POSTGRESQL:  # which machines could share that know nothing of each other's backups
        assert "migrate" in filled.manage("backup", str(tmp_path / "backup"), status=1)
        return
    filled.manage("backup", str(tmp_path / "backup"))
    restored = empty_place(tmp_path)
    restored.manage("restore", str(tmp_path / "backup"))
    assert restored.rows(LETTERS) == letters
    assert "[ ]" not in restored.manage("showmigrations")
    restored.manage("reparse", "--all")
    assert restored.count("SELECT count(*) FROM determinations_disputeditem WHERE grounds != '[]'") > 0
    assert "agrees" in restored.manage("check_index")
    restored.manage("check_originals")


def test_a_manifest_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(json.dumps({"format": 2, "digest": ""}))
    with pytest.raises(BackupError, match="format 2"):
        Manifest.read(tmp_path)
