"""From a paragraph that was put together back to the letter's text as its file holds it.

A paragraph differs from the text in its white space, in the hyphens at line ends and in page headers that
were taken out of it; everything else is there letter by letter.

`narrowest` finds the fewest words of a text that still state a fact: half of the words are left out again and
again, first from the end, then from the start, and a piece is taken only if the fact's own parser still finds
it there. This takes about as many readings as the number of words has binary digits, twice.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from determinations.letters.text.characters import PAGE_BREAK, SOFT_HYPHEN
from determinations.letters.text.letter_text import LetterText
from determinations.letters.text.paragraphs import ParagraphJoiner


class SourcePlaces:
    """Finds offsets of a cleaned letter in the text that it was made of."""

    def __init__(self, source: str, line_sources: Sequence[int], letter: LetterText) -> None:
        self.source = source
        self._line_sources = line_sources
        self._letter = letter
        self._known: dict[int, list[int]] = {}

    def at(self, offset: int) -> int:
        """Where the letter at an offset of the cleaned text is in the source."""
        index = self._letter.line_at(offset)
        start = self._line_sources[index]
        if index not in self._known:
            self._known[index] = _letters_in_line(self._letter.lines[index], self._line_of_source(start))
        places = self._known[index]
        return start + places[min(offset - self._letter.starts[index], len(places) - 1)]

    def _line_of_source(self, start: int) -> str:
        ends = (self.source.find(mark, start) for mark in ("\n", PAGE_BREAK))
        return self.source[start : min((end for end in ends if end != -1), default=len(self.source))]


def _letters_in_line(line: str, raw: str) -> list[int]:
    """Where each letter of a cleaned line is in the raw one, which may hold a page header besides."""
    written = [index for index, letter in enumerate(raw) if not letter.isspace()]
    letters = line.replace(" ", "")
    missing = len(written) - len(letters)
    same = next((i for i, letter in enumerate(letters) if raw[written[i]] != letter), len(letters))
    places: list[int] = []
    count = 0
    for letter in line:
        places.append(written[count if count < same else count + missing])
        count += letter != " "
    return places


@dataclass(frozen=True)
class Paragraph:
    """What the slice from `start` to `end` of the cleaned letter was joined to."""

    start: int
    end: int
    text: str
    cleaned: str
    """The whole cleaned letter."""

    @cached_property
    def _places(self) -> list[int]:
        cleaned, at = self.cleaned, self.start
        places: list[int] = []
        for letter in self.text:
            if letter == " ":
                places.append(at)
                continue
            while at < self.end and cleaned[at] != letter and not _stands_for(cleaned[at], letter):
                at += 1
            places.append(at)
            at += 1
        return places

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the cleaned letter of the first letter and behind the last of a piece of the text."""
        return self._places[start], self._places[end - 1] + 1


def _stands_for(written: str, letter: str) -> bool:
    return letter == "-" and written == SOFT_HYPHEN


class RecordingJoiner(ParagraphJoiner):
    """Joins paragraphs and remembers each with its place."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._cleaned = text
        self.paragraphs: dict[tuple[int, int], Paragraph] = {}

    def join(self, start: int, end: int) -> str:
        text = super().join(start, end)
        if text:
            self.paragraphs[start, end] = Paragraph(start, end, text, self._cleaned)
        return text


_WORD = re.compile(r"\S+")
_EDGES = " ,.;:"

States = Callable[[str], bool]
"""Whether a text states the fact."""


def narrowest(text: str, states: States, alone: States | None = None) -> tuple[int, int] | None:
    """From where to where a text states a fact; None where all of it does not.

    `alone` asks whether a piece is the fact and nothing else, without the words that open its list ("Board
    Certified in ..."), which may be far from it.
    """
    words = [match.span() for match in _WORD.finditer(text)]
    if not words or not states(text):
        return None
    low, high = 0, len(words) - 1
    while low < high:
        middle = (low + high) // 2
        if states(text[: words[middle][1]]):
            high = middle
        else:
            low = middle + 1
    last, end = high, words[high][1]
    low = 0
    while low < high:
        middle = (low + high + 1) // 2
        if states(text[words[middle][0] : end]):
            low = middle
        else:
            high = middle - 1
    first, asked = low, states
    if alone is not None:
        for index in range(last, first - 1, -1):
            if alone(text[words[index][0] : end]):
                first, asked = index, alone
                break
    start = words[first][0]
    bare = text[start:end].strip(_EDGES)
    if bare and asked(bare):
        start = text.index(bare, start)
        end = start + len(bare)
    return start, end
