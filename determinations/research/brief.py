"""Chosen items as a brief: what a reader files or hands on, the same for paper and for Word.

Frozen values, so that a page and a file only walk them. Knows no HTML and no file format.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.utils import timezone

from determinations.case.citation import item_citation
from determinations.case.facts import item_facts, letter_facts
from determinations.models import CitedBy, Decision, DisputedItem
from determinations.search_page.result_rows import guideline_labels, item_name

_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class BriefSide:
    """What one side relied on: the letter's paragraphs, and the guidelines read from them."""

    label: str
    paragraphs: tuple[str, ...]
    guidelines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BriefItem:
    """`heading` is the citation without the address, which has a line of its own.

    `summary_under` is the heading under which the same letter's summary already stands, else "".
    """

    anchor: str
    heading: str
    address: str
    request: str
    decision: Decision
    facts: tuple[tuple[str, str], ...]
    summary: tuple[str, ...]
    summary_under: str
    sides: tuple[BriefSide, BriefSide]
    rationale: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Brief:
    """`missing` names chosen items that are not held here."""

    items: tuple[BriefItem, ...]
    missing: tuple[str, ...]
    made_on: date


def brief_of(
    items: Sequence[DisputedItem],
    site: str,
    notes: Mapping[str, str] | None = None,
    missing: Iterable[str] = (),
) -> Brief:
    """The items' brief, in their order. `site` is what stands before a path; `notes` go by item name."""
    summaries: dict[int, str] = {}
    return Brief(
        items=tuple(_item(item, site, notes or {}, summaries) for item in items),
        missing=tuple(missing),
        made_on=timezone.localdate(),
    )


def _item(item: DisputedItem, site: str, notes: Mapping[str, str], summaries: dict[int, str]) -> BriefItem:
    letter = item.determination
    address = f"{site}{item.get_absolute_url()}"
    heading = item_citation(item, address).heading
    summary_under = summaries.get(letter.pk, "")
    summaries.setdefault(letter.pk, heading)
    return BriefItem(
        anchor=f"{letter.public_id}-item-{item.position}",
        heading=heading,
        address=address,
        request=" ".join(item.request.split()),
        decision=Decision(item.decision),
        facts=tuple(_facts(item)),
        summary=() if summary_under else _paragraphs(letter.clinical_summary),
        summary_under=summary_under if letter.clinical_summary else "",
        sides=(
            _side(item, CitedBy.CLAIMS_ADMINISTRATOR, item.claims_administrator_guideline),
            _side(item, CitedBy.REVIEWER, item.reviewer_guideline),
        ),
        rationale=_paragraphs(item.rationale),
        note=notes.get(item_name(item), ""),
    )


def _facts(item: DisputedItem) -> Iterator[tuple[str, str]]:
    """Label and value of what is known, the item's own first."""
    for fact in chain(item_facts(item), letter_facts(item.determination)):
        yield fact.label, ", ".join(fact.values)


def _side(item: DisputedItem, cited_by: CitedBy, text: str) -> BriefSide:
    return BriefSide(str(cited_by.label), _paragraphs(text), guideline_labels(item, cited_by))


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _PARAGRAPH_BREAK.split(text) if part.strip())
