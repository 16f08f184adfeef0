"""Makes a site of a backup, in an empty data directory and an empty database.

Everything is compared with the manifest before the database is put in place; after a refusal the place is
as empty as before.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from determinations.backup.database_copies import (
    SUFFIXES,
    database_is_empty,
    put_back_database,
    rows_by_table,
)
from determinations.backup.file_copies import copy_checked, copy_originals, opening
from determinations.backup.making import OnProgress
from determinations.backup.manifest import (
    BackupError,
    BackupFile,
    Manifest,
    listed_originals,
    original_in,
    sync,
)
from determinations.importing import originals
from determinations.search.engines import search_engine
from determinations.search.indexing import rebuild

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Restored:
    """`items` is how many disputed items the new index has."""

    manifest: Manifest
    items: int


def restore(
    folder: Path, *, progress: OnProgress | None = None, say: Callable[[str], None] = lambda _: None
) -> Restored:
    """Raises BackupError where the backup or the place is not as it must be, OSError where a disk fails."""
    manifest = Manifest.read(folder)
    _require_empty_place()
    _require_known_migrations(manifest)
    data = Path(settings.DATA_DIR)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = data / f"restoring{SUFFIXES[manifest.database_kind]}"
    try:
        _copy_named(folder, manifest.database, fresh)
        _require_file(folder, manifest.originals_list)
        _copy_originals(folder, manifest, progress)
        if manifest.secret_key:
            _copy_named(folder, manifest.secret_key, data / "secret_key")
        put_back_database(fresh, manifest.database_kind)
    except BaseException:
        _empty_again(fresh)
        raise
    fresh.unlink(missing_ok=True)
    sync(data)
    _require_same_rows(manifest)
    say("The database and the original letters are in place. Updating the tables, and building the index.")
    call_command("migrate", interactive=False, verbosity=0)
    return Restored(manifest, rebuild(search_engine()))


def _require_empty_place() -> None:
    data = Path(settings.DATA_DIR)
    # A key is made as soon as any command starts, and a lock is only a name.
    others = sorted(
        entry.name
        for entry in (data.iterdir() if data.is_dir() else ())
        if not (entry.name == "secret_key" or entry.suffix == ".lock" or _is_without_files(entry))
    )
    if next(originals.kept_files(), None):
        others.append("original letters")
    if others or not database_is_empty():
        found = ", ".join(others[:_SHOWN]) or "a database with tables"
        raise BackupError(
            f"The place is not empty: {data} has {found}. Restore into an empty data directory and database: "
            "set IMR_DATA_DIR, and IMR_DATABASE_URL if you use it."
        )


def _is_without_files(entry: Path) -> bool:
    return entry.is_dir() and not any(path.is_file() for path in entry.rglob("*"))


def _require_known_migrations(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = [name for name in manifest.migrations if name not in known]
    if unknown:
        raise BackupError(
            f"The backup was made by a newer version of this program, which has the migration {unknown[-1]}. "
            "Install that version, or a newer one, and restore again."
        )


def _require_file(folder: Path, file: BackupFile) -> None:
    try:
        altered = originals.hash_of(folder / file.name) != file.sha256
    except FileNotFoundError:
        raise BackupError(f"{folder / file.name} is missing from the backup.") from None
    if altered:
        raise _altered(folder / file.name)


def _copy_named(folder: Path, file: BackupFile, target: Path) -> None:
    copied = copy_checked(opening(folder / file.name), target, file.sha256)
    if copied.problem == "missing":
        raise BackupError(f"{folder / file.name} is missing from the backup.")
    if copied.problem:
        raise _altered(folder / file.name)


def _altered(path: Path) -> BackupError:
    return BackupError(
        f"{path} was altered: it does not have the hash that the manifest states. Use another backup."
    )


def _copy_originals(folder: Path, manifest: Manifest, progress: OnProgress | None) -> None:
    hashes = [one for one, _ in listed_originals(folder / manifest.originals_list.name)]
    if len(hashes) != manifest.originals:
        raise _altered(folder / manifest.originals_list.name)
    problems: dict[str, list[str]] = {}
    answers = copy_originals(hashes, lambda one: opening(original_in(folder, one)), originals.path_of)
    for number, answer in enumerate(answers, 1):
        if answer.problem:
            problems.setdefault(answer.problem, []).append(answer.content_hash)
        if progress:
            progress(number, len(hashes))
    if problems:
        raise BackupError(
            " ".join(
                f"{len(found):,} original letters are {problem} in the backup, such as {found[0]}."
                for problem, found in sorted(problems.items())
            )
            + " Nothing was restored. Use another backup, or copy these files into this one from another."
        )
    originals.share_kept()


def _empty_again(fresh: Path) -> None:
    fresh.unlink(missing_ok=True)
    shutil.rmtree(settings.ORIGINAL_LETTERS_DIR, ignore_errors=True)


def _require_same_rows(manifest: Manifest) -> None:
    found = rows_by_table()
    different = [name for name, rows in manifest.rows.items() if found.get(name) != rows]
    if different:
        raise BackupError(
            f"The restored database has other numbers of rows than the backup in {', '.join(different)}. "
            "Empty the place, and restore another backup."
        )
