"""Many rows written by one prepared statement, with no signals.

Django's bulk_update builds an expression for every value and its bulk_create a statement for every few rows:
together they took half of an import's time.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model


def insert_rows(rows: Sequence[Model]) -> None:
    """Insert new rows, all of one model, whose primary keys nobody needs: they are not filled in."""
    if not rows:
        return
    meta, database = rows[0]._meta, _database(rows[0])
    quoted = database.ops.quote_name
    written = [field for field in meta.concrete_fields if not field.primary_key]
    columns = ", ".join(quoted(_column(field)) for field in written)
    places = ", ".join(["%s"] * len(written))
    statement = f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    _write(
        database, statement, [[_value(field, row, database, add=True) for field in written] for row in rows]
    )


def update_rows(rows: Sequence[Model], fields: Sequence[str]) -> None:
    """Write the named fields of saved rows, all of one model."""
    if not rows:
        return
    meta, database = rows[0]._meta, _database(rows[0])
    quoted = database.ops.quote_name
    written = [field for field in meta.concrete_fields if field.name in fields]
    changes = ", ".join(f"{quoted(_column(field))} = %s" for field in written)
    key = quoted(_column(meta.pk))
    statement = f"UPDATE {quoted(meta.db_table)} SET {changes} WHERE {key} = %s"  # noqa: S608
    _write(
        database,
        statement,
        [[*(_value(field, row, database, add=False) for field in written), row.pk] for row in rows],
    )


def _database(row: Model) -> BaseDatabaseWrapper:
    return connections[router.db_for_write(type(row))]


def _write(database: BaseDatabaseWrapper, statement: str, values: list[list[Any]]) -> None:
    # One transaction: else each row would be one, with a wait for the disk.
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        cursor.executemany(statement, values)


def _column(field: "Field[Any, Any]") -> str:
    return field.column or field.attname


def _value(field: "Field[Any, Any]", row: Model, database: BaseDatabaseWrapper, *, add: bool) -> Any:
    if field.is_relation and getattr(row, field.attname) is None and (related := getattr(row, field.name)):
        setattr(row, field.attname, related.pk)  # it was saved after it was assigned
    return field.get_db_prep_save(field.pre_save(row, add), database)
