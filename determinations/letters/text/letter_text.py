"""A letter as lines: characters made uniform, spaces collapsed, blank lines counted and dropped.

Whether a line is followed by a blank one depends on who extracted it, so nothing but the number of blank
lines before each line is kept, as a hint. Knows no layout and no heading.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_LETTERS = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
_SOFT_HYPHENS = dict.fromkeys("\u00ad\u0002", "\u00ad")
# pdfium writes U+FFFE for any hyphen that ends a line, typed or not, and swallows the line's end.
_HYPHENS = {"\u2010": "-", "\u2011": "-", "\ufffe": "-\n"}
_NOTHING = dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\ufffd")
_LINE_ENDS = dict.fromkeys("\u000b\u0085\u2028\u2029", "\n")
_SPACES = dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))), " ")
_CONTROLS = dict.fromkeys(chr(code) for code in range(32) if code not in (2, 9, 10, 11, 12, 13))
_CHARACTERS = str.maketrans(_CONTROLS | _SPACES | _LETTERS | _SOFT_HYPHENS | _HYPHENS | _NOTHING | _LINE_ENDS)

_SOFT_HYPHEN_BETWEEN_NUMBERS = re.compile("(?<=[0-9])\u00ad(?=[A-Z]?[0-9])")
_SOFT_HYPHEN_INSIDE = re.compile("\u00ad(?!\\s*\\Z)")

PAGE_BREAK = "\f"


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    blanks_before: int


@dataclass(frozen=True, slots=True)
class LetterText:
    """Lines joined by single newlines, none of them blank.

    `starts[i]` is the offset in `text` of line i, `blanks_before[i]` the blank lines that stood before it.
    """

    text: str
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
    text = text.translate(_CHARACTERS).replace("\r\n", "\n").replace("\r", "\n")
    return [_lines_of(page) for page in text.split(PAGE_BREAK)]


def _lines_of(page: str) -> list[Line]:
    lines: list[Line] = []
    blanks = 0
    for raw in page.split("\n"):
        line = raw.strip()
        if not line:
            blanks += 1
            continue
        if "  " in line:
            line = " ".join(line.split())
        if "\u00ad" in line:
            line = _SOFT_HYPHEN_INSIDE.sub("", _SOFT_HYPHEN_BETWEEN_NUMBERS.sub("-", line))
        lines.append(Line(line, blanks))
        blanks = 0
    return lines


def letter_text(lines: Sequence[Line]) -> LetterText:
    starts: list[int] = []
    offset = 0
    for line in lines:
        starts.append(offset)
        offset += len(line.text) + 1
    return LetterText("\n".join(line.text for line in lines), starts, [line.blanks_before for line in lines])
