"""The order of what a request finds, and the items that follow because they have some of its parts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.array_file import Array
from determinations.search.columnar.bitmaps import to_array
from determinations.search.columnar.executor import documents_of
from determinations.search.columnar.nearness import with_nearness
from determinations.search.columnar.queries import searched_fields, whoosh_query
from determinations.search.columnar.result_page import Ranks, page
from determinations.search.columnar.schema import CASE_ORDER, DATE, LEVEL_ORDER, facet_field
from determinations.search.columnar.scoring import WEIGHTS, Scores, rarity_of
from determinations.search.columnar.snapshot import Snapshot
from determinations.search.interface import Hit, MostOf, NamedValue, SearchRequest, Sort
from determinations.search.query.nodes import SEARCHED_FIELDS

_LAST = np.iinfo(np.int64).max
_ENOUGH = 0.3 - 1e-5
"""Items with less than this share of the parts' weight do not follow. A little less than a round figure,
so that no share lies on it."""
_IN_SUMMARY = 0.5
"""What a part weighs that stands only in the letter's summary."""


@dataclass(frozen=True, slots=True)
class Following:
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


def following(request: SearchRequest, wanted: MostOf, snapshot: Snapshot) -> Following:
    """The documents that have enough of the parts, each weighing as it is rare.

    Those of a value that the question is about need a single part.
    """
    fields = searched_fields(request)
    own = tuple(documents_of(whoosh_query(part, fields), snapshot) for part in wanted.parts)
    wide = tuple(documents_of(whoosh_query(part, SEARCHED_FIELDS), snapshot) for part in wanted.parts)
    weights = [rarity_of(held, snapshot) if held else 0.0 for held in wide]
    candidates = BitMap.union(BitMap(), *wide) - snapshot.deleted
    if wanted.required is not None:
        candidates &= documents_of(whoosh_query(wanted.required, fields), snapshot)
    held_weight = np.zeros(snapshot.document_count, np.float32)
    for inside, outside, weight in zip(own, wide, weights, strict=True):
        held_weight[to_array(inside)] += np.float32(weight)
        held_weight[to_array(outside - inside)] += np.float32(weight * _IN_SUMMARY)
    ids = to_array(candidates)
    enough = BitMap(ids[held_weight.take(ids) >= np.float32(_ENOUGH * sum(weights))])
    about = BitMap.union(BitMap(), *(_holding(snapshot, value) for value in request.about))
    return Following(enough | (candidates & about), own, wide)


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

    def following(self, found: Following, ids: Array, offset: int, limit: int) -> tuple[Hit, ...]:
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
        every_page = replace(self._request, offset=0, limit=0, count=(), count_summaries=False)
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
            scores = with_nearness(self._question, self._snapshot, ids, scores)
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
