"""Browse pages: the values of four facets, each with a page of its statistics."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from django.urls import reverse

from determinations.search.facets import GUIDELINE, LEVEL, SERVICE, SPECIALTY, Facet
from determinations.search_page.address import SearchAddress
from determinations.search_page.facet_panel import full_label
from determinations.search_page.facet_values import facet_label, parent_of
from determinations.statistics.breakdowns import (
    BREAKDOWNS,
    BREAKDOWNS_BY_NAME,
    Breakdown,
    RateTable,
    Values,
    rate_table,
)
from determinations.statistics.rates import OutcomeRate

SHOWN_IN_INDEX = 6
SHOWN_ON_PAGE = 8

Rates = Mapping[str, Mapping[str, OutcomeRate]]


@dataclass(frozen=True, slots=True)
class BrowseFacet:
    """A facet that can be browsed: what its values are called, one and many."""

    facet: Facet
    one: str
    many: str

    @property
    def name(self) -> str:
        return self.facet.name

    @property
    def url(self) -> str:
        return reverse("determinations:browse_list", args=[self.name])

    @property
    def breakdowns(self) -> tuple[Breakdown, ...]:
        return tuple(breakdown for breakdown in BREAKDOWNS if breakdown.facet is self.facet)


BROWSE_FACETS: tuple[BrowseFacet, ...] = (
    BrowseFacet(SERVICE, "service", "services"),
    BrowseFacet(GUIDELINE, "guideline", "guidelines"),
    BrowseFacet(LEVEL, "spinal level", "spinal levels"),
    BrowseFacet(SPECIALTY, "reviewer’s specialty", "reviewers’ specialties"),
)
BROWSE_FACETS_BY_NAME: Mapping[str, BrowseFacet] = {browsed.name: browsed for browsed in BROWSE_FACETS}

_USUAL: tuple[tuple[str, str], ...] = (
    ("service", "Services"),
    ("guideline", "Most cited guidelines"),
    ("chapter", "Most cited chapters and topics"),
    ("region", "Regions of the spine"),
    ("level", "Usual levels"),
    ("specialty", "Reviewers’ specialties"),
)


def browse_url(facet: str, value: str) -> str:
    """The page of one service, guideline, level or specialty."""
    return reverse("determinations:browse_value", args=[facet, value])


@dataclass(frozen=True, slots=True)
class TitledTable:
    title: str
    table: RateTable


@dataclass(frozen=True, slots=True)
class FacetValuePage:
    """One value of a facet. `parent_url` and `parent_label` are empty if it has no parent."""

    browsed: BrowseFacet
    value: str

    @property
    def label(self) -> str:
        return full_label(self.browsed.name, self.value)

    @property
    def address(self) -> SearchAddress:
        return SearchAddress().choosing(self.browsed.name, (self.value,))

    @property
    def _parent(self) -> str | None:
        return parent_of(self.browsed.name, self.value)

    @property
    def parent_url(self) -> str:
        return browse_url(self.browsed.name, self._parent) if self._parent else ""

    @property
    def parent_label(self) -> str:
        return facet_label(self.browsed.name, self._parent) if self._parent else ""


def facet_tables(browsed: BrowseFacet, rates: Rates, shown: int | None = None) -> tuple[TitledTable, ...]:
    """The facet's values, each row leading to its page; the index shows the first `shown`."""
    return tuple(
        TitledTable(
            breakdown.many.capitalize(),
            replace(
                rate_table(breakdown, rates, SearchAddress(), shown, partial(browse_url, browsed.name)),
                all_url=browsed.url,
            ),
        )
        for breakdown in browsed.breakdowns
    )


def value_tables(page: FacetValuePage, rates: Rates) -> tuple[TitledTable, ...]:
    """Tables of related page, each row links to the items that have both. Empty tables are left out."""
    tables = []
    for name, title in _USUAL:
        breakdown = BREAKDOWNS_BY_NAME[name]
        if breakdown.facet is not page.browsed.facet:
            tables.append(TitledTable(title, rate_table(breakdown, rates, page.address, SHOWN_ON_PAGE)))
    return (*_within(page, rates), *(titled for titled in tables if titled.table.rows))


def _within(page: FacetValuePage, rates: Rates) -> tuple[TitledTable, ...]:
    """The children of the page: a category's services, a guideline's chapters, a region's levels."""
    facet = page.browsed.facet
    held = {
        value: rate for value, rate in rates[facet.name].items() if parent_of(facet.name, value) == page.value
    }
    if not held:
        return ()
    (breakdown,) = (one for one in page.browsed.breakdowns if one.scope in (Values.ALL, Values.CHILDREN))
    table = rate_table(
        breakdown, {facet.name: held}, page.address, SHOWN_ON_PAGE, partial(browse_url, facet.name)
    )
    return (TitledTable(f"Within {page.label}", replace(table, sets_aside=False)),)
