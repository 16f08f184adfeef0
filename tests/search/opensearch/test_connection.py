"""Calls to nodes that are away or slow; passwords and certificates. No cluster is needed."""

import logging
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from determinations.search.engines import search_engine
from determinations.search.opensearch.connection import (
    SLOW_CALLS,
    Access,
    Cluster,
    EngineAwayError,
    RefusedError,
    checked,
)
from tests.search.opensearch.false_node import Exchange, closed_port, false_node

SHORT, LONG = 0.3, 3600.0
SECRET = "not-for-any-log"  # noqa: S105 - of no real node


@contextmanager
def cluster_of(
    *urls: str, rest_seconds: float = LONG, seconds: float = 20.0, **access: str
) -> Iterator[Cluster]:
    cluster = Cluster(Access(urls, **access), seconds, rest_seconds)
    yield cluster
    cluster.close()


def well(exchange: Exchange) -> None:
    exchange.answer({"is": "well"})


def never(exchange: Exchange) -> None:
    exchange.wait()


def in_drops(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not exchange.node.over.wait(0.05):
        exchange.send(b" ")


def test_what_a_node_answers_is_given_and_its_connection_is_kept() -> None:
    with false_node(well) as node, cluster_of(node.url) as cluster:
        assert cluster.call("GET", "/one") == {"is": "well"}
        assert cluster.call("POST", "/two", {"a": 1}) == {"is": "well"}
        assert [head.split(b" ")[:2] for head in node.asked] == [[b"GET", b"/one"], [b"POST", b"/two"]]


@pytest.mark.parametrize("answering", [never, in_drops])
def test_a_node_that_does_not_answer_in_time_is_away(answering: object) -> None:
    with false_node(answering) as node, cluster_of(node.url, seconds=SHORT) as cluster:  # type: ignore[arg-type]
        with pytest.raises(EngineAwayError, match="does not answer"):
            cluster.call("GET", "/")
        assert len(node.asked) == 1


def test_after_some_calls_that_nobody_answered_others_fail_without_asking() -> None:
    with false_node(never) as node, cluster_of(node.url, seconds=SHORT) as cluster:
        for _ in range(SLOW_CALLS + 3):
            with pytest.raises(EngineAwayError):
                cluster.call("GET", "/")
        assert len(node.asked) == SLOW_CALLS


def test_one_slow_answer_among_others_stops_nothing() -> None:
    def slow_now_and_then(exchange: Exchange) -> None:
        exchange.wait() if b"/slow" in exchange.head else well(exchange)

    with false_node(slow_now_and_then) as node, cluster_of(node.url) as cluster:
        for _ in range(SLOW_CALLS + 1):
            with pytest.raises(EngineAwayError):
                cluster.call("GET", "/slow", seconds=SHORT)
            assert cluster.call("GET", "/") == {"is": "well"}


def test_after_a_call_that_no_node_took_others_fail_without_asking() -> None:
    with cluster_of(closed_port()) as cluster:
        with pytest.raises(EngineAwayError) as first:
            cluster.call("GET", "/")
        with pytest.raises(EngineAwayError) as second:
            cluster.call("GET", "/")
    assert "refused" in first.value.with_notes
    assert "refused" not in second.value.with_notes


def test_one_call_tries_again_after_a_rest_and_ends_it_where_it_is_answered() -> None:
    is_well: list[bool] = []

    def at_last(exchange: Exchange) -> None:
        well(exchange) if is_well else exchange.wait()

    with false_node(at_last) as node, cluster_of(node.url, seconds=SHORT, rest_seconds=0) as cluster:
        for _ in range(SLOW_CALLS):
            with pytest.raises(EngineAwayError):
                cluster.call("GET", "/")
        is_well.append(True)
        assert [cluster.call("GET", "/", seconds=20.0) for _ in range(3)] == [{"is": "well"}] * 3
        assert len(node.asked) == SLOW_CALLS + 3


def test_another_node_answers_where_one_is_away() -> None:
    with false_node(well) as node, cluster_of(closed_port(), node.url) as cluster:
        assert [cluster.call("GET", "/") for _ in range(3)] == [{"is": "well"}] * 3
        assert len(node.asked) == 3


def test_a_kept_connection_that_the_node_closed_is_opened_anew() -> None:
    def once(exchange: Exchange) -> None:
        well(exchange)
        raise ConnectionError

    with false_node(once) as node, cluster_of(node.url) as cluster:
        assert [cluster.call("GET", "/") for _ in range(3)] == [{"is": "well"}] * 3
        assert len(node.asked) == 3


def test_an_error_of_the_cluster_has_its_status_its_name_and_its_cause() -> None:
    cause = {"type": "too_many", "reason": "limit [1024]"}
    error = {"type": "failed", "reason": "all shards failed", "failed_shards": [{"reason": cause}]}

    def refusing(exchange: Exchange) -> None:
        exchange.answer({"error": error, "status": 400}, status=400)

    with false_node(refusing) as node, cluster_of(node.url) as cluster:
        with pytest.raises(RefusedError) as raised:
            cluster.call("GET", "/")
        assert (raised.value.status, raised.value.kind) == (400, "failed")
        assert "limit [1024]" in raised.value.with_notes
        assert "limit" not in str(raised.value)


@pytest.mark.parametrize(
    "answer", [{"timed_out": True, "_shards": {}}, {"timed_out": False, "_shards": {"total": 3, "failed": 1}}]
)
def test_an_answer_without_some_shards_is_none(answer: dict[str, object]) -> None:
    with pytest.raises(EngineAwayError):
        checked(answer)


@pytest.mark.parametrize("url", ["127.0.0.1:9200", "ftp://127.0.0.1", "https://me:secret@127.0.0.1", ""])
def test_an_address_that_is_none_or_has_a_password_in_it_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"http|password") as raised:
        Access((url,))
    assert "secret" not in str(raised.value)


