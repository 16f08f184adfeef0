"""The index on disk: what is durable when, what a crash leaves behind, and who may write."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from determinations.search.columnar.array_file import Array
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.columnar.index_directory import IndexDirectory, Pointer
from determinations.search.interface import SearchRequest
from determinations.search.query.nodes import Word
from tests.search.engine_contract import document, keys


@pytest.fixture
def engine(tmp_path: Path) -> ColumnarEngine:
    engine = ColumnarEngine(tmp_path / "index")
    engine.replace_all([document(1, "pain")])
    return engine


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to name what is synced")
def test_everything_is_on_disk_before_the_pointer_names_it(
    engine: ColumnarEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    renamed: list[str] = []
    sync, replace = os.fsync, Path.replace

    def logged_sync(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        sync(handle)

    def logged_replace(self: Path, target: Path) -> Any:
        assert self.name in synced
        renamed.append(Path(target).name)
        if Path(target).name == "current":
            directory = IndexDirectory(tmp_path / "index").pointer().directory
            segments = [file.name for file in (tmp_path / "index" / directory).glob("*.columns")]
            assert set(segments) - before <= set(synced)
            assert [Path(name).suffix for name in renamed] == [".toc", ".commit", ""]
            assert synced[-2:] == [directory, self.name]
        return replace(self, target)

    before = {file.name for file in (tmp_path / "index").rglob("*.columns")}
    monkeypatch.setattr(os, "fsync", logged_sync)
    monkeypatch.setattr(Path, "replace", logged_replace)
    engine.update([document(2, "more pain")])
    assert synced[-1] == "index"
    assert keys(engine, Word("pain")) == {1, 2}


def test_a_commit_that_was_cut_short_is_not_seen_and_is_cleared_away_by_the_next(
    engine: ColumnarEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_failure(self: IndexDirectory, pointer: Pointer) -> None:
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(IndexDirectory, "switch", power_failure)
        engine.update([document(2, "half committed pain")])
    other = ColumnarEngine(tmp_path / "index")
    assert keys(engine, Word("pain")) == keys(other, Word("pain")) == {1}
    other.update([document(3, "pain")])
    assert keys(engine, Word("pain")) == {1, 3}
    assert keys(engine, Word("committed")) == set()
    for pattern in ("*.toc", "*.commit"):
        assert len(list((tmp_path / "index").rglob(pattern))) == 1


def test_a_rebuild_that_was_cut_short_is_cleared_away_by_the_next_commit(
    engine: ColumnarEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(IndexDirectory, "switch", lambda *_: (_ for _ in ()).throw(SystemExit))
        engine.replace_all([document(7, "never seen")])
    assert keys(engine) == {1}
    engine.update([document(2, "pain")])
    assert keys(engine) == {1, 2}
    assert len([entry for entry in (tmp_path / "index").iterdir() if entry.name.isdigit()]) == 1


def test_a_facet_value_with_a_line_feed_is_refused_and_changes_nothing(engine: ColumnarEngine) -> None:
    with pytest.raises(ValueError, match="line feed"):
        engine.update([document(2, "pain", decision="up\nheld")])
    assert keys(engine) == {1}


def test_an_open_snapshot_outlives_a_rebuild(engine: ColumnarEngine) -> None:
    snapshot = engine._current()
    engine.replace_all([document(2, "other")])
    assert snapshot.frequency("rationale", "pain") == 1
    assert engine.search(SearchRequest(Word("pain"))).total == 0


def test_unchanged_segments_are_taken_over_by_the_next_snapshot(tmp_path: Path) -> None:
    engine = ColumnarEngine(tmp_path / "index")
    engine.replace_all(document(key, "pain") for key in range(100))
    (large,) = engine._current().segments
    engine.update([document(1000, "pain")], delete=[5])
    assert large in engine._current().segments
    assert len(engine._current().segments) == 2
    assert engine.search(SearchRequest(Word("pain"))).total == 100


def test_a_commit_lets_go_of_what_was_cached_for_the_one_before(engine: ColumnarEngine) -> None:
    before = engine._current()
    made: list[int] = []

    def make() -> tuple[Array]:
        made.append(1)
        return (np.zeros(100, np.uint8),)

    def count() -> int:
        return len(before.cached("array", make)[0])

    assert (count(), count(), len(made)) == (100, 100, 1)
    engine.update([document(2, "pain")])
    assert engine.search(SearchRequest(Word("pain"))).total == 2
    assert (count(), count(), len(made)) == (100, 100, 3)
