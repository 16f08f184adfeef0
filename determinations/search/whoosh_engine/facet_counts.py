"""How many of a question's documents hold each value of a facet, every facet without its own filter."""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_

from pyroaring import BitMap

from determinations.search.interface import FacetCount, FacetFilter
from determinations.search.whoosh_engine.schema import facet_field
from determinations.search.whoosh_engine.snapshot import Snapshot


class FilteredDocuments:
    """The documents that answer a question, and what the chosen facet values make of them."""

    def __init__(self, found: BitMap, filters: Iterable[FacetFilter], snapshot: Snapshot) -> None:
        self._found = found
        self._snapshot = snapshot
        self._chosen = {
            one.facet: _holding(snapshot.facet(facet_field(one.facet)), one.values) for one in filters
        }
        self.all = self._without_filter_of(None)

    def counts(self, facet: str) -> tuple[FacetCount, ...]:
        documents = self._without_filter_of(facet) if facet in self._chosen else self.all
        values = self._snapshot.facet(facet_field(facet)).items()
        return counted((value, documents.intersection_cardinality(holding)) for value, holding in values)

    def _without_filter_of(self, facet: str | None) -> BitMap:
        return reduce(and_, (chosen for name, chosen in self._chosen.items() if name != facet), self._found)


def counted(counts: Iterable[tuple[str, int]]) -> tuple[FacetCount, ...]:
    """Facet counts as the interface gives them: commonest first, then by value."""
    found = [(-count, value) for value, count in counts if count]
    return tuple(FacetCount(value, -count) for count, value in sorted(found))


def _holding(values: Mapping[str, BitMap], chosen: Iterable[str]) -> BitMap:
    return BitMap.union(BitMap(), *(values[value] for value in chosen if value in values))
