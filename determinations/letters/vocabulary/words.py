"""A request as words that can be compared: folded, unglued, with common slips of spelling repaired.

Extraction glues words ("notmedically", "inInternal") and people misspell them ("accupuncture"). A word the
vocabulary knows is never touched; an unknown one is split where both halves are known, or taken for the one
known word that differs by a single letter. Knows no vocabulary of its own.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from determinations.letters.vocabulary.phrases import Clauses, fold

PERCENT: Final = "%"
"""What every percentage reads as: the strength of an ingredient in a cream."""

_SHORTEST_REPAIRED = 7
"""Shorter words have too many neighbors one letter away ("Xanax", "Zantac") to be repaired."""
_SHORTEST_HALF = 4

_LETTERS = "[A-Za-zÀ-ɏ]{1,40}"
_TOKEN = re.compile(
    rf"{_LETTERS}(?:['’]{_LETTERS})?[0-9]{{0,9}}|[0-9]{{1,9}}(?:\.[0-9]{{1,9}})?\s?%|"
    r"[0-9]{1,9}(?:[.,][0-9]{1,9}){0,3}"
)
"""Bounded, so that no token is long: tokens are kept in a cache."""
_END = re.compile(r"[;•]|\.(?<=\w{5}\.)(?=\s|\Z)")
_END_MARKS = (".", ";", "•")
_PAUSE = re.compile(r"[,:();•]|\.(?<=\w{5}\.)(?=\s|\Z)")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TRAILING_DIGITS = re.compile(r"([^\W\d_]{2,})(\d+)\Z")


def plain_words(text: str) -> tuple[str, ...]:
    """The folded words of `text` as they stand, nothing repaired: how vocabulary itself is written."""
    return tuple(map(_folded, _TOKEN.findall(text)))


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

    `known` words are left alone, `spelling` maps a misspelled word to the right one, `repairable` are the
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
        self._neighbors: dict[str, list[str]] = {}
        for word in repairable:
            if len(word) >= _SHORTEST_REPAIRED and word.isalpha():
                for shorter in _one_letter_less(word):
                    self._neighbors.setdefault(shorter, []).append(word)
        self._words_of = lru_cache(maxsize=65_536)(self._read_token)

    def read(self, text: str) -> Clauses:
        """The words of `text`, in clauses that end at a semicolon or at the end of a sentence."""
        if any(mark in text for mark in _END_MARKS) and _END.search(text) is not None:
            return self.read_with_spans(text)[0]
        words = [word for token in _TOKEN.findall(text) for word in self._words_of(token)]
        return Clauses(words, [0] * len(words), self._stops)

    def read_with_spans(self, text: str) -> tuple[Clauses, list[tuple[int, int]]]:
        """As `read`, and where in `text` each word stands; words that stood glued share a span."""
        tokens = list(_TOKEN.finditer(text))
        spans = [token.span() for token in tokens]
        rows = [self._words_of(token[0]) for token in tokens]
        words = [word for row in rows for word in row]
        if len(words) > len(spans):
            spans = [span for span, row in zip(spans, rows, strict=True) for _ in row]
        ends = [found.start() for found in _END.finditer(text)]
        one_clause = not ends or not spans or ends[0] >= spans[-1][0]
        clause = [0] * len(words) if one_clause else [bisect_left(ends, start) for start, _ in spans]
        return Clauses(words, clause, self._stops), spans

    def pauses(self, text: str) -> list[int]:
        """The words of `read` before which stands a comma, a colon, a bracket or a clause's end, in order."""
        starts = [start for start, _ in self.read_with_spans(text)[1]]
        return [bisect_left(starts, found.start()) for found in _PAUSE.finditer(text)]

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
            for candidate in self._neighbors.get(shorter, ()):
                if candidate[0] == word[0] and within_one_slip(word, candidate):
                    return candidate
        return word


def _one_letter_less(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def within_one_slip(one: str, other: str) -> bool:
    """Whether two words differ by no more than one letter missing, extra or changed, or two swapped."""
    start = 0
    shortest = min(len(one), len(other))
    while start < shortest and one[start] == other[start]:
        start += 1
    end = 0
    while end < shortest - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    return (len(left) <= 1 and len(right) <= 1) or (len(left) == 2 and left == right[::-1])
