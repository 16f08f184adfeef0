"""Words and pairs are counted alike from texts, and from the postings and bitmaps of large segments."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from determinations.search.analysis import is_mark, tokens
from determinations.search.columnar import (
    bit_slices,
    merge,
    pairs,
    posting_counts,
    text_counts,
    word_counts,
)
from determinations.search.columnar.cache import Cache
from determinations.search.columnar.columns import SegmentColumns
from determinations.search.columnar.commits import Segment
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.columnar.snapshot import OpenSegment, Snapshot
from determinations.search.columnar.word_counts import pair_totals, word_totals
from determinations.search.columnar.writing import build_segment, merged
from determinations.search.interface import SearchRequest
from tests.search.engine_contract import document

ALWAYS_TEXTS, NEVER_TEXTS = 1, 1 << 40
WORDS = ("pain", "pains", "the", "no", "12", "L4-5", "C5-6-7", "x-ray", "pain-free", "free", "10%", "Déjà.")
"""Of several at one position, of function words, numbers and marks there are some each."""
TERMS = sorted({term for word in WORDS for token in tokens(word) for term in (token.term, *token.others)})
SPOKEN = [term for term in TERMS if term not in ("the", "no", "12", "x", "10") and not is_mark(term)]

texts = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)


@dataclass(frozen=True)
class Plan:
    """The texts of some segments, which of them are written as large ones are, and what is counted."""

    segments: tuple[tuple[str, ...], ...]
    large: tuple[bool, ...]
    deleted: frozenset[int]
    sets: tuple[frozenset[int], ...]
    among: frozenset[str]
    fewest: int
    rows_in_one_of: int
    rare: int
    at_a_time: int

    @property
    def texts(self) -> list[str]:
        return [text for segment in self.segments for text in segment]

    def snapshot(self, folder: Path) -> Snapshot:
        parts, base = [], 0
        for its_texts, is_large in zip(self.segments, self.large, strict=True):
            segment = build_segment([document(base + n, text) for n, text in enumerate(its_texts)], folder)
            if is_large:
                with written_as_large(self.rows_in_one_of, self.rare, self.at_a_time):
                    (segment,) = merged([segment], folder)
            gone = BitMap(range(len(its_texts))) & BitMap(n - base for n in self.deleted if n >= base)
            parts.append(opened(folder, segment.without(gone)))
            base += len(its_texts)
        return Snapshot("", 1, parts, Cache(1 << 20))


def opened(folder: Path, segment: Segment) -> tuple[Segment, OpenSegment]:
    return segment, OpenSegment(SegmentColumns.opened(folder, segment.id, segment.digest))


@contextmanager
def written_as_large(rows_in_one_of: int = 3, rare: int = 2, at_a_time: int = 4) -> Iterator[None]:
    """Pairs and bitmaps of all merged segments; small blocks, so that there are several."""
    with ExitStack() as patched:
        for module, name, value in (
            (merge, "MANY_WORDS", 1),
            (bit_slices, "ROWS_IN_ONE_OF", rows_in_one_of),
            (pairs, "RARE", rare),
            (pairs, "_PAIRS_AT_A_TIME", at_a_time),
            (pairs, "_WORDS_AT_A_TIME", at_a_time),
        ):
            patched.enter_context(patch.object(module, name, value))
        yield


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    segments = draw(st.lists(st.lists(texts, min_size=1, max_size=9).map(tuple), min_size=1, max_size=3))
    every = frozenset(range(sum(map(len, segments))))
    some = st.frozensets(st.sampled_from(sorted(every)))
    deleted = draw(st.one_of(st.just(frozenset[int]()), some))
    sets = draw(st.lists(st.one_of(st.just(every), some), min_size=1, max_size=3))
    return Plan(
        tuple(segments),
        tuple(draw(st.sampled_from((True, True, False))) for _ in segments),
        deleted,
        tuple(one - deleted for one in sets),
        draw(
            st.one_of(
                st.just(frozenset(SPOKEN)), *(st.frozensets(st.sampled_from(k)) for k in (SPOKEN, TERMS))
            )
        ),
        draw(st.integers(1, 6)),
        draw(st.sampled_from((1, 3, 1 << 30))),
        draw(st.sampled_from((1, 2, 5))),
        draw(st.sampled_from((1, 4, 1 << 20))),
    )


def words_in(text: str) -> Counter[str]:
    return Counter(
        term for token in tokens(text) for term in (token.term, *token.others) if not is_mark(term)
    )


def pairs_in(text: str, among: frozenset[str]) -> Counter[tuple[str, str]]:
    """Of several terms at one position the last one counts."""
    places = [
        max((term for term in (token.term, *token.others) if term in among and not is_mark(term)), default="")
        for token in tokens(text)
    ]
    return Counter((first, second) for first, second in pairwise(places) if first and second)


def summed(
    counters: Sequence[Counter[str]] | Sequence[Counter[tuple[str, str]]],
) -> dict[object, tuple[int, ...]]:
    found = {each for counter in counters for each in counter}
    return {each: tuple(counter[each] for counter in counters) for each in found}  # type: ignore[index]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("counts")


@pytest.mark.parametrize("small_part", [ALWAYS_TEXTS, NEVER_TEXTS])
@settings(deadline=None, max_examples=60)
@given(plan=plans())
def test_counts_are_those_of_the_texts(folder: Path, small_part: int, plan: Plan) -> None:
    snapshot = plan.snapshot(Path(mkdtemp(dir=folder)))
    sets = [BitMap(one) for one in plan.sets]
    with (
        patch.object(word_counts, "SMALL_PART", small_part),
        patch.object(posting_counts, "_POSTINGS_AT_A_TIME", plan.at_a_time),
    ):
        words = word_totals(snapshot, sets)
        counted = pair_totals(snapshot, sets, plan.among, plan.fewest)
    expected = [sum((words_in(plan.texts[n]) for n in one), Counter[str]()) for one in plan.sets]
    assert words == summed(expected)
    of_pairs = [
        sum((pairs_in(plan.texts[n], plan.among) for n in one), Counter[tuple[str, str]]())
        for one in plan.sets
    ]
    assert counted == {
        pair: counts for pair, counts in summed(of_pairs).items() if sum(counts) >= plan.fewest
    }


LETTERS = ["pain relief lasted", "pain relief", "the pain, no relief", "x-ray of pain"] * 8


@pytest.fixture
def reads_texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes what is counted from texts."""
    noted: list[str] = []
    for name in ("word_counts_of_texts", "pair_counts_of_texts"):

        def counted(*arguments: object, name: str = name) -> object:
            noted.append(name)
            return getattr(text_counts, name)(*arguments)

        monkeypatch.setattr(word_counts, name, counted)
    return noted


