"""The result list as CSV: one disputed item a line, written as it is read, for a spreadsheet or a program.

Several values of one cell are separated by "; ". Knows no engine and no request of the web.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from determinations.case.citation import item_citation
from determinations.export.csv_lines import spreadsheet_lines
from determinations.models import CitedBy, Decision, DisputedItem
from determinations.search.facets import SERVICE
from determinations.search_page.facet_labels import facet_label
from determinations.search_page.result_rows import guideline_labels

COLUMNS = (
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
    "reviewer_guidelines",
    "claims_administrator_guidelines",
    "specialties",
    "address",
    "citation",
    "sample",
)


def results_as_csv(items: Iterable[DisputedItem], site: str) -> Iterator[str]:
    """The table line by line, its heading first. `site` is what stands before a path in an address."""
    return spreadsheet_lines(chain((COLUMNS,), (_cells(item, site) for item in items)))


def _cells(item: DisputedItem, site: str) -> tuple[str | int, ...]:
    letter = item.determination
    address = f"{site}{item.get_absolute_url()}"
    return (
        str(letter),
        letter.case_number,
        item.position,
        letter.letter_date.isoformat() if letter.letter_date else "",
        letter.year or "",
        Decision(item.decision).label,
        " ".join(item.request.split()),
        _joined(facet_label(SERVICE.name, slug) for slug in item.services),
        _joined(item.spinal_levels),
        item.levels_from,
        _joined(guideline_labels(item, CitedBy.REVIEWER)),
        _joined(guideline_labels(item, CitedBy.CLAIMS_ADMINISTRATOR)),
        _joined(letter.specialties),
        address,
        item_citation(item, address).plain,
        "invented sample" if letter.is_invented else "",
    )


def _joined(values: Iterable[str]) -> str:
    return "; ".join(values)
