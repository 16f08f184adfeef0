"""CSV that a spreadsheet opens as it is, and runs nothing of: for results, figures and lists of an import.

UTF-8 with a byte order mark, by which spreadsheets tell the encoding. A text that a spreadsheet would run
as a formula is preceded by an apostrophe. Knows no page and no row.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence

BYTE_ORDER_MARK = "\ufeff"
_STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """What a CSV writer needs to hand each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def spreadsheet_lines(rows: Iterable[Sequence[str | int | float]]) -> Iterator[str]:
    """The file line by line, each when its row is there. Numbers stand as they are, texts are made safe."""
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow([spreadsheet_safe(cell) if isinstance(cell, str) else cell for cell in row])


def spreadsheet_safe(text: str) -> str:
    """The text, which no spreadsheet will take for a formula."""
    return f"'{text}" if text.startswith(_STARTS_OF_FORMULAS) else text