def large_segment(
    folder: Path, texts: Sequence[str] = LETTERS, *, rare: int = 2, at_a_time: int = 4
) -> Snapshot:
    segment = build_segment([document(n, text) for n, text in enumerate(texts)], folder)
    with written_as_large(rare=rare, at_a_time=at_a_time):
        (segment,) = merged([segment], folder)
    return Snapshot("", 1, [opened(folder, segment)], Cache(1 << 20))


@pytest.mark.parametrize("at_a_time", [1, 4, 1 << 20])
def test_no_pair_goes_from_one_text_to_the_next(tmp_path: Path, at_a_time: int) -> None:
    snapshot = large_segment(tmp_path, ["pain", "relief", "", "pain", "relief of pain"], at_a_time=at_a_time)
    assert pair_totals(snapshot, [BitMap(range(5))], {"pain", "relief"}, 1) == {}


def test_a_pair_that_is_rare_in_either_of_its_writings_is_found(tmp_path: Path) -> None:
    snapshot = large_segment(tmp_path, ["pain free", "pain-free"] * 4, rare=5)
    assert pair_totals(snapshot, [BitMap(range(8))], {"pain", "free"}, 5) == {("pain", "free"): (8,)}


def test_a_pair_that_is_rare_in_each_segment_is_found(tmp_path: Path) -> None:
    large = build_segment([document(n, "pain relief, pain block") for n in range(4)], tmp_path)
    small = build_segment([document(9, "pain relief")], tmp_path)
    with written_as_large(rare=5):
        (large,) = merged([large], tmp_path)
    snapshot = Snapshot("", 1, [opened(tmp_path, one) for one in (large, small)], Cache(1 << 20))
    among = {"pain", "relief", "block"}
    assert pair_totals(snapshot, [BitMap(range(5))], among, 5) == {("pain", "relief"): (5,)}


def test_a_pair_counts_once_for_each_set(tmp_path: Path) -> None:
    snapshot = large_segment(tmp_path, ["pain relief"] * 3, rare=5)
    every = BitMap(range(3))
    assert pair_totals(snapshot, [every, every], {"pain", "relief"}, 5) == {("pain", "relief"): (3, 3)}
    assert pair_totals(snapshot, [every], {"pain", "relief"}, 5) == {}


