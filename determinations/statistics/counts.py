"""Outcome rates of a search as a whole and by each value of its facets.

Two questions to the engine give them all: one counts the decided items, one the overturned ones.
Knows the engine boundary; knows no rows and no page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from determinations.letters.parsed_letter import Decision
from determinations.search.facets import DECISION
from determinations.search.interface import FacetFilter, SearchEngine, SearchRequest
from determinations.statistics.rates import OutcomeRate

OVERTURNED = (Decision.OVERTURNED.value, Decision.PARTIALLY_OVERTURNED.value)
UPHELD = (Decision.UPHELD.value,)
DECIDED = (*UPHELD, *OVERTURNED)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """`by_facet`: facet name -> value -> its rate, each facet without its own filter, decisions aside."""

    overall: OutcomeRate
    by_facet: Mapping[str, Mapping[str, OutcomeRate]]


def outcomes_of(engine: SearchEngine, request: SearchRequest, facets: Iterable[str]) -> Outcomes:
    """The outcomes of what the request finds, whichever decision it is narrowed to.

    Raises QuerySyntaxError or SearchUnavailableError.
    """
    names = tuple(name for name in facets if name != DECISION.name)
    decided_total, decided = _counted(engine, request, DECIDED, names)
    overturned_total, overturned = _counted(engine, request, OVERTURNED, names)
    return Outcomes(
        overall=OutcomeRate(overturned_total, decided_total),
        by_facet={
            name: {
                value: OutcomeRate(overturned[name].get(value, 0), count)
                for value, count in decided[name].items()
            }
            for name in names
        },
    )


@dataclass(frozen=True, slots=True)
class DecidedItems:
    """How many items were overturned in full, overturned in part, and upheld."""

    in_full: int
    in_part: int
    upheld: int

    @property
    def overturned(self) -> int:
        return self.in_full + self.in_part


def decided_items(engine: SearchEngine, request: SearchRequest) -> DecidedItems:
    """The decided items of what the request finds, whichever decision it is narrowed to.

    Raises QuerySyntaxError or SearchUnavailableError.
    """
    results = engine.search(replace(request, offset=0, limit=0, count=(DECISION.name,), most_of=None))
    counts = {counted.value: counted.count for counted in results.counts[DECISION.name]}
    return DecidedItems(*(counts.get(one, 0) for one in (*OVERTURNED, *UPHELD)))


def _counted(
    engine: SearchEngine, request: SearchRequest, decisions: tuple[str, ...], facets: tuple[str, ...]
) -> tuple[int, dict[str, dict[str, int]]]:
    others = tuple(chosen for chosen in request.filters if chosen.facet != DECISION.name)
    results = engine.search(
        replace(
            request,
            filters=(*others, FacetFilter(DECISION.name, decisions)),
            offset=0,
            limit=0,
            count=facets,
            most_of=None,
            count_summaries=False,
        )
    )
    counts = {name: {counted.value: counted.count for counted in results.counts[name]} for name in facets}
    return results.total, counts
