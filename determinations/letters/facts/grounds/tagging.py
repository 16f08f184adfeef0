"""A sentence as words with their classes: what patterns, frames and polarity look at.

Every word has a place, which is the number of a bit. Places run on by one, and leap by `LEAP` where a new
clause begins ("; but it ..."), so that no gap of a pattern reaches from one clause into the next. Where a
class occurs is a mask of places: a pattern is then matched with a few shifts for all starting points at
once.
"""

from collections.abc import Sequence
from functools import reduce
from itertools import compress
from operator import contains, or_
from typing import Final, NamedTuple

from determinations.letters.facts.grounds.lexicon import Lexicon, LexiconTerm, TermContinuations, words_of

LEAP: Final = 13
# No sentence that a person wrote has more; the limit keeps hostile ones from taking long.
_MOST_CLAUSES: Final = 40
_NONE: Final = frozenset[int]()
_PARTING_MARKS: Final = (";", "–", "—", "--")
# By the number of a bit: what it is in each byte, as a digit.
_BIT_AS_DIGIT: Final = tuple(bytes(b"01"[byte >> bit & 1] for byte in range(256)) for bit in range(8))


class Clause(NamedTuple):
    """Part of a sentence: its places as a mask, and its words from `first` up to but without `end`."""

    mask: int
    first: int
    end: int
    after_mark: bool
    """It begins after a semicolon or dash rather than with a word like "but"."""


class PlacesOfClasses(dict[int, int]):
    """For each class the mask of the places where it occurs.

    It is found when first asked for: of the hundreds of classes that the words of a sentence have, a dozen
    are looked at.
    """

    __slots__ = ("_classes", "_rows", "_width")

    def __init__(self, classes: Sequence[int], class_count: int) -> None:
        """`classes` has the classes at each place, as a mask."""
        self._classes = classes
        self._width = -(-class_count // 8)
        self._rows = b""

    def __missing__(self, number: int) -> int:
        if not self._rows:
            width = self._width
            self._rows = b"".join([mask.to_bytes(width, "little") for mask in reversed(self._classes)])
        column = self._rows[number >> 3 :: self._width].translate(_BIT_AS_DIGIT[number & 7])
        places = self[number] = int(column or b"0", 2)
        return places


class Tagged:
    """One sentence."""

    __slots__ = (
        "_classes",
        "clauses",
        "numbers",
        "patterns",
        "places",
        "present",
        "text",
        "words",
    )

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        """Tags a sentence in lower case. A new clause begins at each semicolon or dash, and at each word that
        parts in the lexicon."""
        words = words_of(text)
        self.words = words
        """In lower case, without marks."""
        self.text = text
        length = len(words)
        entries = map(lexicon.__getitem__, words)
        masks, patterns, following = zip(*entries, strict=True) if words else ((), (), ())
        present = reduce(or_, masks, 0)
        breaks = _breaks_of(text)
        cuts = breaks
        if present & lexicon.parting_mask:
            cuts = cuts | {index for index, mask in enumerate(masks) if mask & lexicon.parting_mask}
        ends = sorted(cut for cut in cuts if 0 < cut < length)[:_MOST_CLAUSES] if cuts else ()
        self.numbers: Sequence[int] = range(length)
        """The place of each word."""
        classes = [*masks]
        if ends:
            self.numbers = _leaping(length, ends)
            classes = [0] * (self.numbers[-1] + 1)
            for place, mask in zip(self.numbers, masks, strict=True):
                classes[place] = mask
            self.clauses = [
                Clause(self.between(first, end), first, end, first in breaks)
                for first, end in zip((0, *ends), (*ends, length), strict=True)
            ]
        else:
            self.clauses = [Clause((1 << length) - 1, 0, length, False)]
        terms = _terms_in(words, following)
        for first, end, term in terms:
            present |= term.mask
            for place in range(self.numbers[first], self.numbers[end - 1] + 1):
                classes[place] |= term.mask
        self.patterns: Sequence[tuple[int, ...]] = (*patterns, *[term.patterns for _, _, term in terms])
        """The patterns to try, by word and term."""
        self.present = present
        """The classes that occur, as a mask."""
        self._classes = classes
        self.places = PlacesOfClasses(classes, len(lexicon.number))
        """For each class the mask of the places where it occurs."""

    def classes_at(self, places: int) -> int:
        """The classes of the words and terms that have one of these places, as a mask."""
        return reduce(or_, [mask for place, mask in enumerate(self._classes) if places >> place & 1], 0)

    @property
    def commas(self) -> list[int]:
        """Indexes into `words` before which a comma stands."""
        return _indexes_before(self.text, ",")

    def at(self, number: int) -> int:
        """The mask of the places where a class occurs, found faster where it does not."""
        return self.places[number] if self.present >> number & 1 else 0

    def set_places(self, number: int, places: int) -> None:
        """Says where a class occurs from now on."""
        self.places[number] = places
        self.present = self.present | 1 << number if places else self.present & ~(1 << number)

    def between(self, first: int, end: int) -> int:
        """The mask of the words from `first` up to but without `end`."""
        if first >= end:
            return 0
        return (1 << (self.numbers[end - 1] + 1)) - (1 << self.numbers[first])


def classes_in(text: str, lexicon: Lexicon) -> int:
    """The mask of the classes that occur anywhere in a text in lower case, of any length."""
    words = words_of(text)
    entries = [lexicon[word] for word in words]
    terms = _terms_in(words, [entry.following for entry in entries])
    return reduce(or_, [*[entry.mask for entry in entries], *[term.mask for _, _, term in terms]], 0)


def _terms_in(
    words: Sequence[str], following: Sequence[TermContinuations]
) -> list[tuple[int, int, LexiconTerm]]:
    """The terms of several words: the indexes of the first word and of the one after the last, and the term.

    `following` has for each word how it may go on.
    """
    found: list[tuple[int, int, LexiconTerm]] = []
    length = len(words)
    for first in compress(range(length), map(contains, following, words[1:])):
        continuations = following[first]
        end = first + 1
        while end < length and (word := words[end]) in continuations:
            end += 1
            term, continuations = continuations[word]
            if term is not None:
                found.append((first, end, term))
    return found


def _breaks_of(text: str) -> frozenset[int]:
    """The indexes of the words before which a semicolon or dash stands."""
    marks = [mark for mark in _PARTING_MARKS if mark in text]
    return frozenset(index for mark in marks for index in _indexes_before(text, mark)) if marks else _NONE


def _indexes_before(text: str, mark: str) -> list[int]:
    """The indexes of the words before which a mark stands, one for each mark."""
    indexes: list[int] = []
    index = 0
    for part in text.split(mark)[:-1]:
        index += len(words_of(part))
        indexes.append(index)
    return indexes


def _leaping(length: int, cuts: Sequence[int]) -> list[int]:
    """The places of words that leap at each cut."""
    numbers: list[int] = []
    for leaps, (first, end) in enumerate(zip((0, *cuts), (*cuts, length), strict=True)):
        numbers += range(first + leaps * LEAP, end + leaps * LEAP)
    return numbers
