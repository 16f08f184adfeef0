"""A whole page of the columnar engine is the one that Whoosh's searcher and the reference scores give."""

from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import FacetFilter, Likeness, SearchRequest, SearchResults, Sort
from tests.oracle.whoosh_engine import WhooshEngine
from tests.search.columnar.random_indexes import IndexPlan, filters, index_plans, requests, texts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("indexes")


def assert_same_hits(columnar: SearchResults, whoosh: SearchResults) -> None:
    """The same hits in the same order, save that scores equal to float tolerance may change places."""
    assert {hit.key: hit.score for hit in columnar.hits} == pytest.approx(
        {hit.key: hit.score for hit in whoosh.hits}, rel=1e-4
    )
    assert [hit.score for hit in columnar.hits] == pytest.approx([hit.score for hit in whoosh.hits], rel=1e-4)
    assert {hit.key: (hit.follows, hit.lacks, hit.in_summary) for hit in columnar.hits} == {
        hit.key: (hit.follows, hit.lacks, hit.in_summary) for hit in whoosh.hits
    }


@settings(deadline=None, max_examples=60)
@given(plan=index_plans(), request=requests)
def test_hits_order_totals_and_counts_are_those_of_the_reference(
    folder: Path, plan: IndexPlan, request: SearchRequest
) -> None:
    path = Path(mkdtemp(dir=folder))
    plan.make(path)
    columnar, whoosh = ColumnarEngine(path).search(request), WhooshEngine(path).search(request)
    assert columnar.total == whoosh.total
    assert columnar.following == whoosh.following
    assert columnar.in_summaries == whoosh.in_summaries
    assert columnar.total + columnar.following == len(columnar.hits)
    assert columnar.counts == whoosh.counts
    assert columnar.splits == whoosh.splits
    assert_same_hits(columnar, whoosh)
    if request.sort is not Sort.RELEVANCE:
        assert [hit.key for hit in columnar.hits] == [hit.key for hit in whoosh.hits]


@settings(deadline=None, max_examples=20)
@given(
    plan=index_plans(),
    rationale=texts,
    request=texts,
    shared=filters,
    chosen=filters,
    exclude=st.frozensets(st.integers(1, 9), max_size=3),
)
def test_the_items_most_alike_are_those_of_the_reference(
    folder: Path,
    plan: IndexPlan,
    rationale: str,
    request: str,
    shared: tuple[FacetFilter, ...],
    chosen: tuple[FacetFilter, ...],
    exclude: frozenset[int],
) -> None:
    path = Path(mkdtemp(dir=folder))
    plan.make(path)
    likeness = Likeness({"rationale": rationale, "request": request}, tuple((one, 1.5) for one in shared))
    columnar = ColumnarEngine(path).more_like(likeness, chosen, exclude, 50)
    whoosh = WhooshEngine(path).more_like(likeness, chosen, exclude, 50)
    assert {hit.key: hit.score for hit in columnar} == pytest.approx(
        {hit.key: hit.score for hit in whoosh}, rel=1e-4
    )


@settings(deadline=None, max_examples=20)
@given(
    plan=index_plans(), word=st.text("abcdeiklnprs", min_size=4, max_size=7), prefix=st.text("bp", max_size=2)
)
def test_corrections_completions_and_fingerprints_are_those_of_whoosh(
    folder: Path, plan: IndexPlan, word: str, prefix: str
) -> None:
    path = Path(mkdtemp(dir=folder))
    plan.make(path)
    columnar, whoosh = ColumnarEngine(path), WhooshEngine(path)
    assert columnar.suggest_word(word) == whoosh.suggest_word(word)
    assert columnar.words_with_prefix(prefix, 5) == whoosh.words_with_prefix(prefix, 5)
    assert list(columnar.fingerprints()) == list(whoosh.fingerprints())
