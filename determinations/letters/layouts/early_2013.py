"""The layout of early 2013, "MEDICAL PROFESSIONAL REVIEW": one item, decided in the rationale's heading."""

import re

from determinations.letters.layouts.headings import Heading, Section, SectionMap, end_of_letter_body
from determinations.letters.layouts.parts import ItemParts, LetterParts
from determinations.letters.layouts.standard import without_introduction
from determinations.letters.parsed_letter import Decision, Layout, ReadingWarning
from determinations.letters.text.letter_text import LetterText
from determinations.letters.text.paragraphs import ParagraphJoiner

_SECTIONS = (
    Section.EARLY_TITLE,
    Section.ISSUE_AT_DISPUTE,
    Section.SUMMARY,
    Section.DOCUMENTS,
    Section.GUIDELINES_RELIED_UPON,
    Section.EARLY_RATIONALE,
    Section.QUALIFICATIONS,
    Section.HOW_MADE,
)
_WHETHER = re.compile(
    r"(?:Whether (?:or not )?(?:the )?(?:(?:requested|request for|proposed) )?"
    r"(?:treatments?/services?(?: of)? |treatment of |services? of )?"
    r"|(?:Is|Are|Was|Were) (?:the )?(?:requested |request for )?)",
    re.IGNORECASE,
)
_IS_NECESSARY = re.compile(
    r",? (?:is|are|was|were)(?:/(?:is|are|was|were))? (?:or (?:is|was) not )?"
    r"medically necessary\b[^.?]*[.?]?\Z"
    r"|\s*[?]\Z",
    re.IGNORECASE,
)
_NOT = re.compile(r"N\s?[O0]\s?T\s*MEDICALLY", re.IGNORECASE)
_PARTIALLY = re.compile(r"\bPART(?:IAL)?LY\b", re.IGNORECASE)
_OR_NOT = re.compile(r"\bor\s+(?:is\s+|was\s+|is/was\s+)?not\b|/not\b", re.IGNORECASE)


def read_early_2013(letter: LetterText, headings: list[Heading], joiner: ParagraphJoiner) -> LetterParts:
    """Cuts a letter of early 2013 into its parts."""
    sections = SectionMap(headings, len(letter.text))
    rationale = sections.find([Section.EARLY_RATIONALE])

    def text_of(section: Section) -> str:
        heading = sections.find([section])
        if heading is None:
            return ""
        end = sections.end_of(heading, _SECTIONS)
        return joiner.join(heading.end, end_of_letter_body(letter.text, heading.end, end))

    opening = sections.find([s for s in _SECTIONS if s is not Section.EARLY_TITLE])
    item = ItemParts(
        request=_request(text_of(Section.ISSUE_AT_DISPUTE)),
        decision=decision_of_heading(rationale.words) if rationale else Decision.UNKNOWN,
        reviewer_guideline=text_of(Section.GUIDELINES_RELIED_UPON),
        rationale=text_of(Section.EARLY_RATIONALE),
        expects_claims_guideline=False,
    )
    warnings = [
        ReadingWarning("missing_section", f"The letter has no section “{name}”: {consequence}.", name)
        for section, name, consequence in (
            (Section.SUMMARY, "Case summary", "the summary is missing"),
            (
                Section.QUALIFICATIONS,
                "Medical reviewer qualifications",
                "the reviewer's specialties are missing",
            ),
        )
        if sections.find([section]) is None
    ]
    return LetterParts(
        Layout.EARLY_2013,
        joiner.join(0, opening.start if opening else 0),
        text_of(Section.QUALIFICATIONS),
        without_introduction(text_of(Section.SUMMARY)),
        (item,),
        warnings,
    )


def _request(issue: str) -> str:
    """What is in dispute, without the frame "Whether the requested ... is medically necessary"."""
    framed = _WHETHER.match(issue)
    if framed is None:
        return issue
    request = _IS_NECESSARY.sub("", issue[framed.end() :]).strip()
    return request or issue


def decision_of_heading(heading: str) -> Decision:
    """The outcome stands in the heading: "... IS/WAS [NOT] MEDICALLY NECESSARY"."""
    if _OR_NOT.search(heading):
        return Decision.UNKNOWN
    if _PARTIALLY.search(heading):
        return Decision.PARTIALLY_OVERTURNED
    return Decision.UPHELD if _NOT.search(heading) else Decision.OVERTURNED
