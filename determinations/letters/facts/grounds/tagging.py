"""A sentence as words with their classes: what patterns, frames and polarity look at.

Every word has a place, which is the number of a bit. Places run on by one, and leap by `LEAP` where a new
clause begins ("; but it ..."), so that no gap of a pattern reaches from one clause into the next. Where a
class occurs is a mask of places: a pattern is then matched with a few shifts for all starting points at
once.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from determinations.letters.facts.grounds.lexicon import WORD, Lexicon

LEAP: Final = 13
# No sentence that a person wrote has more; the limit keeps hostile ones from taking long.
_MOST_CLAUSES: Final = 40
_PARTING_MARKS: Final = (";", "–", "—", "--")
_PARTING_MARK: Final = re.compile(r"[;–—]|--")


class Clause(NamedTuple):
    """Part of a sentence: its places as a mask, and its words from `first` up to but without `end`."""

    mask: int
    first: int
    end: int
    after_mark: bool
    """It begins after a semicolon or dash rather than with a word like "but"."""


class TokenPlaces(dict[int, int]):
    """For a class the mask of the places where it occurs. Found when first asked for."""

    __slots__ = ("_found", "_present")

    def __init__(
        self, known: Mapping[int, int], present: int, found: Sequence[tuple[int, frozenset[int]]]
    ) -> None:
        """`known` has the places of the classes that are always looked at, `found` those of each word and
        term with its classes."""
        super().__init__(known)
        self._present = present
        self._found = found

    def __missing__(self, number: int) -> int:
        places = 0
        if self._present >> number & 1:
            for bits, classes in self._found:
                if number in classes:
                    places |= bits
        self[number] = places
        return places


class Tagged:
    """One sentence."""

    __slots__ = ("clauses", "numbers", "patterns", "places", "present", "text", "words")

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        """Tags a sentence in lower case. A new clause begins at each semicolon or dash, and at each word that
        parts in the lexicon."""
        words: list[str] = WORD.findall(text)
        breaks = _breaks_of(text) if _PARTING_MARK.search(text) else frozenset[int]()
        found: list[tuple[int, frozenset[int]]] = []
        watching: list[tuple[int, tuple[int, ...]]] = []
        patterns: list[frozenset[int]] = []
        cuts = breaks
        present = 0
        last = len(words) - 1
        bit = 1
        for index, entry in enumerate(map(lexicon.__getitem__, words)):
            if entry is not None:
                classes, mask, tried, watched, parts, following = entry
                found.append((bit, classes))
                present |= mask
                if watched:
                    watching.append((bit, watched))
                if tried:
                    patterns.append(tried)
                if parts:
                    cuts = cuts | {index}
                at = index
                while following is not None and at < last:
                    at += 1
                    node = following[words[at]]
                    if node is None:
                        break
                    term, following = node
                    if term is not None:
                        classes, mask, tried, watched = term
                        bits = (bit << at - index + 1) - bit
                        found.append((bits, classes))
                        present |= mask
                        if watched:
                            watching.append((bits, watched))
                        patterns.append(tried)
            bit <<= 1
        self.words = words
        """In lower case, without marks."""
        self.text = text
        self.present = present
        """The classes that occur, as a mask."""
        self.patterns: set[int] = set().union(*patterns)
        """The patterns to try."""
        self.numbers: Sequence[int] = range(last + 1)
        """The place of each word."""
        ends = sorted(cut for cut in cuts if 0 < cut <= last)[:_MOST_CLAUSES] if cuts else ()
        if ends:
            self.numbers = _leaping(last + 1, ends)
            found = [(self._moved(bits), classes) for bits, classes in found]
            watching = [(self._moved(bits), watched) for bits, watched in watching]
            self.clauses = [
                Clause(self.between(first, end), first, end, first in breaks)
                for first, end in zip((0, *ends), (*ends, last + 1), strict=True)
            ]
        else:
            self.clauses = [Clause(bit - 1, 0, last + 1, False)]
        known = dict.fromkeys(lexicon.watched, 0)
        for bits, watched in watching:
            for number in watched:
                known[number] |= bits
        self.places = TokenPlaces(known, present, found)

    @property
    def commas(self) -> list[int]:
        """Indexes into `words` before which a comma stands."""
        return _indexes_before(self.text, ",")

    def set_places(self, number: int, places: int) -> None:
        """Says where a class occurs from now on."""
        self.places[number] = places
        self.present = self.present | 1 << number if places else self.present & ~(1 << number)

    def _moved(self, bits: int) -> int:
        """The places of words that follow one another, from the bits of their indexes."""
        return self.between((bits & -bits).bit_length() - 1, bits.bit_length())

    def between(self, first: int, end: int) -> int:
        """The mask of the words from `first` up to but without `end`."""
        if first >= end:
            return 0
        return (1 << (self.numbers[end - 1] + 1)) - (1 << self.numbers[first])


def classes_in(text: str, lexicon: Lexicon) -> int:
    """The mask of the classes that occur anywhere in a text in lower case, of any length."""
    words: list[str] = WORD.findall(text)
    present = 0
    last = len(words) - 1
    for index, entry in enumerate(map(lexicon.__getitem__, words)):
        if entry is None:
            continue
        present |= entry.mask
        following = entry.following
        at = index
        while following is not None and at < last:
            at += 1
            node = following[words[at]]
            if node is None:
                break
            term, following = node
            if term is not None:
                present |= term.mask
    return present


def _breaks_of(text: str) -> frozenset[int]:
    """The indexes of the words before which a semicolon or dash stands."""
    return frozenset(index for mark in _PARTING_MARKS for index in _indexes_before(text, mark))


def _indexes_before(text: str, mark: str) -> list[int]:
    """The indexes of the words before which a mark stands, one for each mark."""
    indexes: list[int] = []
    index = 0
    for part in text.split(mark)[:-1]:
        index += len(WORD.findall(part))
        indexes.append(index)
    return indexes


def _leaping(length: int, cuts: Sequence[int]) -> list[int]:
    """TokenPlaces of words that leap at each cut."""
    numbers: list[int] = []
    for leaps, (first, end) in enumerate(zip((0, *cuts), (*cuts, length), strict=True)):
        numbers += range(first + leaps * LEAP, end + leaps * LEAP)
    return numbers
