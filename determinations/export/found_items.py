"""Every item that a search finds, however many: keys from the engine in pages, rows in chunks.

A key takes eight bytes while it waits; rows are in memory by the hundred. Knows no HTML and no file format.
"""

import logging
from array import array
from collections.abc import Iterator

from determinations.models import Determination, DisputedItem
from determinations.search.interface import SearchEngine
from determinations.search_page.search import Search

HITS_AT_A_TIME = 50_000
ROWS_AT_A_TIME = 200
_TIMES_TO_BEGIN_AGAIN = 3

logger = logging.getLogger(__name__)


def found_keys(search: Search, engine: SearchEngine) -> "array[int]":
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


def _keys(search: Search, engine: SearchEngine, page_length: int) -> "array[int]":
    keys = array("Q")
    while True:
        hits = engine.search(search.request(offset=len(keys), limit=page_length)).hits
        keys.extend(hit.key for hit in hits)
        if len(hits) < page_length:
            return keys
