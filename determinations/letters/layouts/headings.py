"""Where a letter's sections begin: headings of all four layouts, as written and as mistyped.

A heading stands at a line's start, may be wrapped over lines, and is told from prose by its capitals: in
full capitals, or with a capital first letter and nothing but a colon after it on its line.

A letter's text cut at its headings, section by section.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz.distance import Indel

from determinations.letters.text.letter_text import LetterText


class Section(StrEnum):
    HOW_MADE = "how_made"
    DOCUMENTS = "documents"
    SUMMARY = "summary"
    ISSUES = "issues"
    LATE_2013_DECISIONS = "late_2013_decisions"
    NOTICE_TITLE = "notice_title"
    NOTICE_DECISIONS = "notice_decisions"
    QUALIFICATIONS = "qualifications"
    EFFECT = "effect"
    EARLY_TITLE = "early_title"
    ISSUE_AT_DISPUTE = "issue_at_dispute"
    GUIDELINES_RELIED_UPON = "guidelines_relied_upon"
    EARLY_RATIONALE = "early_rationale"


class Heading(NamedTuple):
    """One heading: its section, where its words begin and where the section's text begins."""

    section: Section
    start: int
    end: int
    words: str


def _pattern(source: str) -> str:
    """A heading's regular expression: spaces may be a line break or missing."""
    return source.replace(" ", r"[ \n]?")


_REVIEWER = r"(?:expert |physician |medical |professional )*reviewer(?:['’]?s)?"

_HEADINGS = {
    Section.HOW_MADE: (
        r"how the (?:imr |independent medical review )?(?:final )?determinations?"
        r" (?:was|is|were) (?:made|reached)"
    ),
    Section.DOCUMENTS: (
        r"(?:medical )?(?:documents?|records)(?: \(s\))? reviewed(?: for (?:the )?determination)?"
    ),
    Section.SUMMARY: (
        rf"(?:{_REVIEWER} )?(?:clinical )?case (?:history )?summary|clinical summary"
        r"|summary of (?:the )?(?:clinical )?case"
    ),
    Section.ISSUES: (
        r"(?:imr |independent medical review )?issues?(?: \(s\))?(?: ,| ;| and| &)? decisions?(?: \(s\))?"
        r"(?: ,)?(?: and| &)? (?:rationales?|rational)(?: \(s\))?"
    ),
    Section.NOTICE_DECISIONS: (
        r"independent medical review decisions?(?: \(s\))? (?:and|&) rationales?(?: \(s\))?"
    ),
    Section.LATE_2013_DECISIONS: r"imr decisions?(?: \(s\))?(?: ,)? (?:and|&) rationales?(?: \(s\))?",
    Section.NOTICE_TITLE: r"notice of (?:the )?independent medical review (?:final )?determination",
    Section.QUALIFICATIONS: (
        rf"(?:medical )?qualifications of (?:the )?{_REVIEWER}|{_REVIEWER} qualifications"
        r"|medical qualifications"
    ),
    Section.EFFECT: r"effect of (?:the|this) (?:decision|determination)",
    Section.EARLY_TITLE: r"medical professional review",
    Section.ISSUE_AT_DISPUTE: r"issues?(?: \(s\))? (?:at|in) dispute|disputed issues?(?: \(s\))?",
    Section.GUIDELINES_RELIED_UPON: (
        r"(?:medical )?(?:treatment )?guidelines?(?: \(s\))? relied upon"
        rf"(?: by (?:the )?(?:medical )?(?:professional )?(?:{_REVIEWER})?)?(?: and why)?"
    ),
    Section.EARLY_RATIONALE: (
        r"rationales? (?:for |as to )?(?:why )?(?:the )?(?:requested )?treatments?(?: \(s\))? (?:/|and|or)?"
        r" (?:services?(?: \(s\))? )?(?:is|was|are|were)(?: / (?:is|was|are|were))*"
        r"(?: or (?:is|was|are|were)| or)? (?:n ?[o0] ?t |partially |partly )?medically necessary"
        r"(?: and appropriate)?"
    ),
}

