"""Where a text matches a query: words, phrases, words near each other, but never what the query negates.

`QueryMatcher` holds the query's parts for one field, each an expression over positions with a number, and
says which words of a text matter. `Highlighter` finds the parts' spans in a text. Text is cut into words by
the engine's analysis (`HighlightAnalysis`), so that what is marked is what was found. A text is read chunk
by chunk (a chunk is a run without white space), because most chunks have been analyzed before.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import translate
from typing import NamedTuple, Protocol

import numpy as np
from pyroaring import BitMap
from rapidfuzz.distance import Levenshtein

from determinations.search import expressions
from determinations.search.expressions import AnalyzedWord, expression_of
from determinations.search.positions import (
    Close,
    Either,
    Expression,
    Leaf,
    Misspelled,
    Pattern,
    Places,
    Term,
    Unchanged,
    leaves,
    spans,
)
from determinations.search.positions import Sequence as InSequence
from determinations.search.query.nodes import (
    All,
    AnyOf,
    CaseNumber,
    DateRange,
    FacetTerm,
    Node,
    Not,
    Word,
)

_REMEMBERED_CHUNKS = 20_000
_MANY_PLACES = 12
_CHUNK = re.compile(r"\S+")
_HARMLESS = "\u2018\u2019\u201c\u201d\u2013\u2014\u2022\u2026\u00a0"
"""Signs beyond ASCII that stand in no word but as an apostrophe."""
_BEYOND_ASCII = re.compile(rf"[^\x00-\x7f{_HARMLESS}]")
_SIGNS_IN_WORDS = b"'-./\x01"
"""Where one of these is (or ’ or –), a chunk may be a word that is written otherwise than its term."""


class HighlightAnalysis(expressions.TextAnalysis, Protocol):
    """`plain_word` is the spelling of a chunk that is a single word, without looking for its term.

    `letters_of` gives letters of which every word of a term holds some, hyphens and points aside; none where
    there are no such letters. `SENTENCE_END` is the term beside the last word of a sentence.
    """

    @property
    def SENTENCE_END(self) -> str: ...  # noqa: N802 - a constant of a module
    def plain_word(self, chunk: str) -> str | None: ...
    def letters_of(self, term: str) -> tuple[str, ...]: ...


class QueryPart(NamedTuple):
    """A part of a query. A word that matches one of `words`, leaves by number, answers it by itself.

    `phrases` are its alternatives of several words. `literals`: a text that has the part has, in lower case
    and without signs in words, one of each group.
    """

    number: int
    words: frozenset[int]
    phrases: tuple[Expression, ...]
    literals: tuple[tuple[bytes, ...], ...]


class QueryMatcher:
    """The parts of a query that can match in one field: expressions over positions, numbered from 0."""

    def __init__(self, query: Node | None, field_name: str, analysis: HighlightAnalysis) -> None:
        self._analysis = analysis
        self._expressions: list[Expression] = []
        if query is not None:
            self._collect(query, field_name)
        self.leaves = tuple(dict.fromkeys(leaf for part in self._expressions for leaf in leaves(part)))
        self.needs_sentences = any(_is_in_sentence(part) for part in self._expressions)
        if self.needs_sentences:
            self.leaves = (*self.leaves, Term(analysis.SENTENCE_END))
        self._by_term: dict[str, list[int]] = {}
        self._written: dict[str, list[int]] = {}
        self._patterns: list[tuple[re.Pattern[str], int]] = []
        self._misspelled: list[tuple[Misspelled, int]] = []
        for number, leaf in enumerate(self.leaves):
            self._sort(leaf, number)
        self.numbers = {leaf: number for number, leaf in enumerate(self.leaves)}
        self.parts = [self._part(number, expression) for number, expression in enumerate(self._expressions)]
        letters = self._letters_of_words()
        self._may_hold_letters = None if letters is None else _any_of(letters)

    def _part(self, number: int, expression: Expression) -> QueryPart:
        words: set[int] = set()
        phrases: list[Expression] = []
        for one in _alternatives(expression):
            if isinstance(one, InSequence | Close):
                phrases.append(one)
            else:
                words.add(self.numbers[one])
        return QueryPart(number, frozenset(words), tuple(phrases), self._literals_in(expression))

    def _sort(self, leaf: Leaf, number: int) -> None:
        match leaf:
            case Term(term):
                self._by_term.setdefault(term, []).append(number)
            case Unchanged(term):
                self._written.setdefault(term, []).append(number)
            case Pattern(pattern):
                self._patterns.append((re.compile(translate(pattern)), number))
            case Misspelled():
                self._misspelled.append((leaf, number))

    def leaves_of(self, token: AnalyzedWord) -> tuple[int, ...]:
        """The numbers of those that a word matches."""
        found = [leaf for term in (token.term, *token.others) for leaf in self._by_term.get(term, ())]
        if token.word == token.term:
            found += self._written.get(token.term, ())
        found += [leaf for pattern, leaf in self._patterns if pattern.match(token.word)]
        found += [number for wanted, number in self._misspelled if _is_near(token.word, wanted)]
        return tuple(dict.fromkeys(found))

    def may_match(self, word: str) -> bool:
        """False for a plain word in lower case that no leaf matches, whatever its term."""
        if self._may_hold_letters is None or self._may_hold_letters(word):
            return True
        return any(pattern.match(word) for pattern, _ in self._patterns) or any(
            _is_near(word, wanted) for wanted, _ in self._misspelled
        )

    def _letters_of_words(self) -> tuple[str, ...] | None:
        """Letters of which every plain word that a term matches holds some; None where there are none."""
        found: list[str] = []
        for leaf in self.leaves:
            if isinstance(leaf, Term | Unchanged) and leaf.term.rpartition("=")[2].isalpha():
                letters = self._analysis.letters_of(leaf.term.rpartition("=")[2])
                if not letters:
                    return None
                found += letters
        return tuple(dict.fromkeys(found))

    @property
    def literals(self) -> tuple[str, ...] | None:
        """Strings of which every chunk that matches a leaf holds one, signs aside; None for none."""
        found: list[str] = []
        for leaf in self.leaves:
            letters = self._literals_of(leaf)
            if not letters:
                return None
            found += letters
        return tuple(dict.fromkeys(found))

    def _literals_of(self, leaf: Leaf) -> tuple[str, ...]:
        match leaf:
            case Term(term) | Unchanged(term):
                written = term.rpartition("=")[2]
                if written.isdecimal() and len(written) < len("1000"):
                    return (written,)  # from there on commas may stand in it, and it may be a year
                return self._analysis.letters_of(written)
            case Pattern(pattern):
                longest = max(re.split(r"[*?]", pattern), key=len)
                return (longest,) if longest.isalpha() else ()
            case _:
                return ()

    def _literals_in(self, part: Expression) -> tuple[tuple[bytes, ...], ...]:
        match part:
            case Either(parts):
                each = [self._literals_in(one) for one in parts]
                if not all(each):
                    return ()
                # Of each alternative the letters that are rarest, so the longest.
                telling = (max(groups, key=lambda group: min(map(len, group))) for groups in each)
                return (tuple(dict.fromkeys(literal for group in telling for literal in group)),)
            case InSequence(parts) | Close(parts):
                return tuple(group for one in parts for group in self._literals_in(one))
            case _:
                literals = tuple(literal.encode() for literal in self._literals_of(part))
                return (literals,) if literals else ()

    def _collect(self, node: Node, field_name: str) -> None:
        match node:
            case All(parts):
                for part in parts:
                    self._collect(part, field_name)
            case AnyOf(parts):
                for part in parts:
                    self._collect(part, field_name)
            case Not() | FacetTerm() | DateRange():
                return
            case CaseNumber(number):
                if field_name == "case":
                    self._add(Word(number))
            case _ if node.field in (None, field_name):
                self._add(node)
            case _:
                return

    def _add(self, node: Node) -> None:
        if expression := expression_of(node, self._analysis):
            self._expressions.append(expression)


def _any_of(literals: Iterable[str]) -> Callable[[str], object]:
    """Says whether a word holds one of the literals; of none, no word does."""
    written = "|".join(map(re.escape, literals))
    return re.compile(written or r"(?!)").search


def _alternatives(part: Expression) -> Iterator[Leaf | InSequence | Close]:
    """What answers the part by itself: single words, and what is made of several words."""
    if isinstance(part, Either):
        for one in part.parts:
            yield from _alternatives(one)
    else:
        yield part


def _is_in_sentence(part: Expression) -> bool:
    match part:
        case Close(parts, in_sentence=in_sentence):
            return in_sentence or any(map(_is_in_sentence, parts))
        case Either(parts) | InSequence(parts):
            return any(map(_is_in_sentence, parts))
        case _:
            return False


def _is_near(word: str, wanted: Misspelled) -> bool:
    distance = wanted.distance
    return (
        word[:1] == wanted.word[:1]
        and Levenshtein.distance(wanted.word, word, score_cutoff=distance) <= distance
    )


class MatchSpan(NamedTuple):
    """text[start:end] matches the part of the query with this number."""

    start: int
    end: int
    part: int


class _Occurrence(NamedTuple):
    """A word that matters: its position among all words, its offsets, and the leaves that it matches."""

    position: int
    start: int
    end: int
    leaves: tuple[int, ...]


class Highlighter:
    """One query, ready to find its matches in texts of one field.

    It remembers chunks that it has analyzed, so make one per page. Takes time linear in the text, and for
    each phrase linear in the occurrences of its words.
    """

    def __init__(self, query: Node | None, field_name: str, analysis: HighlightAnalysis) -> None:
        self._analysis = analysis
        self._matcher = QueryMatcher(query, field_name, analysis)
        self._literals = self._matcher.literals
        self._encoded = [literal.encode() for literal in self._literals or ()]
        self._passed_over: set[str] = set()
        self._chunks: dict[str, tuple[int, tuple[_Occurrence, ...]]] = _ChunkCache(
            self._read_chunk, self._passed_over
        )

    def spans(self, text: str) -> list[MatchSpan]:
        """Matches in text order; those of different parts may overlap."""
        parts = self._matcher.parts
        if not parts:
            return []
        lowered, literals = text.lower(), self._literals
        # Letters beyond ASCII are folded, and lower case can be longer ("İ"): offsets in it would be wrong.
        is_plain = text.isascii() or (len(lowered) == len(text) and _BEYOND_ASCII.search(text) is None)
        if is_plain:
            written = lowered.encode()
            plain = written if text.isascii() else lowered.replace("’", "").replace("–", "").encode()
            letters = plain.translate(None, _SIGNS_IN_WORDS)
            parts = [part for part in parts if _may_be_in(letters, part.literals)]
            if not parts:
                return []
        text = self._analysis.bridged(text)
        if (
            is_plain
            and literals is not None
            and not any(part.phrases for part in parts)
            and _are_few_and_plain(self._encoded, written, letters)
        ):
            found = self._near_literals(text, lowered, literals)
        else:
            found = self._all_words(text)
        return sorted(self._spans(parts, found))

    def _spans(self, parts: Sequence[QueryPart], found: Sequence[_Occurrence]) -> set[MatchSpan]:
        spans = {
            MatchSpan(one.start, one.end, part.number)
            for part in parts
            for one in found
            if not part.words.isdisjoint(one.leaves)
        }
        numbers = self._matcher.numbers
        present = {leaf for one in found for leaf in one.leaves}
        for part in parts:
            for phrase in part.phrases:
                if _may_be_among(phrase, numbers, present):
                    spans.update(self._spans_of_phrase(phrase, part.number, found))
        return spans

    def _spans_of_phrase(
        self, phrase: Expression, part: int, found: Sequence[_Occurrence]
    ) -> Iterator[MatchSpan]:
        leaf_numbers = self._matcher.numbers
        positions: list[list[int]] = [[] for _ in leaf_numbers]
        by_position = {one.position: one for one in found}
        for one in found:
            for number in one.leaves:
                positions[number].append(one.position)

        def lookup(leaf: Leaf) -> BitMap:
            return BitMap(positions[leaf_numbers[leaf]])

        def sentences() -> "np.ndarray[tuple[int], np.dtype[np.uint32]]":
            ends = positions[leaf_numbers[Term(self._analysis.SENTENCE_END)]]
            return np.array([0, *(end + 1 for end in ends)], np.uint32)

        places = Places(lookup, np.zeros(1, np.uint32), sentences)
        for length, starts in spans(phrase, places).items():
            for start in starts:
                yield MatchSpan(by_position[start].start, by_position[start + length - 1].end, part)

    def _near_literals(self, text: str, lowered: str, literals: Iterable[str]) -> list[_Occurrence]:
        """The words that match, found by the literals; positions are not counted, but go up."""
        starts: set[int] = set()
        for literal in literals:
            at = lowered.find(literal)
            while at >= 0:
                start = at
                while start and not text[start - 1].isspace():
                    start -= 1
                starts.add(start)
                at = lowered.find(literal, at + 1)
        found = (
            (start, one)
            for start in sorted(starts)
            for one in self._chunks[_CHUNK.match(text, start)[0]][1]  # type: ignore[index]
        )
        return [
            _Occurrence(2 * number, start + one.start, start + one.end, one.leaves)
            for number, (start, one) in enumerate(found)
        ]

    def _read_chunk(self, chunk: str) -> tuple[int, tuple[_Occurrence, ...]]:
        """How many words `chunk` has, and those that matter here; positions and offsets are the chunk's."""
        word = self._analysis.plain_word(chunk)
        may_end_sentence = self._matcher.needs_sentences and not chunk[-1].isalpha()
        if word is not None and not may_end_sentence and not self._matcher.may_match(word):
            return 1, ()
        tokens = self._analysis.tokens_of_chunk(chunk)
        found = []
        for position, token in enumerate(tokens):
            if matched := self._matcher.leaves_of(token):
                found.append(_Occurrence(position, token.start, token.end, matched))
        return len(tokens), tuple(found)

    def _all_words(self, text: str) -> list[_Occurrence]:
        """The words that matter, with their offsets in the text and their positions among all its words."""
        chunks, passed_over = text.split(), self._passed_over
        telling = [number for number, chunk in enumerate(chunks) if chunk not in passed_over]
        more, at = 0, []
        for number in telling:
            count, found = self._chunks[chunks[number]]
            if found:
                at.append((chunks[number], number + more, found))
            more += count - 1
        starts = _starts(text, [chunk for chunk, _, _ in at])
        return [
            _Occurrence(before + one.position, start + one.start, start + one.end, one.leaves)
            for (_, before, found), start in zip(at, starts, strict=True)
            for one in found
        ]


