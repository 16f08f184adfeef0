"""What is counted where: several sets of a segment's documents, and the terms whose pairs are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.array_file import Array
from determinations.search.columnar.bitmaps import from_mask


@dataclass(frozen=True)
class DocumentSets:
    """`marks`: for each set whether it has each of the documents."""

    marks: Sequence[Array]

    def __len__(self) -> int:
        return len(self.marks)

    @cached_property
    def bitmaps(self) -> Sequence[BitMap]:
        return [from_mask(marks) for marks in self.marks]

    @cached_property
    def any(self) -> Array:
        """Whether each of the documents is in one of the sets."""
        union: Array = np.logical_or.reduce(self.marks)
        return union

    @cached_property
    def overlap(self) -> int:
        """In how many of the sets a document is at most."""
        return int(np.sum(self.marks, axis=0, dtype=np.uint16).max(initial=0))

    def counts(self, documents: Array, ends: Array, times: Array | None = None) -> Array:
        """How many of some postings are in each set: a row for each set, a column for each run of postings.

        `ends` says where each run begins, and where the last one ends. A posting counts `times`, or once.
        """
        totals = np.empty((len(self.marks), len(ends) - 1), np.int64)
        until = np.zeros(len(documents) + 1, np.int64)
        for row, marks in zip(totals, self.marks, strict=True):
            held = marks.take(documents)
            np.cumsum(held if times is None else times * held, out=until[1:])
            row[:] = np.diff(until.take(ends))
        return totals


@dataclass(frozen=True, slots=True)
class CountedTerms:
    """Terms whose pairs are counted: `places` has the place of each of a segment's terms, from 1 to `count`,
    or 0 for those that are not."""

    places: Array
    count: int

    def pairs(self, first: Array, second: Array) -> Array:
        """What stands for pairs of the terms at these places."""
        return (first.astype(np.int64) - 1) * self.count + second - 1
