"""Changes that break off, writers that die, and the words that are counted beside items."""

import time
from collections.abc import Iterable, Iterator

import pytest

from determinations.search.interface import (
    IndexDocument,
    IndexLockedError,
    SearchUnavailableError,
)
from determinations.search.opensearch.connection import Access, Body, Cluster
from determinations.search.opensearch.engine import OpenSearchEngine
from determinations.search.opensearch.lease import WriterReplacedError
from determinations.search.opensearch.state import Names
from determinations.search.query.nodes import Word
from tests.search.engine_contract import LETTERS, document, keys
from tests.search.opensearch.cluster import SECONDS, URL, engine_on, require_cluster

require_cluster()


class FailingCluster(Cluster):
    """Says of the last line of bulk requests of items that it could not be written, while `is_failing`."""

    is_failing = False

    def lines(self, path: str, lines: Iterable[Body], seconds: float = 0.0) -> Body:
        if not (self.is_failing and path.endswith("_bulk")):
            return super().lines(path, lines, seconds)
        answer = super().lines(path, list(lines)[:-2], seconds)
        failure = {"index": {"status": 429, "error": {"type": "rejected", "reason": "the queue is full"}}}
        return {"errors": True, "items": [*answer["items"], failure]}


@pytest.fixture
def failing(cluster: Cluster) -> Iterator[FailingCluster]:
    failing = FailingCluster(Access((URL,)), page_seconds=SECONDS)
    yield failing
    failing.close()


@pytest.fixture
def engine(cluster: Cluster, prefix: str) -> OpenSearchEngine:
    return engine_on(cluster, prefix)


def test_a_change_that_fails_in_part_is_never_said_to_be_done_and_is_made_whole_by_making_it_again(
    engine: OpenSearchEngine, failing: FailingCluster, prefix: str
) -> None:
    writer = engine_on(failing, prefix)
    writer.replace_all(LETTERS)
    before = engine.status()
    changed = [document(key, "cryotherapy") for key in (1, 2, 8)]
    failing.is_failing = True
    with pytest.raises(SearchUnavailableError, match="not changed as a whole") as raised:
        writer.update(changed, delete=[3])
    assert "the queue is full" in raised.value.with_notes
    during = [engine.status() for _ in range(2)]
    assert [status.generation for status in during] == [before.generation] * 2
    assert len({before.commit, *(status.commit for status in during)}) == 3
    failing.is_failing = False
    writer.update(changed, delete=[3])
    assert engine.status() == engine.status()
    assert engine.status().generation > before.generation
    assert keys(engine, Word("cryotherapy")) == {1, 2, 8}
    assert keys(engine) == {1, 2, 4, 5, 8}
    engine.verify()


def test_a_rebuild_that_fails_in_part_leaves_the_old_index_and_nothing_of_the_new_one(
    engine: OpenSearchEngine, failing: FailingCluster, cluster: Cluster, prefix: str
) -> None:
    writer = engine_on(failing, prefix)
    writer.replace_all(LETTERS)
    before, indices = engine.status(), indices_of(cluster, prefix)
    failing.is_failing = True
    with pytest.raises(SearchUnavailableError, match="not changed as a whole"):
        writer.replace_all([document(7, "new"), document(8, "new")])
    assert engine.status() == before
    assert indices_of(cluster, prefix) == indices


def test_a_rebuild_leaves_one_index_of_items_and_one_of_words(
    engine: OpenSearchEngine, cluster: Cluster, prefix: str
) -> None:
    for _ in range(3):
        engine.replace_all(LETTERS)
    engine.forget_deleted()
    assert len(indices_of(cluster, prefix)) == len({"items", "words", "control"})
    assert keys(engine) == {1, 2, 3, 4, 5}


def indices_of(cluster: Cluster, prefix: str) -> set[str]:
    return set(cluster.call("GET", f"/{prefix}-*?filter_path=*.aliases"))


def lease_of(cluster: Cluster, prefix: str, name: str, seconds: float) -> None:
    path = f"/{Names(prefix).control}/_doc/lease?refresh=true"
    cluster.call("PUT", path, {"name": name, "until": time.time() + seconds})


def test_a_writer_that_died_is_replaced_when_its_lease_has_run_out(
    engine: OpenSearchEngine, cluster: Cluster, prefix: str
) -> None:
    engine.replace_all(LETTERS)
    waiting = engine_on(cluster, prefix, lock_timeout=0)
    lease_of(cluster, prefix, "elsewhere:77", 3600)
    with pytest.raises(IndexLockedError, match="elsewhere:77"):
        waiting.update([document(8)])
    lease_of(cluster, prefix, "elsewhere:77", -1)
    waiting.update([document(8)])
    assert keys(engine) == {1, 2, 3, 4, 5, 8}


def test_a_writer_that_lost_its_lease_switches_to_nothing(
    engine: OpenSearchEngine, cluster: Cluster, prefix: str
) -> None:
    engine.replace_all(LETTERS)
    before = engine.status()

    def meanwhile() -> Iterator[IndexDocument]:
        yield document(9, "never seen")
        lease_of(cluster, prefix, "elsewhere:77", 3600)

    with pytest.raises(WriterReplacedError):
        engine.replace_all(meanwhile())
    assert keys(engine) == {1, 2, 3, 4, 5}
    assert engine.status().generation == before.generation
    holder = cluster.call("GET", f"/{Names(prefix).control}/_doc/lease")["_source"]
    assert holder["name"] == "elsewhere:77"


def test_words_are_counted_with_every_change_as_a_rebuild_counts_them(
    engine: OpenSearchEngine, cluster: Cluster, prefix: str
) -> None:
    changed = [
        document(1, "Rhizotomy and other words"),
        document(30, "wholly new", request="words"),
        document(31, "goes"),
    ]
    engine.replace_all([*LETTERS, document(31, "goes again")])
    engine.update(changed, delete=[2, 77])
    engine.update([changed[0]], delete=[31])
    by_changes = rows(cluster, prefix)
    engine.replace_all([changed[0], *LETTERS[2:], changed[1]])
    assert by_changes == rows(cluster, prefix)
    assert engine.words_with_prefix("goe", 5) == ()


def rows(cluster: Cluster, prefix: str) -> list[tuple[str, str, int]]:
    hits = cluster.call("GET", f"/{Names(prefix).words}/_search?size=5000")["hits"]["hits"]
    sources = (hit["_source"] for hit in hits)
    return sorted((source["field"], source["word"], source["documents"]) for source in sources)


def test_a_word_longer_than_a_term_may_be_is_found_whole(engine: OpenSearchEngine) -> None:
    long = "x" * 50_000
    engine.replace_all([document(1, f"pain {long} block"), document(2, f"pain {long}y block")])
    assert keys(engine, Word(long)) == {1}
    assert keys(engine, Word("block")) == {1, 2}
