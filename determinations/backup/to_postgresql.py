"""Moves a site's rows from SQLite to PostgreSQL: every table of every app, with its keys.

The source is read in one transaction and never written. The target gets everything in one transaction: an
interrupted copy leaves it as empty as before. Rows go through in a stream, so memory does not grow with them.
What was written is read back, and compared by number and by a hash of all values.
"""

import json
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import blake2b
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import Field, Model

from determinations.backup.manifest import BackupError
from imrsite.database import settings_of
from imrsite.installation import command

ROWS_AT_A_TIME = 500
_SOURCE, _TARGET = "copied_from", "copied_to"
_MADE_BY_MIGRATIONS = {ContentType, Permission}

_Field = Field[Any, Any]
OnProgress = Callable[[int, int], None]
"""Called with the rows that were copied so far, and with their number in all."""


class CopyRefusedError(BackupError):
    """Nothing was copied; the message says why."""


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """`changed` texts had null characters, which PostgreSQL cannot store; they were left out.

    `digest` is a hash of all values, whatever the order of the rows.
    """

    name: str
    rows: int
    digest: str
    changed: int


@dataclass(frozen=True, slots=True)
class CopiedRows:
    """`left_out` are tables of the source that belong to no app of this version."""

    tables: tuple[CopiedTable, ...]
    left_out: tuple[str, ...]


def copy_to_postgresql(
    url: str, environment: Mapping[str, str], progress: OnProgress = lambda done, rows: None
) -> CopiedRows:
    """Raises CopyRefusedError, and Django's database errors, after which the target is as it was.

    The target has to exist and may have this version's tables, without rows. No import may run.
    """
    if connection.vendor != "sqlite":
        raise CopyRefusedError("This site's rows are not in SQLite. Unset IMR_DATABASE_URL to copy them.")
    _open(_SOURCE, {**connection.settings_dict, "OPTIONS": {"init_command": "PRAGMA query_only = ON"}})
    _open(_TARGET, settings_of(url, environment))
    if connections[_TARGET].vendor != "postgresql":
        raise CopyRefusedError("The target is no PostgreSQL. It looks like postgresql://user@host/name")
    try:
        _require_no_rows()
        _make_tables(url, environment)
        with transaction.atomic(using=_TARGET):
            version = _source_version()
            copied = _copy_all(progress)
            if _source_version() != version:
                raise CopyRefusedError(
                    "The site was changed meanwhile, so nothing was copied. Stop the site, then begin again."
                )
        with connections[_TARGET].cursor() as cursor:
            cursor.execute("ANALYZE")
        return copied
    finally:
        for alias in (_SOURCE, _TARGET):
            connections[alias].close()


def _open(alias: str, database: dict[str, Any]) -> None:
    default = connections.databases[DEFAULT_DB_ALIAS]
    complete = connections.configure_settings({DEFAULT_DB_ALIAS: default, alias: database})
    connections.databases[alias] = complete[alias]


def _make_tables(url: str, environment: Mapping[str, str]) -> None:
    """In a process of its own, in which the target is the site's database: migrations look at that one."""
    done = subprocess.run(  # noqa: S603
        command("migrate", "--no-input", "--verbosity", "0"),
        env={
            **environment,
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "IMR_DATA_DIR": str(settings.DATA_DIR),
            "IMR_DATABASE_URL": url,
        },
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise CopyRefusedError(f"The tables could not be made: {said.removeprefix('CommandError: ')}")


def _source_version() -> int:
    """Another number after any other connection has changed the source."""
    with connections[_SOURCE].cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])


