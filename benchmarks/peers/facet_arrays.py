"""The facet values of all items as arrays, counted by decision for any set of items.

For engines that say which items match and leave the counting to the program that asks them.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus_facets import CORPUS_FACETS as FACETS
from benchmarks.questions import ByDecision
from determinations.search.facets import DECISION
from determinations.search.interface import FacetFilter, IndexDocument

Mask = NDArray[np.bool_]
"""True at the numbers of items."""

Numbers = NDArray[np.signedinteger]


def coded(document: IndexDocument, codes: dict[tuple[str, str], int]) -> list[int]:
    """The codes of an item's values of facets; a value gets one when it is first seen."""
    return [
        codes.setdefault((facet.name, value), len(codes))
        for facet in FACETS
        for value in document.facets[facet.name]
    ]


class FacetArrays:
    """For each facet, a table with a row for every item, so that the rows of any items are taken at once.

    A cell is the number of a value and a decision; rows are filled up to the length of the longest.
    """

    def __init__(self, values: Sequence[tuple[str, str]], items: Numbers, codes: Numbers) -> None:
        """Item `items[n]` has the facet and value `values[codes[n]]`; items ascend."""
        self._size = int(items[-1]) + 1
        self._holding = {value: items[codes == code] for code, value in enumerate(values)}
        self._values: dict[str, list[str]] = {facet.name: [] for facet in FACETS}
        numbers = np.zeros(len(values), np.int16)
        for code, (facet, value) in enumerate(values):
            numbers[code] = len(self._values[facet])
            self._values[facet].append(value)
        self._decisions = self._values[DECISION.name]
        decided = np.zeros(self._size, np.int16)
        for number, decision in enumerate(self._decisions):
            decided[self._holding[DECISION.name, decision]] = number
        cells = numbers[codes] * np.int16(len(self._decisions)) + decided[items]
        facet_of = np.array([facet for facet, _ in values])[codes]
        self._tables = {
            name: self._table(items[facet_of == name], cells[facet_of == name], self._cells(name))
            for name in self._values
        }

    def _cells(self, name: str) -> int:
        return len(self._values[name]) * len(self._decisions)

    def _table(self, items: Numbers, cells: Numbers, none: int) -> Numbers:
        lengths = np.bincount(items, minlength=self._size)
        table = np.full((self._size, lengths.max()), none, np.int16)
        table[items, np.arange(len(items)) - np.repeat(np.cumsum(lengths) - lengths, lengths)] = cells
        return table

    @property
    def every(self) -> Mask:
        return self.mask(np.concatenate([self._holding[DECISION.name, each] for each in self._decisions]))

    def mask(self, items: Numbers) -> Mask:
        mask = np.zeros(self._size, np.bool_)
        mask[items] = True
        return mask

    def passing(self, matches: Mask, filters: Collection[FacetFilter]) -> Mask:
        """Those of the matches that have one of the values of every filter."""
        for given in filters:
            held = [self._holding.get((given.facet, value), _NONE) for value in given.values]
            matches = matches & self.mask(np.concatenate(held))
        return matches

    def counts(self, matches: Mask, filters: Collection[FacetFilter]) -> ByDecision:
        """Each facet without its own filter, and all without that of decisions."""
        chosen = {given.facet: given for given in filters if given.facet != DECISION.name}
        shared = np.flatnonzero(self.passing(matches, chosen.values()))
        counted = {}
        for name in self._values:
            others = [given for facet, given in chosen.items() if facet != name]
            found = np.flatnonzero(self.passing(matches, others)) if name in chosen else shared
            counted[name] = self._counted(name, found)
        return counted

    def _counted(self, name: str, items: Numbers) -> Mapping[str, Mapping[str, int]]:
        cells = self._tables[name].take(items, axis=0).ravel()
        numbers = np.bincount(cells, minlength=self._cells(name) + 1)[:-1].reshape(-1, len(self._decisions))
        return {
            value: dict(zip(self._decisions, row, strict=True))
            for value, row in zip(self._values[name], numbers.tolist(), strict=True)
            if any(row)
        }


_NONE = np.zeros(0, np.int64)
