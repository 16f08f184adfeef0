"""A search that is run exactly as asked, or not at all.

On the search page a filter that cannot be used is left out, and a message beside it says so. A file or an
alert has no room for such a message: leaving a filter out would pass other results off as those asked for.

Every item that a search finds, however many: keys from the engine in pages, rows in chunks.

A key takes eight bytes while it waits; rows are in memory by the hundred. Knows no HTML and no file format.
"""

import logging
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from determinations.models import Determination, DisputedItem
from determinations.search.interface import SearchEngine, SearchRequest
from determinations.search.query.nodes import Node
from determinations.search_page.address import SearchAddress, TypedParameters
from determinations.search_page.errors import faults_of
from determinations.search_page.form import SearchFilters
from determinations.search_page.question import read_question


class SearchNotUnderstoodError(Exception):
    """`problems` says what is wrong with the search, a sentence or two each; never empty."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ExactSearch:
    """`query` is what to look for, related words included where the address asks for them."""

    address: SearchAddress
    query: Node | None

    def page(self, offset: int, limit: int) -> SearchRequest:
        return SearchRequest(self.query, self.address.filters, self.address.order, offset, limit)


def exact_search(typed: TypedParameters) -> ExactSearch:
    """The search of these parameters, all its pages together. Raises SearchNotUnderstoodError."""
    filters = SearchFilters(typed.without("page"))
    question = read_question(filters.address)
    if faults := faults_of(filters, question):
        raise SearchNotUnderstoodError(tuple(fault.in_words for fault in faults))
    return ExactSearch(filters.address, question.node)


HITS_AT_A_TIME = 50_000
ROWS_AT_A_TIME = 200
_TIMES_TO_BEGIN_AGAIN = 3

logger = logging.getLogger(__name__)


def found_keys(search: ExactSearch, engine: SearchEngine) -> "array[int]":
    """The keys of all hits in the search's order. Raises SearchUnavailableError.

    Pages of two states of the index do not fit together: where the index changes meanwhile, the hits are
    fetched anew. An index that changes all the time is read in one page.
    """
    for _ in range(_TIMES_TO_BEGIN_AGAIN):
        generation = engine.status().generation
        keys = _keys(search, engine, HITS_AT_A_TIME)
        if len(keys) <= HITS_AT_A_TIME or engine.status().generation == generation:
            return keys
    return _keys(search, engine, max(1, engine.status().documents))


def found_items(keys: "array[int]") -> Iterator[DisputedItem]:
    """The items in the order of the keys, letter and citations included; those gone are left out."""
    for start in range(0, len(keys), ROWS_AT_A_TIME):
        chunk = keys[start : start + ROWS_AT_A_TIME]
        rows = (
            DisputedItem.objects.select_related("determination")
            .defer(*(f"determination__{name}" for name in _LONG_TEXTS), "rationale")
            .prefetch_related("citations")
            .in_bulk(chunk)
        )
        if len(rows) < len(chunk):
            logger.warning("%d items found have no row: run check_index --fix", len(chunk) - len(rows))
        yield from (rows[key] for key in chunk if key in rows)


_LONG_TEXTS = (Determination.full_text.field.name, Determination.clinical_summary.field.name)


def _keys(search: ExactSearch, engine: SearchEngine, page_length: int) -> "array[int]":
    keys = array("Q")
    while True:
        hits = engine.search(search.page(len(keys), page_length)).hits
        keys.extend(hit.key for hit in hits)
        if len(hits) < page_length:
            return keys
