"""Breakdowns and telling words as CSV, for a spreadsheet or a program. Knows no page and no engine.

UTF-8 with a byte order mark, by which spreadsheets tell the encoding. A text that a spreadsheet would run
as a formula is preceded by an apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from .breakdowns import RateRow
from .telling_words import Contrast

BYTE_ORDER_MARK = "\ufeff"
COLUMNS = (
    "value",
    "label",
    "within",
    "overturned",
    "decided",
    "share_overturned",
    "interval_low",
    "interval_high",
    "search",
)
WORD_COLUMNS = ("kind", "text", "overturned", "upheld", "log_odds", "z", "search")
_STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def spreadsheet_safe(text: str) -> str:
    """The text, which no spreadsheet will take for a formula."""
    return f"'{text}" if text.startswith(_STARTS_OF_FORMULAS) else text


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> str:
    """A table with its heading. Numbers stand as they are, texts are made safe."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([spreadsheet_safe(cell) if isinstance(cell, str) else cell for cell in row])
    return BYTE_ORDER_MARK + text.getvalue()


def rates_as_csv(rows: Iterable[RateRow], search: str) -> str:
    """`share_overturned` and its Wilson interval at 95 % are between 0 and 1, empty below five items.

    `search` is the address of the search that the rates belong to.
    """
    return csv_text(COLUMNS, (_cells(row, search) for row in rows))


def words_as_csv(rows: Iterable[tuple[str, str, Contrast]], search: str) -> str:
    """(kind, text, its contrast): counts are occurrences, positive log-odds and z speak for overturned."""
    return csv_text(
        WORD_COLUMNS,
        (
            (kind, text, one.overturned, one.upheld, round(one.log_odds, 4), round(one.z, 3), search)
            for kind, text, one in rows
        ),
    )


def _cells(row: RateRow, search: str) -> tuple[str | int | float, ...]:
    figures: tuple[str | float, ...] = ("", "", "")
    if row.rate.has_percentage:
        figures = tuple(round(figure, 4) for figure in (row.rate.share, *row.rate.interval))
    return (row.value, row.label, row.parent, row.rate.overturned, row.rate.decided, *figures, search)
