"""A letter's text with the words marked from which a fact was read."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from django.urls import get_script_prefix, reverse

from determinations.case.matches import NumberedMatch, numbered
from determinations.letters.parse import parse_letters
from determinations.letters.parsed_letter import ParsedLetter, UnreadableLetterError
from determinations.letters.spans.reading import Certainty, FactSpan, spans_of
from determinations.letters.text.characters import normalized
from determinations.models import Determination
from determinations.search.interface import Passage

_NAMES = {
    "case_number": "case number",
    "priority": "priority",
    "dates.assigned": "date assigned",
    "dates.injury": "date of injury",
    "dates.decision": "decision date",
    "dates.ur_denial": "UR denial date",
    "dates.application_received": "application received",
    "reviewer.specialties": "reviewer’s specialty",
    "reviewer.licensed_in": "licensed in",
    "patient": "patient",
    "patient.age": "patient’s age",
    "patient.sex": "patient’s sex",
    "clinical_summary": "clinical summary",
}
_ITEM_NAMES = {
    "request": "request",
    "decision": "decision",
    "original_request": "original request",
    "authorized": "what was authorized",
    "disputed_portion": "disputed portion",
    "services": "service",
    "body_parts": "body part",
    "spinal_levels": "spinal level",
    "laterality": "side",
    "claims_administrator_guideline": "claims administrator’s guideline",
    "reviewer_guideline": "reviewer’s guideline",
    "guidelines.claims_administrator": "claims administrator’s citation",
    "guidelines.reviewer": "reviewer’s citation",
    "rationale": "rationale",
}
_ITEM = re.compile(r"items\[(?P<index>\d{1,4})\]\.(?P<name>[a-z_.]+)")
_INDEX = re.compile(r"\[\d{1,4}\]\Z")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """`is_first` for the first marked piece, which the page's address leads to."""

    text: str
    is_marked: bool = False
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class MarkedLetter:
    """`fact` is "" where none was asked for; `quotes` are the words that state it, none where not found.

    `matches` is how many there are of words that were looked for.
    """

    pieces: tuple[TextPiece, ...]
    fact: str = ""
    anchor: str = ""
    quotes: tuple[str, ...] = ()
    is_uncertain: bool = False
    matches: int = 0


def source_url(letter: Determination, path: str) -> str:
    """The address of the letter's text with the fact marked that `path` names."""
    address = _text_address(get_script_prefix(), letter.public_id)
    return f"{address}?fact={quote(path, safe='[].')}#read"


@lru_cache(maxsize=256)
def _text_address(script_prefix: str, public_id: str) -> str:
    """Remembered, because a page has dozens of links to places in one letter."""
    return reverse("determinations:letter_text", args=[public_id])


def item_source_url(letter: Determination, position: int, name: str) -> str:
    """The same for a fact of the item at a position from 1: "decision", "services[0]"."""
    return source_url(letter, f"items[{position - 1}].{name}")


def letter_as_read(letter: Determination) -> ParsedLetter | None:
    """What the reader makes of a stored letter today; None where it reads no letter in the text any more."""
    try:
        letters = parse_letters(letter.full_text)
    except UnreadableLetterError:
        return None
    return letters[letter.part - 1] if letter.part <= len(letters) else None


def marked_letter(letter: Determination, path: str) -> MarkedLetter:
    """The text with the places marked that state a fact: all those that the path begins."""
    text = normalized(letter.full_text)
    named = _name_of(path)
    if named is None:
        return MarkedLetter((TextPiece(text),))
    read = letter_as_read(letter)
    spans = [span for span in spans_of(text, read) if _is_meant(span, path)] if read else []
    places = list(_merged(spans))
    found = _ITEM.match(path)
    return MarkedLetter(
        pieces=tuple(_pieces(text, places)),
        fact=named,
        anchor=f"#item-{int(found['index']) + 1}" if found else "#facts",
        quotes=tuple(" ".join(text[start:end].split()) for start, end in places),
        is_uncertain=any(span.certainty is Certainty.LOW for span in spans),
    )


def letter_with_words(letter: Determination, mark: Callable[[str, str], Passage]) -> MarkedLetter:
    """The text with words marked and counted, as the letter's page does in a rationale."""
    text = numbered({"text": mark("rationale", normalized(letter.full_text))})
    return MarkedLetter(
        tuple(
            TextPiece(
                fragment.text,
                fragment.is_match,
                is_first=isinstance(fragment, NumberedMatch) and fragment.number == 1,
            )
            for fragment in text.passages["text"]
        ),
        matches=text.count,
    )


def _name_of(path: str) -> str | None:
    """The fact in words; None for what is no fact."""
    plain = _INDEX.sub("", path)
    found = _ITEM.fullmatch(plain)
    if found is None:
        return _NAMES.get(plain)
    name = _ITEM_NAMES.get(found["name"])
    return f"item {int(found['index']) + 1}, {name}" if name else None


def _is_meant(span: FactSpan, path: str) -> bool:
    return span.fact_path == path or span.fact_path.startswith((f"{path}[", f"{path}."))


def _merged(spans: Iterable[FactSpan]) -> Iterator[tuple[int, int]]:
    """Places in the text's order, those that overlap as one."""
    current: tuple[int, int] | None = None
    for start, end in sorted((span.start, span.end) for span in spans):
        if current is not None and start <= current[1]:
            current = current[0], max(current[1], end)
            continue
        if current is not None:
            yield current
        current = start, end
    if current is not None:
        yield current


def _pieces(text: str, places: Iterable[tuple[int, int]]) -> Iterator[TextPiece]:
    at = 0
    for number, (start, end) in enumerate(places):
        yield TextPiece(text[at:start])
        yield TextPiece(text[start:end], is_marked=True, is_first=number == 0)
        at = end
    yield TextPiece(text[at:])
