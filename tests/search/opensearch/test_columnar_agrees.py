"""Random questions find on a cluster what they find on columns: the same items, totals and counts.

The order by relevance is nearly the same. Its measure: of the first ten items that the cluster gives, the
share whose score on columns is at least that of the tenth there, less a hundredth.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import (
    FacetFilter,
    IndexDocument,
    Likeness,
    QuerySyntaxError,
    SearchEngine,
    SearchRequest,
    SearchResults,
    Sort,
)
from determinations.search.opensearch.connection import Cluster
from tests.search.columnar.random_indexes import documents, filters, requests, texts
from tests.search.opensearch.cluster import IndexOnCluster, engine_on, new_prefix, require_cluster

require_cluster()

DOCUMENTS = 150
FIRST = 10
LEAST_IN_COMMON = 0.9

Engines = tuple[SearchEngine, SearchEngine]


def random_documents() -> list[IndexDocument]:
    """The same ones every time."""
    drawn: list[IndexDocument] = []

    @settings(max_examples=DOCUMENTS, database=None, derandomize=True, phases=[Phase.generate], deadline=None)
    @given(st.integers(1, 10**6).flatmap(documents))
    def draw(document: IndexDocument) -> None:
        drawn.append(document)

    draw()
    return list({document.key: document for document in drawn}.values())


@pytest.fixture(scope="module", params=[1, 3], ids=["1 shard", "3 shards"])
def engines(
    request: pytest.FixtureRequest, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engines]:
    """The columnar engine and one on the cluster, with the same documents, some of them deleted."""
    prefix = new_prefix()
    columnar = ColumnarEngine(tmp_path_factory.mktemp("columnar") / "index")
    remote = engine_on(cluster, prefix, shards=request.param)
    every = random_documents()
    half = len(every) // 2
    for engine in (columnar, remote):
        engine.replace_all(every[:half])
        engine.update(every[half:], delete=[document.key for document in every[:half:9]])
    yield columnar, remote
    IndexOnCluster(cluster, prefix).delete()


def answer(engine: SearchEngine, request: SearchRequest) -> SearchResults | str:
    try:
        return engine.search(request)
    except QuerySyntaxError:
        return "cannot be run"


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(request=requests)
def test_hits_totals_and_counts_are_those_of_columns(engines: Engines, request: SearchRequest) -> None:
    columnar, remote = (answer(engine, request) for engine in engines)
    if isinstance(columnar, str) or isinstance(remote, str):
        assert columnar == remote
        return
    assert (remote.total, remote.following) == (columnar.total, columnar.following)
    assert remote.in_summaries == columnar.in_summaries
    assert remote.counts == columnar.counts
    assert remote.splits == columnar.splits
    assert marks(remote) == marks(columnar)
    if request.sort is not Sort.RELEVANCE:
        assert [hit.key for hit in remote.hits] == [hit.key for hit in columnar.hits]


def marks(results: SearchResults) -> dict[int, tuple[bool, tuple[int, ...], tuple[int, ...]]]:
    return {hit.key: (hit.follows, hit.lacks, hit.in_summary) for hit in results.hits}


def test_the_first_ten_by_relevance_are_nearly_those_of_columns(engines: Engines) -> None:
    shares: list[float] = []

    @settings(
        max_examples=80,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(request=requests.map(by_relevance))
    def compare(request: SearchRequest) -> None:
        columnar, remote = (answer(engine, request) for engine in engines)
        if isinstance(columnar, SearchResults) and isinstance(remote, SearchResults):
            shares.extend(in_common(columnar, remote))

    compare()
    assert len(shares) >= 20
    assert sum(shares) / len(shares) >= LEAST_IN_COMMON


def by_relevance(request: SearchRequest) -> SearchRequest:
    return replace(request, sort=Sort.RELEVANCE, filters=(), dates=())


def in_common(columnar: SearchResults, remote: SearchResults) -> Sequence[float]:
    """The measure, where there are more than ten items to choose from."""
    here, there = ([hit for hit in one.hits if not hit.follows] for one in (columnar, remote))
    if len(here) <= FIRST:
        return ()
    least = here[FIRST - 1].score
    good = {hit.key for hit in here if hit.score >= least * 0.99}
    return [sum(hit.key in good for hit in there[:FIRST]) / FIRST]


@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
@given(
    rationale=texts,
    request=texts,
    shared=filters,
    chosen=filters,
    exclude=st.frozensets(st.integers(1, 10**6), max_size=3),
)
def test_the_items_most_alike_are_those_of_columns(
    engines: Engines,
    rationale: str,
    request: str,
    shared: tuple[FacetFilter, ...],
    chosen: tuple[FacetFilter, ...],
    exclude: frozenset[int],
) -> None:
    likeness = Likeness({"rationale": rationale, "request": request}, tuple((one, 1.5) for one in shared))
    columnar, remote = (engine.more_like(likeness, chosen, exclude, 1000) for engine in engines)
    assert {hit.key for hit in remote} == {hit.key for hit in columnar}


@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
@given(word=st.text("abcdeiklnprs", min_size=4, max_size=7), prefix=st.text("bp", max_size=2))
def test_corrections_completions_and_fingerprints_are_those_of_columns(
    engines: Engines, word: str, prefix: str
) -> None:
    columnar, remote = engines
    assert remote.suggest_word(word) == columnar.suggest_word(word)
    # Columns count deleted items until they are merged, so another form of a word may be the commonest.
    completed = [{remote.terms(found) for found in one.words_with_prefix(prefix, 50)} for one in engines]
    assert completed[0] == completed[1]
    assert list(remote.fingerprints()) == list(columnar.fingerprints())


@settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))
@given(several=st.lists(requests, min_size=1, max_size=3))
def test_counts_of_words_and_pairs_are_those_of_columns(
    engines: Engines, several: list[SearchRequest]
) -> None:
    columnar, remote = engines
    try:
        words = columnar.word_counts(several)
    except QuerySyntaxError:
        return
    assert remote.word_counts(several) == words
    assert remote.pair_counts(several, set(words), 2) == columnar.pair_counts(several, set(words), 2)
