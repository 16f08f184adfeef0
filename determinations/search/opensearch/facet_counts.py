"""Counts of facet values: one request for all facets and all splits of a search.

The shards remember the answer until the next commit.
"""

from collections.abc import Iterable
from dataclasses import replace

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
_ALL = "all"


def counts_body(request: SearchRequest, found: Query) -> Body:
    """Counts every facet without its own filter, in all that is found and in each split."""
    aggregations = _groups(request, request.count)
    for number, one in enumerate(request.split):
        groups = _groups(_replaced(request, one), request.split_count)
        aggregations |= {f"{number} {name}": group for name, group in groups.items()}
    return {"query": found, "size": 0, "track_total_hits": False, "aggs": aggregations}


def _replaced(request: SearchRequest, one: FacetFilter) -> SearchRequest:
    """The request with a filter in the place of that of its facet."""
    return replace(request, filters=(*(each for each in request.filters if each.facet != one.facet), one))


def _groups(request: SearchRequest, count: Iterable[str]) -> dict[str, Body]:
    """Facets that are counted under the same filters: one that has a filter by itself, without its own."""
    chosen = {one.facet: one.held_in for one in request.filters}
    groups: dict[str, list[str]] = {_ALL: []}
    for facet in count:
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
    return _counts_of(request, request.count, answer)


def splits(request: SearchRequest, answer: Body) -> tuple[Split, ...]:
    """Raises SearchUnavailableError where a facet has too many values."""
    return tuple(
        Split(
            answer["aggregations"][f"{number} {_ALL}"]["doc_count"],
            _counts_of(_replaced(request, one), request.split_count, answer, f"{number} "),
        )
        for number, one in enumerate(request.split)
    )


def _counts_of(
    request: SearchRequest, count: Iterable[str], answer: Body, prefix: str = ""
) -> dict[str, tuple[FacetCount, ...]]:
    chosen = {one.facet for one in request.filters}
    counts = {}
    for facet in count:
        group = answer["aggregations"][prefix + (facet if facet in chosen else _ALL)]
        values = group[facet]
        if values["sum_other_doc_count"]:
            raise SearchUnavailableError(f"{facet} has more than {_MOST_VALUES:,} values.")
        found = sorted((-one["doc_count"], one["key"]) for one in values["buckets"])
        counts[facet] = tuple(FacetCount(value, -count) for count, value in found)
    return counts
