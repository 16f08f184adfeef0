"""Which of the four layouts a letter has."""

import re
from collections.abc import Collection

from determinations.letters.layouts.headings import Heading, Section
from determinations.letters.parsed_letter import Layout
from determinations.letters.text.letter_text import LetterText

# All read lower-case text: a literal beginning is then found without trying every letter.
NOTICE_STATEMENT = re.compile(
    r"maximus[ \n]federal[ \n]services,?[ \n](?:inc\.?,?[ \n])?(?:has|have)?[ \n]?"
    r"(?:determined|decided|found)[ \n]"
)
NOTICE_SCHEDULE = re.compile(
    r"sections?(?:\(s\))?[ \n]of[ \n]the[ \n](?:california[ \n])?medical[ \n]treatment[ \n]utilization"
    r"[ \n]schedule"
    r"(?:[ \n]\(mtus\))?[ \n]relied[ \n]upon"
)
_LATE_RATIONALE = re.compile(r"reviewer['’]?s?[ \n]decision[ \n]rationale")
_ITEM_LABEL = re.compile(r"(?:guidelines?|decision[ \n]rationale)[ ]?:")

_EARLY = (
    Section.EARLY_TITLE,
    Section.ISSUE_AT_DISPUTE,
    Section.GUIDELINES_RELIED_UPON,
    Section.EARLY_RATIONALE,
)
_OF_DETERMINATIONS = (
    Section.HOW_MADE,
    Section.SUMMARY,
    Section.ISSUES,
    Section.LATE_2013_DECISIONS,
    Section.NOTICE_DECISIONS,
)


def layout_of(letter: LetterText, headings: Collection[Heading]) -> Layout | None:
    """The layout, by headings first and by the items' wording second; None for no determination."""
    sections = {heading.section for heading in headings}
    text = letter.lowered
    if Section.EARLY_RATIONALE in sections or len(sections.intersection(_EARLY)) > 1:
        return Layout.EARLY_2013
    if Section.ISSUES in sections:
        return Layout.STANDARD
    if NOTICE_STATEMENT.search(text) or NOTICE_SCHEDULE.search(text):
        return Layout.NOTICE_2013
    if Section.LATE_2013_DECISIONS in sections or _LATE_RATIONALE.search(text):
        return Layout.LATE_2013
    if _ITEM_LABEL.search(text):
        return Layout.STANDARD if sections or len(_ITEM_LABEL.findall(text)) > 1 else None
    if Section.NOTICE_DECISIONS in sections:
        return Layout.NOTICE_2013
    if len(sections.intersection(_OF_DETERMINATIONS)) > 1:
        return Layout.LATE_2013 if Section.DOCUMENTS in sections else Layout.STANDARD
    return None