_REVIEWER_WORDS = ("expert", "physician", "medical", "professional", "reviewer")
_BEGINNINGS = {
    Section.HOW_MADE: ("how",),
    Section.DOCUMENTS: ("medical", "document", "record"),
    Section.SUMMARY: (*_REVIEWER_WORDS, "clinical", "case", "summary"),
    Section.ISSUES: ("imr", "independent", "issue"),
    Section.NOTICE_DECISIONS: ("independent",),
    Section.LATE_2013_DECISIONS: ("imr",),
    Section.NOTICE_TITLE: ("notice",),
    Section.QUALIFICATIONS: (*_REVIEWER_WORDS, "qualification"),
    Section.EFFECT: ("effect",),
    Section.EARLY_TITLE: ("medical",),
    Section.ISSUE_AT_DISPUTE: ("issue", "disputed"),
    Section.GUIDELINES_RELIED_UPON: ("medical", "treatment", "guideline"),
    Section.EARLY_RATIONALE: ("rationale",),
}
"""How the headings of each section begin."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """The headings that begin with the same two letters: most lines are told from headings by these."""

    beginnings: tuple[str, ...]
    sections: tuple[Section, ...]
    pattern: re.Pattern[str]
    """Reads lower-case text; its groups are the sections."""


def _opening(letters: str) -> _Opening:
    begun = {
        section: [word for word in words if word.startswith(letters)]
        for section, words in _BEGINNINGS.items()
    }
    sections = tuple(section for section in _HEADINGS if begun[section])
    pattern = "|".join(f"({_pattern(_HEADINGS[section])})" for section in sections)
    beginnings = {word for section in sections for word in begun[section]}
    return _Opening(tuple(beginnings), sections, re.compile(rf"(?:{pattern})(?!\w)"))


_OPENINGS = {
    letters: _opening(letters) for letters in {word[:2] for words in _BEGINNINGS.values() for word in words}
}
_NUMBERING = re.compile(r"(?:[IVX]{1,4}|[A-H]|\d)[.)] ?(?=[A-Z])")
_NUMBERS = frozenset("IVXABCDEFGH0123456789")
_AFTER = re.compile(r" ?[:.]? ?(?:\n|\Z)| ?:")
_PROSE_AFTER = re.compile(r"[ \n](?:based|was|is|were|of the case|for each|set forth)\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^A-Z]+")

_SPELLED = {
    "HOWTHEIMRFINALDETERMINATIONWASMADE": Section.HOW_MADE,
    "CLINICALCASESUMMARY": Section.SUMMARY,
    "IMRISSUESDECISIONSANDRATIONALES": Section.ISSUES,
    "IMRDECISIONSANDRATIONALES": Section.LATE_2013_DECISIONS,
    "DOCUMENTSREVIEWED": Section.DOCUMENTS,
    "ISSUEATDISPUTE": Section.ISSUE_AT_DISPUTE,
    "MEDICALREVIEWERQUALIFICATIONS": Section.QUALIFICATIONS,
    "INDEPENDENTMEDICALREVIEWDECISIONANDRATIONALE": Section.NOTICE_DECISIONS,
    "EXPERTREVIEWERCASESUMMARY": Section.SUMMARY,
}
_MISREAD = str.maketrans({"l": "I", "1": "I", "|": "I", "0": "O"})
_ALIKE = 0.86
_LONGEST_MISTYPED = 60

# Where extraction lost the line ends, the main headings still stand out by their capitals.
_IN_CAPITALS = (
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "CLINICAL CASE SUMMARY",
    "IMR ISSUES, DECISIONS AND RATIONALES",
    "IMR DECISION(S) AND RATIONALE(S)",
    "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE",
)


def headings_of(letter: LetterText) -> list[Heading]:
    """All headings in the letter's order, mistyped ones among them."""
    found: list[Heading] = []
    text, lower = letter.text, letter.lowered
    taken_to = 0
    starts = [
        start
        for start, line in zip(letter.starts, letter.lines, strict=True)
        if not line[0].islower() or line[0] == "l"  # most lines begin with a small letter
    ]
    inside = [*_inside_lines(text)]
    for start in sorted({*starts, *inside}) if inside else starts:
        if start < taken_to:
            continue
        heading = None
        if lower[start : start + 2] in _OPENINGS:
            heading = _heading_at(letter, start, start)
        elif text[start] in _NUMBERS and (numbering := _NUMBERING.match(text, start)):
            heading = _heading_at(letter, start, numbering.end())
        if heading is None and text[start + 1 : start + 2].isupper() and _may_be_capital(text[start]):
            heading = _mistyped(text, start)
        if heading is not None:
            found.append(heading)
            taken_to = heading.end
    return found


def _may_be_capital(letter: str) -> bool:
    """A digit may be one, and "lMR ISSUES" has a small l that optical recognition read for a capital I."""
    return letter.isupper() or letter.isdigit() or letter == "l"


def _inside_lines(text: str) -> Iterator[int]:
    for words in _IN_CAPITALS:
        at = text.find(words)
        while at != -1:
            if at and text[at - 1] != "\n":
                yield at
            at = text.find(words, at + len(words))


