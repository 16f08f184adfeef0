"""Where a text matches a query: words, phrases, wildcards and fuzzy words, but never what the query negates.

`QueryMatcher` holds the query's parts for one field, each with a number. `Highlighter` finds their spans in
a text. Text is cut into words by the engine's own analysis (`TextAnalysis`), so that what is marked is what
was found. A text is read chunk by chunk (a chunk is a run without white space), because most chunks have
been analyzed before.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import translate
from itertools import accumulate
from typing import NamedTuple, Protocol

from rapidfuzz.distance import Levenshtein

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


class AnalyzedWord(Protocol):
    """A word of a text: the term that is searched, its spelling, and its offsets in the text."""

    @property
    def term(self) -> str: ...
    @property
    def word(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class TextAnalysis(Protocol):
    """An engine's analysis. `bridged` keeps every offset; a word's offsets count from its chunk's beginning.

    `plain_word` is the spelling of a chunk that is a single word, without looking for its term.
    """

    def bridged(self, text: str) -> str: ...
    def tokens_of_chunk(self, chunk: str) -> Sequence[AnalyzedWord]: ...
    def plain_word(self, chunk: str) -> str | None: ...


class PhrasePart(NamedTuple):
    """`terms`, each at most `slop` words after the one before; `part` is its number in the query."""

    terms: tuple[str, ...]
    slop: int
    part: int


class QueryMatcher:
    """The parts of a query that can match in one field, numbered. Words of a phrase are no parts themselves.

    `count`: number of parts. `literals` is a prefilter: every chunk that matches by itself contains one of
    these strings as written; None where no such strings exist (fuzzy words). `phrase_literals`: for each
    phrase, strings that are all in a text that contains the phrase.
    """

    def __init__(self, query: Node | None, field_name: str, analysis: TextAnalysis) -> None:
        self._analysis = analysis
        self.count = 0
        self.phrases: list[PhrasePart] = []
        self._terms: dict[str, int] = {}
        self._patterns: list[tuple[re.Pattern[str], int]] = []
        self._pattern_literals: list[str] = []
        self._fuzzy: list[tuple[str, int, int]] = []
        if query is not None:
            self._collect(query, field_name)
        self.phrase_terms = {term for phrase in self.phrases for term in phrase.terms}
        self.phrase_literals = [tuple(map(_literal, phrase.terms)) for phrase in self.phrases]
        self._term_literals = tuple(filter(None, map(_literal, {*self._terms, *self.phrase_terms})))
        self.literals = self._word_literals()

    def may_match(self, word: str) -> bool:
        """False for a plain word that neither matches nor is in a phrase, whatever its term."""
        return (
            any(literal in word for literal in self._term_literals)
            or any(pattern.match(word) for pattern, _ in self._patterns)
            or any(_is_near(word, wanted, distance) for wanted, distance, _ in self._fuzzy)
        )

    def part_of(self, token: AnalyzedWord) -> int:
        """The part that a word matches by itself, -1 for none."""
        if (part := self._terms.get(token.term)) is not None:
            return part
        for pattern, part in self._patterns:
            if pattern.match(token.word):
                return part
        for word, distance, part in self._fuzzy:
            if _is_near(token.word, word, distance):
                return part
        return -1

    def _word_literals(self) -> tuple[str, ...] | None:
        literals = [_literal(term) for term in self._terms]
        literals += [literal if literal.isalnum() else "" for literal in self._pattern_literals]
        if self._fuzzy or not all(literals):
            return None
        # Terms have no apostrophes, and words do: a chunk with one is always analyzed.
        return tuple(dict.fromkeys((*literals, "'", "’"))) if literals else ()

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
                    self._patterns.append((re.compile(translate(piece)), self._next_part()))
                    self._pattern_literals.append(max(re.split(r"[*?]", piece), key=len))
            case Fuzzy(text, distance):
                for token in self._analyzed(text):
                    self._fuzzy.append((token.word, distance, self._next_part()))

    def _add_phrase(self, text: str, slop: int) -> None:
        terms = tuple(token.term for token in self._analyzed(text))
        if len(terms) == 1:
            self._terms.setdefault(terms[0], self._next_part())
        elif terms:
            self.phrases.append(PhrasePart(terms, slop, self._next_part()))

    def _next_part(self) -> int:
        self.count += 1
        return self.count - 1

    def _analyzed(self, text: str) -> Iterator[AnalyzedWord]:
        for chunk in self._analysis.bridged(text).split():
            yield from self._analysis.tokens_of_chunk(chunk)


def _literal(term: str) -> str:
    """Letters that every word of this term contains, lower case; none for levels and case numbers.

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
    return word[:1] == wanted[:1] and Levenshtein.distance(wanted, word, score_cutoff=distance) <= distance


_REMEMBERED_CHUNKS = 20_000
_CHUNK = re.compile(r"\S+")


class MatchSpan(NamedTuple):
    """text[start:end] matches the part of the query with this number."""

    start: int
    end: int
    part: int


class _Occurrence(NamedTuple):
    """A word that matters: its position among all words, its offsets, its term, and its own part or -1."""

    position: int
    start: int
    end: int
    term: str
    part: int


