"""Distances that the server cannot measure exactly: of the few documents left, this program does it."""

import re
from collections import defaultdict
from collections.abc import Mapping
from fnmatch import translate

import numpy as np
from pyroaring import BitMap
from rapidfuzz.distance import Levenshtein

from determinations.search.index_fields import KEY
from determinations.search.interface import QuerySyntaxError
from determinations.search.opensearch.expressions import InField, term_of, to_measure
from determinations.search.opensearch.state import Index
from determinations.search.opensearch.streams import hits_of
from determinations.search.opensearch.texts import SENTENCE_BEGIN, positions_of
from determinations.search.positions import Leaf, Misspelled, Pattern, Places, Term, Unchanged, spans

MOST_MEASURED = 5_000
"""Documents whose distances are measured for one question: about a second."""
_AT_A_TIME = 1_000


def measured_keys(index: Index, leaf: InField) -> tuple[int, ...]:
    """Keys of the documents between what is found for sure and what can match that do match.

    Raises QuerySyntaxError where there are too many to be measured.
    """
    query = to_measure(leaf)
    counted = {"query": query, "size": 0, "track_total_hits": MOST_MEASURED + 1}
    _, (answer,) = index.ask([(index.names.items, counted)])
    if answer["hits"]["total"]["value"] > MOST_MEASURED:
        raise QuerySyntaxError(
            "These words are in too many places for their distances to be measured. Use rarer words."
        )
    keys: list[int] = []
    streamed = hits_of(index.cluster, index.names.items, query, [KEY], _AT_A_TIME, _source=[leaf.field])
    for hits in streamed:
        keys += [hit["sort"][0] for hit in hits if is_in(leaf, hit["_source"].get(leaf.field, ""))]
    return tuple(keys)


def is_in(leaf: InField, sent: str) -> bool:
    """Whether a text, as it was sent, answers the expression."""
    standing: Mapping[str, list[int]] = defaultdict(list)
    for position, term in positions_of(sent):
        standing[term].append(position)
    begins = np.array(sorted({0, *standing.get(SENTENCE_BEGIN, ())}), np.int64)
    places = Places(lambda one: _places(one, standing), np.zeros(1, np.int64), lambda: begins)
    return bool(spans(leaf.expression, places))


def _places(leaf: Leaf, standing: Mapping[str, list[int]]) -> BitMap:
    match leaf:
        case Term() | Unchanged():
            return BitMap(standing.get(term_of(leaf), ()))
        case Pattern(pattern):
            fits = re.compile(translate(pattern)).match
            return BitMap([at for word, places in _spelled(standing) if fits(word) for at in places])
        case Misspelled(word, distance):
            return BitMap(
                [
                    at
                    for other, places in _spelled(standing)
                    if other[:1] == word[:1]
                    and Levenshtein.distance(word, other, score_cutoff=distance) <= distance
                    for at in places
                ]
            )


def _spelled(standing: Mapping[str, list[int]]) -> list[tuple[str, list[int]]]:
    return [(term[1:], places) for term, places in standing.items() if term[0] == "="]
