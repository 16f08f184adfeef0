"""Rows read by SQL that is written once in a process.

Django writes the SQL of a query anew each time. For what a page reads, that takes several times as long as
SQLite takes to answer it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
Row = tuple[Any, ...]
_NUMBERS_OF_KEYS = 64
"""So many of them are remembered; a page of results asks for twenty keys or fewer."""
_Converter = Callable[[Any, Any, Any], Any]


@dataclass(frozen=True, slots=True)
class _Statement:
    """`converters` turn what the database gives into the fields' own values, by the column's place.

    `names` are the fields of the columns, where they are those of a model.
    """

    sql: str
    converters: tuple[tuple[int, Any, tuple[_Converter, ...]], ...]
    names: tuple[str, ...]


class RowQuery:
    """`rows_of` gives the query for any keys: a `values_list` whose only parameters are the keys in order."""

    def __init__(self, rows_of: Callable[[Sequence[Any]], "QuerySet[Any, Any]"]) -> None:
        self._rows_of = rows_of
        self._statement = lru_cache(_NUMBERS_OF_KEYS)(self._write)

    def rows(self, keys: Sequence[Any]) -> list[Row]:
        """The rows of the keys as tuples of values. One query."""
        return self._read(keys)[0]

    def _read(self, keys: Sequence[Any]) -> tuple[list[Row], _Statement]:
        statement = self._statement(len(keys), connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, tuple(keys))
            found: list[Row] = cursor.fetchall()
        if statement.converters:
            found = [_converted(row, statement) for row in found]
        return found, statement

    def _write(self, number: int, _vendor: str) -> _Statement:
        """For so many keys, in the SQL of the database that the connection leads to."""
        keys = tuple(range(1, number + 1))
        compiler = self._rows_of(keys).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        # The field of a name makes a text of a key, and that of a flag a bool.
        if len(parameters) != number or any(
            given not in (key, str(key)) for given, key in zip(parameters, keys, strict=True)
        ):
            raise ValueError(f"The query has other parameters than its keys: {parameters}")
        columns = [column for column, *_ in compiler.select]
        converters = compiler.get_converters(columns)
        return _Statement(
            sql,
            tuple((place, column, tuple(functions)) for place, (functions, column) in converters.items()),
            tuple(column.target.attname for column in columns) if compiler.klass_info else (),
        )


class ModelQuery(RowQuery, Generic[M]):
    """The same for instances of a model, as Django makes them of rows, without related ones."""

    def __init__(self, model: type[M], instances_of: "Callable[[Sequence[Any]], QuerySet[M]]") -> None:
        super().__init__(instances_of)
        self._model = model

    def instances(self, keys: Sequence[Any]) -> list[M]:
        """One query."""
        rows, statement = self._read(keys)
        return [self._model.from_db(DEFAULT_DB_ALIAS, statement.names, row) for row in rows]


def _converted(row: Sequence[Any], statement: _Statement) -> Row:
    values = list(row)
    for place, column, functions in statement.converters:
        for convert in functions:
            values[place] = convert(values[place], column, connection)
    return tuple(values)