class Highlighter:
    """One query, ready to find its matches in texts of one field.

    It remembers chunks that it has analyzed, so make one per page. Finding a word takes time linear in the
    text; a phrase also takes its words times its words' occurrences (see `_on_chains`).
    """

    def __init__(self, query: Node | None, field_name: str, analysis: TextAnalysis) -> None:
        self._analysis = analysis
        self._matcher = QueryMatcher(query, field_name, analysis)
        self._literals = self._matcher.literals
        self._chunks: dict[str, tuple[int, tuple[_Occurrence, ...]]] = _ChunkCache(self._read_chunk)

    def spans(self, text: str) -> list[MatchSpan]:
        """Matches in text order; those of different parts may overlap."""
        if not self._matcher.count:
            return []
        text = self._analysis.bridged(text)
        found = self._all_words(text) if self._needs_all_words(text) else self._near_literals(text)
        spans = {MatchSpan(one.start, one.end, one.part) for one in found if one.part >= 0}
        for phrase in self._matcher.phrases:
            spans.update(_phrase_spans(found, phrase))
        return sorted(spans)

    def _needs_all_words(self, text: str) -> bool:
        """Whether every chunk of `text` must be read: for a phrase that may be there, or without literals."""
        lowered = text.lower()
        # Lower case can be longer ("İ"): offsets found in it would be wrong.
        if self._literals is None or len(lowered) != len(text):
            return True
        if not self._matcher.phrases:
            return False
        letters = lowered.replace("'", "").replace("’", "")  # as terms have no apostrophes
        return any(all(one in letters for one in literals) for literals in self._matcher.phrase_literals)

    def _near_literals(self, text: str) -> list[_Occurrence]:
        """The words that match, found by the literals. All positions are 0, as words are not counted."""
        lowered = text.lower()
        starts: set[int] = set()
        for literal in self._literals or ():
            at = lowered.find(literal)
            while at >= 0:
                start = at
                while start and not text[start - 1].isspace():
                    start -= 1
                starts.add(start)
                at = lowered.find(literal, at + 1)
        return [
            _Occurrence(0, start + one.start, start + one.end, one.term, one.part)
            for start in sorted(starts)
            for one in self._chunks[_CHUNK.match(text, start)[0]][1]  # type: ignore[index]
            if one.part >= 0
        ]

    def _read_chunk(self, chunk: str) -> tuple[int, tuple[_Occurrence, ...]]:
        """How many words `chunk` has, and those that matter here; positions and offsets are the chunk's."""
        word = self._analysis.plain_word(chunk)
        if word is not None and not self._matcher.may_match(word):
            return 1, ()
        tokens = self._analysis.tokens_of_chunk(chunk)
        found = []
        for position, token in enumerate(tokens):
            part = self._matcher.part_of(token)
            if part >= 0 or token.term in self._matcher.phrase_terms:
                found.append(_Occurrence(position, token.start, token.end, token.term, part))
        return len(tokens), tuple(found)

    def _all_words(self, text: str) -> list[_Occurrence]:
        """The words that matter, with their offsets in the text and their positions among all its words."""
        chunks = text.split()
        read = list(map(self._chunks.__getitem__, chunks))
        at = [number for number, (_, found) in enumerate(read) if found]
        if not at:
            return []
        before = list(accumulate((count for count, _ in read), initial=0))
        starts = _starts(text, [chunks[number] for number in at])
        return [
            _Occurrence(
                before[number] + one.position,
                start + one.start,
                start + one.end,
                one.term,
                one.part,
            )
            for number, start in zip(at, starts, strict=True)
            for one in read[number][1]
        ]


class _ChunkCache(dict[str, tuple[int, tuple[_Occurrence, ...]]]):
    """chunk -> what `read` makes of it; emptied when it is full."""

    def __init__(self, read: Callable[[str], tuple[int, tuple[_Occurrence, ...]]]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, chunk: str) -> tuple[int, tuple[_Occurrence, ...]]:
        if len(self) >= _REMEMBERED_CHUNKS:
            self.clear()
        read = self[chunk] = self._read(chunk)
        return read


def _starts(text: str, chunks: Iterable[str]) -> Iterator[int]:
    """Where each of `chunks` begins in `text`, which has them in this order and nowhere in between."""
    at = 0
    for chunk in chunks:
        at = text.find(chunk, at)
        while not (_is_edge(text, at - 1) and _is_edge(text, at + len(chunk))):
            at = text.find(chunk, at + 1)
        yield at
        at += len(chunk)


def _is_edge(text: str, at: int) -> bool:
    return not 0 <= at < len(text) or text[at].isspace()


def _phrase_spans(found: list[_Occurrence], phrase: PhrasePart) -> Iterator[MatchSpan]:
    """A phrase of neighbors is one span; with words allowed in between, each of its words is one."""
    terms, slop, part = phrase
    by_position = {one.position: one for one in found}
    positions: dict[str, list[int]] = {term: [] for term in terms}
    for position, one in by_position.items():
        if one.term in positions:
            positions[one.term].append(position)
    on_chains = _on_chains([positions[term] for term in terms], slop)
    if slop == 1:
        for first, last in zip(on_chains[0], on_chains[-1], strict=True):
            yield MatchSpan(by_position[first].start, by_position[last].end, part)
    else:
        for position in set().union(*on_chains):
            yield MatchSpan(by_position[position].start, by_position[position].end, part)


def _on_chains(positions: Sequence[Sequence[int]], slop: int) -> list[list[int]]:
    """For each word of a phrase, those of its positions that lie on a whole match of the phrase.

    Both are ascending. A match takes one position for each word, every one 1 to `slop` after the one before.
    Matches are never listed, for a phrase that repeats a word can have C(n, words) of them in n places. What
    the words before can reach is kept from left to right, then what reaches the last word from right to
    left: words * n * log(n) comparisons.
    """
    chains = [list(positions[0])]
    for following in positions[1:]:
        before = chains[-1]
        chains.append(
            [one for one in following if (at := bisect_left(before, one)) and one - before[at - 1] <= slop]
        )
    for word in range(len(chains) - 2, -1, -1):
        after = chains[word + 1]
        chains[word] = [
            one
            for one in chains[word]
            if (at := bisect_right(after, one)) < len(after) and after[at] - one <= slop
        ]
    return chains
