"""What reference managers read in the head of a letter's page.

Zotero's "Embedded Metadata" takes the type from `z:itemType` and the rest from the citation_ names:
the title is the case's name, the date the one on which it was decided, the report number its docket number.
Programs that do not know the type take the letter for a report. Zotero reads no JSON-LD, so there is none.
"""

from collections.abc import Iterable, Iterator

from django.urls import reverse

from determinations.case.citation import AUTHORITY, Absolute, letter_title
from determinations.models import DECISION_MEANINGS, Decision, Determination, DisputedItem


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
