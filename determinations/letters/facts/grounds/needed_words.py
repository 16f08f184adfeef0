"""Which sentences cannot state some grounds, as their words alone say: seen many times as fast as by reading.

A pattern needs its classes, and a class one of its terms, which is found by its rarest word, or by a stem
where it has nothing else.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_
from typing import Final, NamedTuple

from determinations.letters.facts.grounds.lexicon import words_of
from determinations.letters.facts.grounds.vocabulary import GroundsVocabulary

_REMEMBERED: Final = 50_000
_LONGEST: Final = 1_000
"""Longer sentences may be cut within words before they are read."""
_QUOTES: Final = ('"', "“", "”")
"""Where something is quoted, words may follow one another that do not in the text."""


class _Term(NamedTuple):
    """A term of several words, as they stand between blanks, and the mask of its class."""

    words: str
    mask: int


class NeededWords(dict[str, int]):
    """Word in lower case -> the mask of the classes that it is of by itself, of those that are needed."""

    def __init__(self, vocabulary: GroundsVocabulary, slugs: Collection[str]) -> None:
        super().__init__()
        meanings = zip(vocabulary.needed, vocabulary.meaning, strict=True)
        self._needed = frozenset(needed for needed, slug in meanings if slug in slugs)
        self._exact: dict[str, list[_Term]] = {}
        self._stems: dict[str, list[_Term]] = {}
        seen = Counter(word for example in vocabulary.examples for word in words_of(_plain(example.sentence)))
        for words, number in vocabulary.lexicon.terms_of(reduce(or_, self._needed, 0)):
            word = min(words, key=lambda word: (word.endswith("*"), seen[word]))
            terms = self._stems if word.endswith("*") else self._exact
            terms.setdefault(word.rstrip("*"), []).append(_Term(_written(words), 1 << number))
        self._longest_stem = max(map(len, self._stems), default=0)
        self._longer: dict[str, list[_Term]] = {}
        """The terms of several words of which a word that was met is the rarest."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
            self._longer.clear()
        terms = self._exact.get(word, [])
        for length in range(1, min(len(word), self._longest_stem) + 1):
            terms = terms + self._stems.get(word[:length], [])
        if longer := [term for term in terms if term.words]:
            self._longer[word] = longer
        mask = self[word] = reduce(or_, [term.mask for term in terms if not term.words], 0)
        return mask

    def may_be_in(self, sentence: str) -> bool:
        """False means that no pattern of these grounds finds the sentence."""
        plain = _plain(sentence)
        if len(plain) != len(sentence) or len(plain) > _LONGEST or any(mark in plain for mark in _QUOTES):
            return True
        words = words_of(plain)
        present = reduce(or_, map(self.__getitem__, words), 0)
        if begun := self._longer.keys() & words:
            text = f" {' '.join(words)} "
            for word in begun:
                for term in self._longer[word]:
                    if term.words in text:
                        present |= term.mask
        absent = ~present
        for needed in self._needed:  # noqa: SIM110 - `any` takes twice as long
            if not needed & absent:
                return True
        return False


def _written(words: Sequence[str]) -> str:
    """A term of several words up to its first stem, between blanks; nothing of a term of one word."""
    if len(words) == 1:
        return ""
    return f" {' '.join(words)} ".partition("*")[0]


def _plain(text: str) -> str:
    return text.lower().replace("’", "'")
