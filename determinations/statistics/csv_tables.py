"""Breakdowns and telling words as CSV, for a spreadsheet or a program. Knows no page and no engine."""

from collections.abc import Iterable
from itertools import chain

from determinations.export.csv_lines import spreadsheet_lines
from determinations.statistics.breakdowns import RateRow
from determinations.statistics.distinctive_terms import Contrast

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


def rates_as_csv(rows: Iterable[RateRow], search: str) -> str:
    """`share_overturned` and its Wilson interval at 95 % are between 0 and 1, empty below five items.

    `search` is the address of the search that the rates belong to.
    """
    return "".join(spreadsheet_lines(chain((COLUMNS,), (_cells(row, search) for row in rows))))


def words_as_csv(rows: Iterable[tuple[str, str, Contrast]], search: str) -> str:
    """(kind, text, its contrast): counts are occurrences, positive log-odds and z speak for overturned."""
    cells = (
        (kind, text, one.overturned, one.upheld, round(one.log_odds, 4), round(one.z, 3), search)
        for kind, text, one in rows
    )
    return "".join(spreadsheet_lines(chain((WORD_COLUMNS,), cells)))


def _cells(row: RateRow, search: str) -> tuple[str | int | float, ...]:
    figures: tuple[str | float, ...] = ("", "", "")
    if row.rate.has_percentage:
        figures = tuple(round(figure, 4) for figure in (row.rate.share, *row.rate.interval))
    return (row.value, row.label, row.parent, row.rate.overturned, row.rate.decided, *figures, search)