def _may_be_among(part: Expression, numbers: Mapping[Leaf, int], present: Collection[int]) -> bool:
    """Whether a part can match where only these leaves do."""
    match part:
        case Either(parts):
            return any(_may_be_among(one, numbers, present) for one in parts)
        case InSequence(parts) | Close(parts):
            return all(_may_be_among(one, numbers, present) for one in parts)
        case _:
            return numbers[part] in present


def _may_be_in(letters: bytes, literals: tuple[tuple[bytes, ...], ...]) -> bool:
    for group in literals:
        for literal in group:
            if literal in letters:
                break
        else:
            return False
    return True


def _are_few_and_plain(literals: Iterable[bytes], lowered: bytes, letters: bytes) -> bool:
    """Whether looking for the literals is quicker than looking at every word, and finds as much.

    It does not where a word may be there whose letters are parted by signs: "C.R.P.S.", "x-ray".
    """
    places = 0
    for literal in literals:
        count = lowered.count(literal)
        places += count
        if places > _MANY_PLACES or letters.count(literal) != count:
            return False
    return True


class _ChunkCache(dict[str, tuple[int, tuple[_Occurrence, ...]]]):
    """chunk -> what `read` makes of it; emptied when it is full.

    `passed_over` gets the chunks that are one word which does not matter, as nearly every chunk is.
    """

    def __init__(
        self, read: Callable[[str], tuple[int, tuple[_Occurrence, ...]]], passed_over: set[str]
    ) -> None:
        super().__init__()
        self._read = read
        self._passed_over = passed_over

    def __missing__(self, chunk: str) -> tuple[int, tuple[_Occurrence, ...]]:
        if len(self) >= _REMEMBERED_CHUNKS:
            self.clear()
            self._passed_over.clear()
        read = self[chunk] = self._read(chunk)
        if read == (1, ()):
            self._passed_over.add(chunk)
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
