"""Chunks looked up many at a time get the numbers that they get one by one."""

from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from determinations.search.analysis import chunks
from determinations.search.columnar import chunk_table, writing
from determinations.search.columnar.chunk_table import ChunkTable

WORDS = (
    *("pain", "Pain,", "injections", "L4 to L5", "10/325 mg", "follow-up", "the", "a", "radi- culopathy"),
    *("cervicothoracic", "electrodiagnostic", "electrodiagnostics", "a" * 15, "a" * 16, "a" * 40),
    *("Sjögren’s", "38℃", "\x00", "pain\x00", "\ud800", "😀", "ﬁrst"),
)
BLANKS = (" ", "  ", "\n", "\t", "\r\n", "\x1c", "\x85", "\u00a0", "\u2003", "\u3000")
TEXTS = st.lists(
    st.one_of(
        st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(BLANKS))).map("".join),
        st.lists(st.sampled_from(WORDS)).map(" ".join),
        st.text(max_size=40),
    ),
    max_size=8,
)


def chunks_of(table: ChunkTable, texts: list[str]) -> list[list[str]]:
    """The chunks of each text as the table has them."""
    numbers, sizes = table.numbers_of(texts)
    names = {number: chunk for chunk, number in table.items()}
    found = [names[number] for number in numbers.tolist()]
    ends = sizes.cumsum().tolist()
    return [found[end - size : end] for end, size in zip(ends, sizes.tolist(), strict=True)]


@settings(max_examples=150)
@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_every_text_has_the_chunks_that_the_analysis_cuts(batches: list[list[str]]) -> None:
    table = ChunkTable()
    for texts in (*batches, *batches):  # new chunks, then known ones
        assert chunks_of(table, texts) == [chunks(text) for text in texts]


def test_chunks_that_share_a_place_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunk_table, "_SHIFT", np.uint64(63))
    table = ChunkTable()
    text = " ".join(f"word{number}" for number in range(3000))  # more than the keys have room for at first
    for _ in range(2):
        assert chunks_of(table, [text]) == [text.split()]


def test_what_is_known_of_chunks_is_kept_but_for_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: deque[ChunkTable] = deque(maxlen=1)
    monkeypatch.setattr(writing, "_tables", kept)
    with writing._chunk_table() as first:
        pass
    with writing._chunk_table() as second, writing._chunk_table() as other:
        assert second is first
        assert other is not first
    with pytest.raises(ValueError, match="broken"), writing._chunk_table():
        raise ValueError("broken")
    assert not kept
