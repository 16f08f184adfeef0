"""The ways in which outcomes are broken down; a breakdown's rows, its table on a page, and its CSV.

A hierarchical facet makes two breakdowns, its parents and its children: in one table an item would be
counted twice, under its category and under its service.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from itertools import chain

from determinations.export.csv_lines import spreadsheet_lines
from determinations.search.facets import GUIDELINE, LEVEL, SERVICE, SPECIALTY, YEAR, Facet
from determinations.search.interface import FacetCount
from determinations.search_page.address import SearchAddress
from determinations.search_page.facet_values import facet_label, in_order, parent_of
from determinations.statistics.rates import OutcomeRate, Outcomes

SHOWN_AT_FIRST = 12
RATE_COLUMNS = ("overturned", "decided", "share_overturned", "interval_low", "interval_high")
COLUMNS = ("value", "label", "within", *RATE_COLUMNS, "search")
RowUrl = Callable[[str], str]
"""The address that the row of a value links to."""


class Values(Enum):
    """Which of a facet's values a breakdown includes."""

    ALL = "all"
    PARENTS = "parents"
    CHILDREN = "children"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """`name` is used in addresses and file names, `one` and `many` name its rows, `title` its table."""

    name: str
    facet: Facet
    scope: Values
    one: str
    many: str

    @property
    def title(self) -> str:
        return f"By {self.one}"

    def holds(self, value: str, chosen: Collection[str] = ()) -> bool:
        """Whether the value has a row. Where parents are chosen, no children but theirs have one."""
        if self.scope is Values.ALL:
            return True
        parent = parent_of(self.facet.name, value)
        if self.scope is Values.PARENTS:
            return parent is None
        return parent is not None and (not self.stays_within(chosen) or parent in chosen or value in chosen)

    def stays_within(self, chosen: Collection[str]) -> bool:
        """Whether the chosen values bear on the rows: parents do on their children."""
        return self.scope is Values.CHILDREN and any(
            parent_of(self.facet.name, value) is None for value in chosen
        )


BREAKDOWNS: tuple[Breakdown, ...] = (
    Breakdown("year", YEAR, Values.ALL, "year", "years"),
    Breakdown("category", SERVICE, Values.PARENTS, "category of service", "categories of service"),
    Breakdown("service", SERVICE, Values.CHILDREN, "service", "services"),
    Breakdown("guideline", GUIDELINE, Values.PARENTS, "reviewer’s guideline", "guidelines"),
    Breakdown("chapter", GUIDELINE, Values.CHILDREN, "guideline’s chapter or topic", "chapters and topics"),
    Breakdown("region", LEVEL, Values.PARENTS, "region of the spine", "regions of the spine"),
    Breakdown("level", LEVEL, Values.CHILDREN, "spinal level", "spinal levels"),
    Breakdown("specialty", SPECIALTY, Values.ALL, "reviewer’s specialty", "specialties"),
)
BREAKDOWNS_BY_NAME: Mapping[str, Breakdown] = {breakdown.name: breakdown for breakdown in BREAKDOWNS}


@dataclass(frozen=True, slots=True)
class RateRow:
    """One value of a breakdown: `parent` is the label of its parent value, or empty."""

    value: str
    label: str
    parent: str
    rate: OutcomeRate

    @property
    def full_label(self) -> str:
        return f"{self.parent}: {self.label}" if self.parent else self.label


def rows_of(
    breakdown: Breakdown,
    by_facet: Mapping[str, Mapping[str, OutcomeRate]],
    chosen: Collection[str] = (),
) -> tuple[RateRow, ...]:
    """Every value with a decided item: years in their order, levels down the spine, else commonest first.

    `chosen` are the values of the breakdown's facet that the search is narrowed to.
    """
    rates = by_facet.get(breakdown.facet.name, {})
    held = [
        FacetCount(value, rate.decided) for value, rate in rates.items() if breakdown.holds(value, chosen)
    ]
    ordered = in_order(breakdown.facet.name, held)
    if breakdown.facet is YEAR:
        ordered.reverse()
    return tuple(_row(breakdown.facet, counted.value, rates[counted.value]) for counted in ordered)


def year_rates(outcomes: Outcomes) -> dict[int, OutcomeRate]:
    """Year -> its rate, years ascending. Years must be counted."""
    return {int(year): rate for year, rate in sorted(outcomes.by_facet[YEAR.name].items())}


def undated(outcomes: Outcomes) -> int:
    """How many decided items are in letters without a year. Years must be counted and none selected."""
    dated = sum(rate.decided for rate in outcomes.by_facet[YEAR.name].values())
    return outcomes.overall.decided - dated


def _row(facet: Facet, value: str, rate: OutcomeRate) -> RateRow:
    parent = parent_of(facet.name, value) if facet is not LEVEL else None
    return RateRow(
        value=value,
        label=facet_label(facet.name, value),
        parent=facet_label(facet.name, parent) if parent else "",
        rate=rate,
    )


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
        all_url=address.url_at("statistics_table", breakdown.name),
        csv_url=address.url_at("statistics_csv", breakdown.name),
    )


def _items_url(address: SearchAddress, facet: str, value: str) -> str:
    return address.choosing(facet, (value,)).url


def _commonest(rows: Sequence[RateRow], count: int) -> tuple[RateRow, ...]:
    """The rows of the most decided items, in the order that they have."""
    least = sorted((-row.rate.decided, place) for place, row in enumerate(rows))[:count]
    return tuple(rows[place] for place in sorted(place for _, place in least))


def rates_as_csv(rows: Iterable[RateRow], search: str) -> str:
    """`search` is the address of the search that the rates belong to."""
    return "".join(spreadsheet_lines(chain((COLUMNS,), (_cells(row, search) for row in rows))))


def _cells(row: RateRow, search: str) -> tuple[str | int | float, ...]:
    return (row.value, row.label, row.parent, *rate_cells(row.rate), search)


def rate_cells(rate: OutcomeRate) -> tuple[str | int | float, ...]:
    """RATE_COLUMNS: the share and its Wilson interval at 95% are between 0 and 1, empty below five items."""
    return (rate.overturned, rate.decided, *(rate.figures or ("", "", "")))
