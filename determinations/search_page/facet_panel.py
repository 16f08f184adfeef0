"""The facets as a page shows them: every value with its count and the address that adds or removes it.

Made of an address and an engine's counts. No HTML, no engine: templates only walk these values.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from determinations.search.facets import (
    CLAIMS_ADMINISTRATOR_GUIDELINE,
    FACETS,
    GUIDELINE,
    LEVEL,
    Facet,
)
from determinations.search.interface import FacetCount
from determinations.search_page.address import SearchAddress
from determinations.search_page.facet_labels import facet_label, in_order, parent_of
from determinations.statistics.rates import OutcomeRate

SHOWN_AT_ONCE = 8

Rates = Mapping[str, Mapping[str, OutcomeRate]]
"""Facet name -> value -> its outcome rate."""

_NO_RATES: Rates = {}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """`count` is what choosing this value instead of the facet's present choice would find.

    `rate` is how often the denial was overturned among them, whichever decision is chosen; None where
    that says nothing. `is_open` says that the children are unfolded: the value or one of them is chosen,
    or `unfolded` says so, since its children are worth comparing at a glance.
    """

    value: str
    label: str
    count: int
    selected: bool
    toggle_url: str
    rate: OutcomeRate | None = None
    children: tuple["FacetValue", ...] = ()
    unfolded: bool = False

    @property
    def is_open(self) -> bool:
        chosen = self.selected or any(child.selected for child in self.children)
        return bool(self.children) and (chosen or self.unfolded)


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """One facet. `folded` holds the values after the first few, `is_open` whether the group is unfolded."""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    folded: tuple[FacetValue, ...]
    chosen: int
    is_open: bool
    errors: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return len(self.values) + len(self.folded)

    @property
    def rated(self) -> tuple[FacetValue, ...]:
        """Every value with a rate, children behind their parent: the rows of a table."""
        every = (row for value in (*self.values, *self.folded) for row in (value, *value.children))
        return tuple(row for row in every if row.rate)

    @property
    def has_branches(self) -> bool:
        return any(value.children for value in self.values)

    @property
    def folded_is_open(self) -> bool:
        return any(value.selected or value.is_open for value in self.folded)


@dataclass(frozen=True, slots=True)
class Chip:
    """One chosen filter and the address without it."""

    facet_label: str
    label: str
    remove_url: str


def facet_groups(
    address: SearchAddress,
    counts: Mapping[str, Sequence[FacetCount]],
    errors: Mapping[str, tuple[str, ...]],
    rates: Rates = _NO_RATES,
) -> tuple[FacetGroup, ...]:
    """Every facet, in the facets' order; `errors` are messages by facet name."""
    return tuple(
        _group(
            facet,
            address,
            counts.get(facet.name, ()),
            errors.get(facet.name, ()),
            rates.get(facet.name, {}),
        )
        for facet in FACETS
    )


def chips(address: SearchAddress, url_of: Callable[[SearchAddress], str] | None = None) -> tuple[Chip, ...]:
    """The chosen filters. `url_of`: the page that a chip leads to; by default the search page."""
    page_of = url_of or attrgetter("url")
    labels = {facet.name: facet.label for facet in FACETS}
    return tuple(
        Chip(
            labels[given.facet], full_label(given.facet, value), page_of(address.toggling(given.facet, value))
        )
        for given in address.filters
        for value in given.values
    )


def full_label(facet: str, value: str) -> str:
    """The value's label away from its parent: "Official Disability Guidelines: Low Back"."""
    parent = parent_of(facet, value)
    if parent is None or facet not in (GUIDELINE.name, CLAIMS_ADMINISTRATOR_GUIDELINE.name):
        return facet_label(facet, value)
    return f"{facet_label(facet, parent)}: {facet_label(facet, value)}"


def _group(
    facet: Facet,
    address: SearchAddress,
    counts: Sequence[FacetCount],
    errors: tuple[str, ...],
    rates: Mapping[str, OutcomeRate],
) -> FacetGroup:
    chosen = address.chosen(facet.name)
    counted = {count.value: count.count for count in counts}
    # A chosen value that nothing holds any more still needs its row, or it could not be removed.
    for value in chosen:
        counted.setdefault(value, 0)
    if facet.hierarchical:
        for parent in {parent_of(facet.name, value) for value in counted} - {None}:
            counted.setdefault(str(parent), 0)
    tops: list[FacetCount] = []
    children: dict[str, list[FacetCount]] = {}
    for value, count in counted.items():
        parent = parent_of(facet.name, value)
        (tops if parent is None else children.setdefault(parent, [])).append(FacetCount(value, count))
    values = tuple(
        _value(
            facet,
            address,
            top,
            rates,
            tuple(
                _value(facet, address, child, rates, ())
                for child in in_order(facet.name, children.get(top.value, ()))
            ),
        )
        for top in in_order(facet.name, tops)
    )
    if facet is LEVEL and not chosen:
        values = _region_unfolded(values)
    # Folding away only one or two would cost a click and save nothing.
    cut = SHOWN_AT_ONCE if len(values) > SHOWN_AT_ONCE + 2 and not facet.hierarchical else len(values)
    return FacetGroup(
        name=facet.name,
        label=facet.label,
        values=values[:cut],
        folded=values[cut:],
        chosen=len(chosen),
        is_open=bool(chosen or errors) or facet is not CLAIMS_ADMINISTRATOR_GUIDELINE,
        errors=errors,
    )


def _region_unfolded(regions: tuple[FacetValue, ...]) -> tuple[FacetValue, ...]:
    """The region of most items unfolded: whether L5-S1 fares worse than L4-L5 is seen without a click."""
    largest = max((region.count for region in regions), default=0)
    first = next((region for region in regions if region.count == largest), None)
    return tuple(replace(region, unfolded=True) if region is first else region for region in regions)


def _value(
    facet: Facet,
    address: SearchAddress,
    counted: FacetCount,
    rates: Mapping[str, OutcomeRate],
    children: tuple[FacetValue, ...],
) -> FacetValue:
    return FacetValue(
        value=counted.value,
        label=facet_label(facet.name, counted.value),
        count=counted.count,
        selected=counted.value in address.chosen(facet.name),
        toggle_url=address.toggling(facet.name, counted.value).url,
        rate=rates.get(counted.value),
        children=children,
    )
