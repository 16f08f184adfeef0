"""Makes a backup, or brings one up to date, while the site serves and imports.

The database is copied first and the original letters that its rows name afterwards: an original is on disk
before its row is, so none of them can be missing. Only originals that the folder does not have are copied.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection

from determinations.backup.database_copies import SUFFIXES, DatabaseCopy, copy_database, database_kind
from determinations.backup.file_copies import OpenSource, copy_originals
from determinations.backup.manifest import (
    MANIFEST,
    BackupError,
    BackupFile,
    Manifest,
    listed_originals,
    original_in,
    sync,
    write_private,
)
from determinations.file_lock import LockHeldError
from determinations.importing import originals
from determinations.leases import exclusive, machines_share_database
from determinations.models import Determination, Lease
from imrsite.installation import PROGRAM

_OURS = re.compile(
    r"(database|originals|secret_key)-[0-9a-f]{16}(\.(sqlite3|dump|txt))?|letters|manifest\.json|.+\.new(-journal)?"
)
_ORIGINAL = re.compile(r"[0-9a-f]{64}")

OnProgress = Callable[[int, int], None]
"""Called with the originals that are in the backup so far, and with their number in all."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """`copied` originals, of `copied_bytes`, were new; `dropped` ones are in no row any more.

    `files_not_kept` wait in imports from this machine's folders: their bytes are not in the data directory.
    """

    manifest: Manifest
    copied: int
    copied_bytes: int
    dropped: int
    files_not_kept: int


def back_up(
    folder: Path, *, verify: bool = False, other_letters: bool = False, progress: OnProgress | None = None
) -> BackedUp:
    """Make the backup in `folder`, or bring the one up to date that is there. Raises BackupError, OSError.

    With `verify`, originals that the folder has are read again, and damaged ones replaced. With
    `other_letters`, a backup that holds mostly other letters is replaced nevertheless.
    """
    folder = folder.absolute()
    data = Path(settings.DATA_DIR)
    tables = connection.introspection.table_names()
    if Determination._meta.db_table not in tables:
        raise BackupError("There is nothing to back up: the database has no tables of letters.")
    if machines_share_database() and Lease._meta.db_table not in tables:
        raise BackupError(
            "The database lacks tables of this version, with which machines agree on who makes a backup. "
            f"Back up with the version that the database is of, or run “{PROGRAM} migrate” first."
        )
    if folder.resolve().is_relative_to(data.resolve()):
        raise BackupError(f"{folder} is inside the data directory {data}: choose a folder on another disk.")
    try:
        with exclusive(originals.REMOVAL_LOCK):
            _require_backup_or_nothing(folder)
            return _back_up(folder, verify, other_letters, progress)
    except LockHeldError as error:
        raise BackupError(
            f"{error.holder} is making a backup or removing a letter. Try again when it has finished."
        ) from None


def _back_up(folder: Path, verify: bool, other_letters: bool, progress: OnProgress | None) -> BackedUp:
    (folder / "letters").mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    earlier = Manifest.read(folder) if (folder / MANIFEST).exists() else None
    _remove_leftovers(folder)
    fresh = folder / f"database-{secrets.token_hex(8)}.new"
    copy = copy_database(fresh)
    if earlier and not other_letters:
        _require_same_letters(folder, earlier, copy)
    database = _named(folder, fresh, "database", SUFFIXES[database_kind()])
    copied, sizes, lost = _copy_new_originals(folder, copy, verify, progress)
    manifest = Manifest(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        database_kind=database_kind(),
        database=database,
        originals_list=_write_list(folder, sizes),
        secret_key=_copy_secret_key(folder),
        migrations=copy.migrations,
        rows=copy.rows,
        originals=len(sizes),
        original_bytes=sum(sizes.values()),
        lost_originals=tuple(lost),
    )
    sync(folder)
    manifest.write(folder)
    dropped = _drop_unnamed(folder, manifest, sizes)
    return BackedUp(manifest, len(copied), sum(copied.values()), dropped, copy.files_not_kept)


def _require_backup_or_nothing(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise BackupError(f"{folder} is not a folder.")
    others = sorted(entry.name for entry in folder.iterdir() if not _OURS.fullmatch(entry.name))
    if others:
        raise BackupError(
            f"{folder} holds something else ({', '.join(others[:3])}): choose an empty folder, or one with "
            "an earlier backup."
        )


def _require_same_letters(folder: Path, earlier: Manifest, copy: DatabaseCopy) -> None:
    """A slip of the folder's name must not replace the backup of another site."""
    present = set(copy.hashes)
    list_path = folder / earlier.originals_list.name
    if not list_path.exists():
        return
    shared = sum(content_hash in present for content_hash, _ in listed_originals(list_path))
    if 2 * shared < earlier.originals:
        raise BackupError(
            f"{folder} has a backup of {earlier.originals:,} letters, and only {shared:,} of them are here. "
            "Choose another folder, or use --other-letters to replace that backup."
        )


