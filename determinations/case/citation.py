"""The citation of a letter or of one of its items, as plain text and as Markdown with its link.

The form is the one that attorneys use: "IMR Case No. CM14-0031877, item 2 (Aug. 13, 2014)". Months are
abbreviated as in the Bluebook. The caller gives absolute addresses.

Reference managers read the same in the head of a letter's page. Zotero's "Embedded Metadata" takes the type
from `z:itemType` and the rest from the citation_ names: the title is the case's name, the date the one on
which it was decided, the report number its docket number. Programs that do not know the type take the letter
for a report. Zotero reads no JSON-LD, so there is none.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from determinations.models import DECISION_MEANINGS, Decision, Determination, DisputedItem

NOT_PRECEDENT = (
    "IMR decisions are not precedent: a determination binds only its parties. "
    "It can show how reviewers apply a guideline."
)
AUTHORITY = "California Division of Workers’ Compensation, Independent Medical Review"
"""Where a reference manager has a field for the court."""

_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")

Absolute = Callable[[str], str]
"""An address of this site -> the address with its host, which is what a citation links to."""


@dataclass(frozen=True, slots=True)
class CitationText:
    """`plain` is complete by itself; `markdown` is the same words as a link to the item.

    `heading` is `plain` without the address, for pages that show the address next to it.
    """

    plain: str
    markdown: str
    heading: str


def item_citation(item: DisputedItem, url: str) -> CitationText:
    """The item's citation; `url` is its absolute address."""
    return _citation(item.determination, f", item {item.position}", url)


def letter_citation(letter: Determination, url: str) -> CitationText:
    """The citation of the letter as a whole; `url` is its absolute address."""
    return _citation(letter, "", url)


def letter_title(letter: Determination) -> str:
    """ "IMR Case No. CM14-0031877"; of a letter without a number, "IMR letter 48f0c1d2e3a4b5c6"."""
    return f"IMR Case No. {letter}" if letter.case_number else f"IMR {letter}"


def bluebook_date(day: date) -> str:
    """ "Aug. 13, 2014", "Mar. 3, 2015": months as the Bluebook's table T12 shortens them."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def _citation(letter: Determination, part: str, url: str) -> CitationText:
    """Without a case number, only the address identifies the letter, so the plain text includes it."""
    number = "" if letter.case_number else ", no case number"
    text = f"{letter_title(letter)}{number}{part} ({_dated(letter)})"
    if not letter.is_current:
        text += " (superseded version)"
    sample = " – invented sample, not a real determination" if letter.is_invented else ""
    plain = text if letter.case_number else f"{text}, {url}"
    return CitationText(plain + sample, f"[{text}]({url}){sample}", text + sample)


def _dated(letter: Determination) -> str:
    """The date of the decision; another date says what it is."""
    if letter.decided_on:
        return bluebook_date(letter.decided_on)
    return f"assigned {bluebook_date(letter.assigned_on)}" if letter.assigned_on else "undated"


def citation_metadata(
    letter: Determination, items: Iterable[DisputedItem], absolute: Absolute
) -> tuple[tuple[str, str], ...]:
    """Name and content of each <meta>; what the letter does not say is left out."""
    return tuple((name, content) for name, content in _metadata(letter, items, absolute) if content)


def _metadata(
    letter: Determination, items: Iterable[DisputedItem], absolute: Absolute
) -> Iterator[tuple[str, str]]:
    sample = " (invented sample)" if letter.is_invented else ""
    yield "z:itemType", "case"
    yield "citation_title", f"{letter_title(letter)}{sample}"
    yield "citation_date", f"{letter.letter_date:%Y/%m/%d}" if letter.letter_date else ""
    yield "citation_technical_report_institution", AUTHORITY
    yield "citation_technical_report_number", letter.case_number
    yield "citation_abstract", " ".join(map(_decided, items))
    yield "citation_language", "en"
    yield "citation_public_url", absolute(letter.get_absolute_url())
    if letter.source_name.lower().endswith(".pdf"):
        yield "citation_pdf_url", absolute(reverse("determinations:original", args=[letter.public_id]))


def _decided(item: DisputedItem) -> str:
    meaning = DECISION_MEANINGS[Decision(item.decision)]
    return f"{item.position}. {' '.join(item.title.split())}: {meaning}."
