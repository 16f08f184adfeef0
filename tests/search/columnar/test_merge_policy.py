"""Segments are merged as they grow, large ones while other commits go on, and nothing gets lost by it."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyroaring import BitMap

from determinations.file_lock import exclusive_lock
from determinations.search.columnar import merge, merge_policy, writing
from determinations.search.columnar.array_file import ArrayFileWriter
from determinations.search.columnar.commits import Segment
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.columnar.known_phrases import write_known_phrases
from determinations.search.columnar.merge_policy import being_merged, merging_beside, note_sources, to_merge
from determinations.search.columnar.writing import merged
from determinations.search.interface import SearchRequest
from determinations.search.query.language import parse_query
from tests.search.columnar.index_files import IndexFiles
from tests.search.engine_contract import document


@pytest.mark.parametrize(
    ("sizes", "merged_ones"),
    [
        ([], set()),
        ([5], set()),
        ([1, 1], {0, 1}),
        ([100, 1], set()),
        ([200, 1, 9, 3], {1, 2, 3}),
        ([100, 12, 1], {0, 1, 2}),
        ([1_000_000, 50_000, 5_000], set()),
        ([1_000_000, 50_000, 50_000, 50_000], {0, 1, 2, 3}),
    ],
)
def test_small_segments_are_merged_and_large_ones_left_alone(sizes: list[int], merged_ones: set[int]) -> None:
    assert to_merge([Segment(str(size), "", size, {}) for size in sizes]) == merged_ones


def test_a_segment_of_many_deletions_is_written_anew() -> None:
    worn = Segment("worn", "", 10, {}).without(BitMap([1, 2, 3, 4]))
    assert to_merge([worn, Segment("large", "", 1000, {})]) == {0}


def test_segments_that_are_too_large_together_are_left_to_another_merge() -> None:
    segments = [Segment(str(size), "", size, {}) for size in (100, 40, 5, 4)]
    assert to_merge(segments) == {0, 1, 2, 3}
    assert to_merge(segments, most=60) == {1, 2, 3}
    assert to_merge(segments, most=10) == {2, 3}
    assert to_merge(segments, most=8) == set()
    worn = Segment("worn", "", 30, {}, BitMap(range(20)))
    assert to_merge([*segments, worn], most=30) == {2, 3, 4}
    assert to_merge([*segments, worn], most=9) == {2, 3}


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ColumnarEngine:
    """Three segments, the first two of which are too large for a commit to merge: 8, 4 and 1 documents."""
    monkeypatch.setattr(merge_policy, "MERGED_AT_ONCE", 3)
    engine = ColumnarEngine(tmp_path / "index")
    engine.replace_all(document(key, f"pain number{key}") for key in range(8))
    engine.update(document(key, f"pain number{key}") for key in range(8, 12))
    engine.update([document(12, "pain number12")], log_position="twelve")
    assert sizes(engine) == [8, 4, 1]
    return engine


def sizes(engine: ColumnarEngine) -> list[int]:
    commit = engine._directory.commit(engine._directory.pointer())
    return [segment.document_count for segment in commit.segments]


def found(engine: ColumnarEngine, typed: str = "pain") -> list[int]:
    request = SearchRequest(parse_query(typed), limit=100)
    return sorted(hit.key for hit in ColumnarEngine(engine.location).search(request).hits)


def test_a_large_merge_is_left_out_of_the_commit_that_makes_it_due(engine: ColumnarEngine) -> None:
    assert engine.needs_merging()
    assert engine.merge()
    assert sizes(engine) == [13]
    assert found(engine) == list(range(13))
    assert engine.log_position() == "twelve"
    assert not engine.needs_merging()
    assert not engine.merge()


def test_a_small_merge_is_for_the_commit(tmp_path: Path) -> None:
    engine = ColumnarEngine(tmp_path / "index")
    engine.replace_all(document(key, "pain") for key in range(8))
    engine.update([document(8, "pain"), document(9, "pain")])
    assert sizes(engine) == [10]
    assert not engine.needs_merging()


class _Merging:
    """Has something done once while segments are merged beside commits, at a moment of the merge."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def at(self, moment: str, act: Callable[[], object]) -> None:
        """The moments are "the beginning", before its segments are opened, "the middle" and "the end"."""
        acts, is_large = iter([act]), False

        def merged_with_it(segments: list[Segment], folder: Path, into: Path | None = None) -> list[Segment]:
            nonlocal is_large
            is_large = into is not None
            if is_large and moment == "the beginning":
                next(acts, lambda: None)()
            results = merged(segments, folder, into)
            if is_large and moment == "the end":
                next(acts, lambda: None)()
            return results

        def written_with_it(out: ArrayFileWriter, lengths: dict[str, int]) -> None:
            nonlocal is_large
            if is_large and moment == "the middle":
                is_large = False
                next(acts, lambda: None)()
            write_known_phrases(out, lengths)

        self._monkeypatch.setattr(writing, "merged", merged_with_it)
        self._monkeypatch.setattr(merge, "write_known_phrases", written_with_it)


