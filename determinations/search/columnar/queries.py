"""query_tree.Node -> Whoosh's query tree, the one form that both engines run.

A word or phrase meets stems; wildcards and fuzzy words meet words as spelled. A part that holds no
letter or digit asks for nothing and is left out; a question of only such parts matches nothing.
Whoosh's `normalize` is never called: it turns "a AND everything" into everything.
"""

from collections.abc import Callable, Iterable

from whoosh import matching, query
from whoosh.searching import SearchContext, Searcher

from determinations.search.columnar.analysis import case_term, tokens
from determinations.search.columnar.schema import CASE, facet_field, words_field
from determinations.search.highlighting.matches import pattern_pieces
from determinations.search.interface import FacetFilter, QuerySyntaxError
from determinations.search.query.nodes import (
    SEARCHED_FIELDS,
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


class Excluding(query.AndNot):  # type: ignore[misc]
    """What matches the first query and not the second, scored by the first.

    Whoosh's own matcher for this can let documents through that the second query matches.
    """

    def matcher(self, searcher: Searcher, context: SearchContext | None = None) -> matching.Matcher:
        excluded = frozenset(self.b.matcher(searcher, searcher.boolean_context()).all_ids())
        return matching.FilterMatcher(self.a.matcher(searcher, context), excluded, exclude=True)


def whoosh_query(node: Node | None) -> query.Query:
    """The query to run; `None` is every document. Raises QuerySyntaxError for what cannot be run."""
    if node is None:
        return query.Every()
    return _query(node) or query.NullQuery


def filter_query(filters: Iterable[FacetFilter]) -> query.Query | None:
    """Documents that hold a chosen value of each facet, or None without filters."""
    chosen = [_any([query.Term(facet_field(one.facet), value) for value in one.values]) for one in filters]
    return _all(chosen) if chosen else None


def _query(node: Node) -> query.Query | None:
    match node:
        case Word(text, field, weight):
            return _weighed(_phrase(text, 1, field), weight)
        case Phrase(words, slop, field, weight):
            return _weighed(_phrase(" ".join(words), slop, field), weight)
        case Wildcard(pattern, field):
            return _wildcard(pattern, field)
        case Fuzzy(text, distance, field):
            return _every_one([_fuzzy(token.word, distance, field) for token in tokens(text)])
        case CaseNumber(number):
            return query.Term(CASE, case_term(number))
        case AnyOf(parts):
            found = [part for part in map(_query, parts) if part is not None]
            return _any(found) if found else None
        case All(parts):
            return _conjunction(parts)
        case Not():
            return _conjunction((node,))


def _phrase(text: str, slop: int, field: str | None) -> query.Query | None:
    """The words of `text` in order; a single word is a term. Text of a case number is matched whole."""
    words = [token.term for token in tokens(text)]
    if not words:
        return None
    if field == CASE:
        return query.Term(CASE, case_term(text))
    if len(words) == 1:
        return _in_fields(field, lambda name: query.Term(name, words[0]))
    return _in_fields(field, lambda name: query.Phrase(name, words, slop=slop))


def _weighed(found: query.Query | None, weight: float) -> query.Query | None:
    return found if found is None or weight == 1.0 else found.with_boost(weight)


def _wildcard(pattern: str, field: str | None) -> query.Query | None:
    """Words like `pattern`; one that holds other signs ("follow-u*") is all of its pieces."""
    pieces = pattern_pieces(pattern)
    if not pieces:
        raise QuerySyntaxError(f"“{pattern}” would find every word: write a letter beside the wildcard.")
    return _every_one([_like(piece, field) for piece in pieces])


def _like(pattern: str, field: str | None) -> query.Query:
    def in_field(name: str) -> query.Query:
        words = name if name == CASE else words_field(name)
        if "*" not in pattern and "?" not in pattern:
            return query.Term(words, pattern)
        if pattern.endswith("*") and not set("*?") & set(pattern[:-1]):
            return query.Prefix(words, pattern[:-1], constantscore=False)
        return query.Wildcard(words, pattern, constantscore=False)

    return _in_fields(field, in_field)


def _fuzzy(word: str, distance: int, field: str | None) -> query.Query:
    return _in_fields(
        field,
        lambda name: query.FuzzyTerm(
            name if name == CASE else words_field(name),
            word,
            maxdist=distance,
            prefixlength=1,
            constantscore=False,
        ),
    )


def _conjunction(parts: tuple[Node, ...]) -> query.Query | None:
    """What matches all parts but the negated ones; only negated parts: everything but those."""
    wanted: list[query.Query] = []
    unwanted: list[query.Query] = []
    for part in parts:
        found = _query(part.part if isinstance(part, Not) else part)
        if found is not None:
            (unwanted if isinstance(part, Not) else wanted).append(found)
    if not unwanted:
        return _every_one(wanted)
    return Excluding(_every_one(wanted) or query.Every(), _any(unwanted))


def _in_fields(field: str | None, in_field: Callable[[str], query.Query]) -> query.Query:
    return _any([in_field(name) for name in (SEARCHED_FIELDS if field is None else (field,))])


def _any(parts: list[query.Query]) -> query.Query:
    if not parts:
        return query.NullQuery
    return parts[0] if len(parts) == 1 else query.Or(parts)


def _all(parts: list[query.Query]) -> query.Query:
    return parts[0] if len(parts) == 1 else query.And(parts)


def _every_one(parts: list[query.Query]) -> query.Query | None:
    return _all(parts) if parts else None
