"""What a leaf of a question looks for, as an expression over positions: its words in every writing.

Made by the engine's own analysis, for the engine and for the highlighter alike. A compound is looked for
closed and open (`compounds`), "#60" and "60%" as what is written, a word as its stem or, where it is
`exact`, as it is written. Knows no index.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from determinations.search.positions import (
    Close,
    Either,
    Expression,
    Misspelled,
    Pattern,
    Term,
    Unchanged,
)
from determinations.search.positions import Sequence as InSequence
from determinations.search.query.compounds import opened
from determinations.search.query.nodes import (
    AnyOf,
    Fuzzy,
    Near,
    Nearness,
    Node,
    Phrase,
    Wildcard,
    Word,
)
from determinations.search.text_folding import plain

_PATTERN_PIECE = re.compile(r"(?:[^\W_]|[*?])+")
_WHOLE_PATTERN = re.compile(r"(?:[ctls]\d{1,2}[-/]|cm\d\d-)[\w*?-]*")
_HYPHENATED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")


class AnalyzedWord(Protocol):
    """A word of a text: its term, its spelling, its offsets, and the further terms at its position."""

    @property
    def term(self) -> str: ...
    @property
    def word(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def others(self) -> tuple[str, ...]: ...


class TextAnalysis(Protocol):
    """An engine's analysis. `bridged` keeps every offset; a word's offsets count from its chunk's
    beginning.
    """

    def bridged(self, text: str) -> str: ...
    def tokens_of_chunk(self, chunk: str) -> Sequence[AnalyzedWord]: ...
    def written_term(self, term: str, word: str) -> str: ...


def expression_of(node: Node, analysis: TextAnalysis) -> Expression | None:
    """What a word, phrase, wildcard, fuzzy word, `Near`, or `AnyOf` of these looks for; None for nothing."""
    match node:
        case Word(text, exact=exact):
            return _joined(list(_words(text, analysis, exact=exact)))
        case Phrase(words, slop, exact=exact):
            found = list(_words(" ".join(words), analysis, exact=exact))
            if slop > 1 and len(found) > 1:
                return Close(tuple(found), slop, ordered=True)
            return _joined(found)
        case Wildcard(pattern):
            return _joined([Pattern(piece) for piece in pattern_pieces(pattern)])
        case Fuzzy(text, distance):
            return _joined([Misspelled(word.word, distance) for word in _analyzed(text, analysis)])
        case AnyOf(parts):
            return _either([part for part in (expression_of(one, analysis) for one in parts) if part])
        case Near(parts, distance, ordered, nearness):
            looked_for = [part for part in (expression_of(one, analysis) for one in parts) if part]
            if len(looked_for) < 2:
                return _joined(looked_for)
            if distance == 1 and ordered and nearness is Nearness.WORDS:
                return InSequence(tuple(looked_for))
            within = distance if nearness is Nearness.WORDS else None
            return Close(tuple(looked_for), within, ordered, nearness is Nearness.SENTENCE)
        case _:
            raise TypeError(f"{type(node).__name__} has no positions")


def pattern_pieces(pattern: str) -> list[str]:
    """The patterns of single words in a wildcard pattern, folded: "Follow-u*" -> follow, u*.

    One that begins like a spinal level or a case number ("L4-*", "cm14-00*") is of one word.
    """
    pattern = plain(pattern).replace("'", "")
    if _WHOLE_PATTERN.fullmatch(pattern):
        return [pattern.replace("/", "-")]
    return [piece for piece in _PATTERN_PIECE.findall(pattern) if piece.strip("*?")]


def asked_term(word: AnalyzedWord) -> str:
    """The term that a question looks for: the sign of "#60", "60%" and "-2.5" is meant, where it is typed."""
    return next((term for term in word.others if term[0] in "#-" or term[-1] == "%"), word.term)


def _words(text: str, analysis: TextAnalysis, *, exact: bool) -> Iterator[Expression]:
    for chunk in analysis.bridged(text).split():
        found = analysis.tokens_of_chunk(chunk)
        parts: list[Expression] = [_word(word, analysis, exact=exact) for word in found]
        if len(found) > 1 and (closed := _closed(chunk, found, analysis)):
            yield _either([InSequence(tuple(parts)), _word(closed, analysis, exact=exact)]) or parts[0]
        elif len(found) == 1 and (pair := opened(found[0].word)):
            apart = [
                _word(word, analysis, exact=exact) for part in pair for word in _analyzed(part, analysis)
            ]
            yield _either([*parts, InSequence(tuple(apart))]) or parts[0]
        else:
            yield from parts


def _closed(chunk: str, parts: Sequence[AnalyzedWord], analysis: TextAnalysis) -> AnalyzedWord | None:
    """A compound with hyphens as one word; None for another chunk."""
    if _HYPHENATED.fullmatch(chunk, parts[0].start, parts[-1].end) is None:
        return None
    together = "".join(part.word for part in parts)
    words = list(_analyzed(together, analysis))
    return words[0] if len(words) == 1 and words[0].word == together and not together.isdigit() else None


def _word(word: AnalyzedWord, analysis: TextAnalysis, *, exact: bool) -> Expression:
    if not exact or not word.word.isalpha():
        return Term(asked_term(word))
    return (
        Unchanged(word.term) if word.term == word.word else Term(analysis.written_term(word.term, word.word))
    )


def _analyzed(text: str, analysis: TextAnalysis) -> Iterator[AnalyzedWord]:
    for chunk in analysis.bridged(text).split():
        yield from analysis.tokens_of_chunk(chunk)


def _joined(parts: Sequence[Expression]) -> Expression | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else InSequence(tuple(parts))


def _either(parts: Sequence[Expression]) -> Expression | None:
    distinct = tuple(dict.fromkeys(parts))
    if not distinct:
        return None
    return distinct[0] if len(distinct) == 1 else Either(distinct)
