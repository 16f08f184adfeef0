"""A letter's values as those of columns and as rows. Writes nothing and knows no file."""

from collections.abc import Iterable, Iterator

from determinations.importing.letter_reading import LetterRead
from determinations.letters.parsed_letter import (
    READER_VERSION,
    Citation,
    ParsedItem,
    ParsedLetter,
    ReadingWarning,
)
from determinations.letters.sample_mark import is_invented
from determinations.models import (
    CitedBy,
    Determination,
    DisputedItem,
    GuidelineCitation,
    LetterWarning,
)

Values = dict[str, object]
"""Column -> value."""


def new_determination(read: LetterRead, content_hash: str, source_name: str) -> Determination:
    """A new row, not saved yet, for a letter read; those of its items and warnings are to follow."""
    determination = Determination(
        content_hash=content_hash,
        text_hash=read.text_hash,
        full_text=read.text,
        is_invented=is_invented(read.text),
        source_name=source_name[-400:],
        reader_version=READER_VERSION,
        **letter_fields(read.letter),
    )
    determination.take_address()
    determination.set_year()
    return determination


def letter_fields(letter: ParsedLetter) -> Values:
    """Column -> value, for what the reader reads of a letter and a person may correct."""
    return {
        "case_number": letter.case_number or "",
        "layout": letter.layout.value,
        "priority": letter.priority.value if letter.priority else "",
        "assigned_on": letter.dates.assigned,
        "injured_on": letter.dates.injury,
        "decided_on": letter.dates.decision,
        "ur_denied_on": letter.dates.ur_denial,
        "application_received_on": letter.dates.application_received,
        "specialties": list(letter.reviewer.specialties),
        "licensed_in": list(letter.reviewer.licensed_in),
        "patient_age": letter.patient.age,
        "patient_sex": letter.patient.sex.value if letter.patient.sex else "",
        "clinical_summary": letter.clinical_summary,
        "outcome": letter.outcome.value,
    }


def item_fields(item: ParsedItem) -> Values:
    """Column -> value, for what the reader reads of a disputed item and a person may correct."""
    return {
        "request": item.request,
        "decision": item.decision.value,
        "original_request": item.original_request,
        "authorized": item.authorized,
        "disputed_portion": item.disputed_portion,
        "services": list(item.services),
        "body_parts": list(item.body_parts),
        "spinal_levels": list(item.spinal_levels),
        "levels_from": item.levels_from.value if item.levels_from else "",
        "laterality": item.laterality.value if item.laterality else "",
        "claims_administrator_guideline": item.claims_administrator_guideline,
        "reviewer_guideline": item.reviewer_guideline,
        "rationale": item.rationale,
    }


def citation_fields(item: ParsedItem) -> Iterator[Values]:
    """The values of each citation of an item, the claims administrator's first."""
    for citation in item.claims_administrator_citations:
        yield _citation(CitedBy.CLAIMS_ADMINISTRATOR, citation)
    for citation in item.reviewer_citations:
        yield _citation(CitedBy.REVIEWER, citation)


def _citation(side: CitedBy, citation: Citation) -> Values:
    return {
        "cited_by": side.value,
        "source": citation.source,
        "chapter": citation.chapter or "",
        "year": citation.year,
        "sections": list(citation.sections),
        "pages": list(citation.pages),
        "tables": list(citation.tables),
        "text": citation.text,
    }


def warning_fields(warning: ReadingWarning) -> Values:
    return {"code": warning.code, "message": warning.message, "place": warning.place}


def citation_rows(item: DisputedItem, parsed: ParsedItem) -> list[GuidelineCitation]:
    """New rows for the citations of an item."""
    return [GuidelineCitation(item=item, **fields) for fields in citation_fields(parsed)]


def warning_rows(determination: Determination, warnings: Iterable[ReadingWarning]) -> list[LetterWarning]:
    """New rows for a letter's warnings."""
    return [LetterWarning(determination=determination, **warning_fields(warning)) for warning in warnings]