def test_much_of_a_large_segment_is_counted_without_its_texts(tmp_path: Path, reads_texts: list[str]) -> None:
    snapshot = large_segment(tmp_path)
    assert word_totals(snapshot, [BitMap(range(0, 32, 2))])["pain"] == (16,)
    assert pair_totals(snapshot, [BitMap(range(0, 32, 2))], {"pain", "relief"}, 1) == {
        ("pain", "relief"): (8,)
    }
    assert reads_texts == []


def test_a_small_part_is_counted_from_its_texts(tmp_path: Path, reads_texts: list[str]) -> None:
    with patch.object(word_counts, "SMALL_PART", 16):
        snapshot = large_segment(tmp_path)
        assert word_totals(snapshot, [BitMap([0, 1])])["pain"] == (2,)
        assert pair_totals(snapshot, [BitMap([0, 1])], {"pain", "relief"}, 1) == {("pain", "relief"): (2,)}
    assert reads_texts == ["word_counts_of_texts", "pair_counts_of_texts"]


def test_pairs_with_a_function_word_are_counted_from_the_texts(
    tmp_path: Path, reads_texts: list[str]
) -> None:
    among = {"the", "no", "pain", "relief"}
    counted = pair_totals(large_segment(tmp_path), [BitMap(range(32))], among, 1)
    assert counted["the", "pain"] == counted["no", "relief"] == (8,)
    assert reads_texts == ["pair_counts_of_texts"]


def test_a_segment_of_an_earlier_version_is_counted_from_its_texts(
    tmp_path: Path, reads_texts: list[str]
) -> None:
    first, second = (
        build_segment([document(n, text) for n, text in enumerate(LETTERS, start)], tmp_path)
        for start in (0, 32)
    )
    snapshot = Snapshot("", 1, [opened(tmp_path, first)], Cache(1 << 20))
    every = [BitMap(range(32))]
    before = word_totals(snapshot, every), pair_totals(snapshot, every, {"pain", "relief"}, 1)
    assert reads_texts == ["word_counts_of_texts", "pair_counts_of_texts"]
    with written_as_large():
        (both,) = merged([first, second], tmp_path)
    after = Snapshot("", 1, [opened(tmp_path, both)], Cache(1 << 20))
    assert (word_totals(after, every), pair_totals(after, every, {"pain", "relief"}, 1)) == before
    assert len(reads_texts) == 2


def test_more_numbers_than_there_is_room_for_leave_the_pairs_to_the_texts(
    tmp_path: Path, reads_texts: list[str]
) -> None:
    def no_room(*_: object) -> None:
        raise pairs.TooManyTermsError

    with patch.object(pairs._Packing, "require_room", no_room):
        snapshot = large_segment(tmp_path)
    assert pair_totals(snapshot, [BitMap(range(32))], {"pain", "relief"}, 1) == {("pain", "relief"): (16,)}
    assert reads_texts == ["pair_counts_of_texts"]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_small_segment_has_no_pairs_and_no_bitmaps(tmp_path: Path) -> None:
    segments = [build_segment([document(n, text)], tmp_path) for n, text in enumerate(LETTERS)]
    (segment,) = merged(segments, tmp_path)
    columns = SegmentColumns.opened(tmp_path, segment.id, segment.digest).field("rationale")
    assert not columns.has("paired")
    assert not columns.has("word_slices.rows")


def test_a_number_does_not_fit_where_two_and_the_document_take_more_than_64_bits() -> None:
    packing = pairs._Packing(document_count=1 << 22)
    packing.require_room(1 << 20)
    with pytest.raises(pairs.TooManyTermsError):
        packing.require_room((1 << 20) + 1)
    largest = np.array([(1 << 20) - 1], np.uint32)
    packed = packing.packed(largest, largest, np.array([1 << 22], np.uint32))
    assert packing.first(packing.pairs(packed)) == packing.second(packing.pairs(packed)) == largest
    assert packing.documents(packed) == 1 << 22


def test_an_updated_index_counts_as_one_that_is_built_at_once(tmp_path: Path) -> None:
    documents = [document(n, text) for n, text in enumerate(LETTERS)]
    updated, at_once = ColumnarEngine(tmp_path / "updated"), ColumnarEngine(tmp_path / "at_once")
    with written_as_large():
        updated.replace_all(documents[:20])
        updated.update(documents[20:26])
        updated.update(documents[26:], delete=[0, 1])
        at_once.replace_all(documents[2:])
    requests = [SearchRequest()]
    (segment,) = updated._current().segments
    assert segment.columns.field("rationale").has("paired")
    assert updated.word_counts(requests) == at_once.word_counts(requests)
    assert updated.pair_counts(requests, SPOKEN) == at_once.pair_counts(requests, SPOKEN)
