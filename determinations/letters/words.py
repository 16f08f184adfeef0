"""A request as words that can be compared: folded, unglued, with common slips of spelling repaired.

Extraction glues words ("notmedically", "inInternal") and people misspell them ("accupuncture"). A word the
vocabulary knows is never touched; an unknown one is split where both halves are known, or taken for the one
known word that differs by a single letter. Knows no vocabulary of its own.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from determinations.letters.phrases import Clauses, fold

PERCENT: Final = "%"
"""What every percentage reads as: the strength of an ingredient in a cream."""

_SHORTEST_REPAIRED = 7
"""Shorter words have too many neighbours one letter away ("Xanax", "Zantac") to be repaired."""
_SHORTEST_HALF = 4
_LONGEST_WORD = 40

_TOKEN = re.compile(
    r"([^\W\d_]+(?:['’][^\W\d_]+)?\d*|\d+(?:\.\d+)?\s?%|\d+(?:[.,]\d+)*)"
    r"|([;•]|(?<=\w{5})\.(?=\s|$)|[,:()])"
)
_PAUSES = frozenset(",:()")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TRAILING_DIGITS = re.compile(r"([^\W\d_]{2,})(\d+)\Z")


def plain_words(text: str) -> tuple[str, ...]:
    """The folded words of `text` as they stand, nothing repaired: how vocabulary itself is written."""
    return tuple(_folded(found[1]) for found in _TOKEN.finditer(text) if found[1])


def _folded(token: str) -> str:
    if token.endswith("%"):
        return PERCENT
    for apostrophe in "'’":
        token = token.partition(apostrophe)[0]
    if token.endswith("s") and len(token) > 3 and token[:-1].isupper():
        return token[:-1].lower()
    return fold(token)


class WordReader:
    """Reads texts against the words a vocabulary knows.

    `known` words are left alone, `spelling` maps a misspelt word to the right one, `repairable` are the
    words an unknown one may be taken for, `stops` are handed on to the phrases.
    """

    def __init__(
        self,
        known: frozenset[str],
        spelling: Mapping[str, str],
        repairable: Iterable[str],
        stops: frozenset[str] = frozenset(),
    ) -> None:
        self._known = known
        self._spelling = {fold(wrong): fold(right) for wrong, right in spelling.items()}
        self._stops = stops
        self._neighbours: dict[str, list[str]] = {}
        for word in repairable:
            if len(word) >= _SHORTEST_REPAIRED and word.isalpha():
                for shorter in _one_letter_less(word):
                    self._neighbours.setdefault(shorter, []).append(word)
        self._words_of = lru_cache(maxsize=65_536)(self._read_token)

    def read(self, text: str) -> Clauses:
        """The words of `text` with clauses (";", end of sentence) and pauses (commas, colons, brackets)."""
        words: list[str] = []
        clause: list[int] = []
        spans: list[tuple[int, int]] = []
        pauses: set[int] = set()
        current = 0
        words_of = self._words_of
        for found in _TOKEN.finditer(text):
            token, mark = found.groups()
            if mark is None:
                for word in words_of(token[:_LONGEST_WORD]):
                    words.append(word)
                    clause.append(current)
                    spans.append(found.span())
            else:
                pauses.add(len(words))
                if mark not in _PAUSES:
                    current += 1
        return Clauses(words, clause, self._stops, frozenset(pauses), spans)

    def _read_token(self, token: str) -> tuple[str, ...]:
        word = _folded(token)
        word = self._spelling.get(word, word)
        if word in self._known or not word[:1].isalpha():
            return (word,)
        humps = _HUMP.split(token)
        if len(humps) > 1:
            return tuple(part for hump in humps for part in self._words_of(hump))
        digits = _TRAILING_DIGITS.match(word)
        if digits is not None:
            return (*self._words_of(digits[1]), digits[2])
        return self._unglued(word) or (self._repaired(word),)

    def _unglued(self, word: str) -> tuple[str, ...]:
        for cut in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1):
            left, right = fold(word[:cut]), fold(word[cut:])
            if left in self._known and right in self._known:
                return left, right
        return ()

    def _repaired(self, word: str) -> str:
        if len(word) < _SHORTEST_REPAIRED - 1:
            return word
        for shorter in _one_letter_less(word):
            for candidate in self._neighbours.get(shorter, ()):
                if candidate[0] == word[0] and _one_slip_apart(word, candidate):
                    return candidate
        return word


def _one_letter_less(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _one_slip_apart(one: str, other: str) -> bool:
    """One letter missing, extra, changed, or two neighbours swapped."""
    start = 0
    shortest = min(len(one), len(other))
    while start < shortest and one[start] == other[start]:
        start += 1
    end = 0
    while end < shortest - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    return (len(left) <= 1 and len(right) <= 1) or (len(left) == 2 and left == right[::-1])
