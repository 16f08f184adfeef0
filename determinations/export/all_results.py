"""Every item that a search finds, however many: keys from the engine in pages, rows in chunks; and as CSV.

A key takes eight bytes in memory, and a few hundred rows are loaded at a time. The CSV has one disputed item
per line, streamed as the rows are read. Several values in one cell are separated by "; ".
"""

import logging
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from determinations.case.citation import item_citation
from determinations.export.csv_lines import spreadsheet_lines
from determinations.models import DECISION_LABELS, CitedBy, Decision, DisputedItem
from determinations.models.determination import main_of
from determinations.search.facets import SERVICE
from determinations.search.interface import WHATEVER_IS_FOUND, SearchEngine, SearchResults
from determinations.search_page.facet_values import facet_label
from determinations.search_page.result_rows import guideline_labels
from determinations.search_page.search import Search

HITS_AT_A_TIME = 50_000
ROWS_AT_A_TIME = 200
_TIMES_TO_BEGIN_AGAIN = 3

logger = logging.getLogger(__name__)

ITEM_COLUMNS = (
    "letter",
    "case_number",
    "item",
    "date",
    "year",
    "decision",
    "request",
    "services",
    "levels",
    "levels_read_in",
    "reasons_against",
    "reasons_for",
    "main_sentence",
    "reviewer_guidelines",
    "claims_administrator_guidelines",
    "specialties",
    "address",
    "citation",
    "sample",
)
COLUMNS = (*ITEM_COLUMNS, "missing_words")


@dataclass(frozen=True, slots=True)
class AllHits:
    """`keys` of all hits in the search's order, those that follow included; `lacks`: what these lack.

    `total` counts the items found, `following` those that follow, `in_summaries` those that the clinical
    summaries would add.
    """

    keys: "array[int]"
    lacks: Mapping[int, tuple[str, ...]]
    total: int
    following: int
    in_summaries: int


def found_keys(search: Search, engine: SearchEngine) -> "array[int]":
    """The keys of all items that the search finds, in its order. Raises SearchUnavailableError."""
    return all_hits(search, engine, with_following=False).keys


def all_hits(search: Search, engine: SearchEngine, *, with_following: bool = True) -> AllHits:
    """Every hit of the search. Raises SearchUnavailableError.

    Pages of two states of the index do not fit together: where the index changes meanwhile, the hits are
    fetched anew. An index that changes all the time is read in one page.
    """
    for _ in range(_TIMES_TO_BEGIN_AGAIN):
        commit = engine.status().commit
        hits = _all_hits(search, engine, HITS_AT_A_TIME, with_following)
        if len(hits.keys) <= HITS_AT_A_TIME or engine.status().commit == commit:
            return hits
    return _all_hits(search, engine, max(1, engine.status().documents), with_following)


def found_items(keys: "array[int]") -> Iterator[DisputedItem]:
    """The items in the order of the keys, letter and citations included; those gone are left out."""
    for start in range(0, len(keys), ROWS_AT_A_TIME):
        chunk = keys[start : start + ROWS_AT_A_TIME]
        rows = DisputedItem.objects.for_display().defer("determination__clinical_summary").in_bulk(chunk)
        if len(rows) < len(chunk):
            logger.warning("%d items found have no row: run check_index --fix", len(chunk) - len(rows))
        yield from (rows[key] for key in chunk if key in rows)


def _all_hits(search: Search, engine: SearchEngine, page_length: int, with_following: bool) -> AllHits:
    ask = search.whole_request if with_following else search.request
    request = ask(offset=0, limit=page_length)
    if with_following:
        request = replace(request, count_summaries_below=WHATEVER_IS_FOUND)
    keys = array("Q")
    lacks: dict[int, tuple[str, ...]] = {}
    parts = search.question.plain.parts if search.question.plain else ()
    first: SearchResults | None = None
    for results in engine.all_pages(request, page_length):
        first = first or results
        keys.extend(hit.key for hit in results.hits)
        lacks |= {
            hit.key: tuple(parts[place] for place in (*hit.lacks, *hit.in_summary))
            for hit in results.hits
            if hit.follows
        }
    if first is None:
        raise ValueError("a list has at least one page")
    return AllHits(keys, lacks, first.total, first.following, first.in_summaries or 0)


def results_as_csv(
    items: Iterable[DisputedItem], lacks: Mapping[int, tuple[str, ...]], site: str
) -> Iterator[str]:
    """The table line by line, its heading first. `site` is the prefix of a path in an address."""
    lines = ((*item_cells(item, site), _joined(lacks.get(item.pk, ()))) for item in items)
    return spreadsheet_lines(chain((COLUMNS,), lines))


def item_cells(item: DisputedItem, site: str) -> tuple[str | int, ...]:
    """The item's cells in the order of ITEM_COLUMNS; `site` is the prefix of a path in an address."""
    letter = item.determination
    address = f"{site}{item.get_absolute_url()}"
    grounds = item.stated_grounds
    main = main_of(grounds, item.decision)
    return (
        str(letter),
        letter.case_number,
        item.position,
        letter.letter_date.isoformat() if letter.letter_date else "",
        letter.year or "",
        DECISION_LABELS[Decision(item.decision)],
        " ".join(item.request.split()),
        _joined(facet_label(SERVICE.name, slug) for slug in item.services),
        _joined(item.spinal_levels),
        item.levels_from,
        _joined(ground.label for ground in grounds if ground.side == "against"),
        _joined(ground.label for ground in grounds if ground.side == "for"),
        main.sentence if main else "",
        _joined(guideline_labels(item, CitedBy.REVIEWER)),
        _joined(guideline_labels(item, CitedBy.CLAIMS_ADMINISTRATOR)),
        _joined(letter.specialties),
        address,
        item_citation(item, address).plain,
        "invented sample" if letter.is_invented else "",
    )


def _joined(values: Iterable[str]) -> str:
    return "; ".join(values)
