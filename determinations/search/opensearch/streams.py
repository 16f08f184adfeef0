"""All documents of a query, some at a time, on one state of the index: a point in time and `search_after`."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from determinations.search.index_errors import IndexDamagedError
from determinations.search.interface import SearchUnavailableError
from determinations.search.opensearch.connection import Body, Cluster, RefusedError, checked
from determinations.search.opensearch.expressions import Query

AT_A_TIME = 10_000
_KEPT = "2m"
_SECONDS = 60.0
"""How long each of the parts may take."""


def hits_of(
    cluster: Cluster, index: str, query: Query, sort: list[Any], at_a_time: int = AT_A_TIME, **asked: Any
) -> Iterator[list[Body]]:
    """The hits in order, so many at a time. The order must end in the key, so that none is lost."""
    try:
        opened = cluster.call("POST", f"/{index}/_search/point_in_time?keep_alive={_KEPT}")
    except RefusedError as error:
        if error.kind == "index_not_found_exception":
            raise IndexDamagedError(error.reason) from None
        raise
    point = opened["pit_id"]
    body: Body = {
        "query": query,
        "sort": sort,
        "size": at_a_time,
        "track_total_hits": False,
        "_source": False,
        **asked,
    }
    try:
        while True:
            body["pit"] = {"id": point, "keep_alive": _KEPT}
            answer = checked(cluster.call("POST", "/_search", body, _SECONDS))
            point = answer.get("pit_id", point)
            hits: list[Body] = answer["hits"]["hits"]
            if hits:
                yield hits
            if len(hits) < at_a_time:
                return
            body["search_after"] = hits[-1]["sort"]
    finally:
        with suppress(SearchUnavailableError):  # it ends by itself after a while
            cluster.call("DELETE", "/_search/point_in_time", {"pit_id": [point]})
