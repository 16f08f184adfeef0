"""A sentence as words with their classes: what patterns, frames and polarity look at.

Every word has a place, which is the number of a bit. Places run on by one, and leap by `LEAP` where a new clause
begins ("; but it ..."), so that no gap of a pattern reaches from one clause into the next.
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import Final, NamedTuple

from determinations.letters.facts.grounds.lexicon import WORD, Lexicon, fits

LEAP: Final = 13
_MARKS: Final = frozenset(";:,()\"“”–—") | {"--"}
_PARTING: Final = frozenset({";", "–", "—", "--"})


class Clause(NamedTuple):
    """Part of a sentence: its places as a mask, and its words from `first` up to but without `end`."""

    mask: int
    first: int
    end: int
    after_mark: bool
    """It begins after a semicolon or dash rather than with a word like "but"."""


@dataclass(slots=True)
class Tagged:
    """One sentence. `positions` maps a class to the mask of the places where it occurs."""

    words: list[str]
    places: list[int]
    positions: dict[int, int]
    clauses: list[Clause]
    commas: list[int]
    """Indexes into `words` before which a comma stands."""

    def between(self, first: int, end: int) -> int:
        """The mask of the words from `first` up to but without `end`."""
        if first >= end:
            return 0
        return (1 << (self.places[end - 1] + 1)) - (1 << self.places[first])


def tag(text: str, lexicon: Lexicon, parting: Set[int]) -> Tagged:
    """Tags a sentence in lower case. A new clause begins at each semicolon or dash, and at each word that is in
    a class of `parting`."""
    words: list[str] = []
    commas: list[int] = []
    breaks: set[int] = set()
    for token in WORD.findall(text):
        if token not in _MARKS:
            words.append(token)
        elif token == ",":
            commas.append(len(words))
        elif token in _PARTING:
            breaks.add(len(words))
    places: list[int] = []
    positions: dict[int, int] = {}
    clauses: list[Clause] = []
    longer: list[tuple[int, int, tuple[int, ...]]] = []
    place = begun = first = 0
    begins_after_mark = False
    for index, word in enumerate(words):
        entry = lexicon.entry(word)
        if index > first and (index in breaks or (entry and not parting.isdisjoint(entry.classes))):
            clauses.append(Clause((1 << place) - (1 << begun), first, index, begins_after_mark))
            begins_after_mark = index in breaks
            place += LEAP
            begun, first = place, index
        places.append(place)
        if entry is not None:
            bit = 1 << place
            for number in entry.classes:
                positions[number] = positions.get(number, 0) | bit
            for rest, numbers in entry.longer:
                if fits(words, index + 1, rest):
                    longer.append((index, index + len(rest), numbers))
        place += 1
    clauses.append(Clause((1 << place) - (1 << begun), first, len(words), begins_after_mark))
    for start, last, numbers in longer:
        covered = (1 << (places[last] + 1)) - (1 << places[start])
        for number in numbers:
            positions[number] = positions.get(number, 0) | covered
    return Tagged(words, places, positions, clauses, commas)
