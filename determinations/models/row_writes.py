"""Many rows written by one prepared statement, with no signals.

Django's bulk_update builds an expression for every value and its bulk_create a statement for every few rows:
together they took half of an import's time. Where a row is only to be written, a mapping of its values does:
a model's instance for each citation took as long as writing it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)
AnyField = Field[Any, Any]

_TAKEN_AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)
"""Fields whose text, numbers, flags and None every database takes as Python has them."""


def insert_rows(rows: Sequence[Model]) -> None:
    """Insert new rows, all of one model, whose primary keys nobody needs: they are not filled in."""
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    prepare = _preparation(model, fields)
    _insert(
        model,
        fields,
        ([change(_present(field, row)) for field, change in prepare] for row in rows),
    )


def insert_values(model: type[Model], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert new rows given as attribute ("determination_id") -> value; all name the same attributes.

    Fields that they do not name get their default, and a primary key that they do not name the next number.
    """
    if not rows:
        return
    fields = [f for f in model._meta.concrete_fields if not f.primary_key or f.attname in rows[0]]
    given = [field for field in fields if field.attname in rows[0]]
    rest = [field for field in fields if field.attname not in rows[0]]
    prepare = [(field.attname, change) for field, change in _preparation(model, given)]
    defaults = [change(field.get_default()) for field, change in _preparation(model, rest)]
    _insert(
        model,
        [*given, *rest],
        ([*(change(row[name]) for name, change in prepare), *defaults] for row in rows),
    )


def insert_with_keys(rows: Sequence[M], natural_key: str) -> None:
    """Insert new rows, all of one model, and fill in their primary keys; `natural_key` is a unique field."""
    insert_rows(rows)
    if rows:
        by_natural_key = {getattr(row, natural_key): row for row in rows}
        found = type(rows[0])._default_manager.filter(**{f"{natural_key}__in": by_natural_key})
        for value, pk in found.values_list(natural_key, "pk"):
            by_natural_key[value].pk = pk
            by_natural_key[value]._state.adding = False


def update_rows(rows: Sequence[Model], fields: Sequence[str]) -> None:
    """Write the named fields of saved rows, all of one model."""
    if not rows:
        return
    model = type(rows[0])
    meta, quoted = model._meta, _database(model).ops.quote_name
    written = [field for field in meta.concrete_fields if field.name in fields]
    changes = ", ".join(f"{quoted(_column(field))} = %s" for field in written)
    statement = f"UPDATE {quoted(meta.db_table)} SET {changes} WHERE {quoted(_column(meta.pk))} = %s"  # noqa: S608
    prepare = _preparation(model, written)
    _write(
        model,
        statement,
        ([*(change(_present(field, row, add=False)) for field, change in prepare), row.pk] for row in rows),
    )


def _insert(model: type[Model], fields: Sequence[AnyField], values: Iterable[list[Any]]) -> None:
    quoted = _database(model).ops.quote_name
    columns = ", ".join(quoted(_column(field)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    _write(model, f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES ({places})", values)  # noqa: S608


def _write(model: type[Model], statement: str, values: Iterable[list[Any]]) -> None:
    database = _database(model)
    # One transaction: else each row would be one, with a wait for the disk.
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        cursor.executemany(statement, list(values))


def _database(model: type[Model]) -> BaseDatabaseWrapper:
    return connections[router.db_for_write(model)]


def _column(field: AnyField) -> str:
    return field.column or field.attname


def _present(field: AnyField, row: Model, *, add: bool = True) -> Any:
    if field.is_relation and getattr(row, field.attname) is None and (related := getattr(row, field.name)):
        setattr(row, field.attname, related.pk)  # it was saved after it was assigned
    return field.pre_save(row, add)


def _preparation(
    model: type[Model], fields: Sequence[AnyField]
) -> list[tuple[AnyField, Callable[[Any], Any]]]:
    """Each field with what turns its value into one for the database."""
    database = _database(model)
    return [(field, _preparing(field, database)) for field in fields]


def _preparing(field: AnyField, database: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, _TAKEN_AS_THEY_ARE):
        return _as_it_is

    def prepared(value: Any) -> Any:
        return field.get_db_prep_save(value, database)

    if not isinstance(field, models.JSONField):
        return prepared
    empty_list = prepared([])
    # Most lists of facts are empty, and a row has several.
    return lambda value: empty_list if value == [] else prepared(value)


def _as_it_is(value: Any) -> Any:
    return value
