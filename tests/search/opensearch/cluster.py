"""The cluster that `make test-opensearch` started, and an index of it as it is stored."""

import os
import secrets

import pytest

from determinations.search.opensearch.connection import Access, Cluster
from determinations.search.opensearch.engine import OpenSearchEngine
from determinations.search.opensearch.state import Names

URL = os.environ.get("IMR_TEST_SEARCH_URL", "")
SHARDS = int(os.environ.get("IMR_TEST_SEARCH_SHARDS", "1"))
REQUIRED = bool(os.environ.get("IMR_OPENSEARCH_REQUIRED"))
SECONDS = 30.0
"""How long a test waits for an answer: a busy machine is no fault of the engine."""


def require_cluster() -> None:
    """Skip the tests of a module where no cluster was started; fail where one is required."""
    if URL:
        return
    reason = "no OpenSearch was started: make test-opensearch does so, with Java and Maven"
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason, allow_module_level=True)


def cluster_under_test() -> Cluster:
    return Cluster(Access((URL,)), page_seconds=SECONDS)


def new_prefix() -> str:
    return f"test{secrets.token_hex(6)}"


def engine_on(
    cluster: Cluster, prefix: str, lock_timeout: float = 10.0, shards: int = SHARDS
) -> OpenSearchEngine:
    return OpenSearchEngine(Access((URL,)), prefix, lock_timeout, shards, cluster=cluster)


class IndexOnCluster:
    """The index of a prefix."""

    def __init__(self, cluster: Cluster, prefix: str) -> None:
        self._cluster = cluster
        self._prefix = prefix
        self._names = Names(prefix)
        self._state = f"/{self._names.control}/_doc/state"

    def write_version(self, version: str) -> None:
        self._write_state(self._cluster.call("GET", self._state)["_source"] | {"schema_version": version})

    def garble(self) -> None:
        self._write_state({"commit": ["not", "what", "was", "written"]})

    def _write_state(self, source: dict[str, object]) -> None:
        self._cluster.call("PUT", f"{self._state}?refresh=true", source)

    def lose_documents(self) -> None:
        for index in self._cluster.call("GET", f"/{self._names.items}-*?filter_path=*.aliases"):
            self._cluster.call("DELETE", f"/{index}", seconds=SECONDS)

    def delete(self) -> None:
        for index in self._cluster.call("GET", f"/{self._prefix}-*?filter_path=*.aliases"):
            self._cluster.call("DELETE", f"/{index}", seconds=SECONDS)

    def copy(self) -> None:
        folder = {"type": "fs", "settings": {"location": self._prefix}}
        self._cluster.call("PUT", f"/_snapshot/{self._prefix}", folder)
        body = {"indices": f"{self._prefix}-*"}
        path = f"/_snapshot/{self._prefix}/copy?wait_for_completion=true"
        assert self._cluster.call("PUT", path, body)["snapshot"]["state"] == "SUCCESS"

    def restore(self) -> None:
        self.delete()
        path = f"/_snapshot/{self._prefix}/copy/_restore?wait_for_completion=true"
        self._cluster.call("POST", path, {"indices": f"{self._prefix}-*"})
        self._cluster.call("DELETE", f"/_snapshot/{self._prefix}")

    def content(self) -> object:
        return self._cluster.call("GET", f"/{self._prefix}-*/_search?size=1000&sort=_id")["hits"]["hits"]

    def holds_word(self, word: str) -> bool:
        """By the numbers of documents that the segments know, deleted ones included."""
        names, call = self._names, self._cluster.call
        held = 0
        for alias, field in ((names.items, "rationale"), (names.words, "word")):
            for index in call("GET", f"/{alias}-*?filter_path=*.aliases"):
                body = {"doc": {field: word}, "fields": [field], "term_statistics": True}
                answer = call("POST", f"/{index}/_termvectors", body)
                terms = answer.get("term_vectors", {}).get(field, {}).get("terms", {})
                held += sum(one.get("doc_freq", 0) for one in terms.values())
        return held > 0
