"""A letter as lines: spaces collapsed, blank lines counted and dropped.

Whether a line is followed by a blank one depends on who extracted it, so nothing but the number of blank
lines before each line is kept, as a hint. Knows no layout and no heading.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from determinations.letters.text.characters import PAGE_BREAK, lowered, normalized

_line = tuple.__new__
"""Makes a named tuple without the call of its own `__new__`, which takes most of the time."""


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
    has_tabs = "\t" in page
    for raw in page.split("\n"):
        line = raw.strip()
        if line:
            length = len(raw)
            indent = raw.index(line[0]) if len(line) != length else 0
            if "  " in line or (has_tabs and "\t" in line):
                line = " ".join(line.split())
            lines.append(_line(Line, (line, blanks, start + indent)))
            blanks = 0
            start += length + 1
        else:
            blanks += 1
            start += len(raw) + 1
    return lines


def letter_text(lines: Sequence[Line]) -> LetterText:
    if not lines:
        return LetterText("", "", [], [])
    texts, blanks_before, _ = zip(*lines, strict=True)
    lengths = accumulate(map(len, texts), _next_start, initial=0)
    text = "\n".join(texts)
    return LetterText(text, lowered(text), list(lengths)[:-1], blanks_before)


def _next_start(start: int, length: int) -> int:
    return start + length + 1
