"""What reading a letter yields: frozen values, absent where the letter does not say.

Knows neither Django nor Whoosh, and holds no rule of how a letter is read. Slugs are those of
`vocabulary/`; dates are calendar dates without a time zone; ages are whole years.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any, Literal, Self, TypeVar

READER_VERSION = 5
"""Raised whenever a change of the reader may read a stored letter differently."""


class Layout(StrEnum):
    """The four forms of letter that MAXIMUS has published."""

    STANDARD = "standard"
    LATE_2013 = "late_2013"
    NOTICE_2013 = "notice_2013"
    EARLY_2013 = "early_2013"


class Decision(StrEnum):
    """What the reviewer decided: "upheld" means the denial stands, "overturned" the treatment is approved."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"
    PARTIALLY_OVERTURNED = "partially_overturned"
    UNKNOWN = "unknown"


class Priority(StrEnum):
    STANDARD = "standard"
    EXPEDITED = "expedited"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class LevelsFrom(StrEnum):
    """Where an item's spinal levels were read: its own words come first, its rationale second."""

    REQUEST = "request"
    RATIONALE = "rationale"


class Laterality(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    BILATERAL = "bilateral"


GroundSide = Literal["for", "against"]
"""Whether a ground speaks for the treatment or against it."""


class Pickled:
    """Values that go from process to process. What dataclasses do for it takes several times as long."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        names: tuple[str, ...] = type(self).__slots__
        return type(self), tuple([getattr(self, name) for name in names])


@dataclass(frozen=True, slots=True)
class Ground(Pickled):
    """A reason that a rationale states. `start` and `end` are the offsets of its sentence there."""

    slug: str
    side: GroundSide
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation(Pickled):
    """One guideline as one side cited it. `text` is its raw wording, lines joined."""

    source: str
    chapter: str | None = None
    year: int | None = None
    sections: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReadingWarning(Pickled):
    """Something that was read only in part. `code` is a slug, `place` where in the letter ("item 2")."""

    code: str
    message: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class LetterDates(Pickled):
    assigned: date | None = None
    injury: date | None = None
    decision: date | None = None
    ur_denial: date | None = None
    application_received: date | None = None


@dataclass(frozen=True, slots=True)
class Reviewer(Pickled):
    specialties: tuple[str, ...] = ()
    licensed_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Patient(Pickled):
    age: int | None = None
    sex: Sex | None = None


@dataclass(frozen=True, slots=True)
class ParsedItem(Pickled):
    """One disputed item: what was asked for, what was decided, on what grounds.

    `request` is the heading's whole text. Where a part of a request had been authorized, the heading tells of
    it in three sentences, and `original_request`, `authorized` and `disputed_portion` hold what they name;
    all three are "" for any other item. Services, body parts, levels and side are then those of the disputed
    portion.
    """

    position: int
    request: str
    decision: Decision
    original_request: str = ""
    authorized: str = ""
    disputed_portion: str = ""
    services: tuple[str, ...] = ()
    body_parts: tuple[str, ...] = ()
    spinal_levels: tuple[str, ...] = ()
    levels_from: LevelsFrom | None = None
    laterality: Laterality | None = None
    claims_administrator_guideline: str = ""
    reviewer_guideline: str = ""
    claims_administrator_citations: tuple[Citation, ...] = ()
    reviewer_citations: tuple[Citation, ...] = ()
    rationale: str = ""
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedLetter(Pickled):
    """A whole letter. Items are in the letter's order, positions from 1 without a gap."""

    layout: Layout
    case_number: str | None = None
    priority: Priority | None = None
    dates: LetterDates = field(default_factory=LetterDates)
    reviewer: Reviewer = field(default_factory=Reviewer)
    patient: Patient = field(default_factory=Patient)
    clinical_summary: str = ""
    outcome: Decision = Decision.UNKNOWN
    items: tuple[ParsedItem, ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()


def outcome_of(decisions: Iterable[Decision]) -> Decision:
    """The whole letter's outcome: the items' common decision, or a partial overturn where they differ.

    With an item whose decision could not be read, the outcome is unknown, unless the others differ already.
    """
    all_decisions = set(decisions)
    known = all_decisions - {Decision.UNKNOWN}
    if len(known) > 1 or Decision.PARTIALLY_OVERTURNED in known:
        return Decision.PARTIALLY_OVERTURNED
    if known != all_decisions or not known:
        return Decision.UNKNOWN
    return known.pop()


class UnreadableLetterError(Exception):
    """Bytes that cannot be read as a determination.

    `code` is a slug ("needs_ocr", "encrypted_pdf", "broken_pdf", "not_a_determination", ...),
    `message` says in one sentence what is wrong and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


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
