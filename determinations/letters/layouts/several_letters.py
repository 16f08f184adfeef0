"""Where further letters begin in a text that holds several, as when somebody joined their PDFs.

A letter begins over again at a heading that a letter has only once, after the items of the one before. Its
cover stands before that heading. Running headers are still in the lines, since each letter has its own.
"""

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from determinations.letters.layouts.headings import Heading, Section, headings_of
from determinations.letters.layouts.labels import labels_in
from determinations.letters.text.letter_text import LetterText, Lines, joined, letter_text

_FIRST_HEADINGS = frozenset({Section.HOW_MADE, Section.ISSUE_AT_DISPUTE})
_ONCE = _FIRST_HEADINGS | {
    Section.SUMMARY,
    Section.ISSUES,
    Section.LATE_2013_DECISIONS,
    Section.NOTICE_DECISIONS,
    Section.QUALIFICATIONS,
}
_WITH_ITEMS = frozenset(
    {Section.ISSUES, Section.LATE_2013_DECISIONS, Section.NOTICE_DECISIONS, Section.EARLY_RATIONALE}
)
_TITLES = frozenset({Section.NOTICE_TITLE, Section.EARLY_TITLE})
_COVER_BEGINS = re.compile(
    r"(?:MAXIMUS[ ]|IMR[ ])?(?:IMR[ ])?Case[ ]?(?:Number|No\b|\#)|Date[ ]?(?:of[ ])?Assigned|Dated?[ ]?:"
    r"|MAXIMUS[ ]FEDERAL[ ]SERVICES,?[ ]INC|(?:Notice[ ]of[ ])?Independent[ ]Medical[ ]Review\b"
    r"|Medical[ ]Professional[ ]Review|Final[ ]Determination[ ]Letter|DEPARTMENT[ ]OF[ ]INDUSTRIAL"
    r"|DIVISION[ ]OF[ ]WORKERS",
    re.IGNORECASE,
)
_CASE_NUMBER = re.compile(r"\bCM\d\d-?\d{5,7}")


def may_hold_several(headings: Iterable[Heading]) -> bool:
    """A fast check: False means that no heading which a letter has only once comes again after items."""
    return bool(_openings(headings))


def split_letters(pages: Sequence[Lines]) -> list[list[Lines]]:
    """The pages of each letter of a text, cut where a letter begins. One letter stays as it is."""
    letter = letter_text(joined(pages))
    headings = headings_of(letter)
    first_seen: dict[str, int] = {}
    for number in _CASE_NUMBER.finditer(letter.text):
        first_seen.setdefault(number[0], number.start())
    headings = [heading for heading in headings if heading.section not in _TITLES]
    openings = {heading.start for heading in _openings(headings)}
    starts = []
    for before, opening in pairwise(headings):
        if opening.start in openings:
            start = _cover_start(letter, before.start, opening.start, first_seen)
            if start is None and opening.section in _FIRST_HEADINGS:
                start = letter.line_at(opening.start)
            if start is not None:
                starts.append(start)
    return _cut(pages, starts)


def _openings(headings: Iterable[Heading]) -> list[Heading]:
    """The headings at which another letter begins over again."""
    openings: list[Heading] = []
    seen: set[Section] = set()
    for heading in headings:
        if heading.section in seen and heading.section in _ONCE and not seen.isdisjoint(_WITH_ITEMS):
            openings.append(heading)
            seen = set()
        seen.add(heading.section)
    return openings


def _cover_start(letter: LetterText, before: int, opening: int, first_seen: Mapping[str, int]) -> int | None:
    """The line where the cover of the letter begins whose first heading is at `opening`; None without one.

    `before` is where the heading before that one is. A line that bears an earlier letter's number is that
    letter's running header.
    """
    labels = labels_in(letter, before, opening)
    first = letter.line_at(labels[-1].start if labels else before) + 1
    for index in range(first, letter.line_at(opening)):
        line, at = letter.lines[index], letter.starts[first]
        if _COVER_BEGINS.match(line) and all(first_seen[n] >= at for n in _CASE_NUMBER.findall(line)):
            return index
    return None


def _cut(pages: Sequence[Lines], starts: Iterable[int]) -> list[list[Lines]]:
    """The pages cut before the lines `starts`, which count through all pages, from low to high."""
    letters: list[list[Lines]] = [[]]
    cuts = deque(starts)
    first = 0
    for page in pages:
        end, at = first + len(page), 0
        while cuts and cuts[0] < end:
            cut = cuts.popleft() - first
            letters[-1].append(page.between(at, cut))
            letters.append([])
            at = cut
        letters[-1].append(page.between(at, len(page)))
        first = end
    return [[page for page in letter if page.texts] for letter in letters]
