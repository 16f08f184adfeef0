"""A folder as CSV, and its citations as RIS and CSL-JSON for Zotero, EndNote and the like.

A determination is a case there: Zotero reads RIS's CASE and CSL's legal_case as such, with the docket number
in SV and `number`. An item whose letter is gone keeps its citation, note and passages, and says so.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from determinations.case.citation import AUTHORITY, item_citation, letter_title
from determinations.export.all_results import ITEM_COLUMNS, item_cells
from determinations.export.csv_lines import spreadsheet_lines
from determinations.models import DECISION_MEANINGS, Decision, DisputedItem
from determinations.research.folder import Entries, FolderEntry, items_of
from determinations.search.facets import SERVICE
from determinations.search_page.facet_values import facet_label

GONE = "This letter is no longer on the site that this was exported from."


@dataclass(frozen=True, slots=True)
class FiledItem:
    """An entry and its item, None where the letter was deleted. `note` is empty where none was asked for."""

    entry: FolderEntry
    item: DisputedItem | None
    note: str


def filed_items(entries: Entries, *, with_notes: bool) -> tuple[FiledItem, ...]:
    """The entries with their items, in the folder's order."""
    items = items_of(entries)
    return tuple(
        FiledItem(entry, items.get(entry.name), entry.note if with_notes else "") for entry in entries
    )


def folder_csv(filed: Sequence[FiledItem], site: str) -> Iterator[str]:
    """The table of search results with two columns more: passages and the note."""
    columns = (*ITEM_COLUMNS, "passages", "note", "on_this_site")
    return spreadsheet_lines(chain((columns,), (_cells(one, site) for one in filed)))


def _cells(one: FiledItem, site: str) -> tuple[str | int, ...]:
    own = ("\n\n".join(one.entry.passages), one.note, "yes" if one.item else "no")
    if one.item:
        return (*item_cells(one.item, site), *own)
    known = {"letter": one.entry.name.rpartition(".")[0], "citation": one.entry.citation}
    return (*(known.get(column, "") for column in ITEM_COLUMNS), *own)


def ris(filed: Sequence[FiledItem], site: str) -> Iterator[str]:
    """The citations as RIS records, one tag a line."""
    for one in filed:
        yield from (f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in _tags(one, site) if value)
        yield "ER  - \r\n\r\n"


def _tags(one: FiledItem, site: str) -> Iterator[tuple[str, str]]:
    yield "TY", "CASE"
    if one.item is None:
        yield "TI", one.entry.citation
        yield "PB", AUTHORITY
        yield "N1", GONE
    else:
        letter = one.item.determination
        yield "TI", _title(one.item)
        if letter.letter_date:
            yield "DA", f"{letter.letter_date:%Y/%m/%d}/"
        yield "PB", AUTHORITY
        yield "SV", letter.case_number
        yield "AB", _abstract(one.item)
        yield from (("KW", facet_label(SERVICE.name, slug)) for slug in one.item.services)
        yield "UR", f"{site}{one.item.get_absolute_url()}"
    yield from (("N1", f"“{passage}” {one.entry.citation}") for passage in one.entry.passages)
    yield "N1", one.note


def csl_json(filed: Sequence[FiledItem], site: str) -> str:
    """The citations as a JSON array of CSL items."""
    return json.dumps([_csl_item(one, site) for one in filed], ensure_ascii=False, indent=2)


def _csl_item(one: FiledItem, site: str) -> dict[str, object]:
    notes = [*(f"“{passage}”" for passage in one.entry.passages), one.note]
    common: dict[str, object] = {"id": one.entry.name, "type": "legal_case", "authority": AUTHORITY}
    if one.item is None:
        return common | {"title": one.entry.citation, "note": "\n\n".join(filter(None, [GONE, *notes]))}
    letter = one.item.determination
    day = letter.letter_date
    known: dict[str, object] = {
        "title": _title(one.item),
        "number": letter.case_number,
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
        "abstract": _abstract(one.item),
        "URL": f"{site}{one.item.get_absolute_url()}",
        "references": item_citation(one.item, f"{site}{one.item.get_absolute_url()}").plain,
        "note": "\n\n".join(filter(None, notes)),
    }
    return common | {name: value for name, value in known.items() if value}


def _title(item: DisputedItem) -> str:
    """ "IMR Case No. CM14-0031877, item 2", as citations begin."""
    sample = " (invented sample)" if item.determination.is_invented else ""
    return f"{letter_title(item.determination)}, item {item.position}{sample}"


def _abstract(item: DisputedItem) -> str:
    meaning = DECISION_MEANINGS[Decision(item.decision)]
    return f"{' '.join(item.title.split())}: {meaning}."