def copied_models() -> list[type[Model]]:
    """All that have a table, those between two models included."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def _require_no_rows() -> None:
    target = connections[_TARGET]
    present = set(target.introspection.table_names())
    for model in copied_models():
        table = model._meta.db_table
        if table in present and model not in _MADE_BY_MIGRATIONS:
            with target.cursor() as cursor:
                cursor.execute(f"SELECT 1 FROM {target.ops.quote_name(table)} LIMIT 1")  # noqa: S608
                if cursor.fetchone():
                    raise CopyRefusedError(f"The target has rows in {table}. Choose an empty database.")


def _copy_all(progress: OnProgress) -> CopiedRows:
    models = copied_models()
    with transaction.atomic(using=_SOURCE):
        total = sum(model._base_manager.using(_SOURCE).count() for model in models)
        rebuilt = _drop_what_slows_copying(models)
        _run(f"TRUNCATE {', '.join(map(_quoted_table, models))}")
        _require_no_rows()  # again, now that nobody else can add any
        tables: list[CopiedTable] = []
        for model in models:
            before = sum(table.rows for table in tables)
            tables.append(_copy_table(model, lambda rows, before=before: progress(before + rows, total)))  # type: ignore[misc]
        present = set(connections[_SOURCE].introspection.table_names())
    for statement in connections[_TARGET].ops.sequence_reset_sql(no_style(), models):
        _run(statement)
    for statement in rebuilt:
        _run(statement)
    for copied, model in zip(tables, models, strict=True):
        _require_same(copied, _digest_of(_rows(_TARGET, model)))
    ours = {copied.name for copied in tables} | {"django_migrations"}
    return CopiedRows(tuple(tables), tuple(sorted(present - ours)))


def _drop_what_slows_copying(models: Iterable[type[Model]]) -> list[str]:
    """Drop foreign keys and plain indexes of the target; give the statements that make them again.

    Rows may then come in any order, and each index is built at once. All is of the same transaction.
    """
    tables = [model._meta.db_table for model in models]
    with connections[_TARGET].cursor() as cursor:
        cursor.execute(
            """
            SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
                   format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                          pg_get_constraintdef(oid))
            FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
            UNION ALL
            SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
            FROM pg_index WHERE NOT indisunique AND indrelid::regclass::text = ANY(%s)
            """,
            [tables, tables],
        )
        found = list(cursor.fetchall())
    for drop, _ in found:
        _run(drop)
    indexes_first = sorted(found, key=lambda pair: pair[1].startswith("ALTER"))
    return [make for _, make in indexes_first]


def _copy_table(model: type[Model], progress: Callable[[int], None]) -> CopiedTable:
    target = connections[_TARGET]
    fields = _fields(model)
    prepare = [(field.target_field if field.is_relation else field) for field in fields]  # type: ignore[attr-defined]
    columns = ", ".join(target.ops.quote_name(str(field.column)) for field in fields)
    types = [str(field.db_type(target)) for field in fields]
    room = [
        field.max_length if kind.startswith("varchar") else None
        for field, kind in zip(fields, types, strict=True)
    ]
    digest, count, changed = _Digest(), 0, 0
    with target.wrap_database_errors, target.cursor() as cursor:
        statement = f"COPY {_quoted_table(model)} ({columns}) FROM STDIN"
        with cursor.cursor.copy(statement) as copy:
            for row in _rows(_SOURCE, model):
                stored = tuple(map(_without_null_characters, row))
                changed += sum(one != other for one, other in zip(row, stored, strict=True))
                _require_room(model, room, stored)
                copy.write_row(
                    [
                        field.get_db_prep_save(value, target)
                        for field, value in zip(prepare, stored, strict=True)
                    ]
                )
                digest.add(stored)
                count += 1
                if count % ROWS_AT_A_TIME == 0:
                    progress(count)
    progress(count)
    return CopiedTable(model._meta.db_table, count, digest.text, changed)


def _fields(model: type[Model]) -> list[_Field]:
    return list(model._meta.local_concrete_fields)


def _rows(alias: str, model: type[Model]) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in _fields(model)]
    rows = model._base_manager.using(alias).order_by().values_list(*names)
    return rows.iterator(chunk_size=ROWS_AT_A_TIME)


def _without_null_characters(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "") if "\0" in value else value
    if isinstance(value, list):
        return [_without_null_characters(one) for one in value]
    if isinstance(value, dict):
        return {_without_null_characters(key): _without_null_characters(one) for key, one in value.items()}
    return value


def _require_room(model: type[Model], room: Iterable[int | None], row: tuple[Any, ...]) -> None:
    """SQLite stores texts of any length; PostgreSQL refuses those that are longer than the column."""
    for field, most, value in zip(_fields(model), room, row, strict=True):
        if most and isinstance(value, str) and len(value) > most:
            raise CopyRefusedError(
                f"{model._meta.db_table}.{field.column} has a text of {len(value):,} characters in the row "
                f"{row[0]!r}, and at most {most:,} fit. Shorten it, then begin again."
            )


class _Digest:
    """A hash of rows that does not depend on their order: the sum of the hashes of each."""

    def __init__(self) -> None:
        self._sum = 0

    def add(self, row: tuple[Any, ...]) -> None:
        said = json.dumps(list(map(_comparable, row)), sort_keys=True)
        self._sum += int.from_bytes(blake2b(said.encode(), digest_size=16).digest())

    @property
    def text(self) -> str:
        return f"{self._sum % (1 << 128):032x}"


def _comparable(value: Any) -> Any:
    """The value as JSON, with its type: databases give bytes and numbers in several ways."""
    match value:
        case bytes() | memoryview():
            return {"bytes": bytes(value).hex()}
        case datetime():
            return {"moment": value.astimezone(UTC).isoformat()}
        case date() | time():
            return {"date": value.isoformat()}
        case float() if value.is_integer():
            return int(value)  # a JSON column of PostgreSQL writes large ones as whole numbers
        case list():
            return [_comparable(one) for one in value]
        case dict():
            return {key: _comparable(one) for key, one in value.items()}
        case None | bool() | int() | float() | str():
            return value
    return {type(value).__name__: str(value)}


def _digest_of(rows: Iterator[tuple[Any, ...]]) -> tuple[int, str]:
    digest, count = _Digest(), 0
    for row in rows:
        digest.add(row)
        count += 1
    return count, digest.text


def _require_same(copied: CopiedTable, found: tuple[int, str]) -> None:
    if (copied.rows, copied.digest) != found:
        raise CopyRefusedError(
            f"{copied.name} has {found[0]:,} rows with the hash {found[1]} after copying {copied.rows:,} "
            f"rows with the hash {copied.digest}. Nothing was kept."
        )


def _quoted_table(model: type[Model]) -> str:
    return str(connections[_TARGET].ops.quote_name(model._meta.db_table))


def _run(statement: str) -> None:
    with connections[_TARGET].cursor() as cursor:
        cursor.execute(statement)
