"""query_tree.Node -> Whoosh's query tree, the one form that both engines run.

A word or phrase meets stems; wildcards and fuzzy words meet words as spelled. A part that holds no
letter or digit asks for nothing and is left out; a question of only such parts matches nothing.
Whoosh's `normalize` is never called: it turns "a AND everything" into everything.

What belongs together when documents are scored is kept together: a leaf in several fields (`InFields`),
names of one thing (`OneThing`), a name of several words that may stand apart (`Together`). To Whoosh they
are the unions and the intersection that they look like.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

from whoosh import matching, query
from whoosh.searching import SearchContext, Searcher

from determinations.search import analysis
from determinations.search.analysis import case_term, tokens
from determinations.search.expressions import expression_of, pattern_pieces
from determinations.search.index_fields import CASE, date_field, facet_field, words_field
from determinations.search.interface import LetterDate, QuerySyntaxError, SearchRequest
from determinations.search.positions import Either, Expression, Sequence, Term
from determinations.search.query.nodes import (
    ITEM_FIELDS,
    SEARCHED_FIELDS,
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


class Excluding(query.AndNot):  # type: ignore[misc]
    """What matches the first query and not the second, scored by the first.

    Whoosh's own matcher for this can let documents through that the second query matches.
    """

    def matcher(self, searcher: Searcher, context: SearchContext | None = None) -> matching.Matcher:
        excluded = frozenset(self.b.matcher(searcher, searcher.boolean_context()).all_ids())
        return matching.FilterMatcher(self.a.matcher(searcher, context), excluded, exclude=True)


class Stem(query.Term):  # type: ignore[misc]
    """A stem, and the word it was made of: a document that has the word itself scores higher."""

    def __init__(self, fieldname: str, text: str, word: str, boost: float = 1.0) -> None:
        super().__init__(fieldname, text, boost)
        self.word = word


class InFields(query.Or):  # type: ignore[misc]
    """One leaf in several fields, a field each."""


class OneThing(query.Or):  # type: ignore[misc]
    """Names of one thing; the boost of each is how much it counts beside the others."""


class Together(query.And):  # type: ignore[misc]
    """A name of several words; `phrase` is where they stand side by side."""

    def __init__(self, words: list[query.Query], phrase: query.Query) -> None:
        super().__init__(words)
        self.phrase = phrase


class Positional(query.Query):  # type: ignore[misc]
    """An expression over the positions of one field: words near each other, words as they are written."""

    def __init__(self, fieldname: str, expression: Expression, boost: float = 1.0) -> None:
        self.fieldname = fieldname
        self.expression = expression
        self.boost = boost

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Positional) and (self.fieldname, self.expression, self.boost) == (
            other.fieldname,
            other.expression,
            other.boost,
        )

    def __hash__(self) -> int:
        return hash((self.fieldname, self.expression, self.boost))


class Dated(query.Query):  # type: ignore[misc]
    """Documents whose column of this date lies from `first` to `last`, both included."""

    def __init__(self, date: LetterDate, first: int, last: int) -> None:
        self.column = date_field(date)
        self.first, self.last = max(first, 1), last


LEAVES = (query.Term, query.Phrase, query.Prefix, query.Wildcard, query.FuzzyTerm, Positional)
_NAMES = (*LEAVES, InFields, Together)
_REMEMBERED = 256


@lru_cache(maxsize=_REMEMBERED)
def whoosh_query(node: Node | None, fields: tuple[str, ...] = ITEM_FIELDS) -> query.Query:
    """The query to run; `None` is every document. Raises QuerySyntaxError for what cannot be run.

    `fields` are those in which a leaf that names none is looked for. Remembered, for a page asks several
    times; nobody changes a query.
    """
    if node is None:
        return query.Every()
    return _Writing(fields).written(node) or query.NullQuery


def searched_fields(request: SearchRequest) -> tuple[str, ...]:
    """The fields of a leaf that names none."""
    return SEARCHED_FIELDS if request.summaries else ITEM_FIELDS


@dataclass(frozen=True, slots=True)
class _Writing:
    """`fields` are those of a leaf that names none."""

    fields: tuple[str, ...]

    def written(self, node: Node) -> query.Query | None:
        match node:
            case Word(field=field, weight=weight) | Phrase(field=field, weight=weight):
                return self._words(node, field, weight)
            case Near(field=field):
                return self._words(node, field, 1.0)
            case FacetTerm(facet, value):
                return query.Term(facet_field(facet), value)
            case DateRange(date, first, last):
                return Dated(LetterDate(date), first, last)
            case Wildcard(pattern, field):
                return self._wildcard(pattern, field)
            case Fuzzy(text, distance, field):
                return _every_one([self._fuzzy(token.word, distance, field) for token in tokens(text)])
            case CaseNumber(number):
                return query.Term(CASE, case_term(number))
            case AnyOf():
                return self._alternatives(node)
            case All(parts):
                return self._conjunction(parts)
            case Not():
                return self._conjunction((node,))

    def _alternatives(self, node: AnyOf) -> query.Query | None:
        found = [
            name
            for part in map(self._name, node.parts)
            if part is not None
            for name in (part.subqueries if isinstance(part, OneThing) else (part,))
        ]
        if len(found) > 1 and node.is_one_thing and all(isinstance(part, _NAMES) for part in found):
            return OneThing(found)
        return _any(found) if found else None

    def _name(self, node: Node) -> query.Query | None:
        """The part of a union; words that make a name together are kept so."""
        found = self.written(node)
        if not isinstance(node, All) or not isinstance(found, query.And):
            return found
        words = [part for part in node.parts if isinstance(part, Word)]
        fields = {word.field for word in words}
        if len(words) < len(node.parts) or len(fields) > 1:
            return found
        phrase = self._words(
            Phrase(tuple(word.text for word in words), 1, words[0].field), words[0].field, 1.0
        )
        return found if phrase is None else Together(found.subqueries, phrase)

    def _words(self, node: Word | Phrase | Near, field: str | None, weight: float) -> query.Query | None:
        """A word or words, in every writing of each. Text of a case number is matched whole."""
        if field == CASE and not isinstance(node, Near):
            text = node.text if isinstance(node, Word) else " ".join(node.words)
            return query.Term(CASE, case_term(text))
        expression = expression_of(node, analysis)
        if expression is None:
            return None
        names = expression.parts if isinstance(expression, Either) else (expression,)
        word = tokens(node.text) if isinstance(node, Word) and not node.exact else []
        found = [self._in_fields(field, partial(_leaf, one, word)) for one in names]
        for one in found:
            one.boost = weight  # `with_boost` would copy what nobody else has
        return found[0] if len(found) == 1 else OneThing(found)

    def _wildcard(self, pattern: str, field: str | None) -> query.Query | None:
        """Words like `pattern`; one that holds other signs ("follow-u*") is all of its pieces."""
        pieces = pattern_pieces(pattern)
        if not pieces:
            raise QuerySyntaxError(f"“{pattern}” would find every word: write a letter beside the wildcard.")
        return _every_one([self._like(piece, field) for piece in pieces])

    def _like(self, pattern: str, field: str | None) -> query.Query:
        def in_field(name: str) -> query.Query:
            words = name if name == CASE else words_field(name)
            if "*" not in pattern and "?" not in pattern:
                return query.Term(words, pattern)
            if pattern.endswith("*") and not set("*?") & set(pattern[:-1]):
                return query.Prefix(words, pattern[:-1], constantscore=False)
            return query.Wildcard(words, pattern, constantscore=False)

        return self._in_fields(field, in_field)

    def _fuzzy(self, word: str, distance: int, field: str | None) -> query.Query:
        return self._in_fields(
            field,
            lambda name: query.FuzzyTerm(
                name if name == CASE else words_field(name),
                word,
                maxdist=distance,
                prefixlength=1,
                constantscore=False,
            ),
        )

    def _conjunction(self, parts: tuple[Node, ...]) -> query.Query | None:
        """What matches all parts but the negated ones; only negated parts: everything but those."""
        wanted: list[query.Query] = []
        unwanted: list[query.Query] = []
        for part in parts:
            found = self.written(part.part if isinstance(part, Not) else part)
            if found is not None:
                (unwanted if isinstance(part, Not) else wanted).append(found)
        if not unwanted:
            return _every_one(wanted)
        return Excluding(_every_one(wanted) or query.Every(), _any(unwanted))

    def _in_fields(self, field: str | None, in_field: Callable[[str], query.Query]) -> query.Query:
        names = self.fields if field is None else (field,)
        return in_field(names[0]) if len(names) == 1 else InFields([in_field(name) for name in names])


def _leaf(expression: Expression, typed: list[analysis.Token], field: str) -> query.Query:
    """One field's leaf; `typed` is the word that was typed, where it may have other forms."""
    if isinstance(expression, Term):
        if len(typed) == 1 and typed[0].term == expression.term:
            return Stem(field, typed[0].term, typed[0].word)
        return query.Term(field, expression.term)
    if isinstance(expression, Sequence) and all(isinstance(part, Term) for part in expression.parts):
        return query.Phrase(field, [part.term for part in expression.parts if isinstance(part, Term)], slop=1)
    return Positional(field, expression)


def _any(parts: list[query.Query]) -> query.Query:
    if not parts:
        return query.NullQuery
    return parts[0] if len(parts) == 1 else query.Or(parts)


def _all(parts: list[query.Query]) -> query.Query:
    return parts[0] if len(parts) == 1 else query.And(parts)


def _every_one(parts: list[query.Query]) -> query.Query | None:
    return _all(parts) if parts else None
