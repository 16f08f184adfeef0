"""A small phrase language for short medical texts, matched word by word in linear time.

A phrase is words separated by spaces. `[word]` may be missing, `a|b` is either, `@name` is any word of a
named class, `...` skips up to `GAP` words without leaving the clause, and `>` looks ahead: what follows
must be there but stays free for other phrases. Words are compared folded (case, plural, spelling), so one
phrase reads "Medial Branch Blocks", "MEDIAL-BRANCH BLOCK" and "medial branch blocks".

Knows no vocabulary: phrases, classes and spellings are handed in by `vocabulary`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar, cast

GAP = 6
MOST_GAPS = 2
"""More gaps than this in one phrase would let its cost grow beyond a few dozen steps per word."""

_INVARIABLE = frozenset({"tens", "pens", "series", "crps", "always", "perhaps", "towards"})
_ELEMENT = re.compile(r"\[(?P<optional>[^\[\]\s]+)\]|(?P<word>[^\[\]\s]+)")
_WORD = re.compile(r"@?[a-z0-9%&+']+\Z")


class PhraseError(ValueError):
    """A phrase that is not well formed; the message says what to write instead."""


def fold(word: str) -> str:
    """The form in which words are compared: lower case and singular ("Studies" -> "study")."""
    word = word.lower()
    if len(word) > 3 and word[-1] == "s" and word[-2] not in "sui" and word not in _INVARIABLE:
        if word.endswith("ies") and len(word) > 4:
            return word[:-3] + "y"
        if word.endswith(("ches", "shes", "sses", "xes")):
            return word[:-2]
        return word[:-1]
    return word


@dataclass(frozen=True, slots=True)
class Element:
    words: frozenset[str]
    optional: bool = False
    after_gap: bool = False
    ahead: bool = False


class Match(NamedTuple):
    """Where a phrase was found: the positions of its own words, in order."""

    positions: tuple[int, ...]

    @property
    def rank(self) -> tuple[int, int]:
        """More words are better, and of as many words those that stand closer together."""
        return len(self.positions), self.positions[0] - self.positions[-1]


class Clauses(NamedTuple):
    """A text as folded words, with the number of the clause each stands in.

    `stops` are words no gap runs over.
    """

    words: Sequence[str]
    clause: Sequence[int]
    stops: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class VocabularyPhrase:
    source: str
    elements: tuple[Element, ...]

    def first_words(self) -> frozenset[str]:
        """Every word a match can begin with."""
        found: set[str] = set()
        for element in self.elements:
            found |= element.words
            if not element.optional:
                break
        return frozenset(found)

    def all_words(self) -> frozenset[str]:
        return frozenset().union(*(element.words for element in self.elements))

    def spellings(self, most: int) -> tuple[tuple[str, ...], ...]:
        """Every row of words the phrase stands for; () if it has gaps, looks ahead, or has over `most`."""
        if any(element.after_gap or element.ahead for element in self.elements):
            return ()
        rows: list[tuple[str, ...]] = [()]
        for element in self.elements:
            longer = [(*row, word) for row in rows for word in sorted(element.words)]
            rows = longer + rows if element.optional else longer
            if len(rows) > most:
                return ()
        return tuple(rows)

    @property
    def has_gap(self) -> bool:
        return any(element.after_gap for element in self.elements)

    def match_at(self, text: Clauses, start: int, taken: Set[int] = frozenset()) -> Match | None:
        """The longest match beginning at word `start`, or None.

        Words in `taken` belong to another phrase already: they are not matched again, except by a look
        ahead, and no gap runs over them.
        """
        positions = _walk(self.elements, 0, text, start, taken)
        return Match(tuple(positions)) if positions and positions[0] == start else None


def _walk(
    elements: tuple[Element, ...], index: int, text: Clauses, at: int, taken: Set[int]
) -> list[int] | None:
    """Positions of the words of `elements[index:]` from word `at` on; None where they do not match."""
    if index == len(elements):
        return []
    element = elements[index]
    words, clause = text.words, text.clause
    end = min(len(words), at + GAP + 1 if element.after_gap else at + 1)
    for position in range(at, end):
        if at and clause[position] != clause[at - 1] and index:
            break
        free = position not in taken
        if words[position] in element.words and (free or element.ahead):
            rest = _walk(elements, index + 1, text, position + 1, taken)
            if rest is not None:
                return rest if element.ahead else [position, *rest]
        if not free or words[position] in text.stops:
            break
    return _walk(elements, index + 1, text, at, taken) if element.optional else None


def compile_phrase(source: str, classes: Mapping[str, frozenset[str]]) -> VocabularyPhrase:
    """Reads a phrase. Raises PhraseError where it is empty, malformed or names an unknown class."""
    elements: list[Element] = []
    gap = ahead = False
    for part in source.split():
        if part == "...":
            gap = True
            continue
        if part == ">":
            ahead = True
            continue
        found = _ELEMENT.fullmatch(part)
        if found is None:
            raise PhraseError(f"cannot read {part!r}: write word, [optional], a|b, @class, ... or >")
        body = found["optional"] or found["word"]
        elements.append(Element(_alternatives(body, classes), found["optional"] is not None, gap, ahead))
        gap = False
    if not elements or all(element.optional or element.ahead for element in elements) or gap:
        raise PhraseError(f"phrase {source!r} needs at least one word of its own and cannot end in '...'")
    if elements[0].after_gap or elements[0].ahead:
        raise PhraseError(f"phrase {source!r} cannot begin with '...' or '>'")
    if sum(element.after_gap for element in elements) > MOST_GAPS:
        raise PhraseError(f"phrase {source!r} has more than {MOST_GAPS} gaps: split it in two")
    return VocabularyPhrase(source, tuple(elements))


def _alternatives(body: str, classes: Mapping[str, frozenset[str]]) -> frozenset[str]:
    words: set[str] = set()
    for word in body.split("|"):
        if _WORD.match(word) is None:
            raise PhraseError(f"cannot read {word!r}: use lower-case letters and digits only")
        if not word.startswith("@"):
            words.add(fold(word))
        elif word[1:] in classes:
            words |= classes[word[1:]]
        else:
            raise PhraseError(f"no class {word!r}: known are {', '.join(sorted(classes))}")
    return frozenset(words)


Value = TypeVar("Value")
_MOST_SPELLINGS = 64
_WHOLE = ""
"""The key under which a tree of words holds the value of the phrase that ends there; no word is empty."""


class PhraseIndex(Generic[Value]):
    """Phrases by the words they can begin with, so that a text is read in one pass.

    Phrases without gaps become branches of a tree of words; the others are tried one by one.
    """

    def __init__(self, entries: Iterable[tuple[VocabularyPhrase, Value]]) -> None:
        self._tree: dict[str, Any] = {}
        self._loose: dict[str, list[tuple[VocabularyPhrase, Value]]] = {}
        for phrase, value in entries:
            spellings = phrase.spellings(_MOST_SPELLINGS)
            for spelling in spellings:
                branch = self._tree
                for word in spelling:
                    branch = branch.setdefault(word, {})
                branch.setdefault(_WHOLE, value)
            if not spellings:
                for word in phrase.first_words():
                    self._loose.setdefault(word, []).append((phrase, value))
        self._first_words = frozenset(self._tree) | frozenset(self._loose)

    def matches_in(self, text: Clauses, taken: set[int]) -> list[tuple[Match, Value]]:
        """The best matches from left to right, no word in two of them. Adds their words to `taken`.

        Of matches at the same word the one with the most words is best, then the one that stands closest.
        """
        found: list[tuple[Match, Value]] = []
        first_words = self._first_words
        if first_words.isdisjoint(text.words):
            return found
        for start in [at for at, word in enumerate(text.words) if word in first_words]:
            if start not in taken:
                best = self._best_at(text, start, taken)
                if best is not None:
                    taken.update(best[0].positions)
                    found.append(best)
        return found

    def _best_at(self, text: Clauses, start: int, taken: Set[int]) -> tuple[Match, Value] | None:
        word = text.words[start]
        best = self._longest_in_tree(text, start, taken) if word in self._tree else None
        for phrase, value in self._loose.get(word, ()):
            match = phrase.match_at(text, start, taken)
            if match is not None and (best is None or match.rank > best[0].rank):
                best = (match, value)
        return best

    def _longest_in_tree(self, text: Clauses, start: int, taken: Set[int]) -> tuple[Match, Value] | None:
        words, clause = text.words, text.clause
        branch: Mapping[str, Any] = self._tree
        end, own_clause = 0, clause[start]
        value: Value | None = None
        for at in range(start, len(words)):
            if at in taken or clause[at] != own_clause:
                break
            following = branch.get(words[at])
            if following is None:
                break
            branch = following
            if _WHOLE in branch:
                value, end = branch[_WHOLE], at + 1
        return (Match(tuple(range(start, end))), cast("Value", value)) if end else None
