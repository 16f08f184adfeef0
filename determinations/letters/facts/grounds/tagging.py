"""A sentence as words with their classes: what patterns, frames and polarity look at.

Every word has a place, which is the number of a bit. Places run on by one, and leap by `LEAP` where a new
clause begins ("; but it ..."), so that no gap of a pattern reaches from one clause into the next. Where a
class occurs is a mask of places: a pattern is then matched with a few shifts for all starting points at
once.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from determinations.letters.facts.grounds.lexicon import WORD, Entry, Lexicon, LexiconTerm

LEAP: Final = 13
_PARTING_MARKS: Final = frozenset({";", "–", "—", "--"})
_MARKS: Final = _PARTING_MARKS | {","}


class Clause(NamedTuple):
    """Part of a sentence: its places as a mask, and its words from `first` up to but without `end`."""

    mask: int
    first: int
    end: int
    after_mark: bool
    """It begins after a semicolon or dash rather than with a word like "but"."""


class TokenPlaces(dict[int, int]):
    """For a class the mask of the places where it occurs. Found when first asked for."""

    __slots__ = ("_found", "_longer", "_present")

    def __init__(
        self, present: int, found: list[tuple[int, Entry]], longer: list[tuple[int, LexiconTerm]]
    ) -> None:
        super().__init__()
        self._present = present
        self._found = found
        self._longer = longer

    def __missing__(self, number: int) -> int:
        places = 0
        if not self._present >> number & 1:
            self[number] = 0
            return 0
        for place, entry in self._found:
            if number in entry.classes:
                places |= 1 << place
        for mask, term in self._longer:
            if number in term.classes:
                places |= mask
        self[number] = places
        return places


class Tagged:
    """One sentence."""

    __slots__ = ("clauses", "commas", "numbers", "patterns", "places", "present", "words")

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        """Tags a sentence in lower case. A new clause begins at each semicolon or dash, and at each word that
        parts in the lexicon."""
        words: list[str] = []
        commas: list[int] = []
        breaks: set[int] = set()
        for found in WORD.findall(text):
            if found not in _MARKS:
                words.append(found)
            elif found == ",":
                commas.append(len(words))
            else:
                breaks.add(len(words))
        known: list[tuple[int, Entry]] = []
        longer: list[tuple[int, LexiconTerm]] = []
        cuts = breaks
        patterns: set[int] = set()
        present = 0
        last = len(words) - 1
        for index, word in enumerate(words):
            entry = lexicon[word]
            if entry is None:
                continue
            known.append((index, entry))
            present |= entry.mask
            patterns.update(entry.patterns)
            if entry.parts:
                cuts = cuts | {index}
            if (entry.longer or entry.longer_with_stem) and index < last:
                for term in entry.longer.get(words[index + 1], entry.longer_with_stem):
                    if term.follows(words, index + 1):
                        longer.append((index, term))
                        present |= term.mask
                        patterns.update(term.patterns)
        self.words = words
        """In lower case, without marks."""
        self.commas = commas
        """Indexes into `words` before which a comma stands."""
        self.present = present
        """The classes that occur, as a mask."""
        self.patterns = patterns
        """The patterns to try."""
        self.numbers: Sequence[int] = range(len(words))
        """The place of each word."""
        ends = sorted(cut for cut in cuts if 0 < cut <= last)
        if ends:
            self.numbers = _leaping(len(words), ends)
            known = [(self.numbers[index], entry) for index, entry in known]
        self.clauses = [
            Clause(self.between(first, end), first, end, first in breaks)
            for first, end in zip((0, *ends), (*ends, len(words)), strict=True)
        ]
        self.places = TokenPlaces(
            present,
            known,
            [(self.between(index, index + 1 + len(term.rest)), term) for index, term in longer],
        )

    def set_places(self, number: int, places: int) -> None:
        """Says where a class occurs from now on."""
        self.places[number] = places
        self.present = self.present | 1 << number if places else self.present & ~(1 << number)

    def between(self, first: int, end: int) -> int:
        """The mask of the words from `first` up to but without `end`."""
        if first >= end:
            return 0
        return (1 << (self.numbers[end - 1] + 1)) - (1 << self.numbers[first])


def _leaping(length: int, cuts: Sequence[int]) -> list[int]:
    """TokenPlaces of words that leap at each cut."""
    numbers: list[int] = []
    for leaps, (first, end) in enumerate(zip((0, *cuts), (*cuts, length), strict=True)):
        numbers += range(first + leaps * LEAP, end + leaps * LEAP)
    return numbers
