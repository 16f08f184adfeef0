"""A letter as lines: spaces collapsed, blank lines counted and dropped.

Whether a line is followed by a blank one depends on who extracted it, so nothing but the number of blank
lines before each line is kept, as a hint. Knows no layout and no heading.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate

from determinations.letters.text.characters import PAGE_BREAK, lowered, normalized


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a page or of a letter, none of them blank, column by column: a letter has many of them.

    `blanks_before[i]` counts the blank lines before line i, `starts[i]` is the offset of its first letter in
    the text that it was read from.
    """

    texts: Sequence[str]
    blanks_before: Sequence[int]
    starts: Sequence[int]

    def __len__(self) -> int:
        return len(self.texts)

    def between(self, start: int, end: int) -> "Lines":
        """The lines from `start` up to `end`, without that one."""
        return Lines(self.texts[start:end], self.blanks_before[start:end], self.starts[start:end])

    def without(self, indexes: Collection[int]) -> "Lines":
        """The other lines; these same where there is none to leave out."""
        if not indexes:
            return self
        kept = [index for index in range(len(self.texts)) if index not in indexes]
        return Lines(
            [self.texts[index] for index in kept],
            [self.blanks_before[index] for index in kept],
            [self.starts[index] for index in kept],
        )


@dataclass(frozen=True, slots=True)
class LetterText:
    """Lines joined by single newlines, none of them blank. `lowered` is the same text in lower case.

    `starts[i]` is the offset in `text` of line i, `blanks_before[i]` the blank lines that stood before it.
    """

    text: str
    lowered: str
    lines: Sequence[str]
    starts: Sequence[int]
    blanks_before: Sequence[int]

    def line_at(self, offset: int) -> int:
        """Index of the line that holds the offset."""
        return max(bisect_right(self.starts, offset) - 1, 0)


def pages_of(text: str) -> list[Lines]:
    """The lines of each page. Pages end at form feeds; a text without any is one page."""
    pages: list[Lines] = []
    start = 0
    for page in normalized(text).split(PAGE_BREAK):
        pages.append(_lines_of(page, start))
        start += len(page) + 1
    return pages


def _lines_of(page: str, start: int) -> Lines:
    texts: list[str] = []
    blanks_before: list[int] = []
    starts: list[int] = []
    blanks = 0
    uneven = "  " in page or "\t" in page
    for raw in page.split("\n"):
        line = raw.strip()
        if line:
            starts.append(start if line is raw else start + raw.index(line[0]))
            texts.append(" ".join(line.split()) if uneven and ("  " in line or "\t" in line) else line)
            blanks_before.append(blanks)
            blanks = 0
        else:
            blanks += 1
        start += len(raw) + 1
    return Lines(texts, blanks_before, starts)


def joined(pages: Sequence[Lines]) -> Lines:
    """The lines of all pages."""
    if len(pages) == 1:
        return pages[0]
    return Lines(
        [text for page in pages for text in page.texts],
        [blanks for page in pages for blanks in page.blanks_before],
        [start for page in pages for start in page.starts],
    )


def letter_text(lines: Lines) -> LetterText:
    text = "\n".join(lines.texts)
    ends = accumulate(map(len, lines.texts), initial=0)
    starts = [end + newlines for newlines, end in zip(range(len(lines)), ends, strict=False)]
    return LetterText(text, lowered(text), lines.texts, starts, lines.blanks_before)
