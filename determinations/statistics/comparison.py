"""Two or three services, guidelines or levels beside each other over the years, within a search.

First what can be compared, as addresses and forms name it, and links to comparisons; then what it comes to.
The search's own filters of the compared facet, years and decisions are set aside, as in every breakdown. Two
questions to the engine give each value's rates.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Self
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse
from django.utils.text import get_text_list

from determinations.export.csv_lines import spreadsheet_lines
from determinations.search.facets import DECISION, GUIDELINE, LEVEL, SERVICE, YEAR
from determinations.search.interface import FacetCount, SearchEngine
from determinations.search_page.address import SearchAddress
from determinations.search_page.facet_panel import full_label
from determinations.search_page.facet_values import (
    UnknownValueError,
    facet_label,
    in_order,
    parent_of,
    read_values,
)
from determinations.search_page.question import Question
from determinations.search_page.search import request_of
from determinations.statistics.breakdowns import RATE_COLUMNS, rate_cells, year_rates
from determinations.statistics.browsing import BROWSE_FACETS_BY_NAME, BrowseFacet
from determinations.statistics.charts import Rates, Series, too_few
from determinations.statistics.rates import OutcomeRate, outcomes_of

VALUE = "value"
"""The parameter that names a compared value; given two or three times."""

FEWEST_VALUES, MOST_VALUES = 2, 3

COMPARED_FACETS: Mapping[str, BrowseFacet] = {
    facet.name: BROWSE_FACETS_BY_NAME[facet.name] for facet in (SERVICE, GUIDELINE, LEVEL)
}


@dataclass(frozen=True, slots=True)
class ChosenValues:
    """`values` can be compared, in the order in which they were chosen; `faults` say what is wrong."""

    values: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def can_compare(self) -> bool:
        return len(self.values) >= FEWEST_VALUES

    @classmethod
    def read(cls, compared: BrowseFacet, typed: Iterable[str], decided: Mapping[str, OutcomeRate]) -> Self:
        """`decided` are the rates of the values that the search has."""
        values: list[str] = []
        faults: list[str] = []
        for one in filter(None, map(str.strip, typed)):
            try:
                meant = read_values(compared.name, one)
            except UnknownValueError as error:
                faults.append(str(error))
                continue
            for value in meant:
                if value in decided:
                    values.append(value)
                else:
                    label = full_label(compared.name, value)
                    faults.append(f"No decided item of this search has the {compared.one} “{label}”.")
        values = list(dict.fromkeys(values))
        if len(values) > MOST_VALUES:
            left_out = ", ".join(full_label(compared.name, value) for value in values[MOST_VALUES:])
            faults.append(
                f"You can compare at most {MOST_VALUES} {compared.many}, so this was left out: {left_out}."
            )
        return cls(tuple(values[:MOST_VALUES]), tuple(faults))


def comparison_url(
    facet: str, address: SearchAddress, values: Sequence[str] = (), view: str = "compare_years"
) -> str:
    """The comparison of these values within the search; without values, of those that the search names."""
    path = address.url_at(view, facet)
    if not values:
        return path
    named = urlencode([(VALUE, value) for value in values])
    return f"{path}{'&' if '?' in path else '?'}{named}"


@dataclass(frozen=True, slots=True)
class ComparisonLink:
    label: str
    url: str


def comparison_of_filters(address: SearchAddress) -> tuple[ComparisonLink, ...]:
    """For each facet of which the search names two or three values: their comparison."""
    links = []
    for name in COMPARED_FACETS:
        chosen = address.chosen(name)
        if FEWEST_VALUES <= len(chosen) <= MOST_VALUES:
            labels = [full_label(name, value) for value in chosen]
            links.append(ComparisonLink(get_text_list(labels, "and"), comparison_url(name, address)))
    return tuple(links)


@dataclass(frozen=True, slots=True)
class ValueOption:
    """A value that the search has. `decided` is how many decided items of it there are."""

    value: str
    label: str
    decided: int


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """A parent with its children, the parent first; `label` is the parent's."""

    label: str
    options: tuple[ValueOption, ...]


def option_groups(compared: BrowseFacet, decided: Mapping[str, OutcomeRate]) -> tuple[OptionGroup, ...]:
    """Every value that can be chosen, parents and children in the order of the facet."""
    counts = in_order(
        compared.name, [FacetCount(value, rate.decided) for value, rate in decided.items() if rate.decided]
    )
    children: dict[str, list[FacetCount]] = {}
    for counted in counts:
        parent = parent_of(compared.name, counted.value)
        group = children.setdefault(parent or counted.value, [])
        if parent:
            group.append(counted)
    counted_parents = {counted.value: counted.count for counted in counts}
    return tuple(
        OptionGroup(
            facet_label(compared.name, parent), tuple(_options(compared.name, parent, group, counted_parents))
        )
        for parent, group in children.items()
    )


def _options(
    facet: str, parent: str, children: Iterable[FacetCount], decided: Mapping[str, int]
) -> Iterator[ValueOption]:
    if parent in decided:
        yield ValueOption(parent, f"{facet_label(facet, parent)} (all)", decided[parent])
    yield from (ValueOption(child.value, facet_label(facet, child.value), child.count) for child in children)


def siblings(
    facet: str, value: str, decided: Mapping[str, OutcomeRate], most: int = 3
) -> tuple[ComparisonLink, ...]:
    """Comparisons of the value with the values beside it that have the most decided items."""
    parent = parent_of(facet, value)
    beside = [
        FacetCount(other, rate.decided)
        for other, rate in decided.items()
        if other != value and parent_of(facet, other) == parent and rate.has_percentage
    ]
    commonest = sorted(beside, key=lambda counted: (-counted.count, counted.value))[:most]
    return tuple(
        ComparisonLink(
            facet_label(facet, counted.value), comparison_url(facet, SearchAddress(), (value, counted.value))
        )
        for counted in commonest
    )


@dataclass(frozen=True, slots=True)
class ComparisonForm:
    """A form for MOST_VALUES values of one facet. `carried` are the parameters of its search."""

    facet: BrowseFacet
    url: str
    carried: tuple[tuple[str, str], ...]
    groups: tuple[OptionGroup, ...]
    choices: tuple[str, ...]
    """What each menu has chosen, empty for nothing."""

    @classmethod
    def of(
        cls,
        facet: BrowseFacet,
        address: SearchAddress,
        decided: Mapping[str, OutcomeRate],
        chosen: Sequence[str] = (),
    ) -> Self:
        carried = replace(address, sort=None, page=1).query_string
        return cls(
            facet,
            reverse("determinations:compare_years", args=[facet.name]),
            tuple(parse_qsl(carried)),
            option_groups(facet, decided),
            (*chosen, *[""] * MOST_VALUES)[:MOST_VALUES],
        )

    @property
    def has_enough(self) -> bool:
        return sum(len(group.options) for group in self.groups) >= FEWEST_VALUES


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
