"""The frame that the standard and the late 2013 layout share: how it was made, summary, items.

Any of the headings may be missing, since letters start in the middle and break off; what then cannot be
told apart is left out, with a warning.

The standard layout, 2014 on: how it was made, clinical case summary, issues and decisions.

The layout of late 2013: sections as in the standard one, items decided in a sentence.

"1. Norco 10/325mg is not medically necessary and appropriate." The paragraphs that follow open with spoken
labels ("The Claims Administrator based its decision on ..."), which stay part of their text.
"""

import re

from determinations.letters.layouts.headings import Heading, Section, SectionMap
from determinations.letters.layouts.items import ItemReader
from determinations.letters.layouts.parts import ItemParts, LetterParts
from determinations.letters.parsed_letter import Layout, ReadingWarning
from determinations.letters.text.letter_text import LetterText
from determinations.letters.text.paragraphs import ParagraphJoiner

_ISSUES = (Section.ISSUES, Section.LATE_2013_DECISIONS, Section.NOTICE_DECISIONS)
_BEFORE_SUMMARY = (Section.DOCUMENTS, Section.SUMMARY, *_ISSUES)

# Words are bounded: a run of letters without a blank would take the square of its length.
_SUMMARY_INTRODUCTION = re.compile(
    r"(?:The |An )?(?:[A-Za-z/]{1,40} ){0,4}(?:reviewers?|MAXIMUS) (?:has |have )?"
    r"(?:developed|prepared|wrote|created|provided) "
    r"(?:the |a )?(?:following )?(?:[A-Za-z]{1,40} ){0,4}summary\b[^.:]{0,120}(?:[:.]\s*|\Z)",
    re.IGNORECASE,
)
_SHORTEST_SUMMARY = 150


def read_clinical_sections(
    letter: LetterText, headings: list[Heading], joiner: ParagraphJoiner, layout: Layout
) -> LetterParts:
    """Cuts a letter with clinical summary and items into its parts."""
    sections = SectionMap(headings, len(letter.text))
    how_made = sections.find([Section.HOW_MADE])
    summary = sections.find([Section.SUMMARY], how_made.end if how_made else 0)
    issues = sections.find(_ISSUES, summary.end if summary else 0) or sections.find(_ISSUES)
    if summary is not None and issues is not None and issues.start < summary.start:
        summary = None
    warnings: list[ReadingWarning] = []

    items_start = _items_start(issues, summary, how_made)
    again = sections.find((Section.HOW_MADE, *_ISSUES), issues.end) if issues else None
    items_end = again.start if again else len(letter.text)
    reader = ItemReader(letter, joiner, items_start, items_end, opens_with_item=issues is not None)
    items = reader.read()
    body_end = issues.start if issues else reader.first_heading()
    if again is not None:
        items += _items_of_next(letter, joiner, sections, again)

    opening = next((h for h in headings if h.section in (Section.HOW_MADE, *_BEFORE_SUMMARY)), None)
    cover = joiner.join(0, opening.start if opening else min(body_end, _COVER_LENGTH))
    reviewer = ""
    if how_made is not None:
        reviewer = joiner.join(how_made.end, min(sections.end_of(how_made, _BEFORE_SUMMARY), body_end))
    if summary is not None:
        clinical_summary = without_introduction(joiner.join(summary.end, max(body_end, summary.end)))
        reviewer = reviewer or cover
    else:
        start = how_made.end if how_made else 0
        reviewer, clinical_summary = _told_apart(
            joiner.join(start, max(body_end, start)), how_made is not None
        )

    qualifications = sections.find([Section.QUALIFICATIONS])
    if qualifications is not None:
        end = sections.end_of(qualifications, tuple(Section))
        reviewer = f"{reviewer} {joiner.join(qualifications.end, end)}".strip()

    if how_made is None and qualifications is None:
        warnings.append(
            _missing("How the IMR final determination was made", "the reviewer's specialties may be missing")
        )
    if summary is None:
        warnings.append(_missing("Clinical case summary", "the summary may be incomplete"))
    if issues is None:
        warnings.append(_missing("IMR issues, decisions and rationales", "items may be missing"))
    return LetterParts(layout, cover, reviewer, clinical_summary, items, warnings)


_COVER_LENGTH = 3000


def _items_of_next(
    letter: LetterText, joiner: ParagraphJoiner, sections: SectionMap, again: Heading | None
) -> tuple[ItemParts, ...]:
    """Items of the letters that follow the first in one file, so that none is lost."""
    items: tuple[ItemParts, ...] = ()
    while again is not None and (issues := sections.find(_ISSUES, again.start)) is not None:
        again = sections.find((Section.HOW_MADE, *_ISSUES), issues.end)
        end = again.start if again else len(letter.text)
        items += ItemReader(letter, joiner, issues.end, end, opens_with_item=True).read()
    return items


def _items_start(issues: Heading | None, summary: Heading | None, how_made: Heading | None) -> int:
    for heading in (issues, summary, how_made):
        if heading is not None:
            return heading.end
    return 0


def without_introduction(summary: str) -> str:
    """The summary without the sentence that only says that a summary follows."""
    found = _SUMMARY_INTRODUCTION.match(summary)
    return summary[found.end() :] if found else summary


def _told_apart(text: str, has_reviewer: bool) -> tuple[str, str]:
    """Reviewer's section and summary of a text that lacks the heading between them."""
    found = _SUMMARY_INTRODUCTION.search(text)
    if found is not None:
        return text[: found.start()].strip(), text[found.end() :]
    if has_reviewer or len(text) < _SHORTEST_SUMMARY:
        return text, ""
    return text, text


def _missing(section: str, consequence: str) -> ReadingWarning:
    return ReadingWarning(
        "missing_section", f"The letter has no section “{section}”: {consequence}.", section
    )


def read_standard(letter: LetterText, headings: list[Heading], joiner: ParagraphJoiner) -> LetterParts:
    """Cuts a standard letter into its parts: "request: Upheld", two guideline paragraphs, a rationale."""
    return read_clinical_sections(letter, headings, joiner, Layout.STANDARD)


def read_late_2013(letter: LetterText, headings: list[Heading], joiner: ParagraphJoiner) -> LetterParts:
    """Cuts a letter of late 2013 into its parts."""
    return read_clinical_sections(letter, headings, joiner, Layout.LATE_2013)
