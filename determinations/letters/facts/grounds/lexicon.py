"""Word classes: which of them a word is in, alone or with the words after it.

A class is a set of terms. A term is a word ("therapy"), a stem ("document*") or several of either in a row
("activities of daily living"). Classes are numbers; a set of classes is the bits of an integer.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

_WORD: Final = re.compile(r"[a-z0-9%]+(?:['’][a-z]+)?")
_MARKS: Final = bytes(code for code in range(128) if not re.match("[a-z0-9%]", chr(code)))
_WITHOUT_MARKS: Final = bytes.maketrans(_MARKS, b" " * len(_MARKS))

# Words are remembered with their entries. The limit keeps a hostile text from filling the memory.
_REMEMBERED: Final = 50_000
_FOLLOWING_REMEMBERED: Final = 2_000


class LexiconTerm(NamedTuple):
    """What a row of words is."""

    mask: int
    """The classes."""
    patterns: frozenset[int]
    """The patterns to try where it occurs."""


class TermNode(NamedTuple):
    """The words so far: what they are, and what may follow to make them a longer term."""

    term: LexiconTerm | None
    following: "TermContinuations | None"


TermMaker = Callable[[Iterable[int]], LexiconTerm]
_Rests = Mapping[tuple[str, ...], set[int]]


class TermContinuations(dict[str, TermNode | None]):
    """By the next word how terms that have begun go on; None where none does. Found when first asked for."""

    __slots__ = ("_exact", "_stems", "_term_of")

    def __init__(self, rests: _Rests, term_of: TermMaker) -> None:
        """`rests` has the words that are yet to come with the classes of the term."""
        super().__init__()
        self._term_of = term_of
        self._exact: dict[str, dict[tuple[str, ...], set[int]]] = {}
        self._stems: dict[str, dict[tuple[str, ...], set[int]]] = {}
        for (word, *rest), numbers in rests.items():
            by_word, key = (self._stems, word[:-1]) if word.endswith("*") else (self._exact, word)
            by_word.setdefault(key, {}).setdefault(tuple(rest), set()).update(numbers)

    def __missing__(self, word: str) -> TermNode | None:
        rests = {rest: set(numbers) for rest, numbers in self._exact.get(word, {}).items()}
        for stem, begun in self._stems.items():
            if word.startswith(stem):
                for rest, numbers in begun.items():
                    rests.setdefault(rest, set()).update(numbers)
        node = None
        if rests:
            whole = rests.pop((), None)
            term = self._term_of(whole) if whole else None
            node = TermNode(term, TermContinuations(rests, self._term_of) if rests else None)
        if len(self) >= _FOLLOWING_REMEMBERED:
            self.clear()
        self[word] = node
        return node


class Entry(NamedTuple):
    """What a word is by itself, and the longer terms that it may begin."""

    mask: int
    """The classes."""
    patterns: frozenset[int]
    """The patterns to try where the word occurs."""
    following: TermContinuations
    """How it may go on to a longer term."""



class Lexicon(dict[str, Entry]):
    """The entry of each word in lower case; an empty one for a word that no class knows.

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
        self.parting_mask = _mask(self.number[name] for name in parting)
        self._exact: dict[str, set[int]] = {}
        self._longer: dict[str, dict[tuple[str, ...], set[int]]] = {}
        self._stems: dict[str, tuple[set[int], dict[tuple[str, ...], set[int]]]] = {}
        self._longest_stem = 0
        self._beginning_none = TermContinuations({}, self._term)
        self._unknown = Entry(0, frozenset(), self._beginning_none)
        for name, terms in classes.items():
            for term in terms:
                self._add(words_of_term(term), self.number[name])

    def __missing__(self, word: str) -> Entry:
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

    def _look_up(self, word: str) -> Entry:
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
            return self._unknown
        continuations = TermContinuations(longer, self._term) if longer else self._beginning_none
        return Entry(*self._term(classes), continuations)

    def _term(self, numbers: Iterable[int]) -> LexiconTerm:
        classes = set(numbers)
        return LexiconTerm(_mask(classes), self._patterns_of(classes))

    def _patterns_of(self, classes: Iterable[int]) -> frozenset[int]:
        return frozenset(pattern for number in classes for pattern in self._patterns.get(number, ()))


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without marks."""
    if "'" not in text and text.isascii():
        return text.encode().translate(_WITHOUT_MARKS).decode().split()
    return _WORD.findall(text)


def words_of_term(term: str) -> list[str]:
    """A term as the words that a text is cut into: hyphens part words, a star stays with its stem."""
    return re.findall(r"[a-z0-9%]+(?:['’][a-z]+)?\*?", term.lower())


def _mask(numbers: Iterable[int]) -> int:
    mask = 0
    for number in numbers:
        mask |= 1 << number
    return mask
