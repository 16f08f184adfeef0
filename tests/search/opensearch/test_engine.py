"""The engine contract, kept on a cluster."""

import pytest

from determinations.search.interface import SearchEngine
from determinations.search.opensearch.connection import Cluster
from tests.search.engine_contract import EngineContract, StoredIndex
from tests.search.opensearch.cluster import IndexOnCluster, engine_on, require_cluster

require_cluster()


class TestOpenSearchEngine(EngineContract):
    @pytest.fixture
    def engine(self, cluster: Cluster, prefix: str) -> SearchEngine:
        return engine_on(cluster, prefix)

    @pytest.fixture
    def other_engine(self, cluster: Cluster, prefix: str) -> SearchEngine:
        return engine_on(cluster, prefix, lock_timeout=0)

    @pytest.fixture
    def stored(self, cluster: Cluster, prefix: str) -> StoredIndex:
        return IndexOnCluster(cluster, prefix)
