"""A sentence as words with their classes: what patterns, frames and polarity look at.

Every word has a place, which is the number of a bit. Places run on by one, and leap by `LEAP` where a new
clause begins ("; but it ..."), so that no gap of a pattern reaches from one clause into the next. Where a
class occurs is a mask of places: a pattern is then matched with a few shifts for all starting points at
once.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Final, NamedTuple

from determinations.letters.facts.grounds.lexicon import Lexicon, LexiconTerm, TermContinuations, words_of

LEAP: Final = 13
# No sentence that a person wrote has more; the limit keeps hostile ones from taking long.
_MOST_CLAUSES: Final = 40
_NONE: Final = frozenset[int]()
_PARTING_MARKS: Final = (";", "–", "—", "--")


class Clause(NamedTuple):
    """Part of a sentence: its places as a mask, and its words from `first` up to but without `end`."""

    mask: int
    first: int
    end: int
    after_mark: bool
    """It begins after a semicolon or dash rather than with a word like "but"."""


class Tagged:
    """One sentence."""

    __slots__ = (
        "_class_count",
        "_classes",
        "_places",
        "_terms",
        "clauses",
        "numbers",
        "patterns",
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
        masks, numbers, patterns, following = zip(*entries, strict=True) if words else ((), (), (), ())
        present = reduce(or_, masks, 0)
        terms: list[tuple[int, LexiconTerm]] = []
        for first, end, term in _terms_in(words, following):
            terms.append(((1 << end) - (1 << first), term))
            present |= term.mask
            patterns += (term.patterns,)
        self.patterns: Sequence[Collection[int]] = patterns
        """The patterns to try, by word and term."""
        self.present = present
        """The classes that occur, as a mask."""
        self.numbers: Sequence[int] = range(length)
        """The place of each word."""
        breaks = _breaks_of(text)
        cuts = breaks
        if present & lexicon.parting_mask:
            cuts = cuts | {index for index, mask in enumerate(masks) if mask & lexicon.parting_mask}
        ends = sorted(cut for cut in cuts if 0 < cut < length)[:_MOST_CLAUSES] if cuts else ()
        if ends:
            self.numbers = _leaping(length, ends)
            terms = [(self._moved(bits), term) for bits, term in terms]
            self.clauses = [
                Clause(self.between(first, end), first, end, first in breaks)
                for first, end in zip((0, *ends), (*ends, length), strict=True)
            ]
        else:
            self.clauses = [Clause((1 << length) - 1, 0, length, False)]
        self._classes = numbers
        self._terms = terms
        self._class_count = len(lexicon.number)
        self._places: list[int] | None = None

    @property
    def places(self) -> list[int]:
        """For each class the mask of the places where it occurs."""
        if self._places is None:
            # Finding all at once takes about as long as finding three classes one by one.
            places = self._places = [0] * self._class_count
            for place, classes in zip(self.numbers, self._classes, strict=True):
                bit = 1 << place
                for number in classes:
                    places[number] |= bit
            for bits, term in self._terms:
                for number in term.classes:
                    places[number] |= bits
        return self._places

    def classes_at(self, places: int) -> set[int]:
        """The classes of the words and terms that have one of these places."""
        words = zip(self.numbers, self._classes, strict=True)
        of_words = [classes for place, classes in words if places >> place & 1]
        return set().union(*of_words, *[term.classes for bits, term in self._terms if places & bits])

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
    words = words_of(text)
    entries = [lexicon[word] for word in words]
    terms = _terms_in(words, [entry.following for entry in entries])
    return reduce(or_, [*[entry.mask for entry in entries], *[term.mask for _, _, term in terms]], 0)


def _terms_in(
    words: Sequence[str], following: Sequence[TermContinuations | None]
) -> Iterator[tuple[int, int, LexiconTerm]]:
    """The terms of several words: the indexes of the first word and of the one after the last, and the term.

    `following` has for each word how it may go on.
    """
    length = len(words)
    for first, (continuations, word) in enumerate(zip(following, words[1:], strict=False)):
        if continuations is None:
            continue
        node = continuations[word]
        end = first + 2
        while node is not None:
            term, continuations = node
            if term is not None:
                yield first, end, term
            if continuations is None or end == length:
                break
            node = continuations[words[end]]
            end += 1


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
    """TokenPlaces of words that leap at each cut."""
    numbers: list[int] = []
    for leaps, (first, end) in enumerate(zip((0, *cuts), (*cuts, length), strict=True)):
        numbers += range(first + leaps * LEAP, end + leaps * LEAP)
    return numbers
