"""Word classes: which of them a word is in, alone or with the words after it.

A class is a set of terms. A term is a word ("therapy"), a stem ("document*") or several of either in a row
("activities of daily living"). Classes are numbers; a set of classes is the bits of an integer.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

_WORD: Final = re.compile(r"[a-z0-9%]+(?:['’][a-z]+)?")
_WORD_OF_TERM: Final = re.compile(_WORD.pattern + r"\*?")
_MARKS: Final = bytes(code for code in range(128) if not re.match("[a-z0-9%]", chr(code)))
_WITHOUT_MARKS: Final = bytes.maketrans(_MARKS, b" " * len(_MARKS))

# Words are remembered with their entries. The limit keeps a hostile text from filling the memory.
_REMEMBERED: Final = 50_000


class LexiconTerm(NamedTuple):
    """What a row of words is."""

    mask: int
    """The classes."""
    patterns: tuple[int, ...]
    """The patterns to try where it occurs."""


class TermNode(NamedTuple):
    """The words so far: what they are, and what may follow to make them a longer term."""

    term: LexiconTerm | None
    following: "TermContinuations"


TermMaker = Callable[[Iterable[int]], LexiconTerm]
_Rests = Mapping[tuple[str, ...], set[int]]


class TermContinuations(dict[str, TermNode]):
    """By the next word how terms that have begun go on."""

    __slots__ = ()

    def __init__(self, rests: _Rests, term_of: TermMaker) -> None:
        """`rests` has the words that are yet to come with the classes of the term."""
        super().__init__()
        for word in {word for word, *_ in rests if not word.endswith("*")}:
            self[word] = _node(word, rests, term_of)


class StemContinuations(TermContinuations):
    """The same where a stem may follow: the words that begin with it are not known before."""

    __slots__ = ("_rests", "_stems", "_term_of")

    def __init__(self, rests: _Rests, term_of: TermMaker) -> None:
        super().__init__(rests, term_of)
        self._rests, self._term_of = rests, term_of
        self._stems = _stems_of(rests)

    def __contains__(self, word: object) -> bool:
        return dict.__contains__(self, word) or (isinstance(word, str) and word.startswith(self._stems))

    def __missing__(self, word: str) -> TermNode:
        return _node(word, self._rests, self._term_of)


def _stems_of(rests: _Rests) -> tuple[str, ...]:
    return tuple(word[:-1] for word, *_ in rests if word.endswith("*"))


def _continuations(rests: _Rests, term_of: TermMaker) -> TermContinuations:
    return (StemContinuations if _stems_of(rests) else TermContinuations)(rests, term_of)


def _node(word: str, rests: _Rests, term_of: TermMaker) -> TermNode:
    """What the words so far are with `word`, which is one of the next words or begins with a stem of them."""
    after: dict[tuple[str, ...], set[int]] = {}
    for (following, *rest), numbers in rests.items():
        if following == word or (following.endswith("*") and word.startswith(following[:-1])):
            after.setdefault(tuple(rest), set()).update(numbers)
    whole = after.pop((), None)
    return TermNode(term_of(whole) if whole else None, _continuations(after, term_of))


class Entry(NamedTuple):
    """What a word is by itself, and the longer terms that it may begin."""

    mask: int
    """The classes."""
    patterns: tuple[int, ...]
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
        self._classes = classes
        self.number: dict[str, int] = {name: number for number, name in enumerate(classes)}
        self._patterns = patterns or {}
        self.parting_mask = _mask(self.number[name] for name in parting)
        self._exact: dict[str, set[int]] = {}
        self._longer: dict[str, dict[tuple[str, ...], set[int]]] = {}
        self._stems: dict[str, tuple[set[int], dict[tuple[str, ...], set[int]]]] = {}
        self._longest_stem = 0
        self._unknown = Entry(0, (), TermContinuations({}, self._term))
        for name, terms in classes.items():
            for term in terms:
                self._add(words_of_term(term), self.number[name])

    def __missing__(self, word: str) -> Entry:
        if len(self) >= _REMEMBERED:
            self.clear()
        entry = self[word] = self._look_up(word)
        return entry

    def terms_of(self, classes: int) -> Iterator[tuple[tuple[str, ...], int]]:
        """The terms of a mask of classes: the words of each, stems with a star, and its class."""
        for number, terms in enumerate(self._classes.values()):
            if classes >> number & 1:
                for term in terms:
                    yield words_of_term(term), number

    def _add(self, words: tuple[str, ...], number: int) -> None:
        first, rest = words[0], words[1:]
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
        return Entry(*self._term(classes), _continuations(longer, self._term))

    def _term(self, numbers: Iterable[int]) -> LexiconTerm:
        classes = set(numbers)
        return LexiconTerm(_mask(classes), self._patterns_of(classes))

    def _patterns_of(self, classes: Iterable[int]) -> tuple[int, ...]:
        return tuple(pattern for number in classes for pattern in self._patterns.get(number, ()))


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without marks."""
    if "'" not in text and text.isascii():
        return text.encode().translate(_WITHOUT_MARKS).decode().split()
    return _WORD.findall(text)


@cache  # most of the 30,000 terms are in several classes
def words_of_term(term: str) -> tuple[str, ...]:
    """A term as the words that a text is cut into: hyphens part words, a star stays with its stem."""
    return tuple(_WORD_OF_TERM.findall(term.lower()))


def _mask(numbers: Iterable[int]) -> int:
    mask = 0
    for number in numbers:
        mask |= 1 << number
    return mask
