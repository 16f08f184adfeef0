"""Word classes: which of them a word is in, alone or with the words after it.

A class is a set of terms. A term is a word ("therapy"), a stem ("document*") or several of either in a row
("activities of daily living"). Classes are numbers; a set of classes is the bits of an integer.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

WORD: Final = re.compile(r"[a-z0-9%]+(?:['’][a-z]+)?|[;,–—]|--")

# Words are remembered with their entries. The limit keeps a hostile text from filling the memory.
_REMEMBERED: Final = 50_000
_FOLLOWING_REMEMBERED: Final = 2_000


class Term(NamedTuple):
    """A term of several words, or all two-word terms of the same two words together."""

    rest: tuple[str, ...]
    """Its words from the third on."""
    classes: frozenset[int]
    mask: int
    patterns: frozenset[int]

    def follows(self, words: Sequence[str], at: int) -> bool:
        """Whether the words from `at` on are the rest of it."""
        if at + len(self.rest) > len(words):
            return False
        for part in self.rest:
            word = words[at]
            if word != part and not (part[-1] == "*" and word.startswith(part[:-1])):
                return False
            at += 1
        return True


class Following(dict[str, tuple[Term, ...]]):
    """For a second word the terms that a first word may begin with it. Found when first asked for."""

    __slots__ = ("_exact", "_stems")

    def __init__(self, terms: Mapping[tuple[str, ...], set[int]], term_of: "TermMaker") -> None:
        super().__init__()
        exact: dict[str, dict[tuple[str, ...], set[int]]] = {}
        stems: dict[str, dict[tuple[str, ...], set[int]]] = {}
        for (second, *rest), numbers in terms.items():
            by_second = stems if second.endswith("*") else exact
            by_second.setdefault(second, {}).setdefault(tuple(rest), set()).update(numbers)
        self._exact = {second: _terms(by_rest, term_of) for second, by_rest in exact.items()}
        self._stems = {second[:-1]: _terms(by_rest, term_of) for second, by_rest in stems.items()}

    def __missing__(self, second: str) -> tuple[Term, ...]:
        terms = self._exact.get(second, ())
        for stem, found in self._stems.items():
            if second.startswith(stem):
                terms += found
        if len(self) >= _FOLLOWING_REMEMBERED:
            self.clear()
        self[second] = terms
        return terms


TermMaker = Callable[[tuple[str, ...], Iterable[int]], Term]


def _terms(by_rest: Mapping[tuple[str, ...], set[int]], term_of: TermMaker) -> tuple[Term, ...]:
    return tuple(term_of(rest, numbers) for rest, numbers in by_rest.items())


class Entry(NamedTuple):
    """What a word is by itself, and the longer terms that it may begin."""

    classes: frozenset[int]
    mask: int
    patterns: frozenset[int]
    """The patterns to try where the word occurs."""
    parts: bool
    """A new clause begins with it."""
    following: Following | None
    """None where no longer term begins with it."""


class Lexicon(dict[str, Entry | None]):
    """The entry of each word in lower case; None for a word that no class knows.

    Classes are numbered in the order in which they are given. `patterns` has for a class the numbers of the
    patterns to try where it occurs; with a word of the classes `parting` a new clause begins.
    """

    def __init__(
        self,
        classes: Mapping[str, Iterable[str]],
        patterns: Mapping[int, Iterable[int]] | None = None,
        parting: Iterable[str] = (),
    ) -> None:
        super().__init__()
        self.number: dict[str, int] = {name: number for number, name in enumerate(classes)}
        self._patterns = patterns or {}
        self._parting = {self.number[name] for name in parting}
        self._exact: dict[str, set[int]] = {}
        self._longer: dict[str, dict[tuple[str, ...], set[int]]] = {}
        self._stems: dict[str, tuple[set[int], dict[tuple[str, ...], set[int]]]] = {}
        self._longest_stem = 0
        for name, terms in classes.items():
            for term in terms:
                self._add(words_of_term(term), self.number[name])

    def __missing__(self, word: str) -> Entry | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        entry = self[word] = self._look_up(word)
        return entry

    def _add(self, words: Sequence[str], number: int) -> None:
        first, rest = words[0], tuple(words[1:])
        if first.endswith("*"):
            classes, longer = self._stems.setdefault(first[:-1], (set(), {}))
            self._longest_stem = max(self._longest_stem, len(first) - 1)
        else:
            classes = self._exact.setdefault(first, set())
            longer = self._longer.setdefault(first, {})
        if rest:
            longer.setdefault(rest, set()).add(number)
        else:
            classes.add(number)

    def _look_up(self, word: str) -> Entry | None:
        classes = set(self._exact.get(word, ()))
        longer = {rest: set(numbers) for rest, numbers in self._longer.get(word, {}).items()}
        for length in range(1, min(len(word), self._longest_stem) + 1):
            stem = word[:length]
            if stem not in self._stems:
                continue
            numbers, terms = self._stems[stem]
            classes |= numbers
            for rest, begun in terms.items():
                longer.setdefault(rest, set()).update(begun)
        if not classes and not longer:
            return None
        return Entry(
            frozenset(classes),
            _mask(classes),
            self._patterns_of(classes),
            not self._parting.isdisjoint(classes),
            Following(longer, self._term) if longer else None,
        )

    def _term(self, rest: tuple[str, ...], numbers: Iterable[int]) -> Term:
        classes = frozenset(numbers)
        return Term(rest, classes, _mask(classes), self._patterns_of(classes))

    def _patterns_of(self, classes: Iterable[int]) -> frozenset[int]:
        return frozenset(pattern for number in classes for pattern in self._patterns.get(number, ()))


def words_of_term(term: str) -> list[str]:
    """A term as the words that a text is cut into: hyphens part words, a star stays with its stem."""
    return re.findall(r"[a-z0-9%]+(?:['’][a-z]+)?\*?", term.lower())


def _mask(numbers: Iterable[int]) -> int:
    mask = 0
    for number in numbers:
        mask |= 1 << number
    return mask
