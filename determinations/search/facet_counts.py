"""Facet counts as the interface gives them, and those of a whole search from the counts of its splits."""

from collections import Counter
from collections.abc import Iterable

from determinations.search.facets import FACETS_BY_NAME
from determinations.search.interface import FacetCount, FacetFilter, SearchRequest


def counted(counts: Iterable[tuple[str, int]]) -> tuple[FacetCount, ...]:
    """Commonest first, then by value; without values of no item."""
    found = [(-count, value) for value, count in counts if count]
    return tuple(FacetCount(value, -count) for count, value in sorted(found))


def summed(*several: Iterable[FacetCount]) -> tuple[FacetCount, ...]:
    """The counts of items that are several sets, none of which is in two of them."""
    together: Counter[str] = Counter()
    for counts in several:
        for one in counts:
            together[one.value] += one.count
    return counted(together.items())


def outside_of_splits(request: SearchRequest) -> FacetFilter | None:
    """What finds the items that are in no split, if these and the splits are all that the request finds.

    They are where splits go by different values of one facet that has a value an item and no filter. There
    are few such items as a rule, so that all items are counted nearly for nothing. Else None.
    """
    facets = {one.facet for one in request.split}
    values = [value for one in request.split for value in one.values]
    if len(facets) != 1 or len(values) != len(set(values)):
        return None
    (facet,) = facets
    is_single = facet in FACETS_BY_NAME and not FACETS_BY_NAME[facet].multiple
    is_plain = all(one == FacetFilter(facet, one.values) and one.values for one in request.split)
    if not is_single or not is_plain or facet in {one.facet for one in request.filters}:
        return None
    return FacetFilter(facet, unwanted=tuple(values))
