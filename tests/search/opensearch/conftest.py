"""A cluster, and the name of an index that is removed after the test."""

from collections.abc import Iterator

import pytest

from determinations.search.opensearch.connection import Cluster
from tests.search.opensearch.cluster import IndexOnCluster, cluster_under_test, new_prefix


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    cluster = cluster_under_test()
    yield cluster
    cluster.close()


@pytest.fixture
def prefix(cluster: Cluster) -> Iterator[str]:
    name = new_prefix()
    yield name
    IndexOnCluster(cluster, name).delete()
