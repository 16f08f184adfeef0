"""The page of hits that a sort order asks for, without sorting what is not on it."""

from collections.abc import Callable

import numpy as np

from determinations.search.interface import Sort
from determinations.search.whoosh_engine.array_file import Array, runs

_UNDATED = np.iinfo(np.int32).max
_FEWEST = 1 << 14

Scores = Callable[[Array], Array]
"""The scores of documents, given by number."""


def page(ids: Array, scores: Scores, keys: Array, dates: Array, sort: Sort, offset: int, limit: int) -> Array:
    """Of the documents `ids` those that stand at `offset` to `offset + limit`, best first.

    `keys` and `dates` go by document number.
    Equal hits come by ascending key, undated ones last in either order of dates.
    """
    wanted = min(offset + limit, len(ids))
    if wanted <= offset or limit <= 0:
        return np.empty(0, np.uint32)
    best, rank = ids[:0], _rank(ids[:0], scores, dates, sort)
    for run in runs(len(ids), max(_FEWEST, 2 * wanted)):
        more, its_rank = ids[run], _rank(ids[run], scores, dates, sort)
        if len(best) == wanted:
            good = its_rank <= rank.max()
            more, its_rank = more[good], its_rank[good]
        best, rank = np.concatenate((best, more)), np.concatenate((rank, its_rank))
        first = _first(rank, keys, best, wanted)
        best, rank = best[first], rank[first]
    ordered: Array = best[np.lexsort((keys[best], rank))]
    return ordered[offset:]


def _rank(ids: Array, scores: Scores, dates: Array, sort: Sort) -> Array:
    """What to sort by, the smallest first."""
    if sort is Sort.RELEVANCE:
        return -scores(ids)
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
