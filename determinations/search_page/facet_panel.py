"""The facets as a page shows them: every value with its count and the address that adds or removes it.

Made of an address and an engine's counts. No HTML, no engine: templates only walk these values.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from determinations.search.facets import (
    AGREEMENT,
    ANY_OR_ALL,
    BODY_PART,
    CLAIMS_ADMINISTRATOR_GUIDELINE,
    CONTRADICTION,
    FACETS,
    GUIDELINE,
    LEVEL,
    REASON,
    SIDE,
    SPECIALTY,
    Facet,
)
from determinations.search.interface import DateFilter, FacetCount, FacetFilter
from determinations.search_page.address import SearchAddress, ends_of
from determinations.search_page.facet_values import DATE_LABELS, facet_label, in_order, parent_of
from determinations.statistics.rates import OutcomeRate

SHOWN_AT_ONCE = 8

Rates = Mapping[str, Mapping[str, OutcomeRate]]
"""Facet name -> value -> its outcome rate."""

ONLY_OF_REQUESTS = "only if the request states it"
_NO_RATES: Rates = {}
_FOLDED = (BODY_PART, SIDE, SPECIALTY, CLAIMS_ADMINISTRATOR_GUIDELINE, AGREEMENT, CONTRADICTION)
"""Facets that are folded away where nothing of them is chosen. Their values come once they are unfolded."""
UNFOLDED = "open"
"""The parameter of the results page that names facets and branches to unfold: "side", "service.injections".
It is no part of a search."""
RATED_FACETS: tuple[str, ...] = tuple(facet.name for facet in FACETS if facet is not REASON)
"""Facets whose values have a share overturned on pages. Reasons decide their items: 0% or 100% each."""
_SECTIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Guidelines": (
        (GUIDELINE.name, "Cited by the reviewer"),
        (CLAIMS_ADMINISTRATOR_GUIDELINE.name, "Cited by the claims administrator"),
        (AGREEMENT.name, "The two compared"),
    ),
}
"""Facets that stand together under a heading, and what each is called there."""


@dataclass(frozen=True, slots=True)
class PanelValue:
    """`count` is what choosing this value instead of the facet's present choice would find.

    `include_url` lets items with the value in again where they are left out (`is_excluded`).
    `rate` is how often the denial was overturned among them, whichever decision is chosen; None where
    that says nothing.

    `within` is how many values are below it, a branch that is folded away at first. Where the branch is
    unfolded, `children` are these values, else `fetched_from` and `unfolded_url` say where they come from.
    """

    value: str
    label: str
    count: int
    selected: bool
    toggle_url: str
    include_url: str = ""
    is_excluded: bool = False
    rate: OutcomeRate | None = None
    within: int = 0
    children: tuple["PanelValue", ...] = ()
    fetched_from: str = ""
    unfolded_url: str = ""

    @property
    def is_open(self) -> bool:
        return bool(self.children)


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """One facet. `folded` holds the values after the first few.

    `fetched_from` is where the values come from that are not counted yet, and `unfolded_url` the page that
    shows them; empty where they are counted.

    `figures_url` leads to how often each reason is stated; empty for other facets.
    `heading` is what it is called under the heading of its section; "" where it stands by itself.

    `every_url` asks for all of the chosen values where any is asked for, and the reverse (`is_every`);
    empty where that makes no difference. `source_url` leaves out the levels that were read in rationales, or
    lets them in again where they are (`is_of_requests`); empty for other facets than the level.
    """

    name: str
    label: str
    values: tuple[PanelValue, ...]
    folded: tuple[PanelValue, ...]
    chosen: int = 0
    errors: tuple[str, ...] = ()
    is_every: bool = False
    every_url: str = ""
    is_of_requests: bool = False
    source_url: str = ""
    figures_url: str = ""
    heading: str = ""
    fetched_from: str = ""
    unfolded_url: str = ""

    @property
    def is_open(self) -> bool:
        return not self.fetched_from

    @property
    def several(self) -> bool:
        """Whether several values are chosen, so that any or all of them are asked for."""
        return (
            sum(row.selected for value in (*self.values, *self.folded) for row in (value, *value.children))
            > 1
        )

    @property
    def total(self) -> int:
        return len(self.values) + len(self.folded)

    @property
    def has_branches(self) -> bool:
        return any(value.within for value in self.values)

    @property
    def folded_is_open(self) -> bool:
        return any(value.selected or value.is_open for value in self.folded)


@dataclass(frozen=True, slots=True)
class FacetSection:
    """Facets that stand together under a heading; without one, a facet by itself."""

    heading: str
    groups: tuple[FacetGroup, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """One chosen filter and the address without it."""

    facet_label: str
    label: str
    remove_url: str


def drawn_facets(
    address: SearchAddress, errors: Mapping[str, tuple[str, ...]], unfolded: Collection[str]
) -> tuple[str, ...]:
    """The facets whose values a page shows: those that are not folded away, and of these the `unfolded`."""
    named = {one.partition(".")[0] for one in unfolded}
    return tuple(
        facet.name
        for facet in FACETS
        if facet not in _FOLDED
        or facet.name in named
        or errors.get(facet.name)
        or address.of(facet.name) != FacetFilter(facet.name)
    )


def facet_groups(
    address: SearchAddress,
    counts: Mapping[str, Sequence[FacetCount]],
    errors: Mapping[str, tuple[str, ...]],
    rates: Rates = _NO_RATES,
    unfolded: Collection[str] | None = None,
) -> tuple[FacetGroup, ...]:
    """Every facet, in the facets' order; `errors` are messages by facet name.

    A facet that was not counted is folded away, has no values, and says where they come from. With
    `unfolded`, so is each branch of values below another that it does not name, if nothing in it is chosen.
    """
    elsewhere = _Elsewhere(address.urls_at("facet_values", address.sort), address.url)
    return tuple(
        _group(
            facet,
            address,
            counts[facet.name],
            errors.get(facet.name, ()),
            rates.get(facet.name, {}),
            elsewhere,
            unfolded,
        )
        if facet.name in counts
        else _folded_group(facet, *elsewhere.of(facet.name))
        for facet in FACETS
    )


def facet_sections(groups: Iterable[FacetGroup]) -> tuple[FacetSection, ...]:
    """The facets as a page shows them: in their order, those of one section where its first one stands."""
    left = {group.name: group for group in groups}
    section_of = {name: heading for heading, members in _SECTIONS.items() for name, _ in members}
    sections = []
    while left:
        name = next(iter(left))
        heading = section_of.get(name, "")
        members = _SECTIONS[heading] if heading else ((name, ""),)
        together = tuple(replace(left.pop(one), heading=words) for one, words in members if one in left)
        sections.append(FacetSection(heading, together))
    return tuple(sections)


def chips(address: SearchAddress, url_of: Callable[[SearchAddress], str] | None = None) -> tuple[Chip, ...]:
    """The chosen filters. `url_of`: the page that a chip leads to; by default the search page."""
    page_of = url_of or attrgetter("url")
    return tuple(Chip(label, value, page_of(changed)) for label, value, changed in _chosen_filters(address))


def _chosen_filters(address: SearchAddress) -> Iterator[tuple[str, str, SearchAddress]]:
    """Each chosen filter: what it filters by, its value, and the search without it."""
    labels = {facet.name: facet.label for facet in FACETS}
    for given in address.filters:
        name = given.facet
        for value in given.values:
            yield labels[name], full_label(name, value), address.toggling(name, value)
        for value in given.unwanted:
            rest = tuple(one for one in given.unwanted if one != value)
            yield f"{labels[name]}: not", full_label(name, value), address.excluding(name, rest)
        if given.every:
            yield labels[name], "all of the selected", address.matching_every(name, every=False)
        if given.column:
            yield labels[name], ONLY_OF_REQUESTS, address.counting_levels(of_requests=False)
    for span in address.dates:
        first, last = (day for _, day in ends_of(span))
        yield DATE_LABELS[span.date], span_words(first, last), address.dated(DateFilter(span.date))


def span_in_words(span: DateFilter) -> str:
    """ "decided from 2014-01-01 to 2014-06-30"."""
    first, last = (day for _, day in ends_of(span))
    return f"{DATE_LABELS[span.date].lower()} {span_words(first, last)}"


def span_words(first: str, last: str) -> str:
    if first and last:
        return f"from {first} to {last}"
    return f"from {first}" if first else f"to {last}"


def full_label(facet: str, value: str) -> str:
    """The value's label away from its parent: "Official Disability Guidelines: Low Back"."""
    parent = parent_of(facet, value)
    if parent is None or facet not in (GUIDELINE.name, CLAIMS_ADMINISTRATOR_GUIDELINE.name):
        return facet_label(facet, value)
    return f"{facet_label(facet, parent)}: {facet_label(facet, value)}"


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """Where the values come from that a page lacks.

    `values` gives the address of those of a facet or of a branch in it, `page` is the page's own address.
    """

    values: Callable[..., str]
    page: str

    def of(self, *place: str) -> tuple[str, str]:
        """`fetched_from` and `unfolded_url` of a facet, or of a value in it."""
        joint = "&" if "?" in self.page else "?"
        anchor = "-".join(("facet" if len(place) == 1 else "in", *place))
        return self.values(*place), f"{self.page}{joint}{UNFOLDED}={'.'.join(place)}#{anchor}"