def _copy_new_originals(
    folder: Path, copy: DatabaseCopy, verify: bool, progress: OnProgress | None
) -> tuple[dict[str, int], dict[str, int], list[str]]:
    """What was copied and all that is there, each hash -> size; and the hashes without whole bytes."""
    sizes: dict[str, int] = {}
    new: list[str] = []
    for content_hash in copy.hashes:
        size = _present_size(original_in(folder, content_hash), content_hash, verify)
        if size is None:
            new.append(content_hash)
        else:
            sizes[content_hash] = size
    if progress:
        progress(len(sizes), len(copy.hashes))
    copied: dict[str, int] = {}
    lost: list[str] = []
    answers = copy_originals(new, _original, lambda one: original_in(folder, one))
    for number, answer in enumerate(answers, len(sizes) + 1):
        if answer.problem:
            lost.append(answer.content_hash)
        else:
            copied[answer.content_hash] = answer.size
        if progress:
            progress(number, len(copy.hashes))
    return copied, sizes | copied, lost


def _original(content_hash: str) -> OpenSource:
    return partial(originals.opened, content_hash)


def _present_size(path: Path, content_hash: str, verify: bool) -> int | None:
    """The size of a copy that is there; None where it is to be copied again.

    A copy of another size than the original was cut short; where the original is gone, the copy is all.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return None
    try:
        expected = originals.path_of(content_hash).stat().st_size
    except FileNotFoundError:
        expected = size
    if verify or size != expected:
        return size if originals.is_whole(path) else None
    return size


def _named(folder: Path, fresh: Path, kind: str, suffix: str) -> BackupFile:
    sha256 = originals.hash_of(fresh)
    name = f"{kind}-{sha256[:16]}{suffix}"
    size = fresh.stat().st_size
    fresh.replace(folder / name)
    return BackupFile(name, size, sha256)


def _write_list(folder: Path, sizes: dict[str, int]) -> BackupFile:
    fresh = folder / "originals.new"
    lines = (f"{content_hash} {sizes[content_hash]}\n" for content_hash in sorted(sizes))
    write_private(fresh, "".join(lines).encode())
    return _named(folder, fresh, "originals", ".txt")


def _copy_secret_key(folder: Path) -> BackupFile | None:
    """Without it every session would end, and visitors' folders with them."""
    path = Path(settings.DATA_DIR) / "secret_key"
    if not path.exists():
        return None
    fresh = folder / "secret_key.new"
    write_private(fresh, path.read_bytes())
    return _named(folder, fresh, "secret_key", "")


def _remove_leftovers(folder: Path) -> None:
    for path in (*folder.glob("*.new"), *folder.glob("*.new-journal"), *folder.glob("letters/*/*.new")):
        path.unlink()


def _drop_unnamed(folder: Path, manifest: Manifest, sizes: dict[str, int]) -> int:
    """Remove what an earlier manifest named and this one does not: a removed letter leaves the backup too."""
    named = {MANIFEST, "letters", *(file.name for file in manifest.files)}
    for path in folder.iterdir():
        if path.name not in named:
            path.unlink()
    dropped = 0
    for path in folder.glob("letters/*/*"):
        if _ORIGINAL.fullmatch(path.name) and path.name not in sizes:
            path.unlink()
            dropped += 1
    return dropped
