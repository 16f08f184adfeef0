"""What a question finds, and how well, as queries of the server.

Relevance is that of `relevance`: the similarity of a field gives the strength of a word (`mapping`), a script
saturates the strength of a thing once for all its fields and names, and multiplies it by how rare the thing
is. Rarities are counted before (`pages`), for no server knows those of things of several names.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from determinations.search.index_fields import CASE, date_field, facet_field
from determinations.search.interface import DateFilter, FacetFilter, NamedValue, Raised
from determinations.search.opensearch.expressions import (
    EVERYTHING,
    NOTHING,
    Measured,
    Query,
    any_of,
    every_one,
    fuzzy_query,
    matching,
    near_rule,
    pattern_query,
    term_of,
)
from determinations.search.opensearch.question import (
    And,
    AndNot,
    AnyField,
    AnyName,
    Between,
    CaseLike,
    Every,
    Or,
    Part,
    SeveralWords,
    Value,
    Words,
)
from determinations.search.opensearch.texts import spelled
from determinations.search.positions import Close, Term, Unchanged
from determinations.search.positions import Sequence as InSequence
from determinations.search.relevance import FARTHEST, NEAR_FIELDS, NEARNESS, OTHER_ORDER, WEIGHTS

RarityOf = Callable[[Part], float]
"""0 for what no document has."""

_SATURATED = "_score / (_score + params.saturation) * params.most"
_LEAST_BOOST = 1e-9


def found_by(part: Part, measured: Measured) -> Query:
    """The documents that match."""
    match part:
        case Words(found):
            return matching(found, measured)
        case Value(field, value):
            return {"term": {field: value}}
        case CaseLike(pattern, 0):
            return pattern_query(CASE, pattern)
        case CaseLike(pattern, distance):
            return fuzzy_query(CASE, pattern, distance, prefix=1)
        case Between(field, first, last):
            return {"range": {field: {"gte": first, "lte": last}}}
        case AnyField(parts) | AnyName(parts) | Or(parts):
            return any_of([found_by(one, measured) for one in parts])
        case SeveralWords(parts) | And(parts):
            return every_one([found_by(one, measured) for one in parts])
        case AndNot(wanted, unwanted):
            wanted_query = found_by(wanted, measured)
            return {"bool": {"filter": [wanted_query], "must_not": [found_by(unwanted, measured)]}}
        case Every():
            return EVERYTHING
        case _:
            return NOTHING


def scored(part: Part, rarity: RarityOf, measured: Measured) -> Query | None:
    """Scores documents, whatever they match; None where no document gets a score."""
    match part:
        case And(parts) | Or(parts):
            found = [one for one in (scored(one, rarity, measured) for one in parts) if one]
            return any_of(found) if found else None
        case AndNot(wanted):
            return scored(wanted, rarity, measured)
        case Every() | Between():
            return EVERYTHING
        case Words() | Value() | CaseLike() | AnyField() | AnyName() | SeveralWords():
            rare = rarity(part)
            return saturated(_strength(part, measured), rare) if rare else None
        case _:
            return None


def saturated(strength: Query, rarity: float) -> Query:
    script = {
        "source": _SATURATED,
        "params": {"saturation": WEIGHTS.saturation, "most": rarity * (WEIGHTS.saturation + 1)},
    }
    return {"script_score": {"query": strength, "script": script}}


def constant(query: Query, score: float) -> Query:
    return {"constant_score": {"filter": query, "boost": max(score, _LEAST_BOOST)}}


def _strength(part: Part, measured: Measured) -> Query:
    """How strongly documents speak of a thing."""
    match part:
        case AnyName(names):
            return {"dis_max": {"queries": [_strength(name, measured) for name in names]}}
        case SeveralWords(words, phrase):
            # Where the words stand apart the mean of their strengths counts, in place of the least.
            apart = {
                "bool": {
                    "must": [_strength(word, measured) for word in words],
                    "boost": WEIGHTS.apart / len(words),
                }
            }
            return {"dis_max": {"queries": [apart, _strength(phrase, measured)]}}
        case And(parts):
            strengths = [_strength(one, measured) for one in parts]
            return {"bool": {"must": strengths, "boost": 1 / len(parts)}}
        case AnyField(leaves, weight):
            strengths = [_strength(leaf, measured) for leaf in leaves]
            return {"bool": {"should": strengths, "minimum_should_match": 1, "boost": weight}}
        case Words():
            return _strength_of_words(part, measured)
        case _:
            return constant(found_by(part, measured), 1.0)


def _strength_of_words(leaf: Words, measured: Measured) -> Query:
    field, expression = leaf.found.field, leaf.found.expression
    if isinstance(expression, Term | Unchanged):
        term = term_of(expression)
        if not leaf.typed:
            return {"term": {field: {"value": term, "boost": leaf.weight}}}
        # The word as typed counts whole, its other forms less.
        forms = {"term": {field: {"value": term, "boost": leaf.weight * WEIGHTS.inflected}}}
        as_typed = leaf.weight * (1 - WEIGHTS.inflected)
        typed = {"term": {field: {"value": spelled(leaf.typed), "boost": as_typed}}}
        return {"bool": {"must": [forms], "should": [typed]}}
    if isinstance(expression, InSequence) and all(
        isinstance(part, Term | Unchanged) for part in expression.parts
    ):
        words = [term_of(part) for part in expression.parts if isinstance(part, Term | Unchanged)]
        # The server adds up a phrase for each of its words.
        return {"match_phrase": {field: {"query": " ".join(words), "boost": leaf.weight / len(words)}}}
    if (
        isinstance(expression, Close)
        and expression.distance is not None
        and all(isinstance(part, Term | Unchanged) for part in expression.parts)
    ):
        # Occurrences count less the farther apart their words are, and some of three words are lost.
        terms = [term_of(part) for part in expression.parts if isinstance(part, Term | Unchanged)]
        spans = [{"span_term": {field: term}} for term in terms]
        near = {
            "clauses": spans,
            "slop": (expression.distance - 1) * (len(spans) - 1),
            "in_order": expression.ordered,
            "boost": leaf.weight / len(spans),
        }
        return {"bool": {"filter": [matching(leaf.found, measured)], "should": [{"span_near": near}]}}
    # The server counts no occurrences of patterns and sentences: a document has them or not.
    return constant(matching(leaf.found, measured), WEIGHTS.fields[field] * leaf.weight)


def with_values(base: Query, about: Iterable[tuple[NamedValue, float]], raised: Iterable[Raised]) -> Query:
    """`base`, more for documents with a value of `about`, each with its rarity, a share more for `raised`."""
    more = [constant(value_query(value), WEIGHTS.about * rare) for value, rare in about if rare]
    if more:
        base = {"bool": {"must": [base], "should": more}}
    factors = [{"filter": value_query(one.value), "weight": 1 + one.by} for one in raised]
    if factors:
        base = {
            "function_score": {
                "query": base,
                "functions": factors,
                "score_mode": "multiply",
                "boost_mode": "multiply",
            }
        }
    return base


def value_query(value: NamedValue) -> Query:
    return {"term": {facet_field(value.facet): value.value}}


def neighbors(part: Part) -> list[tuple[str, str]]:
    """The stems of words that stand side by side in the question."""
    if not isinstance(part, And):
        return []
    stems = [_typed_stem(one) for one in part.parts]
    return [(one, other) for one, other in pairwise(stems) if one and other and one != other]


def _typed_stem(part: Part) -> str:
    if isinstance(part, AnyName):
        part = part.names[0]
    if isinstance(part, AnyField):
        part = part.leaves[0]
    if isinstance(part, Words) and part.typed and part.found.field in NEAR_FIELDS:
        return part.found.expression.term if isinstance(part.found.expression, Term) else ""
    return ""


def typed_in_requests(part: Part) -> Part | None:
    """Where the whole question is one thing of several names, the name that was typed, in requests only."""
    return _in_requests(part.names[0]) if isinstance(part, AnyName) and len(part.names) > 1 else None


def _in_requests(name: Part) -> Part | None:
    match name:
        case AnyField(leaves):
            return next((leaf for leaf in leaves if _is_in_request(leaf)), None)
        case SeveralWords(words):
            found = tuple(one for one in map(_in_requests, words) if one is not None)
            return And(found) if len(found) == len(words) else None
        case _:
            return None


def _is_in_request(leaf: Part) -> bool:
    return isinstance(leaf, Words) and leaf.found.field == NEAR_FIELDS[0]


_LEVELS = (1.0, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6, 1 / 8, 1 / 10, 1 / 20)
"""Shares of what two words side by side get; two words get the highest that their distance allows."""


def nearness(one: str, other: str, worth: float) -> Query:
    """What documents get for two words near each other: the nearer, the more, in the order typed most."""
    levels = []
    for share in _LEVELS:
        behind = min(FARTHEST, int(1 / share + 1e-9))
        before = min(FARTHEST, int(OTHER_ORDER / share + 1e-9))
        rules = [near_rule(one, other, behind)]
        if before:
            rules.append(near_rule(other, one, before))
        rule = rules[0] if len(rules) == 1 else {"any_of": {"intervals": rules}}
        fields = [{"intervals": {field: rule}} for field in NEAR_FIELDS]
        levels.append(constant(any_of(fields), NEARNESS * worth * share))
    return {"dis_max": {"queries": levels}}


def filter_queries(
    filters: Iterable[FacetFilter], dates: Iterable[DateFilter], without: str | None = None
) -> list[Query]:
    """What filters leave, that of the facet `without` aside."""
    queries = [query for one in filters if one.facet != without for query in _chosen(one)]
    return queries + [
        {"range": {date_field(one.date): {"gte": max(one.first, 1), "lte": one.last}}} for one in dates
    ]


def _chosen(one: FacetFilter) -> Sequence[Query]:
    field = facet_field(one.held_in)
    queries: list[Query] = []
    if one.values and one.every:
        queries += [{"term": {field: value}} for value in one.values]
    elif one.values:
        queries.append({"terms": {field: list(one.values)}})
    if one.unwanted:
        queries.append({"bool": {"must_not": [{"terms": {field: list(one.unwanted)}}]}})
    return queries
