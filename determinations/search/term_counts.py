"""How often words, or pairs of words, are in what several requests find: mappings that are arrays inside.

A large search has hundreds of thousands of pairs, of which a page shows some dozens: whoever compares them
all reads the arrays, and no pair becomes an object until it is asked for.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Pair = tuple[str, str]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class WordCounts(Mapping[str, tuple[int, ...]]):
    """`counts` has a row for each of `terms`, and a column for each request."""

    terms: tuple[str, ...]
    counts: Integers

    @classmethod
    def of(cls, counted: Mapping[str, tuple[int, ...]], requests: int) -> "WordCounts":
        return cls(tuple(counted), _rows(counted.values(), requests))

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {term: place for place, term in enumerate(self.terms)}

    def __getitem__(self, term: str) -> tuple[int, ...]:
        return tuple(self.counts[self._places[term]].tolist())

    def __iter__(self) -> Iterator[str]:
        return iter(self.terms)

    def __len__(self) -> int:
        return len(self.terms)


@dataclass(frozen=True, eq=False)
class PairCounts(Mapping[Pair, tuple[int, ...]]):
    """`counts` has a row for each pair, and a column for each request.

    `first` and `second` are the places of its two words in `terms`.
    """

    terms: tuple[str, ...]
    first: Integers
    second: Integers
    counts: Integers

    @classmethod
    def of(cls, counted: Mapping[Pair, tuple[int, ...]], requests: int) -> "PairCounts":
        terms = tuple(sorted({term for pair in counted for term in pair}))
        places = {term: place for place, term in enumerate(terms)}
        both = np.array([[places[first], places[second]] for first, second in counted], np.int64)
        first, second = both.reshape(-1, 2).T
        return cls(terms, first, second, _rows(counted.values(), requests))

    @cached_property
    def _places(self) -> Mapping[Pair, int]:
        return {pair: place for place, pair in enumerate(self)}

    def __getitem__(self, pair: Pair) -> tuple[int, ...]:
        return tuple(self.counts[self._places[pair]].tolist())

    def __iter__(self) -> Iterator[Pair]:
        for first, second in zip(self.first.tolist(), self.second.tolist(), strict=True):
            yield self.terms[first], self.terms[second]

    def __len__(self) -> int:
        return len(self.first)


def _rows(counts: Collection[tuple[int, ...]], requests: int) -> Integers:
    return np.array(list(counts), np.int64).reshape(len(counts), requests)
