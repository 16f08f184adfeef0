"""A parsed letter as JSON and back: the shape that `parse_letter` prints and that files of expectations hold.

`letter_from_json` takes exactly what `letter_to_json` gives and says at which key a value is wrong.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import TypeVar

from determinations.letters.parsed_letter import (
    Citation,
    Decision,
    Ground,
    GroundSide,
    Laterality,
    Layout,
    LetterDates,
    LevelsFrom,
    ParsedItem,
    ParsedLetter,
    Patient,
    Priority,
    ReadingWarning,
    Reviewer,
    Sex,
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


class LetterJsonError(ValueError):
    """JSON that is not of a letter's shape; the message names the key and what was expected there."""


def letter_from_json(data: object) -> ParsedLetter:
    """The letter that `letter_to_json` wrote. Raises LetterJsonError where a key or a type is wrong."""
    letter = _Object(data, "letter")
    dates, reviewer, patient = (letter.child(key) for key in ("dates", "reviewer", "patient"))
    return letter.complete(
        ParsedLetter(
            layout=letter.choice("layout", Layout),
            case_number=letter.optional("case_number", str),
            priority=letter.optional_choice("priority", Priority),
            dates=dates.complete(LetterDates(**{f.name: dates.date(f.name) for f in fields(LetterDates)})),
            reviewer=reviewer.complete(
                Reviewer(reviewer.strings("specialties"), reviewer.strings("licensed_in"))
            ),
            patient=patient.complete(
                Patient(patient.optional("age", int), patient.optional_choice("sex", Sex))
            ),
            clinical_summary=letter.required("clinical_summary", str),
            outcome=letter.choice("outcome", Decision),
            items=letter.each("items", _item_from_json),
            warnings=letter.each("warnings", _warning_from_json),
        )
    )


def _item_from_json(item: "_Object") -> ParsedItem:
    guidelines = item.child("guidelines")
    rationale = item.required("rationale", str)
    return ParsedItem(
        position=item.required("position", int),
        request=item.required("request", str),
        decision=item.choice("decision", Decision),
        original_request=item.required("original_request", str),
        authorized=item.required("authorized", str),
        disputed_portion=item.required("disputed_portion", str),
        services=item.strings("services"),
        body_parts=item.strings("body_parts"),
        spinal_levels=item.strings("spinal_levels"),
        levels_from=item.optional_choice("levels_from", LevelsFrom),
        laterality=item.optional_choice("laterality", Laterality),
        claims_administrator_guideline=item.required("claims_administrator_guideline", str),
        reviewer_guideline=item.required("reviewer_guideline", str),
        claims_administrator_citations=guidelines.each("claims_administrator", _citation_from_json),
        reviewer_citations=guidelines.complete(guidelines.each("reviewer", _citation_from_json)),
        rationale=rationale,
        grounds=item.each("grounds", lambda ground: _ground_from_json(ground, rationale)),
    )


def _ground_from_json(ground: "_Object", rationale: str) -> Ground:
    """The ground, its sentence found where the rationale first has it."""
    start = rationale.find(sentence := ground.required("sentence", str))
    if start < 0:
        raise ground.wrong("sentence", "a sentence of the rationale")
    side: GroundSide = "for" if ground.required("side", str) == "for" else "against"
    if ground.required("side", str) != side:
        raise ground.wrong("side", '"for" or "against"')
    return Ground(ground.required("ground", str), side, start, start + len(sentence))


def _citation_from_json(citation: "_Object") -> Citation:
    return Citation(
        source=citation.required("source", str),
        chapter=citation.optional("chapter", str),
        year=citation.optional("year", int),
        sections=citation.strings("sections"),
        pages=citation.strings("pages"),
        tables=citation.strings("tables"),
        text=citation.required("text", str),
    )


def _warning_from_json(warning: "_Object") -> ReadingWarning:
    return ReadingWarning(
        warning.required("code", str), warning.required("message", str), warning.optional("place", str) or ""
    )


class _Object:
    """One JSON object while it is read: checks each value's type and, at the end, that no key was left."""

    def __init__(self, data: object, path: str) -> None:
        if not isinstance(data, Mapping):
            raise LetterJsonError(f"{path}: expected an object, found {data!r:.60}")
        self._data = data
        self._path = path
        self._left = set(data)

    def required(self, key: str, kind: type[T]) -> T:
        value = self._take(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.wrong(key, kind.__name__)
        return value

    def optional(self, key: str, kind: type[T]) -> T | None:
        return None if self._take(key) is None else self.required(key, kind)

    def choice(self, key: str, choices: type[Choice]) -> Choice:
        value = self.required(key, str)
        if value not in set(choices):
            raise self.wrong(key, " or ".join(choices))
        return choices(value)

    def optional_choice(self, key: str, choices: type[Choice]) -> Choice | None:
        return None if self.optional(key, str) is None else self.choice(key, choices)

    def date(self, key: str) -> date | None:
        value = self.optional(key, str)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise self.wrong(key, "a date as YYYY-MM-DD") from error

    def strings(self, key: str) -> tuple[str, ...]:
        values = self._list(key)
        texts = tuple(value for value in values if isinstance(value, str))
        if len(texts) != len(values):
            raise self.wrong(key, "a list of texts")
        return texts

    def child(self, key: str) -> "_Object":
        return _Object(self._take(key), f"{self._path}.{key}")

    def each(self, key: str, read: Callable[["_Object"], T]) -> tuple[T, ...]:
        """Reads a list of objects, each of which must be used up."""
        objects = [_Object(value, f"{self._path}.{key}[{n}]") for n, value in enumerate(self._list(key))]
        return tuple(item.complete(read(item)) for item in objects)

    def complete(self, value: T) -> T:
        """The value made of this object, once every key has been read."""
        if self._left:
            raise LetterJsonError(f"{self._path}: unknown key {sorted(map(str, self._left))[0]!r}")
        return value

    def _list(self, key: str) -> list[object]:
        values = self._take(key)
        if not isinstance(values, list):
            raise self.wrong(key, "a list")
        return values

    def _take(self, key: str) -> object:
        self._left.discard(key)
        return self._data.get(key)

    def wrong(self, key: str, expected: str) -> LetterJsonError:
        return LetterJsonError(f"{self._path}.{key}: expected {expected}, found {self._data.get(key)!r:.60}")
