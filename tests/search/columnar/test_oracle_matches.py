"""The executor finds what Whoosh's own searcher finds in the same index; scores are the reference's."""

from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.index import open_dir

from determinations.search.columnar import array_file, scoring
from determinations.search.columnar.bitmaps import to_array
from determinations.search.columnar.cache import Cache
from determinations.search.columnar.executor import documents_of
from determinations.search.columnar.index_directory import WHOOSH_NAME, IndexDirectory
from determinations.search.columnar.queries import whoosh_query
from determinations.search.columnar.ranking import raised_as_typed
from determinations.search.columnar.scoring import Scores
from determinations.search.columnar.snapshot import OpenSegment, Snapshot
from determinations.search.query.nodes import Node, Word
from tests.oracle.reference_scores import ReferenceScores, all_scores
from tests.search.columnar.random_indexes import WORDS, IndexPlan, index_plans, nodes, whoosh_queries

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
        found = {int(number) for _, number in searcher.search(question, limit=None).top_n}
        found -= {number for number in found if reader.is_deleted(number)}
        return all_scores(ReferenceScores(searcher), question, found)


def executed(snapshot: Snapshot, question: query.Query) -> dict[int, float]:
    ids = to_array(documents_of(question, snapshot) - snapshot.deleted)
    scores = raised_as_typed(question, snapshot, ids, Scores(snapshot, ids).of(question))
    return dict(zip(ids.tolist(), scores.tolist(), strict=True))


@settings(deadline=None, max_examples=60)
@given(
    plan=index_plans(),
    questions=st.lists(whoosh_queries, min_size=2, max_size=4),
    form=st.sampled_from(list(FORMS)),
    chunk=st.sampled_from((1, 5, 1 << 17)),
    remembered=st.sampled_from((0, 1 << 20)),
)
def test_matches_are_those_of_whoosh_and_scores_those_of_the_reference(
    folder: Path, plan: IndexPlan, questions: list[query.Query], form: str, chunk: int, remembered: int
) -> None:
    directory = plan.make(Path(mkdtemp(dir=folder)))
    snapshot = snapshot_of(directory)
    with (
        patch.object(scoring, "_FEW", FORMS[form]),
        patch.object(scoring, "CHUNK", chunk),
        patch.object(scoring, "_REMEMBERED", remembered),
        patch.object(array_file, "_RUN", 2),
    ):
        for question in questions:
            assert executed(snapshot, question) == pytest.approx(oracle(directory, question), rel=1e-4), (
                question
            )


@settings(deadline=None, max_examples=20)
@given(plan=index_plans(), question=nodes, more=st.sampled_from(WORDS))
def test_more_of_what_is_asked_never_lowers_a_score(
    folder: Path, plan: IndexPlan, question: Node, more: str
) -> None:
    """Another word beside the question, and another name beside a word."""
    snapshot = snapshot_of(plan.make(Path(mkdtemp(dir=folder))))
    asked, added = whoosh_query(question), whoosh_query(Word(more))
    ids = to_array(snapshot.live)
    alone = Scores(snapshot, ids).of(asked)
    assert (Scores(snapshot, ids).of(query.And([asked, added])) >= alone - 1e-5).all()
    assert (Scores(snapshot, ids).of(query.Or([asked, added])) >= alone - 1e-5).all()


def test_a_kind_of_query_that_is_not_run_is_named(folder: Path) -> None:
    directory = IndexPlan((), frozenset()).make(Path(mkdtemp(dir=folder)))
    with pytest.raises(NotImplementedError, match="TermRange"):
        documents_of(query.TermRange("rationale", "a", "b"), snapshot_of(directory))
    with pytest.raises(NotImplementedError, match="distance"):
        documents_of(query.Phrase("rationale", ["pain", "block"], slop=2), snapshot_of(directory))
    with pytest.raises(NotImplementedError, match="TermRange"):
        Scores(snapshot_of(directory), np.empty(0, np.uint32)).of(query.TermRange("rationale", "a", "b"))
