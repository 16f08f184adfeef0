"""The ways in which outcomes are broken down, and a breakdown's rows. Knows no page and no address.

A hierarchical facet makes two breakdowns, its parents and its children: in one table an item would stand
twice, under its category and under its service.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from determinations.search.facets import GUIDELINE, LEVEL, SERVICE, SPECIALTY, YEAR, Facet
from determinations.search.interface import FacetCount
from determinations.search_page.facet_labels import facet_label, in_order, parent_of
from determinations.statistics.rates import OutcomeRate


class Part(Enum):
    """Which of a facet's values stand in a breakdown."""

    ALL = "all"
    PARENTS = "parents"
    CHILDREN = "children"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """`name` stands in addresses and file names, `one` and `many` name its rows, `title` its table."""

    name: str
    facet: Facet
    part: Part
    one: str
    many: str

    @property
    def title(self) -> str:
        return f"By {self.one}"

    def holds(self, value: str, chosen: Collection[str] = ()) -> bool:
        """Whether the value has a row. Where parents are chosen, no children but theirs have one."""
        if self.part is Part.ALL:
            return True
        parent = parent_of(self.facet.name, value)
        if self.part is Part.PARENTS:
            return parent is None
        return parent is not None and (not self.stays_within(chosen) or parent in chosen or value in chosen)

    def stays_within(self, chosen: Collection[str]) -> bool:
        """Whether the chosen values bear on the rows: parents do on their children."""
        return self.part is Part.CHILDREN and any(
            parent_of(self.facet.name, value) is None for value in chosen
        )


BREAKDOWNS: tuple[Breakdown, ...] = (
    Breakdown("year", YEAR, Part.ALL, "year", "years"),
    Breakdown("category", SERVICE, Part.PARENTS, "category of service", "categories of service"),
    Breakdown("service", SERVICE, Part.CHILDREN, "service", "services"),
    Breakdown("guideline", GUIDELINE, Part.PARENTS, "reviewer’s guideline", "guidelines"),
    Breakdown("chapter", GUIDELINE, Part.CHILDREN, "guideline’s chapter or topic", "chapters and topics"),
    Breakdown("region", LEVEL, Part.PARENTS, "region of the spine", "regions of the spine"),
    Breakdown("level", LEVEL, Part.CHILDREN, "spinal level", "spinal levels"),
    Breakdown("specialty", SPECIALTY, Part.ALL, "reviewer’s specialty", "specialties"),
)
BREAKDOWNS_BY_NAME: Mapping[str, Breakdown] = {breakdown.name: breakdown for breakdown in BREAKDOWNS}


@dataclass(frozen=True, slots=True)
class RateRow:
    """One value of a breakdown: `parent` is the label of what it stands under, or empty."""

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


def _row(facet: Facet, value: str, rate: OutcomeRate) -> RateRow:
    parent = parent_of(facet.name, value) if facet is not LEVEL else None
    return RateRow(
        value=value,
        label=facet_label(facet.name, value),
        parent=facet_label(facet.name, parent) if parent else "",
        rate=rate,
    )
