"""A letter's text to its parsed form: layout, parts, facts, and warnings about what could not be read.

`parse_letter` raises nothing but UnreadableLetterError, whatever the text.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from determinations.letters.facts.body_parts import body_parts_in
from determinations.letters.facts.cover import read_cover
from determinations.letters.facts.grounds import read_grounds
from determinations.letters.facts.guidelines import citations_in
from determinations.letters.facts.item_levels import spinal_levels_of
from determinations.letters.facts.laterality import laterality_in
from determinations.letters.facts.patient import read_patient
from determinations.letters.facts.reviewer import reviewer_in
from determinations.letters.facts.services import services_in
from determinations.letters.facts.warnings import doubts_of
from determinations.letters.layouts.early_2013 import read_early_2013
from determinations.letters.layouts.headings import Heading, headings_of
from determinations.letters.layouts.notice_2013 import read_notice_2013
from determinations.letters.layouts.partial_authorization import partial_authorization
from determinations.letters.layouts.parts import ItemParts, LetterParts
from determinations.letters.layouts.recognition import layout_of
from determinations.letters.layouts.several_letters import may_hold_several, split_letters
from determinations.letters.layouts.standard import read_late_2013, read_standard
from determinations.letters.parsed_letter import (
    Citation,
    Layout,
    ParsedItem,
    ParsedLetter,
    UnreadableLetterError,
    outcome_of,
)
from determinations.letters.sample_mark import INVENTED_LINE, is_invented
from determinations.letters.text.extraction import ExtractedText, extract_text
from determinations.letters.text.headers_and_footers import without_furniture
from determinations.letters.text.letter_text import LetterText, Lines, letter_text, pages_of
from determinations.letters.text.paragraphs import ParagraphJoiner

_READERS = {
    Layout.STANDARD: read_standard,
    Layout.LATE_2013: read_late_2013,
    Layout.NOTICE_2013: read_notice_2013,
    Layout.EARLY_2013: read_early_2013,
}

_INVENTED = re.compile(r"\s+".join(map(re.escape, INVENTED_LINE.split())))
_ADOPTS = re.compile(
    r"found (?:that )?the guidelines? (?:used|cited|referenced|relied upon) by the claims administrator"
    r"(?: (?:was|were|are|is|to be))? (?:both )?(?:relevant|appropriate|applicable)"
)


def read_letters(
    data: bytes, before_page: Callable[[], None] | None = None
) -> tuple[ExtractedText, tuple[ParsedLetter, ...]]:
    """Reads the letters of a file, nearly always one. `before_page` is called before each page read by OCR.

    Raises UnreadableLetterError: a code and what to do.
    """
    extracted = extract_text(data, before_page)
    try:
        letters = parse_letters(extracted.text)
    except UnreadableLetterError as error:
        if extracted.ocr_confidence is None:
            raise
        raise UnreadableLetterError(
            "needs_ocr",
            "The file is a scan, and OCR made no determination of it (confidence "
            f"{extracted.ocr_confidence:.0f}%). Scan it again with more dots per inch, or check that it is "
            "the right file.",
        ) from error
    return extracted, tuple(_warned(letter, extracted) for letter in letters)


def _warned(letter: ParsedLetter, extracted: ExtractedText) -> ParsedLetter:
    """The letter with the warnings about its file."""
    return replace(letter, warnings=(*letter.warnings, *extracted.warnings))


def parse_letters(text: str) -> tuple[ParsedLetter, ...]:
    """Reads the letters of a text, nearly always one; form feeds, where there are any, mark its pages.

    A text in which a second letter begins is cut there, each letter with its own cover, number and items. If
    any of the parts is no letter with items, the text is read as one letter, with a warning.
    Raises UnreadableLetterError ("not_a_determination") where the text is no determination.
    """
    return tuple(letter for _, letter in prepared_and_read(text))


def prepared_and_read(text: str) -> tuple[tuple["PreparedLetter", ParsedLetter], ...]:
    """The letters that `parse_letters` reads, each with the lines and headings that it was read from."""
    pages = _pages(text)
    whole = _prepared(pages)
    if may_hold_several(whole.headings):
        parts = [_prepared(part) for part in split_letters(pages)]
        try:
            letters = tuple((part, _read(part)) for part in parts)
        except UnreadableLetterError:
            letters = ()
        if letters and all(letter.items for _, letter in letters):
            return letters
    return ((whole, _read(whole)),)


def parse_letter(text: str) -> ParsedLetter:
    """Reads a letter's text as one letter, whatever it holds.

    Raises UnreadableLetterError ("not_a_determination") where the text is no determination.
    """
    return _read(_prepared(_pages(text)))


@dataclass(frozen=True, slots=True)
class PreparedLetter:
    """A letter without its running headers and footers, and the headings in it.

    `line_sources[i]` is where line i begins in the text that the letter was read from.
    """

    letter: LetterText
    line_sources: Sequence[int]
    furniture: tuple[str, ...]
    headings: list[Heading]


def _pages(text: str) -> list[Lines]:
    return pages_of(_INVENTED.sub(_blanks, text) if is_invented(text) else text)


def _blanks(found: re.Match[str]) -> str:
    """As long as what was found, so that lines begin where they began."""
    return " " * len(found[0])


def _prepared(pages: Sequence[Lines]) -> PreparedLetter:
    cleaned = without_furniture(pages)
    letter = letter_text(cleaned.lines)
    return PreparedLetter(letter, cleaned.lines.starts, cleaned.furniture, headings_of(letter))


def parts_of(prepared: PreparedLetter, joiner: ParagraphJoiner) -> LetterParts:
    """The letter cut into its parts by the reader of its layout.

    Raises UnreadableLetterError ("not_a_determination") where it has none of them.
    """
    letter, headings = prepared.letter, prepared.headings
    layout = layout_of(letter, headings)
    if layout is None:
        raise UnreadableLetterError(
            "not_a_determination",
            "This text has none of the sections of an IMR determination. Check that it is the right file.",
        )
    parts = _READERS[layout](letter, headings, joiner)
    if not parts.items and not parts.summary:
        raise UnreadableLetterError(
            "not_a_determination",
            "This text has neither a clinical summary nor a disputed item of an IMR determination. "
            "Check that it is the right file and complete.",
        )
    return parts


def _read(prepared: PreparedLetter) -> ParsedLetter:
    parts = parts_of(prepared, ParagraphJoiner(prepared.letter.text))
    cover = read_cover(parts.cover, prepared.furniture)
    items = tuple(_item(position, item) for position, item in enumerate(parts.items, start=1))
    return ParsedLetter(
        layout=parts.layout,
        case_number=cover.case_number,
        priority=cover.priority,
        dates=cover.dates,
        reviewer=reviewer_in(parts.reviewer),
        patient=read_patient(parts.summary),
        clinical_summary=parts.summary,
        outcome=outcome_of(item.decision for item in items),
        items=items,
        warnings=(*cover.warnings, *parts.warnings, *doubts_of(parts, prepared.headings)),
    )


def _item(position: int, item: ItemParts) -> ParsedItem:
    partial = partial_authorization(item.request)
    asked_for = partial.asked_for if partial else item.request
    levels = spinal_levels_of(asked_for, item.rationale)
    services = services_in(asked_for)
    claims_administrator = _citations(item.claims_administrator_guideline)
    reviewer = _citations(item.reviewer_guideline)
    if claims_administrator and _ADOPTS.search(item.reviewer_guideline.lower()):
        reviewer = (
            *claims_administrator,
            *(cited for cited in reviewer if not _ADOPTS.search(cited.text.lower())),
        )
    return ParsedItem(
        position=position,
        request=item.request,
        decision=item.decision,
        original_request=partial.original_request if partial else "",
        authorized=partial.authorized if partial else "",
        disputed_portion=partial.disputed_portion if partial else "",
        services=services,
        body_parts=body_parts_in(asked_for, levels.levels),
        spinal_levels=levels.levels,
        levels_from=levels.read_from,
        laterality=laterality_in(asked_for),
        claims_administrator_guideline=item.claims_administrator_guideline,
        reviewer_guideline=item.reviewer_guideline,
        claims_administrator_citations=claims_administrator,
        reviewer_citations=reviewer,
        rationale=item.rationale,
        grounds=read_grounds(item.rationale, services, asked_for),
    )


def _citations(paragraph: str) -> tuple[Citation, ...]:
    return citations_in(paragraph) if paragraph else ()
