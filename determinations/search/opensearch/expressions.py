"""Expressions over positions as queries of the server: its intervals, phrases and patterns.

Intervals are the shortest stretches that match, and so lose "a b b c" where three words are each to be near
the next. What they cannot say exactly has two queries: `sound` finds only what matches and `needed` all that
can match; what lies between is measured by this program (`measuring`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from determinations.search.analysis import SENTENCE_END
from determinations.search.index_fields import KEY
from determinations.search.opensearch.texts import SENTENCE_BEGIN, sent_term, spelled
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

Query = dict[str, Any]

NOTHING: Query = {"match_none": {}}
EVERYTHING: Query = {"match_all": {}}
_MOST_WORDS = 1024
"""Words of a pattern that an interval can have; the server refuses more."""


@dataclass(frozen=True, slots=True)
class InField:
    """An expression in one field."""

    field: str
    expression: Expression


Measured = Mapping[InField, Sequence[int]]
"""Keys of the documents, among those that can match, of which distances were measured and do match."""


def any_of(parts: Sequence[Query]) -> Query:
    if not parts:
        return NOTHING
    return parts[0] if len(parts) == 1 else {"bool": {"should": list(parts), "minimum_should_match": 1}}


def every_one(parts: Sequence[Query]) -> Query:
    if not parts:
        return EVERYTHING
    return parts[0] if len(parts) == 1 else {"bool": {"filter": list(parts)}}


def matching(leaf: InField, measured: Measured) -> Query:
    """The documents that match the expression. Raises KeyError for one that is to be measured and is not."""
    if needs_measuring(leaf.expression):
        sound = _sound(leaf)
        keys: Query = {"terms": {KEY: list(measured[leaf])}}
        return keys if sound is None else any_of([sound, keys])
    return _exact(leaf)


def to_measure(leaf: InField) -> Query:
    """The documents of which the distances are to be measured."""
    sound = _sound(leaf)
    needed = _needed(leaf)
    return needed if sound is None else {"bool": {"filter": [needed], "must_not": [sound]}}


def needs_measuring(expression: Expression) -> bool:
    match expression:
        case Either(parts):
            return any(map(needs_measuring, parts))
        case InSequence(parts):
            return not all(map(_is_flat, parts))
        case Close(parts, distance, _, in_sentence):
            if not all(map(_is_flat, parts)):
                return True
            if distance is not None:
                return len(parts) > 2
            return in_sentence and not all(map(_is_one_word, parts))
        case _:
            return False


def _exact(leaf: InField) -> Query:
    field, expression = leaf.field, leaf.expression
    match expression:
        case Term() | Unchanged():
            return {"term": {field: term_of(expression)}}
        case Pattern(pattern):
            return pattern_query(field, spelled(pattern))
        case Misspelled(word, distance):
            return fuzzy_query(field, spelled(word), distance, prefix=2)
        case Either(parts):
            return any_of([_exact(InField(field, part)) for part in parts])
        case InSequence(parts) if all(isinstance(part, Term | Unchanged) for part in parts):
            words = [term_of(part) for part in parts if isinstance(part, Term | Unchanged)]
            return {"match_phrase": {field: " ".join(words)}}
        case Close(parts, None, False, False):
            return every_one([_exact(InField(field, part)) for part in dict.fromkeys(parts)])
        case _:
            return {"intervals": {field: _rule(expression)}}


def _sound(leaf: InField) -> Query | None:
    """Finds only what matches; None where there is no such query."""
    rule = _sound_rule(leaf.expression)
    return None if rule is None else {"intervals": {leaf.field: rule}}


def _sound_rule(expression: Expression) -> Query | None:
    match expression:
        case Either(parts):
            rules = [rule for rule in map(_sound_rule, parts) if rule is not None]
            return _any_rule(rules) if rules else None
        case Close(parts, distance, ordered) if all(map(_is_flat, parts)):
            if distance is not None and len(parts) > 2:
                chains = [parts] if ordered else [parts, parts[::-1]]
                return _any_rule([_chain(chain, distance) for chain in chains])
            return _rule(expression)
        case _:
            return None if needs_measuring(expression) else _rule(expression)


def _chain(parts: Sequence[Expression], distance: int) -> Query:
    """Each part behind the one before; some chains are lost."""
    rule = _rule(parts[0])
    for part in parts[1:]:
        rule = _all_rule([rule, _rule(part)], ordered=True, gaps=distance - 1)
    return rule


def _needed(leaf: InField) -> Query:
    """Finds all that can match."""
    field, expression = leaf.field, leaf.expression
    match expression:
        case Either(parts):
            return any_of([_needed(InField(field, part)) for part in parts])
        case InSequence(parts):
            return every_one([_needed(InField(field, part)) for part in dict.fromkeys(parts)])
        case Close(parts, distance):
            held = [_needed(InField(field, part)) for part in dict.fromkeys(parts)]
            if distance is not None and all(map(_is_flat, parts)):
                pairs = (replace(expression, parts=pair) for pair in pairwise(parts))
                held += [_exact(InField(field, pair)) for pair in dict.fromkeys(pairs)]
            return every_one(held)
        case _:
            return _exact(leaf)


def _rule(expression: Expression) -> Query:
    """The rule of an expression that intervals can say exactly."""
    match expression:
        case Term() | Unchanged():
            return _word_rule(term_of(expression))
        case Pattern(pattern):
            if "*" not in pattern and "?" not in pattern:
                return _word_rule(spelled(pattern))
            return {"wildcard": {"pattern": spelled(pattern), "max_expansions": _MOST_WORDS}}
        case Misspelled(word, distance):
            near = {
                "term": spelled(word),
                "fuzziness": str(distance),
                "prefix_length": 2,
                "transpositions": False,
            }
            return {"fuzzy": near}
        case Either(parts):
            return _any_rule([_rule(part) for part in parts])
        case InSequence(parts):
            return _all_rule([_rule(part) for part in parts], ordered=True, gaps=0)
        case Close(parts, distance, ordered, in_sentence):
            if distance is not None:
                chains = [parts] if ordered or len(set(parts)) == 1 else [parts, parts[::-1]]
                return _any_rule(
                    [_all_rule([_rule(part) for part in chain], True, distance - 1) for chain in chains]
                )
            distinct = parts if ordered else tuple(dict.fromkeys(parts))
            rules = [_rule(part) for part in distinct]
            if len(rules) == 1:
                return rules[0]
            together = _all_rule(rules, ordered=ordered)
            if in_sentence:
                border = _all_rule([_word_rule(SENTENCE_END), _word_rule(SENTENCE_BEGIN)], True, 0)
                together["all_of"]["filter"] = {"not_containing": border}
            return together


def _word_rule(word: str) -> Query:
    return {"match": {"query": word}}


def _any_rule(rules: Sequence[Query]) -> Query:
    return rules[0] if len(rules) == 1 else {"any_of": {"intervals": list(rules)}}


def _all_rule(rules: Sequence[Query], ordered: bool, gaps: int = -1) -> Query:
    return {"all_of": {"intervals": list(rules), "ordered": ordered, "max_gaps": gaps}}


def near_rule(one: str, other: str, farthest: int) -> Query:
    """`other` at most so many positions behind `one`."""
    return _all_rule([_word_rule(one), _word_rule(other)], ordered=True, gaps=farthest - 1)


def term_of(leaf: Term | Unchanged) -> str:
    """The term to look for: of a word that is written as its stem is, the spelling."""
    if isinstance(leaf, Unchanged) and leaf.term.isalpha():
        return spelled(leaf.term)
    return sent_term(leaf.term)


def pattern_query(field: str, pattern: str) -> Query:
    if "*" not in pattern and "?" not in pattern:
        return {"term": {field: pattern}}
    if pattern.endswith("*") and not set("*?") & set(pattern[:-1]):
        return {"prefix": {field: {"value": pattern[:-1], "rewrite": "constant_score"}}}
    return {"wildcard": {field: {"value": pattern, "rewrite": "constant_score"}}}


def fuzzy_query(field: str, word: str, distance: int, prefix: int) -> Query:
    near = {
        "value": word,
        "fuzziness": str(distance),
        "prefix_length": prefix,
        "transpositions": False,
        "max_expansions": _MOST_WORDS,
        "rewrite": "constant_score",
    }
    return {"fuzzy": {field: near}}


def _is_one_word(expression: Expression) -> bool:
    if isinstance(expression, Either):
        return all(map(_is_one_word, expression.parts))
    return not isinstance(expression, InSequence | Close)


def _is_flat(expression: Expression) -> bool:
    """Whether it holds no distance."""
    match expression:
        case Either(parts) | InSequence(parts):
            return all(map(_is_flat, parts))
        case Close():
            return False
        case _:
            return True
