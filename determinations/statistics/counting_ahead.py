"""Counts the words of large collections before anybody asks for them.

The import worker does so once it has nothing else to do: for all determinations together, and for the values
of the browse pages that have many items. Whatever else is asked for is counted when it is.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from time import monotonic

from determinations.search.interface import FacetFilter, SearchEngine, SearchError, SearchRequest
from determinations.statistics.browsing import BROWSE_FACETS
from determinations.statistics.distinctive_terms import forget_kept_terms, keep_distinctive_terms
from determinations.statistics.typical_passages import FULLY

FEWEST_ITEMS = 50_000
"""Counting the words of a search takes up to 1.7 seconds in the largest index, 0.15 among 100,000 items."""
SECONDS_UNCHANGED = 30.0
"""An index that changes sooner would make most of the work worthless."""
SECONDS_AFTER_AN_ERROR = 600.0

_EVERYTHING = SearchRequest(limit=0)

logger = logging.getLogger(__name__)


class CountingAhead:
    """One search at each step, so that whoever calls has its hands free in between."""

    def __init__(self) -> None:
        self._commit = ""
        self._waits_until = 0.0
        self._steps: Iterator[None] = iter(())

    def step(self, engine: SearchEngine) -> None:
        """Count for one search, if the index has been as it is for a while and something is left to count."""
        now = monotonic()
        try:
            commit = engine.status().commit if now >= self._waits_until else self._commit
            if commit != self._commit:
                self._commit, self._waits_until = commit, now + SECONDS_UNCHANGED
                self._steps = count_ahead(engine)
            elif now >= self._waits_until:
                next(self._steps, None)
        except (SearchError, OSError) as error:
            self._commit, self._waits_until = "", now + SECONDS_AFTER_AN_ERROR
            logger.error("Words are not counted ahead, so some pages take longer: %s", error)


def count_ahead(engine: SearchEngine) -> Iterator[None]:
    """One search at each step. Begins by removing what was kept for another commit, or by another version.

    Raises SearchUnavailableError, or OSError where the disk has no room.
    """
    forget_kept_terms()
    if engine.status().documents < FEWEST_ITEMS:
        return
    keep_distinctive_terms(engine, _EVERYTHING)
    yield
    names = tuple(browsed.name for browsed in BROWSE_FACETS)
    counts = engine.search(replace(_EVERYTHING, count=names)).counts
    for name in names:
        for one in counts[name]:
            if one.count >= FEWEST_ITEMS:
                of_value = replace(_EVERYTHING, filters=(FacetFilter(name, (one.value,)),))
                keep_distinctive_terms(engine, of_value, FULLY)
                yield
