"""Breakdowns as a page shows them: rows that lead to their items, and where the whole table is. No HTML."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from determinations.search_page.address import SearchAddress
from determinations.statistics.addresses import statistics_csv_url, statistics_table_url
from determinations.statistics.breakdowns import Breakdown, RateRow, rows_of
from determinations.statistics.rates import OutcomeRate

SHOWN_AT_FIRST = 12

RowUrl = Callable[[str], str]
"""Where the row of a value leads."""


@dataclass(frozen=True, slots=True)
class LinkedRow:
    """`url` leads to the row's items on the search page; `is_chosen`: the search names this value."""

    row: RateRow
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RateTable:
    """`sets_aside` says that the search's own filter of this facet does not bear on the rows."""

    breakdown: Breakdown
    rows: tuple[LinkedRow, ...]
    total: int
    sets_aside: bool
    all_url: str
    csv_url: str

    @property
    def name(self) -> str:
        return self.breakdown.name

    @property
    def is_whole(self) -> bool:
        return len(self.rows) == self.total


def rate_table(
    breakdown: Breakdown,
    by_facet: Mapping[str, Mapping[str, OutcomeRate]],
    address: SearchAddress,
    shown: int | None = None,
    row_url: RowUrl | None = None,
) -> RateTable:
    """The breakdown's `shown` commonest rows, or all; one or two more rather than a link to them.

    Rows lead to their items in the search, unless `row_url` says where else.
    """
    facet = breakdown.facet.name
    chosen = address.chosen(facet)
    rows = rows_of(breakdown, by_facet, chosen)
    kept = rows if shown is None or len(rows) <= shown + 2 else _commonest(rows, shown)
    if row_url is None:
        row_url = partial(_items_url, address, facet)
    return RateTable(
        breakdown=breakdown,
        rows=tuple(LinkedRow(row, row_url(row.value), row.value in chosen) for row in kept),
        total=len(rows),
        sets_aside=bool(chosen) and not breakdown.stays_within(chosen),
        all_url=statistics_table_url(breakdown.name, address),
        csv_url=statistics_csv_url(breakdown.name, address),
    )


def _items_url(address: SearchAddress, facet: str, value: str) -> str:
    return address.choosing(facet, (value,)).url


def _commonest(rows: Sequence[RateRow], count: int) -> tuple[RateRow, ...]:
    """The rows of the most decided items, in the order that they have."""
    least = sorted((-row.rate.decided, place) for place, row in enumerate(rows))[:count]
    return tuple(rows[place] for place in sorted(place for _, place in least))