def _folded_group(facet: Facet, fetched_from: str, unfolded_url: str) -> FacetGroup:
    return FacetGroup(facet.name, facet.label, (), (), fetched_from=fetched_from, unfolded_url=unfolded_url)


def _group(
    facet: Facet,
    address: SearchAddress,
    counts: Sequence[FacetCount],
    errors: tuple[str, ...],
    rates: Mapping[str, OutcomeRate],
    elsewhere: _Elsewhere,
    unfolded: Collection[str] | None,
) -> FacetGroup:
    given = address.of(facet.name)
    chosen = (*given.values, *given.unwanted)
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
    toggle_url = address.toggling_urls(facet.name)

    def value_of(
        one: FacetCount,
        within: int = 0,
        children: tuple[PanelValue, ...] = (),
        fetched_from: str = "",
        unfolded_url: str = "",
    ) -> PanelValue:
        return PanelValue(
            value=one.value,
            label=facet_label(facet.name, one.value),
            count=one.count,
            selected=one.value in given.values,
            toggle_url=toggle_url(one.value),
            include_url=_include_url(address, given, one.value),
            is_excluded=one.value in given.unwanted,
            rate=rates.get(one.value),
            within=within,
            children=children,
            fetched_from=fetched_from,
            unfolded_url=unfolded_url,
        )

    tops = in_order(facet.name, tops)
    open_ones = {*chosen, *(parent_of(facet.name, value) for value in chosen)}
    open_ones.update(one.partition(".")[2] for one in unfolded or () if one.partition(".")[0] == facet.name)
    if facet is LEVEL and not chosen and tops:
        # The region of most items is unfolded: whether L5-S1 fares worse than L4-L5 is seen without a click.
        open_ones.add(max(tops, key=lambda top: top.count).value)

    def branch_of(top: FacetCount) -> PanelValue:
        below = children.get(top.value, ())
        if below and unfolded is not None and top.value not in open_ones:
            return value_of(top, len(below), (), *elsewhere.of(facet.name, top.value))
        return value_of(top, len(below), tuple(map(value_of, in_order(facet.name, below))))

    values = tuple(map(branch_of, tops))
    # Folding away only one or two would cost a click and save nothing.
    cut = SHOWN_AT_ONCE if len(values) > SHOWN_AT_ONCE + 2 and not facet.hierarchical else len(values)
    return FacetGroup(
        name=facet.name,
        label=facet.label,
        values=values[:cut],
        folded=values[cut:],
        chosen=len(chosen),
        errors=errors,
        is_every=given.every,
        every_url=address.matching_every(facet.name, not given.every).url
        if facet in ANY_OR_ALL and len(given.values) > 1
        else "",
        is_of_requests=facet is LEVEL and address.goes_by_request_levels,
        source_url=address.counting_levels(of_requests=not address.goes_by_request_levels).url
        if facet is LEVEL
        else "",
        figures_url=address.url_at("reasons") if facet is REASON and values else "",
    )


def _include_url(address: SearchAddress, given: FacetFilter, value: str) -> str:
    if value not in given.unwanted:
        return ""
    rest = tuple(one for one in given.unwanted if one != value)
    return address.excluding(given.facet, rest).url
