"""What lights up in one field for one question: terms, patterns, fuzzy words, phrases, each with a number.

Standard library only. How text is cut into words comes from the engine's own analysis (`TextAnalysis`),
so that what is lit is what was found. What a question negates is no lamp.
"""

import re
from collections.abc import Iterator, Sequence
from fnmatch import translate
from typing import NamedTuple, Protocol

from determinations.search.query_tree import (
    All,
    AnyOf,
    CaseNumber,
    Fuzzy,
    Node,
    Not,
    Phrase,
    Wildcard,
    Word,
)

_VERTEBRA = re.compile(r"[ctls]\d+")
_APOSTROPHES = str.maketrans("", "", "'’")
_PATTERN_PIECE = re.compile(r"(?:[^\W_]|[*?])+")
_WHOLE_PATTERN = re.compile(r"(?:[ctls]\d{1,2}[-/]|cm\d\d-)[\w*?-]*")


class AnalysedWord(Protocol):
    """A word of a text: the term that is searched, its spelling, and its place in the text."""

    @property
    def term(self) -> str: ...
    @property
    def word(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class TextAnalysis(Protocol):
    """An engine's analysis. `bridged` keeps every offset; a chunk's words are placed from its beginning.

    `plain_word` is the spelling of a chunk that is a single word, without looking for its term.
    """

    def bridged(self, text: str) -> str: ...
    def tokens_of_chunk(self, chunk: str) -> Sequence[AnalysedWord]: ...
    def plain_word(self, chunk: str) -> str | None: ...


class PhraseLamp(NamedTuple):
    """`terms`, each at most `slop` words after the one before."""

    terms: tuple[str, ...]
    slop: int
    lamp: int


class Lamps:
    """The words of a phrase are no lamps by themselves.

    `seeds`: letters of which one stands, as written, in every chunk that could light up by itself; None
    where there are no such letters. `phrase_seeds`: for each phrase, letters that all stand in a text
    that holds it. `count`: of all lamps.
    """

    def __init__(self, query: Node | None, field_name: str, analysis: TextAnalysis) -> None:
        self._analysis = analysis
        self.count = 0
        self.phrases: list[PhraseLamp] = []
        self._terms: dict[str, int] = {}
        self._patterns: list[tuple[re.Pattern[str], int]] = []
        self._literals: list[str] = []
        self._fuzzy: list[tuple[str, int, int]] = []
        if query is not None:
            self._collect(query, field_name)
        self.phrase_terms = {term for phrase in self.phrases for term in phrase.terms}
        self.phrase_seeds = [tuple(map(_seed, phrase.terms)) for phrase in self.phrases]
        self._term_seeds = tuple(filter(None, map(_seed, {*self._terms, *self.phrase_terms})))
        self.seeds = self._seeds_of_words()

    def may_light(self, word: str) -> bool:
        """False for a plain word that is neither lit nor part of a phrase, whatever its term."""
        return (
            any(seed in word for seed in self._term_seeds)
            or any(pattern.match(word) for pattern, _ in self._patterns)
            or any(_is_near(word, wanted, distance) for wanted, distance, _ in self._fuzzy)
        )

    def lamp_of(self, token: AnalysedWord) -> int:
        """The lamp of a word by itself, -1 for none."""
        if (lamp := self._terms.get(token.term)) is not None:
            return lamp
        for pattern, lamp in self._patterns:
            if pattern.match(token.word):
                return lamp
        for word, distance, lamp in self._fuzzy:
            if _is_near(token.word, word, distance):
                return lamp
        return -1

    def _seeds_of_words(self) -> tuple[str, ...] | None:
        seeds = [_seed(term) for term in self._terms]
        seeds += [literal if literal.isalnum() else "" for literal in self._literals]
        if self._fuzzy or not all(seeds):
            return None
        return tuple(dict.fromkeys((*seeds, "'", "’"))) if seeds else ()

    def _collect(self, node: Node, field_name: str) -> None:
        match node:
            case All(parts) | AnyOf(parts):
                for part in parts:
                    self._collect(part, field_name)
            case Not():
                return
            case CaseNumber(number):
                if field_name == "case":
                    self._add_phrase(number, 1)
            case _ if node.field not in (None, field_name):
                return
            case Word(text):
                self._add_phrase(text, 1)
            case Phrase(words, slop):
                self._add_phrase(" ".join(words), slop)
            case Wildcard(pattern):
                for piece in pattern_pieces(pattern):
                    self._patterns.append((re.compile(translate(piece)), self._next_lamp()))
                    self._literals.append(max(re.split(r"[*?]", piece), key=len))
            case Fuzzy(text, distance):
                for token in self._analysed(text):
                    self._fuzzy.append((token.word, distance, self._next_lamp()))

    def _add_phrase(self, text: str, slop: int) -> None:
        terms = tuple(token.term for token in self._analysed(text))
        if len(terms) == 1:
            self._terms.setdefault(terms[0], self._next_lamp())
        elif terms:
            self.phrases.append(PhraseLamp(terms, slop, self._next_lamp()))

    def _next_lamp(self) -> int:
        self.count += 1
        return self.count - 1

    def _analysed(self, text: str) -> Iterator[AnalysedWord]:
        for chunk in self._analysis.bridged(text).split():
            yield from self._analysis.tokens_of_chunk(chunk)


def _seed(term: str) -> str:
    """Letters that every word of this term holds as written, lower case; none for levels and case numbers.

    A stem differs from its words in its last two letters at most ("sensibl", "sensibility").
    """
    if term.isalpha():
        return term[: max(2, len(term) - 2)]
    return term if term.isalnum() and not _VERTEBRA.fullmatch(term) else ""


def pattern_pieces(pattern: str) -> list[str]:
    """The patterns of single words in a wildcard pattern, lower case: "Follow-u*" -> follow, u*.

    One that begins like a spinal level or a case number ("L4-*", "cm14-00*") is of one word.
    """
    pattern = pattern.lower().translate(_APOSTROPHES)
    if _WHOLE_PATTERN.fullmatch(pattern):
        return [pattern.replace("/", "-")]
    return [piece for piece in _PATTERN_PIECE.findall(pattern) if piece.strip("*?")]


def _is_near(word: str, wanted: str, distance: int) -> bool:
    return word[:1] == wanted[:1] and within_edits(wanted, word, distance)


def within_edits(one: str, other: str, distance: int) -> bool:
    """Whether `one` becomes `other` by at most `distance` letters added, dropped or changed."""
    if abs(len(one) - len(other)) > distance:
        return False
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        diagonal, row[0] = row[0], number
        for column, its in enumerate(other, 1):
            diagonal, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, diagonal + (letter != its)),
            )
        if min(row) > distance:
            return False
    return row[-1] <= distance
