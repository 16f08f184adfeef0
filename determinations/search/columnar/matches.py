"""What a part of a question finds, and how the parts' findings are put together."""

from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap

from determinations.search.columnar.array_file import Array
from determinations.search.columnar.bitmaps import from_mask, from_sorted


@dataclass(frozen=True, slots=True)
class Matches:
    """Few documents as ascending `numbers` with their scores; many as one score for every document.

    The latter, without `numbers`, is 0 where a document does not match. Every match scores above 0
    (boosts must be positive), so both forms say the same.
    """

    numbers: Array | None
    scores: Array

    def documents(self) -> BitMap:
        return from_mask(self.scores > 0) if self.numbers is None else from_sorted(self.numbers)

    def scores_of(self, ids: Array) -> Array:
        """The scores of some of the matches, given by document number."""
        if self.numbers is None:
            return self.scores.take(ids)
        if np.array_equal(ids, self.numbers):
            return self.scores
        return self.scores[self.numbers.searchsorted(ids)]


FOUND_NOTHING = Matches(np.empty(0, np.uint32), np.empty(0, np.float32))


def extent(matches: Matches) -> int:
    return len(matches.scores) if matches.numbers is None else len(matches.numbers)


def both(one: Matches, other: Matches) -> Matches:
    """Documents of both, their scores added; `one` is not the larger."""
    if one.numbers is None:
        scores = one.scores + other.scores
        scores *= (one.scores > 0) & (other.scores > 0)
        return Matches(None, scores)
    if other.numbers is None:
        added = other.scores[one.numbers]
        shared = added > 0
    else:
        at, shared = _located(one.numbers, other.numbers)
        added = other.scores[at] if len(other.scores) else np.zeros(len(at), np.float32)
    return Matches(one.numbers[shared], (one.scores + added)[shared])


def without(one: Matches, other: Matches) -> Matches:
    if one.numbers is None and other.numbers is None:
        return Matches(None, one.scores * (other.scores == 0))
    if one.numbers is None:
        kept = one.scores.copy()
        kept[other.numbers] = 0
        return Matches(None, kept)
    if other.numbers is None:
        shared = other.scores[one.numbers] > 0
    else:
        _, shared = _located(one.numbers, other.numbers)
    return Matches(one.numbers[~shared], one.scores[~shared])


def _located(wanted: Array, among: Array) -> tuple[Array, Array]:
    """For each of `wanted`, a place in the ascending `among`, and whether it stands there."""
    if not len(among):
        return np.zeros(len(wanted), np.intp), np.zeros(len(wanted), bool)
    at = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
    return at, among[at] == wanted


def added_up(numbers: Array, scores: Array) -> tuple[Array, Array]:
    """Distinct numbers, ascending, each with the sum of its scores."""
    if len(numbers) < 2:
        return numbers, scores
    order = np.argsort(numbers, kind="stable")
    numbers = numbers[order]
    first = np.flatnonzero(np.concatenate(([True], numbers[1:] != numbers[:-1])))
    return numbers[first], np.add.reduceat(scores[order], first)
