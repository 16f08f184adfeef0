"""A parsed letter as JSON: the shape that `parse_letter` prints and that the golden files have."""

from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import TypeVar

from determinations.letters.parsed_letter import (
    Citation,
    LetterDates,
    ParsedItem,
    ParsedLetter,
    ReadingWarning,
)

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)


def letter_to_json(letter: ParsedLetter) -> dict[str, object]:
    """The letter as values that `json.dumps` writes: dates in ISO form, absent values as None."""
    return {
        "layout": letter.layout.value,
        "case_number": letter.case_number,
        "priority": letter.priority and letter.priority.value,
        "dates": {f.name: _iso(getattr(letter.dates, f.name)) for f in fields(LetterDates)},
        "reviewer": {
            "specialties": list(letter.reviewer.specialties),
            "licensed_in": list(letter.reviewer.licensed_in),
        },
        "patient": {"age": letter.patient.age, "sex": letter.patient.sex and letter.patient.sex.value},
        "clinical_summary": letter.clinical_summary,
        "outcome": letter.outcome.value,
        "items": [_item_to_json(item) for item in letter.items],
        "warnings": [_warning_to_json(warning) for warning in letter.warnings],
    }


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _item_to_json(item: ParsedItem) -> dict[str, object]:
    return {
        "position": item.position,
        "request": item.request,
        "decision": item.decision.value,
        "original_request": item.original_request,
        "authorized": item.authorized,
        "disputed_portion": item.disputed_portion,
        "services": list(item.services),
        "body_parts": list(item.body_parts),
        "spinal_levels": list(item.spinal_levels),
        "levels_from": item.levels_from and item.levels_from.value,
        "laterality": item.laterality and item.laterality.value,
        "claims_administrator_guideline": item.claims_administrator_guideline,
        "reviewer_guideline": item.reviewer_guideline,
        "guidelines": {
            "claims_administrator": [_citation_to_json(c) for c in item.claims_administrator_citations],
            "reviewer": [_citation_to_json(c) for c in item.reviewer_citations],
        },
        "rationale": item.rationale,
        "grounds": [
            {
                "ground": ground.slug,
                "side": ground.side,
                "sentence": item.rationale[ground.start : ground.end],
            }
            for ground in item.grounds
        ],
    }


def _citation_to_json(citation: Citation) -> dict[str, object]:
    return {
        "source": citation.source,
        "chapter": citation.chapter,
        "year": citation.year,
        "sections": list(citation.sections),
        "pages": list(citation.pages),
        "tables": list(citation.tables),
        "text": citation.text,
    }


def _warning_to_json(warning: ReadingWarning) -> dict[str, object]:
    place = {"place": warning.place} if warning.place else {}
    return {"code": warning.code, "message": warning.message, **place}
