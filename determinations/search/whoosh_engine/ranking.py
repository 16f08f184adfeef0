"""The page of hits that a sort order asks for, without sorting what is not on it."""

import numpy as np

from ..interface import Sort
from .array_file import Array

_UNDATED = np.iinfo(np.int32).max


def page(ids: Array, scores: Array, keys: Array, dates: Array, sort: Sort, offset: int, limit: int) -> Array:
    """Places in `ids` of the hits `offset` to `offset + limit`; `keys` and `dates` go by document number.

    Equal hits come by ascending key, undated ones last in either order of dates.
    """
    wanted = min(offset + limit, len(ids))
    if wanted <= offset or limit <= 0:
        return np.empty(0, np.intp)
    rank = _rank(ids, scores, dates, sort)
    first = _first(rank, keys, ids, wanted)
    ordered = first[np.lexsort((keys[ids[first]], rank[first]))]
    return ordered[offset:wanted]


def _rank(ids: Array, scores: Array, dates: Array, sort: Sort) -> Array:
    """What to sort by, the smallest first."""
    if sort is Sort.RELEVANCE:
        return -scores
    dated = dates[ids]
    return -dated if sort is Sort.NEWEST else np.where(dated == 0, _UNDATED, dated)


def _first(rank: Array, keys: Array, ids: Array, wanted: int) -> Array:
    """Places of the `wanted` smallest ranks, in no order; of equal ones, those with the smallest keys."""
    if wanted >= len(rank):
        return np.arange(len(rank))
    threshold = np.partition(rank, wanted - 1)[wanted - 1]
    below, equal = np.flatnonzero(rank < threshold), np.flatnonzero(rank == threshold)
    missing = wanted - len(below)
    if missing < len(equal):
        equal = equal[np.argpartition(keys[ids[equal]], missing - 1)[:missing]]
    return np.concatenate((below, equal))
