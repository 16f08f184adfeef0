"""Word classes, and where in a sentence each occurs.

A class is a set of terms. A term is a word ("therapy"), a stem ("document*") or several of either in a row
("activities of daily living"). Where a class occurs is kept as the bits of an integer, one bit a word: a pattern
is then matched with a few shifts for all starting points at once, in time linear in the sentence.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

WORD: Final = re.compile(r"[a-z0-9%]+(?:['’][a-z]+)?|[;:,()\"“”]|--|[–—]")

# Tokens are remembered with their classes. The limit keeps a hostile text from filling the memory.
_REMEMBERED: Final = 50_000


class Entry(NamedTuple):
    """What a word means: the classes that it is in by itself, and the longer terms that it may begin."""

    classes: tuple[int, ...]
    longer: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]


class Lexicon:
    """Looks up words. Classes are numbered in the order in which they are given."""

    def __init__(self, classes: Mapping[str, Iterable[str]]) -> None:
        self.number: dict[str, int] = {name: number for number, name in enumerate(classes)}
        self._exact: dict[str, set[int]] = {}
        self._stems: dict[str, set[int]] = {}
        self._longer: dict[str, dict[tuple[str, ...], set[int]]] = {}
        for name, terms in classes.items():
            for term in terms:
                self._add(words_of_term(term), self.number[name])
        self._shortest = min(map(len, self._stems), default=1)
        self._known: dict[str, Entry | None] = {}

    def _add(self, words: Sequence[str], number: int) -> None:
        if len(words) > 1:
            self._longer.setdefault(words[0], {}).setdefault(tuple(words[1:]), set()).add(number)
        elif words[0].endswith("*"):
            self._stems.setdefault(words[0][:-1], set()).add(number)
        else:
            self._exact.setdefault(words[0], set()).add(number)

    def entry(self, word: str) -> Entry | None:
        """The classes of a word in lower case; None where no class knows it."""
        try:
            return self._known[word]
        except KeyError:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[word] = self._look_up(word)
            return found

    def _look_up(self, word: str) -> Entry | None:
        classes = set(self._exact.get(word, ()))
        longer = dict(self._longer.get(word, {}))
        for length in range(self._shortest, min(len(word), 24) + 1):
            classes |= self._stems.get(word[:length], set())
        for length in range(1, min(len(word), 24) + 1):
            for rest, numbers in self._longer.get(word[:length] + "*", {}).items():
                longer[rest] = longer.get(rest, set()) | numbers
        if not classes and not longer:
            return None
        return Entry(
            tuple(sorted(classes)),
            tuple((rest, tuple(sorted(numbers))) for rest, numbers in longer.items()),
        )


def words_of_term(term: str) -> list[str]:
    """A term as the words that a text is cut into: hyphens part words, a star stays with its stem."""
    return re.findall(r"[a-z0-9%]+(?:['’][a-z]+)?\*?", term.lower())


def fits(words: Sequence[str], at: int, rest: Sequence[str]) -> bool:
    """Whether the words from `at` on are those of the rest of a term."""
    if at + len(rest) > len(words):
        return False
    for offset, part in enumerate(rest):
        word = words[at + offset]
        if word != part and not (part[-1] == "*" and word.startswith(part[:-1])):
            return False
    return True
