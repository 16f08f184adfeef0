"""Rows read by SQL that is written once in a process.

Django writes the SQL of a query anew each time. For the twenty rows of a page, that takes several times as
long as SQLite takes to answer it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet

Row = tuple[Any, ...]
_NUMBERS_OF_KEYS = 64
"""So many of them are remembered; a page of results asks for twenty keys or fewer."""
_Converter = Callable[[Any, Any, Any], Any]


@dataclass(frozen=True, slots=True)
class _Statement:
    """`converters` turn what the database gives into the fields' own values, by the column's place."""

    sql: str
    converters: tuple[tuple[int, Any, tuple[_Converter, ...]], ...]


class RowQuery:
    """`rows_of` gives the query for any keys: a `values_list` whose only parameters are the keys in order."""

    def __init__(self, rows_of: Callable[[Sequence[Any]], "QuerySet[Any, Any]"]) -> None:
        self._rows_of = rows_of
        self._statement = lru_cache(_NUMBERS_OF_KEYS)(self._write)

    def rows(self, keys: Sequence[Any]) -> list[Row]:
        """The rows of the keys as tuples of values. One query."""
        statement = self._statement(len(keys), connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, tuple(keys))
            found: list[Row] = cursor.fetchall()
        if not statement.converters:
            return found
        return [_converted(row, statement) for row in found]

    def _write(self, number: int, _vendor: str) -> _Statement:
        """For so many keys, in the SQL of the database that the connection leads to."""
        keys = tuple(range(1, number + 1))
        compiler = self._rows_of(keys).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        if tuple(parameters) != keys:
            raise ValueError(f"The query has other parameters than its keys: {parameters}")
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return _Statement(
            sql,
            tuple((place, column, tuple(functions)) for place, (functions, column) in converters.items()),
        )


def _converted(row: Sequence[Any], statement: _Statement) -> Row:
    values = list(row)
    for place, column, functions in statement.converters:
        for convert in functions:
            values[place] = convert(values[place], column, connection)
    return tuple(values)
