"""What filters by facet and by date leave of the documents found, and how many of these hold each value.

Every facet is counted without its own filter.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from functools import reduce
from operator import and_

from pyroaring import BitMap

from determinations.search.columnar.bitmaps import from_mask
from determinations.search.columnar.snapshot import Snapshot
from determinations.search.facet_counts import counted
from determinations.search.index_fields import date_field, facet_field
from determinations.search.interface import DateFilter, FacetCount, FacetFilter

_BLOCK, _MOST_LISTED = 1 << 16, 1 << 12
"""Roaring keeps the numbers of a block as a list where these are at most so many, else as bits."""
_FEW = 1 << 9


class Filters:
    """The filters of a request on a snapshot, to be held against any set of its documents."""

    def __init__(
        self, filters: Collection[FacetFilter], dates: Iterable[DateFilter], snapshot: Snapshot
    ) -> None:
        self._snapshot = snapshot
        self._chosen = {one.facet: tuple(_sets(one, snapshot)) for one in filters}
        self._columns = {one.facet: one.held_in for one in filters}
        self._dated = [_within(one, snapshot) for one in dates]

    def replaced(self, one: FacetFilter) -> "Filters":
        """These filters, but for that of the facet of `one`, whose place it takes."""
        changed = copy(self)
        changed._chosen = self._chosen | {one.facet: tuple(_sets(one, self._snapshot))}
        changed._columns = self._columns | {one.facet: one.held_in}
        return changed

    def of(self, found: BitMap, without: str | None = None) -> BitMap:
        """What all filters leave of `found`, the one of the facet `without` aside."""
        sets = [wanted for name, wanted in self._chosen.items() if name != without]
        narrowed = reduce(and_, self._dated, found)
        return reduce(_narrowed, (one for parts in sets for one in parts), narrowed)

    def counts(self, facet: str, found: BitMap, narrowed: BitMap) -> tuple[FacetCount, ...]:
        """Of what is `found` before any filter; `narrowed` is what all of them leave of it."""
        documents = self.of(found, without=facet) if facet in self._chosen else narrowed
        values = self._snapshot.facet(facet_field(self._columns.get(facet, facet)))
        return counted(zip(values, self._held(documents, values.values()), strict=True))

    def _held(self, documents: BitMap, several: Iterable[BitMap]) -> list[int]:
        """How many of the documents are in each of several sets, none of which has a deleted document.

        Roaring counts three times as fast in a set that it keeps as bits; of a smaller one we count the rest.
        """
        blocks = -(-self._snapshot.document_count // _BLOCK)
        if not _FEW * blocks < len(documents) <= _MOST_LISTED * blocks:
            return [documents.intersection_cardinality(holding) for holding in several]
        rest = self._snapshot.live - documents
        return [len(holding) - rest.intersection_cardinality(holding) for holding in several]


_Part = tuple[bool, BitMap]
"""Whether documents must be in the set, or must not."""


def _sets(one: FacetFilter, snapshot: Snapshot) -> Iterator[_Part]:
    holding = snapshot.facet(facet_field(one.held_in))
    if one.values and one.every:
        yield from ((True, holding.get(value, BitMap())) for value in one.values)
    elif one.values:
        yield True, _holding(holding, one.values)
    if one.unwanted:
        yield False, _holding(holding, one.unwanted)


def _narrowed(documents: BitMap, part: _Part) -> BitMap:
    wanted, among = part
    return documents & among if wanted else documents - among


def _within(one: DateFilter, snapshot: Snapshot) -> BitMap:
    """Documents whose date lies in the span; those without the date do not."""
    dates = snapshot.column(date_field(one.date))
    return from_mask((dates >= max(one.first, 1)) & (dates <= one.last))


def _holding(values: Mapping[str, BitMap], chosen: Iterable[str]) -> BitMap:
    return BitMap.union(BitMap(), *(values[value] for value in chosen if value in values))
