"""A letter's values as rows, and rows back as values. Writes nothing and knows no file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..letters.parsed_letter import READER_VERSION, Citation, ParsedItem, ParsedLetter, ReadingWarning
from ..letters.sample_mark import is_invented
from ..models import CitedBy, Determination, DisputedItem, GuidelineCitation, LetterWarning
from .letter_reading import LetterRead


@dataclass(frozen=True, slots=True)
class LetterRows:
    """The unsaved rows of one letter; they are to be saved in this order."""

    determination: Determination
    items: list[DisputedItem]
    citations: list[GuidelineCitation] = field(default_factory=list)
    warnings: list[LetterWarning] = field(default_factory=list)


def rows_of(read: LetterRead, content_hash: str, source_name: str) -> LetterRows:
    """New rows for a letter read."""
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
    rows = LetterRows(determination, [])
    for parsed in read.letter.items:
        item = DisputedItem(determination=determination, position=parsed.position, **item_fields(parsed))
        rows.items.append(item)
        rows.citations.extend(citation_rows(item, parsed))
    rows.warnings.extend(warning_rows(determination, read.letter.warnings))
    return rows


def letter_fields(letter: ParsedLetter) -> dict[str, object]:
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


def item_fields(item: ParsedItem) -> dict[str, object]:
    """Column -> value, for what the reader reads of a disputed item and a person may correct."""
    return {
        "request": item.request,
        "decision": item.decision.value,
        "services": list(item.services),
        "spinal_levels": list(item.spinal_levels),
        "levels_from": item.levels_from.value if item.levels_from else "",
        "laterality": item.laterality.value if item.laterality else "",
        "claims_administrator_guideline": item.claims_administrator_guideline,
        "reviewer_guideline": item.reviewer_guideline,
        "rationale": item.rationale,
    }


def citation_rows(item: DisputedItem, parsed: ParsedItem) -> list[GuidelineCitation]:
    sides: Sequence[tuple[CitedBy, tuple[Citation, ...]]] = (
        (CitedBy.CLAIMS_ADMINISTRATOR, parsed.claims_administrator_citations),
        (CitedBy.REVIEWER, parsed.reviewer_citations),
    )
    return [
        GuidelineCitation(
            item=item,
            cited_by=side,
            source=citation.source,
            chapter=citation.chapter or "",
            year=citation.year,
            sections=list(citation.sections),
            pages=list(citation.pages),
            tables=list(citation.tables),
            text=citation.text,
        )
        for side, citations in sides
        for citation in citations
    ]


def warning_rows(determination: Determination, warnings: Iterable[ReadingWarning]) -> list[LetterWarning]:
    return [
        LetterWarning(determination=determination, code=w.code, message=w.message, place=w.place)
        for w in warnings
    ]
