"""The executor finds what Whoosh's own searcher finds in the same index, and scores it alike."""

from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.index import open_dir

from determinations.search.columnar import array_file, executor
from determinations.search.columnar.bitmaps import to_array
from determinations.search.columnar.index_directory import WHOOSH_NAME, IndexDirectory
from determinations.search.columnar.snapshot import Cache, OpenSegment, Snapshot
from tests.search.columnar.random_indexes import IndexPlan, index_plans, whoosh_queries

FORMS = {"as the size calls for": 16, "always as numbers": 0, "always a score for each document": 10**9}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("indexes")


def snapshot_of(directory: IndexDirectory) -> Snapshot:
    pointer = directory.pointer()
    parts = [
        (segment, OpenSegment(directory.columns(pointer, segment)))
        for segment in directory.commit(pointer).segments
    ]
    return Snapshot(pointer.commit, pointer.generation, parts, Cache(1 << 20))


def oracle(directory: IndexDirectory, question: query.Query) -> dict[int, float]:
    """What Whoosh finds. Its Not can yield a deleted document behind the last match of what it negates."""
    index = open_dir(str(directory.path / directory.pointer().directory), WHOOSH_NAME)
    with index.searcher() as searcher:
        reader = searcher.reader()
        found = searcher.search(question, limit=None).top_n
        return {int(number): float(score) for score, number in found if not reader.is_deleted(number)}


def executed(snapshot: Snapshot, question: query.Query) -> dict[int, float]:
    matches = executor.run(question, snapshot)
    ids = to_array(matches.documents() - snapshot.deleted)
    return dict(zip(ids.tolist(), matches.scores_of(ids).tolist(), strict=True))


@settings(deadline=None, max_examples=60)
@given(
    plan=index_plans(),
    questions=st.lists(whoosh_queries, min_size=2, max_size=4),
    form=st.sampled_from(list(FORMS)),
)
def test_matches_and_scores_are_those_of_whoosh(
    folder: Path, plan: IndexPlan, questions: list[query.Query], form: str
) -> None:
    directory = plan.make(Path(mkdtemp(dir=folder)))
    snapshot = snapshot_of(directory)
    with patch.object(executor, "_FEW", FORMS[form]), patch.object(array_file, "_RUN", 2):
        for question in questions:
            assert executed(snapshot, question) == pytest.approx(oracle(directory, question), rel=1e-4), (
                question
            )


def test_a_kind_of_query_that_is_not_run_is_named(folder: Path) -> None:
    directory = IndexPlan((), frozenset()).make(Path(mkdtemp(dir=folder)))
    with pytest.raises(NotImplementedError, match="TermRange"):
        executor.run(query.TermRange("rationale", "a", "b"), snapshot_of(directory))
