"""Two or three services, guidelines or levels beside each other over the years, within a search.

The search's own filters of the compared facet, years and decisions are set aside, as in every breakdown.
Two questions to the engine give each value's rates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from determinations.export.csv_lines import spreadsheet_lines
from determinations.search.facets import DECISION, YEAR
from determinations.search.interface import SearchEngine
from determinations.search_page.address import SearchAddress
from determinations.search_page.facet_panel import full_label
from determinations.search_page.question import Question
from determinations.search_page.search import request_of
from determinations.statistics.breakdowns import RATE_COLUMNS, rate_cells, year_rates
from determinations.statistics.charts import Rates, Series, too_few
from determinations.statistics.rates import OutcomeRate, outcomes_of

COLUMNS = ("value", "label", "year", *RATE_COLUMNS, "search")


@dataclass(frozen=True, slots=True)
class ComparedValue:
    """`total` counts letters without a year as well; `address` is the search for the value's items."""

    value: str
    label: str
    rates: Rates
    total: OutcomeRate
    address: SearchAddress

    @property
    def too_few(self) -> str:
        return too_few(self.rates)

    @property
    def series(self) -> Series:
        return Series(self.label, self.rates)

    def url_of(self, year: int) -> str:
        return self.address.choosing(YEAR.name, (str(year),)).url


def scope_of(address: SearchAddress, facet: str) -> SearchAddress:
    """The search that a comparison of the facet's values is within: without the filters that it ignores."""
    for ignored in (DECISION.name, YEAR.name, facet):
        address = address.choosing(ignored, ()).excluding(ignored, ())
    return address


def compared_values(
    facet: str, values: Iterable[str], address: SearchAddress, question: Question, engine: SearchEngine
) -> tuple[ComparedValue, ...]:
    """Each value with its rates by year. Raises QuerySyntaxError or SearchUnavailableError."""
    scope = scope_of(address, facet)
    return tuple(
        _compared(facet, value, scope.choosing(facet, (value,)), question, engine) for value in values
    )


def _compared(
    facet: str, value: str, address: SearchAddress, question: Question, engine: SearchEngine
) -> ComparedValue:
    outcomes = outcomes_of(engine, request_of(address, question), (YEAR.name,))
    return ComparedValue(value, full_label(facet, value), year_rates(outcomes), outcomes.overall, address)


@dataclass(frozen=True, slots=True)
class ComparedYear:
    """A row of the table: one cell for each value."""

    year: int
    cells: tuple[tuple[OutcomeRate, str], ...]


def compared_years(compared: Sequence[ComparedValue]) -> tuple[ComparedYear, ...]:
    """Every year in which one of the values has a decided item, with the rates and where each leads."""
    years = sorted({year for one in compared for year in one.rates})
    return tuple(
        ComparedYear(
            year, tuple((one.rates.get(year, OutcomeRate(0, 0)), one.url_of(year)) for one in compared)
        )
        for year in years
    )


def comparison_as_csv(compared: Iterable[ComparedValue], site: str) -> str:
    """A line for each value and year. `site` is the prefix of a path in an address."""
    lines = (_cells(one, year, rate, site) for one in compared for year, rate in one.rates.items())
    return "".join(spreadsheet_lines(chain((COLUMNS,), lines)))


def _cells(one: ComparedValue, year: int, rate: OutcomeRate, site: str) -> tuple[str | int | float, ...]:
    return (one.value, one.label, year, *rate_cells(rate), f"{site}{one.url_of(year)}")
