"""What the first page shows: common services with their outcomes, doors into the letters, the newest letters.

Two questions to the engine and one to the database, which reads six rows in an index's order.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from determinations.models import Determination
from determinations.search.facets import GUIDELINE, LEVEL, SERVICE, YEAR
from determinations.search.interface import SearchEngine, SearchRequest
from determinations.search_page.address import SearchAddress
from determinations.statistics.breakdowns import BREAKDOWNS_BY_NAME, LinkedRow, rate_table
from determinations.statistics.rates import OutcomeRate, outcomes_of

SERVICES_SHOWN = 8
DOOR_LENGTH = 8
NEWEST_SHOWN = 6
_BROWSED = (
    ("Services", "category", SERVICE.name),
    ("Guidelines", "guideline", GUIDELINE.name),
    ("Spine", "region", LEVEL.name),
)
"""The title of a door, the breakdown that it lists, and the facet that its title leads to."""
_COUNTED = (SERVICE.name, GUIDELINE.name, LEVEL.name, YEAR.name)


@dataclass(frozen=True, slots=True)
class Door:
    """A way in for people who browse: `rows` are its commonest values, each a search; `url` leads to all."""

    title: str
    url: str
    rows: tuple[LinkedRow, ...]


@dataclass(frozen=True, slots=True)
class FirstPage:
    """`total` is the number of disputed items, `rate` that of overturned ones among the decided."""

    total: int
    rate: OutcomeRate
    services: tuple[LinkedRow, ...]
    doors: tuple[Door, ...]
    newest: tuple[Determination, ...]


def first_page(engine: SearchEngine) -> FirstPage:
    """Raises SearchUnavailableError."""
    outcomes = outcomes_of(engine, SearchRequest(limit=0), _COUNTED)
    return FirstPage(
        total=engine.status().documents,
        rate=outcomes.overall,
        services=_commonest("service", outcomes.by_facet, SERVICES_SHOWN),
        doors=(
            *(
                Door(title, reverse("determinations:browse_list", args=[facet]), rows)
                for title, breakdown, facet in _BROWSED
                if (rows := _commonest(breakdown, outcomes.by_facet, DOOR_LENGTH))
            ),
            *_years(outcomes.by_facet),
        ),
        newest=_newest(),
    )


def _commonest(
    breakdown: str, rates: Mapping[str, Mapping[str, OutcomeRate]], shown: int
) -> tuple[LinkedRow, ...]:
    """The values of the most decided items, most first."""
    rows = rate_table(BREAKDOWNS_BY_NAME[breakdown], rates, SearchAddress()).rows
    return tuple(sorted(rows, key=lambda linked: -linked.row.rate.decided)[:shown])


def _years(rates: Mapping[str, Mapping[str, OutcomeRate]]) -> tuple[Door, ...]:
    """Every year, the latest first."""
    rows = rate_table(BREAKDOWNS_BY_NAME["year"], rates, SearchAddress()).rows
    url = reverse("determinations:statistics_table", args=["year"])
    return (Door("Years", url, rows[::-1]),) if rows else ()


def _newest() -> tuple[Determination, ...]:
    letters = Determination.objects.current().without_texts().filter(decided_on__isnull=False)
    return tuple(letters.order_by("-decided_on", "pk")[:NEWEST_SHOWN])
