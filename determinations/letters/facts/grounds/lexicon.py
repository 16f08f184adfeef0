"""Word classes: which of them a word is in, alone or with the words after it.

A class is a set of terms. A term is a word ("therapy"), a stem ("document*") or several of either in a row
("activities of daily living"). Classes are numbers; a set of classes is the bits of an integer.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WORD: Final = re.compile(r"[a-z0-9%]+(?:['’][a-z]+)?|[;,–—]|--")

# Words are remembered with their entries. The limit keeps a hostile text from filling the memory.
_REMEMBERED: Final = 50_000
_LONGEST_WORD: Final = 24


@dataclass(frozen=True, slots=True)
class LexiconTerm:
    """A term of several words that begins with a given one."""

    rest: tuple[str, ...]
    classes: frozenset[int]
    mask: int
    patterns: tuple[int, ...]

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


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word is by itself, and the longer terms that it may begin, by their second word."""

    classes: frozenset[int]
    mask: int
    patterns: tuple[int, ...]
    """The patterns to try where the word occurs."""
    longer: Mapping[str, tuple[LexiconTerm, ...]]
    longer_with_stem: tuple[LexiconTerm, ...]
    """The longer terms whose second word is a stem; those under a word have them, too."""
    parts: bool
    """A new clause begins with it."""


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
        self._stems: dict[str, set[int]] = {}
        self._longer: dict[str, dict[tuple[str, ...], set[int]]] = {}
        for name, terms in classes.items():
            for term in terms:
                self._add(words_of_term(term), self.number[name])

    def __missing__(self, word: str) -> Entry | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        entry = self[word] = self._look_up(word)
        return entry

    def _add(self, words: Sequence[str], number: int) -> None:
        if len(words) > 1:
            self._longer.setdefault(words[0], {}).setdefault(tuple(words[1:]), set()).add(number)
        elif words[0].endswith("*"):
            self._stems.setdefault(words[0][:-1], set()).add(number)
        else:
            self._exact.setdefault(words[0], set()).add(number)

    def _look_up(self, word: str) -> Entry | None:
        classes = set(self._exact.get(word, ()))
        longer = {rest: set(numbers) for rest, numbers in self._longer.get(word, {}).items()}
        for length in range(1, min(len(word), _LONGEST_WORD) + 1):
            classes |= self._stems.get(word[:length], set())
            for rest, numbers in self._longer.get(word[:length] + "*", {}).items():
                longer.setdefault(rest, set()).update(numbers)
        if not classes and not longer:
            return None
        terms = [
            LexiconTerm(rest, frozenset(numbers), _mask(numbers), self._patterns_of(numbers))
            for rest, numbers in longer.items()
        ]
        with_stem = tuple(term for term in terms if term.rest[0].endswith("*"))
        by_second: dict[str, tuple[LexiconTerm, ...]] = {}
        for term in terms:
            if not term.rest[0].endswith("*"):
                by_second[term.rest[0]] = (*by_second.get(term.rest[0], with_stem), term)
        return Entry(
            frozenset(classes),
            _mask(classes),
            self._patterns_of(classes),
            by_second,
            with_stem,
            not self._parting.isdisjoint(classes),
        )

    def _patterns_of(self, classes: Iterable[int]) -> tuple[int, ...]:
        return tuple(sorted({pattern for number in classes for pattern in self._patterns.get(number, ())}))


def words_of_term(term: str) -> list[str]:
    """A term as the words that a text is cut into: hyphens part words, a star stays with its stem."""
    return re.findall(r"[a-z0-9%]+(?:['’][a-z]+)?\*?", term.lower())


def _mask(numbers: Iterable[int]) -> int:
    mask = 0
    for number in numbers:
        mask |= 1 << number
    return mask
