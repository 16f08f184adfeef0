"""Raises documents in which words that were typed side by side stand near each other.

Only the best documents are looked at, as many as WINDOW: nobody reads further, and those behind them keep
their order. What is added is never below zero, so that no document of the window falls behind those
outside it. The work is linear in the postings of the words, whatever the number of documents.
"""

from itertools import pairwise

import numpy as np
from whoosh import query

from determinations.search.columnar.array_file import Array, joined
from determinations.search.columnar.queries import InFields, OneThing, Stem
from determinations.search.columnar.scoring import rarity
from determinations.search.columnar.snapshot import Snapshot

WINDOW = 200
NEARNESS = 0.2
"""What two words side by side in the order typed add, as a share of the rarity of the commoner one."""
_OTHER_ORDER = 0.5
_FARTHEST = 10
_FIELDS = ("request", "rationale")
_ROOM = 1 << 24


def with_nearness(question: query.Query, snapshot: Snapshot, ids: Array, scores: Array) -> Array:
    """The scores of the documents `ids`, which ascend, those of the best ones raised."""
    pairs = list(_neighbors(question))
    if not pairs or not len(ids):
        return scores
    best = _best(ids, scores, snapshot.keys)
    raised = scores.copy()
    raised[best] += _added(pairs, snapshot, ids[best])
    return raised


def _best(ids: Array, scores: Array, keys: Array) -> Array:
    """Ascending places of the best documents; equal ones by key."""
    if len(ids) <= WINDOW:
        return np.arange(len(ids))
    threshold = np.partition(scores, len(scores) - WINDOW)[len(scores) - WINDOW]
    near = np.flatnonzero(scores >= threshold)
    order = np.lexsort((keys[ids[near]], -scores[near]))
    return np.sort(near[order[:WINDOW]])


def _neighbors(question: query.Query) -> list[tuple[str, str]]:
    """The stems of words that stand side by side in the question."""
    if not isinstance(question, query.And):
        return []
    stems = [_typed_stem(part) for part in question]
    return [(one, other) for one, other in pairwise(stems) if one and other and one != other]


def _typed_stem(part: query.Query) -> str:
    if isinstance(part, OneThing):
        part = part.subqueries[0]
    if isinstance(part, InFields):
        part = part.subqueries[0]
    return part.text if isinstance(part, Stem) and part.fieldname in _FIELDS else ""


def _added(pairs: list[tuple[str, str]], snapshot: Snapshot, documents: Array) -> Array:
    added = np.zeros(len(documents), np.float32)
    size = len(snapshot.live)
    places = {
        (field, stem): _places(snapshot, field, stem, documents)
        for stem in {stem for pair in pairs for stem in pair}
        for field in _FIELDS
    }
    for one, other in pairs:
        worth = min(rarity(size, _frequency(snapshot, stem)) for stem in (one, other))
        nearness = np.zeros(len(documents), np.float32)
        for field in _FIELDS:
            near = _nearness(places[field, one], places[field, other], len(documents))
            np.maximum(nearness, near, out=nearness)
        added += nearness * np.float32(NEARNESS * worth)
    return added


def _frequency(snapshot: Snapshot, stem: str) -> int:
    return max(snapshot.frequency(field, stem) for field in _FIELDS)


def _places(snapshot: Snapshot, field: str, stem: str, documents: Array) -> Array:
    """Ascending: number among `documents` * _ROOM + position, of everywhere that the stem stands in them."""
    parts = []
    for columns, number, base in snapshot.found(field, stem):
        ids = columns.doc_ids(number)
        first, last = np.searchsorted(documents, (base, base + snapshot.size_at[base]))
        wanted = documents[first:last] - np.uint32(base)
        at = np.searchsorted(ids, wanted)
        held = np.flatnonzero(ids.take(at, mode="clip") == wanted)
        if not len(held):
            continue
        at = at[held]
        times = columns.term_frequencies(number)
        ends = np.cumsum(times[: at[-1] + 1], dtype=np.int64)
        counts = times[at].astype(np.int64)
        behind = np.cumsum(counts)
        places = columns.positions(number)[np.repeat(ends[at] - behind, counts) + np.arange(int(behind[-1]))]
        parts.append(np.repeat((held + first) * _ROOM, counts) + places)
    return joined(parts, np.int64)


def _nearness(one: Array, other: Array, documents: int) -> Array:
    """Of each document 1 for words side by side in order, less the farther apart they are."""
    nearness = np.zeros(documents, np.float32)
    if not len(one) or not len(other):
        return nearness
    at = np.searchsorted(other, one)
    for place, share in ((at, 1.0), (at - 1, _OTHER_ORDER)):
        known = (place >= 0) & (place < len(other))
        distance = np.abs(other[np.clip(place, 0, len(other) - 1)] - one)
        near = known & (distance >= 1) & (distance <= _FARTHEST)
        np.maximum.at(nearness, one[near] // _ROOM, (share / distance[near]).astype(np.float32))
    return nearness
