"""The manifest of a backup: every file in it with its hash, and how many rows each table has.

    manifest.json            as below; replaced last, in one step: a backup that is cut off changes nothing
    database-<hash>.sqlite3  the database at one moment, or database-<hash>.dump of PostgreSQL
    originals-<hash>.txt     a line for each original letter: its hash, its size in bytes
    secret_key-<hash>        only where the site made its own key
    letters/ab/<hash>        the original letters

Names contain the hash of the content: a later backup into the same folder never changes a file that the
present manifest names.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

MANIFEST = "manifest.json"
FORMAT = 1


class BackupError(Exception):
    """A backup cannot be made, or cannot be restored; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class BackupFile:
    """`size` in bytes, `sha256` in hex. `name` is within the backup's folder."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`migrations` ("determinations.0001_initial") tell which program's tables these are.

    `rows` is table -> number of rows. `originals` counts the lines of `originals_list`, of `original_bytes`
    together. `lost_originals` are hashes that letters name, whose bytes were missing or damaged already when
    the backup was made.
    """

    made_at: str
    database_kind: str
    database: BackupFile
    originals_list: BackupFile
    secret_key: BackupFile | None
    migrations: tuple[str, ...]
    rows: Mapping[str, int]
    originals: int
    original_bytes: int
    lost_originals: tuple[str, ...]
    format: int = FORMAT

    @property
    def files(self) -> tuple[BackupFile, ...]:
        """The files beside the original letters."""
        return (self.database, self.originals_list, *([self.secret_key] if self.secret_key else []))

    def write(self, folder: Path) -> None:
        """Let this manifest take the place of the one that is there; on disk when this returns."""
        fields = asdict(self)
        content = json.dumps(fields | {"digest": _digest(fields)}, indent=1)
        fresh = folder / f"{MANIFEST}.new"
        write_private(fresh, content.encode())
        fresh.replace(folder / MANIFEST)
        sync(folder)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Raises BackupError."""
        path = folder / MANIFEST
        try:
            fields = json.loads(path.read_bytes())
            digest = fields.pop("digest")
            if fields.get("format") != FORMAT:
                raise BackupError(
                    f"{path} has format {fields.get('format')}, and this program reads format {FORMAT}. "
                    "Restore it with the version of the program that made it, then upgrade."
                )
            if digest != _digest(fields):
                raise BackupError(f"{path} was altered: its content does not have the digest that it states.")
            return cls(
                **fields
                | {
                    "database": BackupFile(**fields["database"]),
                    "originals_list": BackupFile(**fields["originals_list"]),
                    "secret_key": fields["secret_key"] and BackupFile(**fields["secret_key"]),
                    "migrations": tuple(fields["migrations"]),
                    "lost_originals": tuple(fields["lost_originals"]),
                }
            )
        except FileNotFoundError:
            raise BackupError(f"{folder} is no backup: it has no {MANIFEST}.") from None
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise BackupError(f"{path} was altered: it cannot be read ({error!r}).") from error


def _digest(fields: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def listed_originals(path: Path) -> Iterator[tuple[str, int]]:
    """(hash, size) of each original in a list whose own hash was compared."""
    with path.open(encoding="ascii") as lines:
        for line in lines:
            content_hash, size = line.split()
            yield content_hash, int(size)


def original_in(folder: Path, content_hash: str) -> Path:
    return folder / "letters" / content_hash[:2] / content_hash


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read; on disk when this returns, its folder's entry apart."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Bring a file, or the entries of a folder, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
