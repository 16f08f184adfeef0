"""Rates of overturned denials with their confidence intervals, and the rates of a search and its facets.

A rate covers only the letters of this site: sources disagree on the overall rate, and no collection is
complete. The engine counts the upheld items and the overturned ones of a search apart, as splits of it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import sqrt

from determinations.letters.parsed_letter import Decision
from determinations.search.facets import DECISION
from determinations.search.interface import (
    FacetCount,
    FacetFilter,
    SearchEngine,
    SearchRequest,
    SearchResults,
)

FEWEST_FOR_A_PERCENTAGE = 5
"""With fewer decided items than this, a percentage would claim more than the letters support."""

_Z = 1.959964  # the normal quantile of a two-sided 95% interval

OVERTURNED = (Decision.OVERTURNED.value, Decision.PARTIALLY_OVERTURNED.value)
UPHELD = (Decision.UPHELD.value,)
DECIDED = (*UPHELD, *OVERTURNED)


@dataclass(frozen=True, slots=True)
class OutcomeRate:
    """`overturned` of `decided` items, a partial overturn counted as overturned.

    Items whose decision could not be read are not decided.
    """

    overturned: int
    decided: int

    def __post_init__(self) -> None:
        if not 0 <= self.overturned <= self.decided:
            raise ValueError(f"{self.overturned} of {self.decided} items is not a rate")

    @property
    def upheld(self) -> int:
        return self.decided - self.overturned

    @property
    def has_percentage(self) -> bool:
        return self.decided >= FEWEST_FOR_A_PERCENTAGE

    @property
    def share(self) -> float:
        """Between 0 and 1; 0 where nothing is decided."""
        return self.overturned / self.decided if self.decided else 0.0

    @property
    def percentage(self) -> str:
        """The share in whole percent ("16%"), or an empty text below five items.

        A share between 0 and 1 never rounds to 0% or 100%.
        """
        if not self.has_percentage:
            return ""
        share = self.share
        if 0 < share < 0.005:
            return "under 1%"
        if 0.995 <= share < 1:
            return "over 99%"
        return f"{round(share * 100)}%"

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson score interval at 95% (Wilson 1927): shares between 0 and 1, (0, 1) if none decided."""
        n = self.decided
        if not n:
            return (0.0, 1.0)
        share = self.share
        spread = _Z * sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
        middle = share + _Z * _Z / (2 * n)
        scale = 1 + _Z * _Z / n
        return (max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))

    @property
    def bounds(self) -> str:
        """The interval alone, "12% to 21%", or an empty text below five items."""
        if not self.has_percentage:
            return ""
        low, high = self.interval
        return f"{round(low * 100)}% to {round(high * 100)}%"

    @property
    def figures(self) -> tuple[float, float, float] | None:
        """Share, lower and upper end of the interval, to four decimals as files have them; None below five
        items."""
        if not self.has_percentage:
            return None
        low, high = self.interval
        return (round(self.share, 4), round(low, 4), round(high, 4))

    @property
    def interval_in_words(self) -> str:
        """ "12% to 21% (95% confidence, n = 312)", or an empty text below five items."""
        bounds = self.bounds
        return f"{bounds} (95% confidence, n = {self.decided:,})" if bounds else ""

    @property
    def in_words(self) -> str:
        """ "312 of 1,946 overturned (16%)"."""
        counted = f"{self.overturned:,} of {self.decided:,} overturned"
        percentage = self.percentage
        return f"{counted} ({percentage})" if percentage else counted


@dataclass(frozen=True, slots=True)
class Outcomes:
    """`by_facet`: facet name -> value -> its rate, each facet without its own filter, decisions aside."""

    overall: OutcomeRate
    by_facet: Mapping[str, Mapping[str, OutcomeRate]]


def with_outcomes(request: SearchRequest, facets: Iterable[str]) -> SearchRequest:
    """The request, whose results will have the outcomes of the facets too: see `outcomes_in`."""
    return replace(
        request,
        split=(FacetFilter(DECISION.name, UPHELD), FacetFilter(DECISION.name, OVERTURNED)),
        split_count=tuple(name for name in facets if name != DECISION.name),
    )


def outcomes_in(results: SearchResults) -> Outcomes:
    """The outcomes of what a request `with_outcomes` found. The decision filter is ignored."""
    upheld, overturned = results.splits
    return Outcomes(
        overall=OutcomeRate(overturned.total, overturned.total + upheld.total),
        by_facet={name: _rates(overturned.counts[name], upheld.counts[name]) for name in upheld.counts},
    )


def outcomes_of(engine: SearchEngine, request: SearchRequest, facets: Iterable[str]) -> Outcomes:
    """The outcomes alone of the items that the request finds. The decision filter is ignored.

    Raises QuerySyntaxError or SearchUnavailableError.
    """
    return outcomes_in(engine.search(with_outcomes(request.counting(), facets)))


def _rates(overturned: Iterable[FacetCount], upheld: Iterable[FacetCount]) -> dict[str, OutcomeRate]:
    """By value, in the order of a facet's counts: most items first."""
    won, lost = (Counter({one.value: one.count for one in counts}) for counts in (overturned, upheld))
    decided = won + lost
    in_order = sorted(decided, key=lambda value: (-decided[value], value))
    return {value: OutcomeRate(won[value], decided[value]) for value in in_order}


@dataclass(frozen=True, slots=True)
class DecidedItems:
    """How many items were overturned in full, overturned in part, and upheld."""

    in_full: int
    in_part: int
    upheld: int

    @property
    def overturned(self) -> int:
        return self.in_full + self.in_part

    @property
    def rate(self) -> OutcomeRate:
        return OutcomeRate(self.overturned, self.overturned + self.upheld)


def decided_items(engine: SearchEngine, request: SearchRequest) -> DecidedItems:
    """The decided items that the request finds. The decision filter is ignored.

    Raises QuerySyntaxError or SearchUnavailableError.
    """
    results = engine.search(request.counting(DECISION.name))
    counts = {counted.value: counted.count for counted in results.counts[DECISION.name]}
    return DecidedItems(*(counts.get(one, 0) for one in (*OVERTURNED, *UPHELD)))
