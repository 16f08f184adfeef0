"""A copy of the whole database at one moment, made while others write it; and a database made of such a copy.

SQLite is copied by its online backup in a single step: in WAL mode writers go on meanwhile, and the copy
does not start anew when they commit. PostgreSQL is copied by pg_dump, in the snapshot that the rows are
counted in.
"""

import os
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper

from determinations.backup.manifest import BackupError, sync
from determinations.models import Determination, ImportFile

SUFFIXES = {"sqlite": ".sqlite3", "postgresql": ".dump"}

_OF_THE_SITE = {"options", "pool", "isolation_level", "server_side_binding", "assume_role", "cursor_factory"}
"""Options of a connection that are not for pg_dump: its statements may take as long as they do."""

_Rows = Callable[[str], Sequence[tuple[Any, ...]]]


@dataclass(slots=True)
class DatabaseCopy:
    """What was copied: `hashes` are those of the originals that its rows name, ascending."""

    hashes: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    migrations: tuple[str, ...] = ()
    files_not_kept: int = 0


def database_kind() -> str:
    """Raises BackupError for a database that no backup is made of."""
    if connection.vendor not in SUFFIXES:
        raise BackupError(
            f"A backup is made of SQLite or PostgreSQL, and this database is {connection.vendor}."
        )
    return connection.vendor


def copy_database(target: Path) -> DatabaseCopy:
    """Write the copy to `target`, on disk when this returns. Raises BackupError, OSError."""
    target.touch(mode=0o600)
    copy = _copy_sqlite(target) if database_kind() == "sqlite" else _copy_postgresql(target)
    sync(target)
    return copy


def put_back_database(copy: Path, kind: str) -> None:
    """Make the site's database, which is empty, of a copy. Raises BackupError."""
    if kind != database_kind():
        raise BackupError(
            f"This is a backup of {kind}, but the site's database is {database_kind()}: "
            "set IMR_DATABASE_URL to a database of the same kind."
        )
    connections.close_all()
    if kind == "postgresql":
        _run(
            [
                "pg_restore",
                "--no-owner",
                "--no-privileges",
                "--no-comments",  # of extensions, which belong to others
                "--exit-on-error",
                "--single-transaction",
                "--dbname",
                _connection_name(),
                str(copy),
            ]
        )
        return
    target = Path(str(connection.settings_dict["NAME"]))
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for suffix in ("-wal", "-shm"):  # of the empty database that this takes the place of
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    copy.replace(target)
    sync(target.parent)


def database_is_empty() -> bool:
    """Whether there is no table yet. Creates nothing."""
    if database_kind() == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        if not path.exists() or not path.stat().st_size:
            return True
    return not connection.introspection.table_names()


def rows_by_table() -> dict[str, int]:
    """How many rows each table of the site's database has now."""
    with connection.cursor() as cursor:
        return _counted(_asking(cursor), connection.introspection.table_names(cursor))


def _copy_sqlite(target: Path) -> DatabaseCopy:
    name = str(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(name, timeout=30)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    with closing(sqlite3.connect(target)) as copy:
        # One file without a journal beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        found = [row[0] for row in copy.execute("PRAGMA integrity_check(5)")]
        if found != ["ok"]:
            raise BackupError(
                f"The database is damaged ({'; '.join(found)}). Nothing in the backup was changed. "
                "Restore the last good backup: docs/operations.md."
            )
        tables = [row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return _described(lambda query: copy.execute(query).fetchall(), tables)


def _copy_postgresql(target: Path) -> DatabaseCopy:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone() or ("",)
        _run(
            [
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                "--no-comments",
                f"--snapshot={snapshot}",
                "--file",
                str(target),
                _connection_name(),
            ]
        )
        return _described(_asking(cursor), connection.introspection.table_names(cursor))


def _asking(cursor: CursorWrapper) -> _Rows:
    def ask(query: str) -> list[tuple[Any, ...]]:
        cursor.execute(query)
        return list(cursor.fetchall())

    return ask


def _described(ask: _Rows, tables: Sequence[str]) -> DatabaseCopy:
    letters, files = Determination._meta.db_table, ImportFile._meta.db_table
    named = f"SELECT content_hash FROM {letters} UNION SELECT content_hash FROM {files}"  # noqa: S608
    not_kept = f"SELECT count(*) FROM {files} WHERE content_hash = '' AND result = 'waiting'"  # noqa: S608
    return DatabaseCopy(
        hashes=sorted(row[0] for row in ask(named) if row[0]),
        rows=_counted(ask, tables),
        migrations=tuple(
            f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations ORDER BY app, name")
        ),
        files_not_kept=ask(not_kept)[0][0],
    )


def _counted(ask: _Rows, tables: Sequence[str]) -> dict[str, int]:
    names = sorted(name for name in tables if not name.startswith("sqlite_"))
    return {name: ask(f'SELECT count(*) FROM "{name}"')[0][0] for name in names}  # noqa: S608


def _connection_name() -> str:
    """What pg_dump and pg_restore connect to; the password goes by the environment."""
    given = connection.settings_dict
    parts = {"dbname": given["NAME"], "user": given["USER"], "host": given["HOST"], "port": given["PORT"]}
    parts |= {name: value for name, value in given["OPTIONS"].items() if name not in _OF_THE_SITE}
    return " ".join(f"{name}={_quoted(str(value))}" for name, value in parts.items() if value)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _run(command: Sequence[str]) -> None:
    password = str(connection.settings_dict.get("PASSWORD") or "")
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    try:
        done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, check=False)  # noqa: S603
    except FileNotFoundError:
        raise BackupError(f"{command[0]} is not installed. It comes with PostgreSQL's client.") from None
    if done.returncode:
        raise BackupError(f"{command[0]} failed: {done.stderr.decode(errors='replace').strip()}")
