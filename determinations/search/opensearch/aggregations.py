"""Counts of facet values: one request for all facets and all splits of a search.

The shards remember the answer until the next commit.
"""

from dataclasses import replace

from determinations.search.facet_counts import counted, outside_of_splits, summed
from determinations.search.index_fields import facet_field
from determinations.search.interface import (
    FacetCount,
    FacetFilter,
    SearchRequest,
    SearchUnavailableError,
    Split,
)
from determinations.search.opensearch.connection import Body
from determinations.search.opensearch.expressions import EVERYTHING, Query
from determinations.search.opensearch.scoring import filter_queries

_MOST_VALUES = 20_000
"""Values that a facet may have; with more the counts would not be whole, and are refused."""
_ALL, _OUTSIDE = "all", "outside "


def counts_body(request: SearchRequest, found: Query) -> Body:
    """Counts every facet without its own filter, in all that is found and in each split."""
    aggregations: dict[str, Body] = {}
    for prefix, asked in _parts(request).items():
        aggregations |= {prefix + name: group for name, group in _groups(asked).items()}
    return {"query": found, "size": 0, "track_total_hits": False, "aggs": aggregations}


def _parts(request: SearchRequest) -> dict[str, SearchRequest]:
    """What is counted, by the beginning of its aggregations' names: all, each split, what is outside of them.

    With the last, facets are counted once: those of all are the sum.
    """
    outside = outside_of_splits(request)
    apart = () if outside is None else request.split_count
    parts = {"": replace(request, count=tuple(facet for facet in request.count if facet not in apart))}
    for number, one in enumerate(request.split):
        parts[_split_name(number)] = replace(_replaced(request, one), count=request.split_count)
    if outside is not None:
        both = tuple(facet for facet in request.count if facet in apart)
        parts[_OUTSIDE] = replace(_replaced(request, outside), count=both)
    return parts


def _split_name(number: int) -> str:
    return f"{number} "


def _replaced(request: SearchRequest, one: FacetFilter) -> SearchRequest:
    """The request with a filter in the place of that of its facet."""
    return replace(request, filters=(*(each for each in request.filters if each.facet != one.facet), one))


def _groups(request: SearchRequest) -> dict[str, Body]:
    """Facets that are counted under the same filters: one that has a filter by itself, without its own."""
    chosen = {one.facet: one.held_in for one in request.filters}
    groups: dict[str, list[str]] = {_ALL: []}
    for facet in request.count:
        groups.setdefault(facet if facet in chosen else _ALL, []).append(facet)
    return {
        name: _group(
            filter_queries(request.filters, request.dates, None if name == _ALL else name),
            {facet: _values_of(chosen.get(facet, facet)) for facet in facets},
        )
        for name, facets in groups.items()
    }


def _group(filters: list[Query], counted: Body) -> Body:
    group: Body = {"filter": {"bool": {"filter": filters or [EVERYTHING]}}}
    return group | {"aggs": counted} if counted else group


def _values_of(column: str) -> Body:
    return {"terms": {"field": facet_field(column), "size": _MOST_VALUES}}


def counted_total(answer: Body) -> int:
    """How many documents all filters leave."""
    return int(answer["aggregations"][_ALL]["doc_count"])


def facet_counts(request: SearchRequest, answer: Body) -> dict[str, tuple[FacetCount, ...]]:
    """Raises SearchUnavailableError where a facet has too many values."""
    counts = {prefix: _counts_of(asked, answer, prefix) for prefix, asked in _parts(request).items()}
    every = counts[""]
    for facet in counts.get(_OUTSIDE, ()):
        every[facet] = summed(*(each[facet] for prefix, each in counts.items() if prefix))
    return every


def splits(request: SearchRequest, answer: Body) -> tuple[Split, ...]:
    """Raises SearchUnavailableError where a facet has too many values."""
    parts = _parts(request)
    prefixes = [_split_name(number) for number in range(len(request.split))]
    return tuple(
        Split(
            answer["aggregations"][prefix + _ALL]["doc_count"],
            _counts_of(parts[prefix], answer, prefix),
        )
        for prefix in prefixes
    )


def _counts_of(asked: SearchRequest, answer: Body, prefix: str) -> dict[str, tuple[FacetCount, ...]]:
    chosen = {one.facet for one in asked.filters}
    counts = {}
    for facet in asked.count:
        values = answer["aggregations"][prefix + (facet if facet in chosen else _ALL)][facet]
        if values["sum_other_doc_count"]:
            raise SearchUnavailableError(f"{facet} has more than {_MOST_VALUES:,} values.")
        counts[facet] = counted((one["key"], one["doc_count"]) for one in values["buckets"])
    return counts
