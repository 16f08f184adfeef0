"""Sets of documents are the same whichever way is quickest to make or to count them."""

from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from determinations.search.columnar import address_blocks, addresses, bitmaps, executor, filters, snapshot
from determinations.search.columnar.bitmaps import from_any, from_sorted
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import SearchRequest
from determinations.search.query.language import parse_query
from tests.search.engine_contract.letters import document

numbers = st.lists(st.integers(0, 200_000), max_size=80)
QUESTIONS = (
    "pain",
    "pain OR block",
    "pain block",
    "blo*",
    '"pain block"',
    '"pain block"~3',
    "(rare OR nerve OR painful) w/2 (pain OR branch)",
    "branch w/3 pain",
    "rare OR nerve",
    "",
)


@given(numbers, st.sampled_from((0, 10, 512)))
def test_a_set_of_numbers_in_any_order(written: list[int], few: int) -> None:
    with patch.object(bitmaps, "_FEW", few):
        assert from_any(np.array(written, np.uint32)) == BitMap(written)
        assert from_sorted(np.array(sorted(set(written)), np.uint32)) == BitMap(written)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two segments, of which some documents are deleted."""
    folder = tmp_path_factory.mktemp("sets") / "index"
    return made_in(folder)


@pytest.fixture(scope="module")
def path_with_addresses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with addresses of words in two places or more, and blocks of two documents."""
    with (
        patch.object(address_blocks, "MANY_PLACES", 2),
        patch.object(address_blocks, "BLOCK_ADDRESSES", 250),
    ):
        return made_in(tmp_path_factory.mktemp("sets") / "index")


def made_in(folder: Path) -> Path:
    engine = ColumnarEngine(folder)
    texts = ("pain block", "a painful branch, pain", "blocks of a nerve", "rare pain block")
    years = ("2013", "2014")

    def one(key: int) -> object:
        return document(key, texts[key % 4], request=texts[key % 3], year=(years[key % 2],))

    engine.replace_all(map(one, range(1, 90)))  # type: ignore[arg-type]
    engine.update(map(one, range(100, 190)), delete=range(50, 60))  # type: ignore[arg-type]
    return folder


@settings(max_examples=60)
@given(
    typed=st.sampled_from(QUESTIONS),
    few=st.sampled_from((0, 1 << 10)),
    sparse=st.sampled_from((0, 32, 1 << 20)),
    many=st.sampled_from((0, 16)),
    many_places=st.sampled_from((2, 1 << 16)),
)
def test_answers_are_the_same_whichever_way_they_are_made(
    path: Path, path_with_addresses: Path, typed: str, few: int, sparse: int, many: int, many_places: int
) -> None:
    request = SearchRequest(parse_query(typed), limit=200, count=("year",))
    usual = ColumnarEngine(path).search(request)
    with (
        patch.object(executor, "_FEW", few),
        patch.object(executor, "_SPARSE", sparse),
        patch.object(addresses, "_MANY", many),
        patch.object(snapshot, "MANY_PLACES", many_places),
        patch.object(filters, "_FEW", -1),
        patch.object(filters, "_MOST_LISTED", 1 << 16),
    ):
        assert ColumnarEngine(path).search(request) == usual
        assert ColumnarEngine(path_with_addresses).search(request) == usual
    assert usual.total == sum(one.count for one in usual.counts["year"]) > 0
