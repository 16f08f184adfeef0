"""The order of what a request finds, and the items that follow because they have most of its parts."""

from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.array_file import Array
from determinations.search.columnar.bitmaps import numbers
from determinations.search.columnar.executor import documents_of
from determinations.search.columnar.nearness import raised_by_nearness
from determinations.search.columnar.queries import searched_fields, whoosh_query
from determinations.search.columnar.result_page import Ranks, page
from determinations.search.columnar.schema import CASE_ORDER, DATE, LEVEL_ORDER, facet_field
from determinations.search.columnar.scoring import Scores, rarity
from determinations.search.columnar.snapshot import Snapshot
from determinations.search.interface import Hit, MostOf, SearchRequest, Sort

_LAST = np.iinfo(np.int64).max
_MOST = 0.5
"""Items with less than this share of the parts' weight do not follow."""


@dataclass(frozen=True, slots=True)
class Most:
    """Documents with most of some parts; `holding` are each part's documents."""

    documents: BitMap
    holding: tuple[BitMap, ...]

    def lacks(self, document: int) -> tuple[int, ...]:
        """The parts that the document does not have."""
        return tuple(place for place, held in enumerate(self.holding) if document not in held)


def most_of(request: SearchRequest, wanted: MostOf, snapshot: Snapshot) -> Most:
    """The documents that have at least half of the parts' weight, each part weighing as it is rare."""
    fields = searched_fields(request)
    holding = tuple(documents_of(whoosh_query(part, fields), snapshot) for part in wanted.parts)
    weights = [rarity(snapshot.document_count, len(held)) if held else 0.0 for held in holding]
    candidates = BitMap.union(BitMap(), *holding)
    if wanted.required is not None:
        candidates &= documents_of(whoosh_query(wanted.required, fields), snapshot)
    candidates -= snapshot.deleted
    ids = numbers(candidates)
    held_weight = np.zeros(snapshot.document_count, np.float32)
    for held, weight in zip(holding, weights, strict=True):
        held_weight[numbers(held)] += np.float32(weight)
    enough = held_weight.take(ids) >= np.float32(_MOST * sum(weights) * (1 - 1e-6))
    return Most(BitMap(ids[enough]), holding)


class Order:
    """Puts a request's documents in order and makes hits of those on its page."""

    def __init__(self, request: SearchRequest, snapshot: Snapshot) -> None:
        self._request = request
        self._snapshot = snapshot
        node = request.query if request.ranked_by is None else request.ranked_by
        self._question = whoosh_query(node, searched_fields(request))

    def hits(self, ids: Array, offset: int, limit: int) -> tuple[Hit, ...]:
        """The hits at `offset` of the documents `ids`, which ascend."""
        if limit <= 0 or offset >= len(ids):
            return ()
        if self._request.sort is Sort.RELEVANCE:
            scores = self._scores(ids)
            places = page(ids, lambda run: -scores[run], self._snapshot.keys, offset, limit)
            return self._made(ids[places], scores[places])
        places = page(ids, self._ranks(ids), self._snapshot.keys, offset, limit)
        shown = ids[places]
        order = np.argsort(shown)
        scores = np.empty(len(shown), np.float32)
        scores[order] = self._scores(shown[order])
        return self._made(shown, scores)

    def following(self, ids: Array, most: Most, offset: int, limit: int) -> tuple[Hit, ...]:
        """The same of documents that follow, each with what it lacks."""
        hits = self.hits(ids, offset, limit)
        documents = dict(zip(self._snapshot.keys[ids].tolist(), ids.tolist(), strict=True)) if hits else {}
        return tuple(Hit(hit.key, hit.score, most.lacks(documents[hit.key])) for hit in hits)

    def _made(self, documents: Array, scores: Array) -> tuple[Hit, ...]:
        keys = self._snapshot.keys[documents].tolist()
        return tuple(Hit(key, score) for key, score in zip(keys, scores.tolist(), strict=True))

    def _scores(self, ids: Array) -> Array:
        """Relevance of documents that ascend."""
        scores = Scores(self._snapshot, ids).of(self._question)
        for one in self._request.raised:
            holding = self._snapshot.facet(facet_field(one.facet)).get(one.value)
            if holding:
                held = np.isin(ids, numbers(holding), assume_unique=True)
                scores = scores * np.where(held, np.float32(1 + one.by), np.float32(1))
        return raised_by_nearness(self._question, self._snapshot, ids, scores)

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