def _heading_at(letter: LetterText, start: int, begin: int) -> Heading | None:
    """The heading whose line begins at `start`, and whose words begin at `begin`, behind a number."""
    text, lower = letter.text, letter.lowered
    opening = _OPENINGS.get(lower[begin : begin + 2])
    if opening is None or not lower.startswith(opening.beginnings, begin):
        return None
    match = opening.pattern.match(lower, begin)
    if match is None:
        return None
    words = text[begin : match.end()]
    after = _AFTER.match(text, match.end())
    if not words.isupper() and (after is None or not words[0].isupper()):
        return None
    if after is None and _PROSE_AFTER.match(text, match.end()):
        return None
    section = opening.sections[(match.lastindex or 1) - 1]
    end = (after or match).end()
    return Heading(section, start, end + text[end : end + 1].isspace(), words)


def _mistyped(text: str, start: int) -> Heading | None:
    """A line in capitals that is all but spelled like a heading."""
    end = text.find("\n", start, start + _LONGEST_MISTYPED)
    line = text[start : end if end != -1 else start + _LONGEST_MISTYPED]
    if not line.replace("l", "I").isupper():
        return None
    if not line.isupper():
        line = line.translate(_MISREAD)
    if not 12 <= len(line) < _LONGEST_MISTYPED:
        return None
    letters = _LETTERS.sub("", line)
    for spelled, section in _SPELLED.items():
        if abs(len(spelled) - len(letters)) > 5:
            continue
        if letters[:3] != spelled[:3] and letters[-3:] != spelled[-3:]:
            continue
        if Indel.normalized_similarity(letters, spelled, score_cutoff=_ALIKE):
            return Heading(section, start, min(start + len(line) + 1, len(text)), line)
    return None


class SectionMap:
    """Offsets of sections. Each section's first heading counts, and only headings in the letter's order."""

    def __init__(self, headings: Sequence[Heading], end: int) -> None:
        self._headings = headings
        self._starts = [heading.start for heading in headings]
        self._end = end

    def find(self, sections: Collection[Section], after: int = 0) -> Heading | None:
        """The first heading of any of the sections from an offset on."""
        later = range(bisect_left(self._starts, after), len(self._headings))
        return next((self._headings[at] for at in later if self._headings[at].section in sections), None)

    def end_of(self, heading: Heading, until: Collection[Section]) -> int:
        """Where a section ends: at the next heading of the given sections, else at the letter's end."""
        following = self.find(until, heading.end)
        return following.start if following else self._end


# Looks for the line's end before: it is found faster than a beginning.
_CLOSING = re.compile(
    r"""
    \n(?:
      Disclaimer[ ]?:[ \n]?(?:MAXIMUS|The|This|IMR)
      |MAXIMUS[ \n](?:Federal[ \n]Services,?[ \n](?:Inc\.?,?[ \n])?)?
         is[ \n](?:providing|not[ \n](?:engaged|liable))
      |Effect[ \n]of[ \n](?:the|this)[ \n](?:Decision|Determination)[ ]?:?
      |The[ \n](?:final[ \n])?determination[ \n]of[ \n]MAXIMUS
      |This[ \n]determination[ \n]is[ \n]binding
      |In[ \n]accordance[ \n]with[ \n](?:California[ \n])?Labor[ \n]Code
      |In[ \n]certain[ \n]limited[ \n]circumstances,?[ \n]you[ \n]can[ \n]appeal
      |(?:Very[ \n]truly[ \n]yours|Sincerely(?:[ \n]yours)?|Respectfully(?:[ \n]submitted)?|Regards
         |Yours[ \n]truly)[ ]?(?:,|$)
      |(?:Electronically|Digitally)[ \n](?:signed|approved)\b
      |Dear[ \n][^\n]{1,80}[:,]?$
      |(?:cc|c\.c\.|Enclosures?|Encl?\.?)[ ]?:
      |/[ ]?[A-Za-z]{2,4}$
      |[A-Z][a-z]+(?:[ ][A-Z]\.?)?[ ][A-Z][a-z]+,[ ](?:M\.?D\.?|D\.?O\.?)\b[^\n]{0,30}$
      |(?:Chief[ ])?Medical[ ]Director[,.]?$
      |(?:EXPERT|PHYSICIAN|MEDICAL)[ \n]REVIEWER[ \n](?:SIGNATURE|ATTESTATION)
      |(?:Copyright|©|\(c\))[ ]
    )
    """,
    re.VERBOSE | re.MULTILINE,
)


def end_of_letter_body(text: str, start: int, end: int) -> int:
    """Where the closing matter begins between two offsets of the letter, else `end`."""
    if start == 0:
        return end_of_letter_body(f"\n{text}", 1, end + 1) - 1
    match = _CLOSING.search(text, start - (text[start - 1] == "\n"), end)
    return match.start() + 1 if match else end
