"""The order of what a request finds, and the items that follow because they have some of its parts.

Among the best documents, as many as WINDOW, those come first in which words that were typed side by side are
near each other; and where the question is one thing of several names, those whose request has the name that
was typed. What is added is never below zero, so that no document of the window falls behind those
outside it. The work is linear in the postings of the words, whatever the number of documents. A page of hits
is cut out without sorting what is not on it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from pyroaring import BitMap
from whoosh import query

from determinations.search.columnar.address_blocks import between
from determinations.search.columnar.addresses import addresses
from determinations.search.columnar.array_file import Array, joined, runs
from determinations.search.columnar.bitmaps import from_sorted, to_array
from determinations.search.columnar.executor import documents_of
from determinations.search.columnar.queries import (
    InFields,
    OneThing,
    Stem,
    Together,
    searched_fields,
    whoosh_query,
)
from determinations.search.columnar.scoring import CHUNK, Scores, rarity_of
from determinations.search.columnar.snapshot import Snapshot
from determinations.search.index_fields import CASE_ORDER, DATE, LEVEL_ORDER, facet_field
from determinations.search.interface import Hit, MostOf, NamedValue, SearchRequest, Sort
from determinations.search.query.nodes import SEARCHED_FIELDS
from determinations.search.relevance import (
    ENOUGH,
    FARTHEST,
    IN_SUMMARY,
    NEAR_FIELDS,
    NEARNESS,
    OTHER_ORDER,
    WEIGHTS,
    WINDOW,
    rarity,
)

_LAST = np.iinfo(np.int64).max
_ROOM = 1 << 24
_FEWEST = 1 << 14

Ranks = Callable[[slice], Array]
"""What a run of the documents is sorted by, the smallest first."""


@dataclass(frozen=True, slots=True)
class FollowingDocuments:
    """Documents with enough of some parts; of each part those that have it, and those whose letter does."""

    documents: BitMap
    own: tuple[BitMap, ...]
    wide: tuple[BitMap, ...]

    def hit(self, key: int, score: float, document: int) -> Hit:
        lacks = tuple(place for place, held in enumerate(self.wide) if document not in held)
        in_summary = (
            place
            for place, (held, own) in enumerate(zip(self.wide, self.own, strict=True))
            if document in held and document not in own
        )
        return Hit(key, score, follows=True, lacks=lacks, in_summary=tuple(in_summary))


def following(request: SearchRequest, wanted: MostOf, snapshot: Snapshot) -> FollowingDocuments:
    """The documents that have enough of the parts, each weighing as it is rare.

    Those of a value that the question is about need a single part.
    """
    fields = searched_fields(request)

    def made() -> tuple[BitMap, ...]:
        own = tuple(documents_of(whoosh_query(part, fields), snapshot) for part in wanted.parts)
        wide = tuple(documents_of(whoosh_query(part, SEARCHED_FIELDS), snapshot) for part in wanted.parts)
        return _following(request, wanted, snapshot, own, wide), *own, *wide

    # Each filter that is offered is counted among them.
    enough, *parts = snapshot.cached(("following", wanted, fields, request.about), made)
    return FollowingDocuments(enough, tuple(parts[: len(wanted.parts)]), tuple(parts[len(wanted.parts) :]))


def _following(
    request: SearchRequest,
    wanted: MostOf,
    snapshot: Snapshot,
    own: tuple[BitMap, ...],
    wide: tuple[BitMap, ...],
) -> BitMap:
    weights = [rarity_of(held, snapshot) if held else 0.0 for held in wide]
    candidates = BitMap.union(BitMap(), *wide) - snapshot.deleted
    if wanted.required is not None:
        fields = searched_fields(request)
        candidates &= documents_of(whoosh_query(wanted.required, fields), snapshot)
    weighed = [
        part
        for inside, outside, weight in zip(own, wide, weights, strict=True)
        for part in ((to_array(inside), weight), (to_array(outside - inside), weight * IN_SUMMARY))
    ]
    enough = candidates & _with_weight(weighed, ENOUGH * sum(weights), snapshot.document_count)
    about = BitMap.union(BitMap(), *(_holding(snapshot, value) for value in request.about))
    return enough | (candidates & about)


def _with_weight(weighed: list[tuple[Array, float]], enough: float, documents: int) -> BitMap:
    """The documents that have enough weight of the arrays in which they are, a chunk of them at a time."""
    found: list[Array] = []
    for start in range(0, documents, CHUNK):
        held = np.zeros(min(CHUNK, documents - start), np.float32)
        for ids, weight in weighed:
            first, last = between(ids, start, start + len(held))
            held[ids[first:last] - np.uint32(start)] += np.float32(weight)
        found.append((np.flatnonzero(held >= np.float32(enough)) + start).astype(np.uint32))
    return from_sorted(joined(found))


class Order:
    """Puts documents in the order of a request, and makes hits of those on its page."""

    def __init__(
        self, request: SearchRequest, snapshot: Snapshot, fields: tuple[str, ...] | None = None
    ) -> None:
        """`fields` are those that leaves without a field are scored in, by default those of the request."""
        self._request = request
        self._snapshot = snapshot
        self._fields = fields or searched_fields(request)
        node = request.query if request.ranked_by is None else request.ranked_by
        self._question = whoosh_query(node, self._fields)

    def hits(self, ids: Array, offset: int, limit: int) -> tuple[Hit, ...]:
        """The hits at `offset` of the documents `ids`, which ascend."""
        keys = self._snapshot.keys
        return tuple(Hit(int(keys[number]), score) for number, score in self._page(ids, offset, limit))

    def hits_from(self, ids: Array, offset: int, length: int) -> Iterator[tuple[Hit, ...]]:
        """All hits from `offset` on, `length` at a time."""
        if self._request.sort is Sort.RELEVANCE:
            scores = self._remembered_scores(ids)
            ranks = -scores
        else:
            scores, ranks = self._scores(ids), self._ranks(ids)(slice(None))
        keys = self._snapshot.keys[ids]
        ordered = np.lexsort((keys, ranks))
        for start in range(offset, len(ordered), length):
            places = ordered[start : start + length]
            yield tuple(map(Hit, keys[places].tolist(), scores[places].tolist()))

    def following(self, found: FollowingDocuments, ids: Array, offset: int, limit: int) -> tuple[Hit, ...]:
        """The same of documents that follow, each with what it lacks."""
        keys = self._snapshot.keys
        return tuple(
            found.hit(int(keys[number]), score, number) for number, score in self._page(ids, offset, limit)
        )

    def _page(self, ids: Array, offset: int, limit: int) -> Sequence[tuple[int, float]]:
        """(document, score) of those on the page."""
        if limit <= 0 or offset >= len(ids):
            return ()
        if self._request.sort is Sort.RELEVANCE:
            scores = self._remembered_scores(ids)
            places = page(ids, lambda run: -scores[run], self._snapshot.keys, offset, limit)
            shown, scores = ids[places], scores[places]
        else:
            shown = ids[page(ids, self._ranks(ids), self._snapshot.keys, offset, limit)]
            order = np.argsort(shown)
            scores = np.empty(len(shown), np.float32)
            scores[order] = self._scores(shown[order])
        return list(zip(shown.tolist(), scores.tolist(), strict=True))

    def _remembered_scores(self, ids: Array) -> Array:
        """Those of all documents of the request: the same for each of its pages."""
        every_page = replace(self._request, offset=0, limit=0, count=(), count_summaries_below=0)
        name = ("order", every_page, self._fields, len(ids))
        scores: Array = self._snapshot.cached(name, lambda: (self._scores(ids),))[0]
        return scores

    def _scores(self, ids: Array) -> Array:
        """Relevance of documents that ascend."""
        scores = Scores(self._snapshot, ids).of(self._question)
        for value in self._request.about:
            if holding := _holding(self._snapshot, value):
                weight = WEIGHTS.about * rarity_of(holding, self._snapshot)
                scores = scores + _held(ids, holding) * np.float32(weight)
        for raised in self._request.raised:
            holding = _holding(self._snapshot, raised.value)
            scores = scores * np.where(_held(ids, holding), np.float32(1 + raised.by), np.float32(1))
        if self._request.sort is Sort.RELEVANCE:
            scores = raised_as_typed(self._question, self._snapshot, ids, scores)
        return scores

    def _ranks(self, ids: Array) -> Ranks:
        match self._request.sort:
            case Sort.NEWEST:
                dates = self._snapshot.column(DATE)
                return lambda run: -dates[ids[run]]
            case Sort.OLDEST:
                column = DATE
            case Sort.LEVEL:
                column = LEVEL_ORDER
            case _:
                column = CASE_ORDER
        entries = self._snapshot.column(column)

        def ranks(run: slice) -> Array:
            known = entries[ids[run]].astype(np.int64)
            return np.where(known == 0, _LAST, known)

        return ranks


def _holding(snapshot: Snapshot, value: NamedValue) -> BitMap:
    return snapshot.facet(facet_field(value.facet)).get(value.value, BitMap())


def _held(ids: Array, holding: BitMap) -> Array:
    """Whether each of the documents is in the set."""
    return np.isin(ids, to_array(holding), assume_unique=True)


def raised_as_typed(question: query.Query, snapshot: Snapshot, ids: Array, scores: Array) -> Array:
    """The scores of the documents `ids`, which ascend, those of the best ones raised."""
    pairs, typed = list(_neighbors(question)), _typed_in_requests(question)
    if not (pairs or typed) or not len(ids):
        return scores
    best = _best(ids, scores, snapshot.keys)
    raised = scores.copy()
    if pairs:
        raised[best] += _added(pairs, snapshot, ids[best])
    if typed:
        # By the highest score, so that none with another name only comes before them.
        raised[best] += scores.max() * _held(ids[best], documents_of(typed, snapshot))
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


def _typed_in_requests(question: query.Query) -> query.Query | None:
    """Where the whole question is one thing of several names, the name that was typed, in requests only."""
    if isinstance(question, OneThing) and len(question.subqueries) > 1:
        return _in_requests(question.subqueries[0])
    return None


def _in_requests(name: query.Query) -> query.Query | None:
    match name:
        case InFields():
            return next((leaf for leaf in name if leaf.fieldname == "request"), None)
        case Together():
            words = [_in_requests(word) for word in name]
            return query.And(words) if None not in words else None
        case _:
            return None


def _typed_stem(part: query.Query) -> str:
    if isinstance(part, OneThing):
        part = part.subqueries[0]
    if isinstance(part, InFields):
        part = part.subqueries[0]
    return part.text if isinstance(part, Stem) and part.fieldname in NEAR_FIELDS else ""


def _added(pairs: list[tuple[str, str]], snapshot: Snapshot, documents: Array) -> Array:
    added = np.zeros(len(documents), np.float32)
    size = len(snapshot.live)
    places = {
        (field, stem): _places(snapshot, field, stem, documents)
        for stem in {stem for pair in pairs for stem in pair}
        for field in NEAR_FIELDS
    }
    for one, other in pairs:
        worth = min(rarity(size, _frequency(snapshot, stem)) for stem in (one, other))
        nearness = np.zeros(len(documents), np.float32)
        for field in NEAR_FIELDS:
            near = _nearness(places[field, one], places[field, other], len(documents))
            np.maximum(nearness, near, out=nearness)
        added += nearness * np.float32(NEARNESS * worth)
    return added


def _frequency(snapshot: Snapshot, stem: str) -> int:
    return max(snapshot.frequency(field, stem) for field in NEAR_FIELDS)


def _places(snapshot: Snapshot, field: str, stem: str, documents: Array) -> Array:
    """Ascending: number among `documents` * _ROOM + position, of everywhere that the stem stands in them."""
    starts = np.arange(len(documents), dtype=np.int64) * _ROOM
    return addresses(snapshot, field, stem, documents, starts)


def _nearness(one: Array, other: Array, documents: int) -> Array:
    """Of each document 1 for words side by side in order, less the farther apart they are."""
    nearness = np.zeros(documents, np.float32)
    if not len(one) or not len(other):
        return nearness
    at = np.searchsorted(other, one)
    for place, share in ((at, 1.0), (at - 1, OTHER_ORDER)):
        known = (place >= 0) & (place < len(other))
        distance = np.abs(other[np.clip(place, 0, len(other) - 1)] - one)
        near = known & (distance >= 1) & (distance <= FARTHEST)
        np.maximum.at(nearness, one[near] // _ROOM, (share / distance[near]).astype(np.float32))
    return nearness


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
