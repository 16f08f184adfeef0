"""CSV that spreadsheets open correctly and safely: for results, statistics and the file list of an import.

It is UTF-8 with a byte order mark, so that spreadsheets detect the encoding. An apostrophe precedes any text
that a spreadsheet would run as a formula.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar

T = TypeVar("T")
BYTE_ORDER_MARK = "\ufeff"
_STARTS_OF_FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""Spreadsheets of some languages take the full-width signs for the plain ones."""


class _Line:
    """What a CSV writer needs to hand each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def spreadsheet_lines(rows: Iterable[Sequence[str | int | float]]) -> Iterator[str]:
    """The file line by line, each as soon as its row is there. Only text is made safe, not numbers."""
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow([spreadsheet_safe(cell) if isinstance(cell, str) else cell for cell in row])


def read_ahead(rows: Iterator[T]) -> Iterator[T]:
    """The same rows. The first is read now: a database that is away is noticed before the answer begins."""
    first = list(islice(rows, 1))
    return chain(first, rows)


def spreadsheet_safe(text: str) -> str:
    """The text, which no spreadsheet will take for a formula."""
    return f"'{text}" if text.startswith(_STARTS_OF_FORMULAS) else text
