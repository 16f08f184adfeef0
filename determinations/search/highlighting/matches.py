"""What lights up in one field for one question: terms, patterns, fuzzy words, phrases, each with a number.

Standard library only. How text is cut into words comes from the engine's own analysis (`TextAnalysis`),
so that what is lit is what was found. What a question negates is no lamp.

Which places of a text a question lights up: words, phrases, wildcards, fuzzy words; never what it negates.

Standard library only. What lights up is said by `lamps`. A text is read chunk by chunk (a chunk is a run
without white space), because most chunks have been judged before.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import translate
from itertools import accumulate
from typing import NamedTuple, Protocol

from determinations.search.query.nodes import (
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


_REMEMBERED_CHUNKS = 20_000
_CHUNK = re.compile(r"\S+")


class LitPlace(NamedTuple):
    """text[start:end] answers to `lamp`, a number that stands for one word or phrase of the question."""

    start: int
    end: int
    lamp: int


class _Place(NamedTuple):
    """A word of interest: its number among all words, its place, its term, and its own lamp or -1."""

    position: int
    start: int
    end: int
    term: str
    lamp: int


class Lighting:
    """One question, ready to light texts of one field; it keeps what it learns, so make it once per page."""

    def __init__(self, query: Node | None, field_name: str, analysis: TextAnalysis) -> None:
        self._analysis = analysis
        self._lamps = Lamps(query, field_name, analysis)
        self._seeds = self._lamps.seeds
        self._judged: dict[str, tuple[int, tuple[_Place, ...]]] = _Judgements(self._judge)

    def places(self, text: str) -> list[LitPlace]:
        """Lit places in text order; places of different lamps may overlap."""
        if not self._lamps.count:
            return []
        text = self._analysis.bridged(text)
        found = self._interesting(text) if self._needs_all_words(text) else self._around_seeds(text)
        lit = [LitPlace(place.start, place.end, place.lamp) for place in found if place.lamp >= 0]
        for phrase in self._lamps.phrases:
            lit.extend(_phrase_places(found, phrase))
        return sorted(set(lit))

    def _needs_all_words(self, text: str) -> bool:
        """Whether every word of `text` must be judged: for a phrase that may be there, or without seeds."""
        lowered = text.lower()
        if self._seeds is None or len(lowered) != len(text):
            return True
        if not self._lamps.phrases:
            return False
        letters = lowered.replace("'", "").replace("’", "")  # as terms have no apostrophes
        return any(all(seed in letters for seed in seeds) for seeds in self._lamps.phrase_seeds)

    def _around_seeds(self, text: str) -> list[_Place]:
        """The words that matter, found by their seeds. Their numbers among all words are not known here."""
        lowered = text.lower()
        starts: set[int] = set()
        for seed in self._seeds or ():
            at = lowered.find(seed)
            while at >= 0:
                start = at
                while start and not text[start - 1].isspace():
                    start -= 1
                starts.add(start)
                at = lowered.find(seed, at + 1)
        return [
            _Place(0, start + place.start, start + place.end, place.term, place.lamp)
            for start in sorted(starts)
            for place in self._judged[_CHUNK.match(text, start)[0]][1]  # type: ignore[index]
            if place.lamp >= 0
        ]

    def _judge(self, chunk: str) -> tuple[int, tuple[_Place, ...]]:
        """How many words `chunk` has, and those that matter here, placed within the chunk."""
        word = self._analysis.plain_word(chunk)
        if word is not None and not self._lamps.may_light(word):
            return 1, ()
        tokens = self._analysis.tokens_of_chunk(chunk)
        places = []
        for position, token in enumerate(tokens):
            lamp = self._lamps.lamp_of(token)
            if lamp >= 0 or token.term in self._lamps.phrase_terms:
                places.append(_Place(position, token.start, token.end, token.term, lamp))
        return len(tokens), tuple(places)

    def _interesting(self, text: str) -> list[_Place]:
        """The words that matter, placed in the text and numbered among all its words."""
        chunks = text.split()
        judged = list(map(self._judged.__getitem__, chunks))
        at = [number for number, (_, places) in enumerate(judged) if places]
        if not at:
            return []
        before = list(accumulate((count for count, _ in judged), initial=0))
        starts = _starts(text, [chunks[number] for number in at])
        return [
            _Place(
                before[number] + place.position,
                start + place.start,
                start + place.end,
                place.term,
                place.lamp,
            )
            for number, start in zip(at, starts, strict=True)
            for place in judged[number][1]
        ]


class _Judgements(dict[str, tuple[int, tuple[_Place, ...]]]):
    def __init__(self, judge: Callable[[str], tuple[int, tuple[_Place, ...]]]) -> None:
        super().__init__()
        self._judge = judge

    def __missing__(self, chunk: str) -> tuple[int, tuple[_Place, ...]]:
        if len(self) >= _REMEMBERED_CHUNKS:
            self.clear()
        judged = self[chunk] = self._judge(chunk)
        return judged


def _starts(text: str, chunks: Iterable[str]) -> Iterator[int]:
    """Where each of `chunks`, which stand in `text` in this order and nowhere between, begins."""
    at = 0
    for chunk in chunks:
        at = text.find(chunk, at)
        while not (_is_edge(text, at - 1) and _is_edge(text, at + len(chunk))):
            at = text.find(chunk, at + 1)
        yield at
        at += len(chunk)


def _is_edge(text: str, at: int) -> bool:
    return not 0 <= at < len(text) or text[at].isspace()


def _phrase_places(found: list[_Place], phrase: PhraseLamp) -> Iterator[LitPlace]:
    """A phrase of neighbours is lit as one place; with words allowed between, each word by itself."""
    words, slop, lamp = phrase
    by_term: dict[str, list[_Place]] = {word: [] for word in words}
    for place in found:
        if place.term in by_term:
            by_term[place.term].append(place)
    runs = [[place] for place in by_term[words[0]]]
    for word in words[1:]:
        runs = [
            [*run, place]
            for run in runs
            for place in by_term[word]
            if 1 <= place.position - run[-1].position <= slop
        ]
    for run in runs:
        if slop == 1:
            yield LitPlace(run[0].start, run[-1].end, lamp)
        else:
            yield from (LitPlace(place.start, place.end, lamp) for place in run)
