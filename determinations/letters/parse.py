"""A letter's text to its parsed form: layout, parts, facts, and warnings about what could not be read.

`parse_letter` raises nothing but UnreadableLetterError, whatever the text.
"""

import re
from dataclasses import replace

from determinations.letters.facts.cover import read_cover
from determinations.letters.facts.guidelines import citations_in
from determinations.letters.facts.patient import read_patient
from determinations.letters.facts.reviewer import reviewer_in
from determinations.letters.facts.services import services_in
from determinations.letters.facts.spine import laterality_in, spinal_levels_of
from determinations.letters.facts.warnings import doubts_of
from determinations.letters.layouts.early_2013 import read_early_2013
from determinations.letters.layouts.headings import headings_of
from determinations.letters.layouts.notice_2013 import read_notice_2013
from determinations.letters.layouts.parts import ItemParts
from determinations.letters.layouts.recognition import layout_of
from determinations.letters.layouts.standard import read_late_2013, read_standard
from determinations.letters.parsed_letter import (
    Citation,
    Layout,
    ParsedItem,
    ParsedLetter,
    ReadingWarning,
    UnreadableLetterError,
    outcome_of,
)
from determinations.letters.sample_mark import INVENTED_LINE, is_invented
from determinations.letters.text.extraction import ExtractedText, extract_text
from determinations.letters.text.headers_and_footers import without_furniture
from determinations.letters.text.letter_text import letter_text, pages_of
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
    r"(?: (?:was|were|are|is|to be))? (?:both )?(?:relevant|appropriate|applicable)",
    re.IGNORECASE,
)


def read_letter(data: bytes) -> tuple[ExtractedText, ParsedLetter]:
    """Reads a letter's file. Raises UnreadableLetterError with a code and what to do."""
    extracted = extract_text(data)
    letter = parse_letter(extracted.text)
    if extracted.pages_without_text:
        numbers = ", ".join(map(str, extracted.pages_without_text))
        scanned = ReadingWarning(
            "pages_without_text",
            "These pages are images without text and were not read.",
            f"page {numbers}",
        )
        letter = replace(letter, warnings=(*letter.warnings, scanned))
    return extracted, letter


def parse_letter(text: str) -> ParsedLetter:
    """Reads a letter's text; form feeds, where there are any, mark its pages.

    Raises UnreadableLetterError ("not_a_determination") where the text is no determination.
    """
    if is_invented(text):
        text = _INVENTED.sub("", text)
    cleaned = without_furniture(pages_of(text))
    letter = letter_text(cleaned.lines)
    joiner = ParagraphJoiner(letter.text)
    headings = headings_of(letter)
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
    cover = read_cover(parts.cover, cleaned.furniture)
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
        warnings=(*cover.warnings, *parts.warnings, *doubts_of(parts, headings)),
    )


def _item(position: int, item: ItemParts) -> ParsedItem:
    levels = spinal_levels_of(item.request, item.rationale)
    claims_administrator = _citations(item.claims_administrator_guideline)
    reviewer = _citations(item.reviewer_guideline)
    if claims_administrator and _ADOPTS.search(item.reviewer_guideline):
        reviewer = (*claims_administrator, *(cited for cited in reviewer if not _ADOPTS.search(cited.text)))
    return ParsedItem(
        position=position,
        request=item.request,
        decision=item.decision,
        services=services_in(item.request),
        spinal_levels=levels.levels,
        levels_from=levels.read_from,
        laterality=laterality_in(item.request),
        claims_administrator_guideline=item.claims_administrator_guideline,
        reviewer_guideline=item.reviewer_guideline,
        claims_administrator_citations=claims_administrator,
        reviewer_citations=reviewer,
        rationale=item.rationale,
    )


def _citations(paragraph: str) -> tuple[Citation, ...]:
    return citations_in(paragraph) if paragraph else ()
