"""A whole page of the columnar engine is the one that Whoosh's searcher and `groupedby` give."""

from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.facets import FACETS
from determinations.search.interface import FacetFilter, SearchRequest, SearchResults, Sort
from determinations.search.query.nodes import Node
from tests.oracle.whoosh_engine import WhooshEngine
from tests.search.columnar.random_indexes import IndexPlan, filters, index_plans, nodes

ALL_FACETS = tuple(facet.name for facet in FACETS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("indexes")


def assert_same_hits(columnar: SearchResults, whoosh: SearchResults) -> None:
    """The same hits in the same order, save that scores equal to float tolerance may change places."""
    assert {hit.key: hit.score for hit in columnar.hits} == pytest.approx(
        {hit.key: hit.score for hit in whoosh.hits}, rel=1e-4
    )
    assert [hit.score for hit in columnar.hits] == pytest.approx([hit.score for hit in whoosh.hits], rel=1e-4)


@settings(deadline=None, max_examples=40)
@given(
    plan=index_plans(),
    query=st.one_of(st.none(), nodes),
    chosen=filters,
    sort=st.sampled_from(Sort),
)
def test_hits_order_total_and_counts_are_those_of_whoosh(
    folder: Path, plan: IndexPlan, query: Node | None, chosen: tuple[FacetFilter, ...], sort: Sort
) -> None:
    path = Path(mkdtemp(dir=folder))
    plan.make(path)
    request = SearchRequest(query, chosen, sort, limit=1000, count=ALL_FACETS)
    columnar, whoosh = ColumnarEngine(path).search(request), WhooshEngine(path).search(request)
    assert columnar.total == whoosh.total == len(columnar.hits)
    assert columnar.counts == whoosh.counts
    assert_same_hits(columnar, whoosh)
    if sort is not Sort.RELEVANCE:
        assert [hit.key for hit in columnar.hits] == [hit.key for hit in whoosh.hits]


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