def test_a_password_goes_over_https_only_and_is_in_no_text() -> None:
    with pytest.raises(ValueError, match="https only") as raised:
        Access(("http://127.0.0.1:9200",), "site", SECRET)
    assert SECRET not in str(raised.value)
    assert SECRET not in repr(Access(("https://127.0.0.1:9200",), "site", SECRET))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1, and its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate, and is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, made, both = folder / "key.pem", folder / "made.pem", folder / "both.pem"
    command = (
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout {key} -out {made}"
    )
    name = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command.split(), *name], check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + made.read_bytes())
    return both


def test_a_node_is_trusted_by_the_certificate_that_is_named(
    certificate: Path, caplog: pytest.LogCaptureFixture
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with caplog.at_level(logging.DEBUG), false_node(well, context) as node:
        with cluster_of(node.url, ca_file=str(certificate), user="site", password=SECRET) as cluster:
            assert cluster.call("GET", "/") == {"is": "well"}
        (head,) = node.asked
        assert b"Authorization: Basic " in head
        with (
            cluster_of(node.url, user="site", password=SECRET) as stranger,
            pytest.raises(EngineAwayError) as raised,
        ):
            stranger.call("GET", "/")
        assert len(node.asked) == 1
        assert "certificate" in raised.value.with_notes.lower()
        assert SECRET not in raised.value.with_notes + caplog.text


@pytest.mark.django_db
def test_pages_of_a_site_whose_engine_is_away_are_503_and_health_says_so(
    client: Client, settings: Settings
) -> None:
    url = closed_port()
    settings.SEARCH_URLS = (url,)
    settings.SEARCH_ENGINE = "determinations.search.opensearch.engine.OpenSearchEngine"
    settings.SEARCH_CLUSTER = settings.SEARCH_CLUSTER | {"urls": (url,)}
    assert type(search_engine()).__name__ == "OpenSearchEngine"
    for address in ("/", "/?q=pain", "/browse/", "/search.csv?q=pain", "/api/search?q=pain", "/statistics/"):
        assert client.get(address).status_code == 503, address
    health = client.get("/health/")
    assert health.status_code == 503
    assert "does not answer" in health.json()["index"]
    assert url not in health.content.decode()
