"""Searches of one round trip that saw the index at different moments, while it was being written."""

from typing import Any, cast

import pytest

from determinations.search.interface import SearchRequest, SearchUnavailableError
from determinations.search.opensearch import pages
from determinations.search.opensearch.pages import Pages
from determinations.search.opensearch.state import Index

REQUEST = SearchRequest(limit=20, count=("service",))
HIT = {"_score": 1.0, "sort": [1.0, 7], "_id": "7"}


def answers(total: int, *hits: dict[str, Any]) -> dict[str, Any]:
    counted = {"doc_count": total, "service": {"sum_other_doc_count": 0, "buckets": []}}
    return {"counts": {"aggregations": {"all": counted}}, "hits": {"hits": {"hits": list(hits)}}}


class ScriptedPages(Pages):
    """Gives answers one after the other; the last one again and again."""

    def __init__(self, *given: dict[str, Any]) -> None:
        super().__init__(cast("Index", None))
        self._given = list(given)

    def _prepared(self, needs: object) -> Any:
        return pages._Known("commit", 1)

    def _asked(self, bodies: object, known: object) -> dict[str, Any]:
        return self._given.pop(0) if len(self._given) > 1 else self._given[0]


def test_a_total_without_its_hits_is_asked_for_again() -> None:
    found = ScriptedPages(answers(1), answers(1, HIT)).search(REQUEST)
    assert (found.total, [hit.key for hit in found.hits]) == (1, [7])


def test_a_total_that_stays_without_hits_is_no_answer() -> None:
    with pytest.raises(SearchUnavailableError):
        ScriptedPages(answers(1)).search(REQUEST)


def test_a_page_behind_the_last_has_no_hits() -> None:
    found = ScriptedPages(answers(20)).search(SearchRequest(offset=20, limit=20, count=("service",)))
    assert (found.total, found.hits) == (20, ())
