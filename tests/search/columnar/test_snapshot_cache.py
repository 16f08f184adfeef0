"""Arrays are remembered within a budget, and pages are cut without sorting everything."""

from random import Random
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from determinations.search.columnar import ranking
from determinations.search.columnar.array_file import Array
from determinations.search.columnar.bitmaps import from_mask, from_sorted, to_array
from determinations.search.columnar.cache import Cache
from determinations.search.columnar.ranking import page


class Maker:
    """Makes arrays of 100 bytes and remembers the names that it made them for."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.made: list[str] = []

    def get(self, name: str) -> int:
        def make() -> tuple[Array]:
            self.made.append(name)
            return (np.zeros(100, np.uint8),)

        return len(self.cache.get(name, make)[0])


def test_arrays_are_made_once() -> None:
    maker = Maker(Cache(1000))
    assert [maker.get("one") for _ in range(3)] == [100, 100, 100]
    assert maker.made == ["one"]


def test_the_least_recently_used_go_first_when_the_budget_is_spent() -> None:
    maker = Maker(Cache(250))
    for name in ("one", "two", "one", "three", "one", "two"):
        maker.get(name)
    assert maker.made == ["one", "two", "three", "two"]


def test_what_is_larger_than_the_budget_is_made_each_time() -> None:
    maker = Maker(Cache(50))
    assert [maker.get("one") for _ in range(2)] == [100, 100]
    assert maker.made == ["one", "one"]


def test_what_would_take_too_large_a_part_of_the_budget_leaves_the_others_where_they_are() -> None:
    maker = Maker(Cache(1000, largest=99))
    assert [maker.get("one") for _ in range(2)] == [100, 100]
    assert maker.made == ["one", "one"]
    assert maker.cache.size == 0


def test_a_set_of_documents_counts_what_it_takes() -> None:
    dense = BitMap(range(0, 10_000_000, 3))
    cache = Cache(10_000_000)
    cache.get("dense", lambda: (dense,))
    assert len(dense.serialize()) * 0.99 < cache.size <= len(dense.serialize())


def test_a_closed_cache_keeps_nothing() -> None:
    maker = Maker(Cache(1000))
    maker.get("one")
    maker.cache.close()
    assert maker.cache.size == 0
    assert [maker.get("one") for _ in range(2)] == [100, 100]
    assert maker.made == ["one", "one", "one"]


hits = st.lists(st.sampled_from((0.5, 1.0, 2.0)), max_size=30)


@given(hits, st.integers(0, 35), st.integers(0, 12), st.randoms())
def test_a_page_is_a_slice_of_everything_sorted(
    found: list[float], offset: int, limit: int, random: Random
) -> None:
    keys = list(range(100, 100 + len(found)))
    random.shuffle(keys)
    ranks = np.array([-score for score in found], np.float32)
    with patch.object(ranking, "_FEWEST", 3):
        shown = page(
            np.arange(len(found), dtype=np.uint32),
            lambda run: ranks[run],
            np.array(keys, np.int64),
            offset,
            limit,
        )
    ordered = sorted(range(len(found)), key=lambda place: (ranks[place], keys[place]))
    assert shown.tolist() == ordered[offset : offset + limit]


def test_sets_hold_the_numbers_that_they_are_made_of() -> None:
    random = Random(7)
    sizes = ((0, 9), (1, 9), (9, 9), (4096, 4096), (4097, 70_000), (90_000, 200_000), (99, 1 << 32))
    for count, below in sizes:
        chosen = sorted(random.sample(range(below), count))
        expected = BitMap(chosen)
        assert from_sorted(np.array(chosen, np.uint32)) == expected
        assert to_array(expected).tolist() == chosen
        if below < 1 << 20:
            marks = np.zeros(below, bool)
            marks[chosen] = True
            assert from_mask(marks) == expected


@given(st.sets(st.integers(0, 2**32 - 1)))
def test_a_set_of_numbers_comes_back_ascending(found: set[int]) -> None:
    assert to_array(from_sorted(np.array(sorted(found), np.uint32))).tolist() == sorted(found)
