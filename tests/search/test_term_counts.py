"""Counts of words and pairs are mappings, and arrays inside."""

import numpy as np
import pytest

from determinations.search.term_counts import PairCounts, WordCounts


def test_counts_of_words_are_a_mapping() -> None:
    counts = WordCounts(("pain", "relief"), np.array([[3, 0], [1, 2]]))
    assert counts == {"pain": (3, 0), "relief": (1, 2)}
    assert list(counts) == ["pain", "relief"]
    with pytest.raises(KeyError):
        counts["absent"]


def test_counts_of_pairs_are_a_mapping() -> None:
    counts = PairCounts(("no", "pain"), np.array([0, 1]), np.array([1, 1]), np.array([[4], [5]]))
    assert counts == {("no", "pain"): (4,), ("pain", "pain"): (5,)}
    assert ("pain", "no") not in counts


def test_a_mapping_becomes_arrays_and_comes_back() -> None:
    words = {"pain": (3, 0), "relief": (1, 2)}
    pairs = {("pain", "relief"): (1, 0), ("no", "pain"): (2, 7)}
    assert WordCounts.of(words, 2) == words
    assert WordCounts.of(words, 2).counts.tolist() == [[3, 0], [1, 2]]
    assert PairCounts.of(pairs, 2) == pairs


def test_nothing_found_has_no_counts_for_each_request() -> None:
    assert WordCounts.of({}, 2).counts.sum(axis=0).tolist() == [0, 0]
    assert PairCounts.of({}, 3).counts.shape == (0, 3)
    assert len(PairCounts.of({}, 3)) == 0
