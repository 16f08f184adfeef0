"""What can be browsed: the values of four facets, each with a page of its figures. No HTML, no engine."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from determinations.search.facets import GUIDELINE, LEVEL, SERVICE, SPECIALTY, Facet
from determinations.search_page.address import SearchAddress
from determinations.search_page.facet_labels import facet_label, parent_of
from determinations.search_page.facet_panel import full_label
from determinations.statistics.addresses import browse_list_url, browse_url
from determinations.statistics.breakdowns import BREAKDOWNS, BREAKDOWNS_BY_NAME, Breakdown, Part
from determinations.statistics.rates import OutcomeRate
from determinations.statistics.tables import RateTable, rate_table

SHOWN_IN_INDEX = 6
SHOWN_ON_PAGE = 8

Rates = Mapping[str, Mapping[str, OutcomeRate]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A facet that can be browsed: what its values are called, one and many."""

    facet: Facet
    one: str
    many: str

    @property
    def name(self) -> str:
        return self.facet.name

    @property
    def url(self) -> str:
        return browse_list_url(self.name)

    @property
    def breakdowns(self) -> tuple[Breakdown, ...]:
        return tuple(breakdown for breakdown in BREAKDOWNS if breakdown.facet is self.facet)


SHELVES: tuple[Shelf, ...] = (
    Shelf(SERVICE, "service", "services"),
    Shelf(GUIDELINE, "guideline", "guidelines"),
    Shelf(LEVEL, "spinal level", "spinal levels"),
    Shelf(SPECIALTY, "reviewer’s specialty", "reviewers’ specialties"),
)
SHELVES_BY_NAME: Mapping[str, Shelf] = {shelf.name: shelf for shelf in SHELVES}

_USUAL: tuple[tuple[str, str], ...] = (
    ("service", "Services"),
    ("guideline", "Most cited guidelines"),
    ("chapter", "Most cited chapters and topics"),
    ("region", "Regions of the spine"),
    ("level", "Usual levels"),
    ("specialty", "Reviewers’ specialties"),
)


@dataclass(frozen=True, slots=True)
class TitledTable:
    title: str
    table: RateTable


@dataclass(frozen=True, slots=True)
class Place:
    """One value of a shelf. `parent_url` and `parent_label` are empty where it stands under nothing."""

    shelf: Shelf
    value: str

    @property
    def label(self) -> str:
        return full_label(self.shelf.name, self.value)

    @property
    def address(self) -> SearchAddress:
        return SearchAddress().choosing(self.shelf.name, (self.value,))

    @property
    def _parent(self) -> str | None:
        return parent_of(self.shelf.name, self.value)

    @property
    def parent_url(self) -> str:
        return browse_url(self.shelf.name, self._parent) if self._parent else ""

    @property
    def parent_label(self) -> str:
        return facet_label(self.shelf.name, self._parent) if self._parent else ""


def shelf_tables(shelf: Shelf, rates: Rates, shown: int | None = None) -> tuple[TitledTable, ...]:
    """The shelf's values, each row leading to its page; the index shows the first `shown`."""
    return tuple(
        TitledTable(
            breakdown.many.capitalize(),
            replace(
                rate_table(breakdown, rates, SearchAddress(), shown, partial(browse_url, shelf.name)),
                all_url=shelf.url,
            ),
        )
        for breakdown in shelf.breakdowns
    )


def place_tables(place: Place, rates: Rates) -> tuple[TitledTable, ...]:
    """What goes with the place, every row leading to the items of both; empty tables are left out."""
    tables = []
    for name, title in _USUAL:
        breakdown = BREAKDOWNS_BY_NAME[name]
        if breakdown.facet is not place.shelf.facet:
            tables.append(TitledTable(title, rate_table(breakdown, rates, place.address, SHOWN_ON_PAGE)))
    return (*_within(place, rates), *(titled for titled in tables if titled.table.rows))


def _within(place: Place, rates: Rates) -> tuple[TitledTable, ...]:
    """What stands under the place: a category's services, a guideline's chapters, a region's levels."""
    facet = place.shelf.facet
    held = {
        value: rate
        for value, rate in rates[facet.name].items()
        if parent_of(facet.name, value) == place.value
    }
    if not held:
        return ()
    (breakdown,) = (one for one in place.shelf.breakdowns if one.part in (Part.ALL, Part.CHILDREN))
    table = rate_table(
        breakdown, {facet.name: held}, place.address, SHOWN_ON_PAGE, partial(browse_url, facet.name)
    )
    return (TitledTable(f"Within {place.label}", replace(table, sets_aside=False)),)
