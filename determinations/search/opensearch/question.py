"""A parsed question as a tree of things to be found and scored, each leaf in one field.

What belongs together when documents are scored is kept together: a leaf in several fields, names of one
thing, a name of several words. A part without a letter or digit asks for nothing and is left out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from determinations.search import analysis
from determinations.search.analysis import case_term, tokens
from determinations.search.expressions import expression_of, pattern_pieces
from determinations.search.index_fields import CASE, date_field, facet_field
from determinations.search.interface import LetterDate, QuerySyntaxError
from determinations.search.opensearch.expressions import InField
from determinations.search.positions import Either, Misspelled, Pattern, Term
from determinations.search.query.nodes import (
    All,
    AnyOf,
    CaseNumber,
    DateRange,
    FacetTerm,
    Fuzzy,
    Near,
    Node,
    Not,
    Phrase,
    Wildcard,
    Word,
)


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one field. `typed` is the word as typed, where documents may have other forms of it."""

    found: InField
    typed: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Value:
    """A whole value: a case number, a value of a facet."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class CaseLike:
    """Case numbers like a pattern, or within `distance` edits of it where that is not 0."""

    pattern: str
    distance: int = 0


@dataclass(frozen=True, slots=True)
class Between:
    field: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class AnyField:
    """The same words in several fields."""

    leaves: tuple["Leaf", ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class SeveralWords:
    """A name of several words; `phrase` is where they stand side by side."""

    words: tuple["Part", ...]
    phrase: "Part"


@dataclass(frozen=True, slots=True)
class AnyName:
    names: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class AndNot:
    wanted: "Part"
    unwanted: "Part"


@dataclass(frozen=True, slots=True)
class Every:
    pass


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


Leaf: TypeAlias = Words | Value | CaseLike
Thing: TypeAlias = Leaf | AnyField | SeveralWords | AnyName
"""What is scored as one."""
Part: TypeAlias = Thing | Between | And | Or | AndNot | Every | Nothing

_THINGS = (Words, Value, CaseLike, AnyField, SeveralWords, AnyName)
_REMEMBERED = 256


@lru_cache(maxsize=_REMEMBERED)
def question_of(node: Node | None, fields: tuple[str, ...]) -> Part:
    """`None` is every document; `fields` are those in which a leaf that names none is looked for.

    Raises QuerySyntaxError for what cannot be run.
    """
    if node is None:
        return Every()
    return _Writing(fields).written(node) or Nothing()


def things(part: Part) -> Iterator[Thing]:
    """What is scored of a question, part by part."""
    match part:
        case And(parts) | Or(parts):
            for one in parts:
                yield from things(one)
        case AndNot(wanted):
            yield from things(wanted)
        case _ if isinstance(part, _THINGS):
            yield part


def leaves(part: Part) -> Iterator[Leaf]:
    match part:
        case And(parts) | Or(parts) | AnyField(parts) | AnyName(parts):
            for one in parts:
                yield from leaves(one)
        case SeveralWords(words, phrase):
            for one in (*words, phrase):
                yield from leaves(one)
        case AndNot(wanted, unwanted):
            yield from leaves(wanted)
            yield from leaves(unwanted)
        case Words() | Value() | CaseLike():
            yield part
        case _:
            return


@dataclass(frozen=True, slots=True)
class _Writing:
    fields: tuple[str, ...]

    def written(self, node: Node) -> Part | None:
        match node:
            case Word(field=field, weight=weight) | Phrase(field=field, weight=weight):
                return self._words(node, field, weight)
            case Near(field=field):
                # A case number is one word, and nothing is near it.
                return Nothing() if field == CASE else self._words(node, field, 1.0)
            case FacetTerm(facet, value):
                return Value(facet_field(facet), value)
            case DateRange(date, first, last):
                return Between(date_field(LetterDate(date)), max(first, 1), last)
            case Wildcard(pattern, field):
                return self._wildcard(pattern, field)
            case Fuzzy(text, distance, field):
                return _every_one([self._fuzzy(token.word, distance, field) for token in tokens(text)])
            case CaseNumber(number):
                return Value(CASE, case_term(number))
            case AnyOf():
                return self._alternatives(node)
            case All(parts):
                return self._conjunction(parts)
            case Not():
                return self._conjunction((node,))

    def _alternatives(self, node: AnyOf) -> Part | None:
        found: list[Part] = []
        for part in map(self._name, node.parts):
            if part is not None:
                found += part.names if isinstance(part, AnyName) else (part,)
        if len(found) > 1 and node.is_one_thing and all(isinstance(part, _THINGS) for part in found):
            return AnyName(tuple(found))
        return _any(found) if found else None

    def _name(self, node: Node) -> Part | None:
        """The part of a union; words that make a name together are kept so."""
        found = self.written(node)
        if not isinstance(node, All) or not isinstance(found, And):
            return found
        words = [part for part in node.parts if isinstance(part, Word)]
        if len(words) < len(node.parts) or len({word.field for word in words}) > 1:
            return found
        field = words[0].field
        phrase = self._words(Phrase(tuple(word.text for word in words), 1, field), field, 1.0)
        return found if phrase is None else SeveralWords(found.parts, phrase)

    def _words(self, node: Word | Phrase | Near, field: str | None, weight: float) -> Part | None:
        """A word or words, in every writing of each. Text of a case number is matched whole."""
        if field == CASE and not isinstance(node, Near):
            return Value(CASE, case_term(node.text if isinstance(node, Word) else " ".join(node.words)))
        expression = expression_of(node, analysis)
        if expression is None:
            return None
        names = expression.parts if isinstance(expression, Either) else (expression,)
        word = tokens(node.text) if isinstance(node, Word) and not node.exact else []

        def typed(name: object) -> str:
            is_stem = isinstance(name, Term) and len(word) == 1 and word[0].term == name.term
            return word[0].word if is_stem else ""

        found = [
            self._in_fields(field, lambda at, one=one: Words(InField(at, one), typed(one)), weight)  # type: ignore[misc]
            for one in names
        ]
        return found[0] if len(found) == 1 else AnyName(tuple(found))

    def _wildcard(self, pattern: str, field: str | None) -> Part | None:
        """Words like `pattern`; one that holds other signs ("follow-u*") is all of its pieces."""
        pieces = pattern_pieces(pattern)
        if not pieces:
            raise QuerySyntaxError(f"“{pattern}” would find every word: write a letter beside the wildcard.")
        return _every_one([self._like(piece, field) for piece in pieces])

    def _like(self, pattern: str, field: str | None) -> Part:
        return self._in_fields(
            field, lambda at: CaseLike(pattern) if at == CASE else Words(InField(at, Pattern(pattern)))
        )

    def _fuzzy(self, word: str, distance: int, field: str | None) -> Part:
        return self._in_fields(
            field,
            lambda at: (
                CaseLike(word, distance) if at == CASE else Words(InField(at, Misspelled(word, distance)))
            ),
        )

    def _conjunction(self, parts: tuple[Node, ...]) -> Part | None:
        """What matches all parts but the negated ones; only negated parts: everything but those."""
        wanted: list[Part] = []
        unwanted: list[Part] = []
        for part in parts:
            found = self.written(part.part if isinstance(part, Not) else part)
            if found is not None:
                (unwanted if isinstance(part, Not) else wanted).append(found)
        if not unwanted:
            return _every_one(wanted)
        return AndNot(_every_one(wanted) or Every(), _any(unwanted))

    def _in_fields(
        self, field: str | None, in_field: Callable[[str], Leaf], weight: float = 1.0
    ) -> Leaf | AnyField:
        names = self.fields if field is None else (field,)
        if len(names) > 1:
            return AnyField(tuple(map(in_field, names)), weight)
        leaf = in_field(names[0])
        return replace(leaf, weight=weight) if isinstance(leaf, Words) else leaf


def _any(parts: list[Part]) -> Part:
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def _every_one(parts: list[Part]) -> Part | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else And(tuple(parts))