@pytest.fixture
def merging(monkeypatch: pytest.MonkeyPatch) -> _Merging:
    return _Merging(monkeypatch)


MOMENTS = pytest.mark.parametrize("moment", ["the beginning", "the middle", "the end"])


@MOMENTS
def test_changes_during_a_merge_are_kept(engine: ColumnarEngine, merging: _Merging, moment: str) -> None:
    """Deleted and replaced ones of each source, and new ones."""

    def change() -> None:
        engine.update([document(1, "relief"), document(13, "pain")], delete=[3, 8, 12], log_position="later")
        assert found(engine) == [0, 2, 4, 5, 6, 7, 9, 10, 11, 13]

    merging.at(moment, change)
    assert engine.merge()
    assert sizes(engine) == [2, 13]
    assert found(engine) == [0, 2, 4, 5, 6, 7, 9, 10, 11, 13]
    assert found(engine, "relief") == [1]
    assert ColumnarEngine(engine.location).status().documents == 11
    assert engine.log_position() == "later"


@MOMENTS
def test_commits_during_a_merge_leave_its_segments_alone(
    engine: ColumnarEngine, merging: _Merging, moment: str
) -> None:
    def change() -> None:
        for key in (20, 21, 22):
            engine.update([document(key, "pain")])
        assert sizes(engine) == [8, 4, 1, 3]

    merging.at(moment, change)
    assert engine.merge()
    assert sizes(engine) == [3, 13]
    assert found(engine) == [*range(13), 20, 21, 22]


@MOMENTS
@pytest.mark.parametrize(
    "act",
    [
        lambda engine: engine.replace_all([document(1, "pain")]),
        lambda engine: [engine.update((), delete=[2]), engine.forget_deleted()],
        lambda engine: [
            engine.update((), delete=[2]),
            engine.forget_deleted(),
            engine.update((), delete=[3]),
        ],
    ],
    ids=["a rebuild", "words forgotten", "words forgotten, and more deleted"],
)
def test_a_merge_of_segments_that_were_written_anew_is_dropped(
    engine: ColumnarEngine, merging: _Merging, act: Callable[[ColumnarEngine], object], moment: str
) -> None:
    merging.at(moment, lambda: act(engine))
    assert not engine.merge()
    present = found(engine)
    assert 2 not in present
    assert 1 in present
    assert not IndexFiles(Path(engine.location)).holds_word("number2")
    if engine.needs_merging():
        assert engine.merge()
    assert found(engine) == present


@MOMENTS
def test_a_merge_is_dropped_when_words_are_forgotten_and_none_were_deleted_in_its_segments(
    engine: ColumnarEngine, merging: _Merging, moment: str
) -> None:
    merging.at(moment, engine.forget_deleted)
    assert not engine.merge()
    assert sizes(engine) == [8, 4, 1]
    assert engine.merge()
    assert found(engine) == list(range(13))


def test_a_merge_that_cannot_be_written_says_so(
    engine: ColumnarEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(merge, "write_known_phrases", full)
        with pytest.raises(OSError, match="No space left"):
            engine.merge()
    assert not (Path(engine.location) / "merging").exists()
    assert engine.merge()
    assert found(engine) == list(range(13))


def test_a_commit_goes_on_while_a_merge_ends(engine: ColumnarEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of a merge is removed before its lock is released, without the writers' lock."""
    with merging_beside(Path(engine.location)) as folder:
        assert folder is not None
        assert being_merged(Path(engine.location)) == frozenset()
        note_sources(folder, [Segment("one", "", 1, {})])
        assert being_merged(Path(engine.location)) == {"one"}
        shutil.rmtree(folder)
        engine.update([document(30, "pain")])
        note_sources(folder, [])
    assert found(engine) == [*range(13), 30]


def test_a_merge_that_was_killed_is_begun_anew(
    engine: ColumnarEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(segments: list[Segment], folder: Path, into: Path | None = None) -> list[Segment]:
        merged(segments, folder, into)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(writing, "merged", killed)
        patched.setattr("shutil.rmtree", lambda *_, **__: None)
        with pytest.raises(KeyboardInterrupt):
            engine.merge()
    left = [path.name for path in (Path(engine.location) / "merging").iterdir()]
    assert len(left) == 2
    engine.update([document(30, "pain")])
    assert engine.merge()
    assert not (Path(engine.location) / "merging").exists()
    assert found(engine) == [*range(13), 30]


def test_two_do_not_merge_at_once(engine: ColumnarEngine) -> None:
    with exclusive_lock(Path(engine.location) / "merging.lock"):
        assert not engine.merge()
    assert sizes(engine) == [8, 4, 1]
    assert engine.merge()


def test_an_index_without_documents_left_is_merged(engine: ColumnarEngine) -> None:
    engine.update((), delete=range(13))
    while engine.needs_merging():
        assert engine.merge()
    assert found(engine) == []
