"""A letter as lines: spaces collapsed, blank lines counted and dropped.

Whether a line is followed by a blank one depends on who extracted it, so nothing but the number of blank
lines before each line is kept, as a hint. Knows no layout and no heading.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from determinations.letters.text.characters import PAGE_BREAK, lowered, normalized


class Line(NamedTuple):
    """A named tuple, since a letter has many lines and a frozen dataclass takes twice as long to make.

    `start` is the offset of the line's first letter in the text that it was read from.
    """

    text: str
    blanks_before: int
    start: int


@dataclass(frozen=True, slots=True)
class LetterText:
    """Lines joined by single newlines, none of them blank. `lowered` is the same text in lower case.

    `starts[i]` is the offset in `text` of line i, `blanks_before[i]` the blank lines that stood before it.
    """

    text: str
    lowered: str
    starts: Sequence[int]
    blanks_before: Sequence[int]

    def line_at(self, offset: int) -> int:
        """Index of the line that holds the offset."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def line(self, index: int) -> str:
        end = self.starts[index + 1] - 1 if index + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[index] : end]


def pages_of(text: str) -> list[list[Line]]:
    """The lines of each page. Pages end at form feeds; a text without any is one page."""
    pages: list[list[Line]] = []
    start = 0
    for page in normalized(text).split(PAGE_BREAK):
        pages.append(_lines_of(page, start))
        start += len(page) + 1
    return pages


def _lines_of(page: str, start: int) -> list[Line]:
    lines: list[Line] = []
    blanks = 0
    for raw in page.split("\n"):
        line = raw.strip()
        if line:
            indent = raw.index(line[0]) if raw[0] != line[0] else 0
            if "  " in line or "\t" in line:
                line = " ".join(line.split())
            lines.append(Line(line, blanks, start + indent))
            blanks = 0
        else:
            blanks += 1
        start += len(raw) + 1
    return lines


def letter_text(lines: Sequence[Line]) -> LetterText:
    starts: list[int] = []
    offset = 0
    for line in lines:
        starts.append(offset)
        offset += len(line.text) + 1
    text = "\n".join([line.text for line in lines])
    return LetterText(text, lowered(text), starts, [line.blanks_before for line in lines])
