"""The page of hits that a sort order asks for, without sorting what is not on it."""

from collections.abc import Callable

import numpy as np

from determinations.search.columnar.array_file import Array, runs

_FEWEST = 1 << 14

Ranks = Callable[[slice], Array]
"""What a run of the documents is sorted by, the smallest first."""


def page(ids: Array, ranks: Ranks, keys: Array, offset: int, limit: int) -> Array:
    """Of the documents `ids` the places of those that stand at `offset` to `offset + limit`, best first.

    `keys` go by document number. Equal hits come by ascending key.
    """
    wanted = min(offset + limit, len(ids))
    if wanted <= offset or limit <= 0:
        return np.empty(0, np.intp)
    best = np.empty(0, np.intp)
    rank = ranks(slice(0, 0))
    for run in runs(len(ids), max(_FEWEST, 2 * wanted)):
        its_rank = ranks(run)
        more = np.arange(run.start, run.start + len(its_rank))
        if len(best) == wanted:
            good = its_rank <= rank.max()
            more, its_rank = more[good], its_rank[good]
        best, rank = np.concatenate((best, more)), np.concatenate((rank, its_rank))
        first = _first(rank, keys[ids[best]], wanted)
        best, rank = best[first], rank[first]
    ordered: Array = best[np.lexsort((keys[ids[best]], rank))]
    return ordered[offset:]


def _first(rank: Array, keys: Array, wanted: int) -> Array:
    """Places of the `wanted` smallest ranks, in no order; of equal ones, those with the smallest keys."""
    if wanted >= len(rank):
        return np.arange(len(rank))
    threshold = np.partition(rank, wanted - 1)[wanted - 1]
    below, equal = np.flatnonzero(rank < threshold), np.flatnonzero(rank == threshold)
    missing = wanted - len(below)
    if missing < len(equal):
        equal = equal[np.argpartition(keys[equal], missing - 1)[:missing]]
    return np.concatenate((below, equal))
