"""Whole pages are asked of the site and of Datasette, served from the same items. No time is asserted."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from benchmarks import http_bench, tables
from benchmarks.corpus import Corpus
from benchmarks.corpus_facets import CORPUS_FACETS as FACETS
from benchmarks.web import clients, servers, site_data
from benchmarks.web.pages import DATASETTE, SITE, search_pages
from benchmarks.web.results import PagesRun
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.documents import documents_of, searchable_items
from determinations.search.facets import LEVEL
from determinations.search.interface import SearchRequest
from determinations.search.query.language import parse_query
from determinations.search.query.synonyms import expand

ITEMS = 300
needs_datasette = pytest.mark.skipif(
    servers.datasette_missing() is not None, reason="Datasette is not installed: pip install --group bench"
)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def corpus(work: Path) -> Corpus:
    made = Corpus(work, ITEMS)
    made.ensure()
    return made


def run_bench(work: Path, file: Path) -> None:
    options = ["--items", str(ITEMS), "--work", str(work), "--json", str(file)]
    http_bench.main([*options, "--rounds", "1", "--seconds", "0.2"])


@needs_datasette
def test_a_run_reports_every_page_and_goes_into_the_documentation(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, page = work / "pages.json", work / "page.md"
    run_bench(work, file)
    report = capsys.readouterr().out
    stored = json.loads(file.read_text())["whole_pages"]

    searches = {pages.kind for pages in search_pages()}
    asked = {(row["kind"], row["clients"]) for row in stored["rows"]}
    several = {(kind, number) for kind in ("search page", "case page", "statistics") for number in (1, 8, 32)}
    assert asked == {(kind, 1) for kind in searches} | several
    assert stored["totals"].keys() == searches
    assert stored["totals"]["very common term"] > stored["totals"]["two AND"]
    for row in stored["rows"]:
        assert set(row["timings"]) == {SITE, DATASETTE}
        assert all(timing["pages"] >= row["clients"] for timing in row["timings"].values())
    assert all(f"| {kind} |" in report for kind, _ in asked)
    assert f"geometric mean over the {len(searches)} kinds of search" in report

    page.write_text(
        "Before\n<!-- whole pages measured: begin -->\nold\n<!-- whole pages measured: end -->\nAfter\n"
    )
    tables.main([str(file), "--into", str(page)])
    written = page.read_text()
    assert written.startswith("Before\n") and written.endswith("After\n") and "old" not in written
    assert f"Whole pages, {ITEMS} items" in written


@needs_datasette
def test_datasette_counts_what_the_site_counts(corpus: Corpus) -> None:
    site = site_data.ensure_site(corpus)
    engine = ColumnarEngine(site / "index")
    found = []
    with servers.datasette(site_data.ensure_datasette(corpus, site)) as server:
        for pages in search_pages():
            typed = parse_qs(urlsplit(pages.paths[SITE][0]).query)
            if set(typed) != {"q"}:
                continue  # Datasette counts a facet with its own filter, the site without it
            path = pages.paths[DATASETTE][0].replace("/items/items", "/items/items.json")
            theirs = json.loads(clients.page(server.port, path))
            query = parse_query(typed["q"][0])
            assert query is not None
            request = SearchRequest(expand(query).node, count=tuple(facet.name for facet in FACETS))
            ours = engine.search(request)
            assert theirs["filtered_table_rows_count"] == ours.total
            found.append(ours.total)
            for facet in FACETS:
                counted = {
                    str(value["value"]): value["count"]
                    for value in theirs["facet_results"][facet.name]["results"]
                }
                assert counted == {one.value: one.count for one in ours.counts[facet.name]}
    assert len(found) >= 3
    assert max(found) > ITEMS / 3


def test_without_datasette_the_site_is_measured_alone(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "datasette_missing", lambda: "it is not installed")
    file = work / "alone.json"
    run_bench(work, file)
    assert "Datasette is left out: it is not installed." in capsys.readouterr().out
    stored = json.loads(file.read_text())["whole_pages"]
    assert stored["missing"] == {"Datasette": "it is not installed"}
    assert all(set(row["timings"]) == {SITE} for row in stored["rows"])


@pytest.mark.django_db
def test_rows_give_back_the_items_they_were_made_of(corpus: Corpus) -> None:
    site_data.insert_rows_of(corpus)
    rows = list(documents_of(searchable_items()))
    assert len(rows) == ITEMS
    for made, given in zip(rows, corpus.documents(), strict=True):
        for field in ("key", "case", "request", "guideline", "rationale", "summary", "date"):
            assert getattr(made, field) == getattr(given, field)
        for facet in FACETS:
            held, meant = set(made.facets[facet.name]), set(given.facets[facet.name])
            # The site reads a region out of the request as well ("lumbar MRI"), the corpus does not.
            assert held >= meant if facet is LEVEL else held == meant


@contextmanager
def answering(status: int, body: bytes, protocol: str = "HTTP/1.1") -> Iterator[int]:
    """A server that gives every page the same answer; its port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = protocol

        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_one_page_that_fails_ends_the_run() -> None:
    with (
        answering(503, b"Search is unavailable") as port,
        pytest.raises(clients.PageFailedError, match="answered 503 Service Unavailable: Search is unava"),
    ):
        clients.ask(port, ["/"], clients=3, most=30, seconds=5)


def test_a_server_that_closes_connections_is_asked_on_new_ones() -> None:
    with answering(200, b"page", protocol="HTTP/1.0") as port:
        answers = clients.ask(port, ["/a", "/b"], clients=2, most=10, seconds=60)
    assert answers.sizes == [4] * 10


def test_every_page_is_asked_for_as_often_however_slow_the_server() -> None:
    with answering(200, b"page") as port:
        hurried = clients.ask(port, ["/a", "/b", "/c"], clients=2, most=100, seconds=0)
        assert len(hurried.seconds) == 3
        assert len(clients.ask(port, ["/a", "/b", "/c"], clients=4, most=4, seconds=60).seconds) == 6


def test_servers_that_find_different_numbers_of_items_are_not_compared(corpus: Corpus) -> None:
    with (
        answering(200, b'<h2 id="results-heading">1,204 disputed items</h2>') as ours,
        answering(200, b"<h3>1,203 rows\n where") as theirs,
        pytest.raises(clients.PageFailedError, match="this site 1,204, Datasette 1,203"),
    ):
        served = {SITE: servers.Server(ours, 0), DATASETTE: servers.Server(theirs, 0)}
        http_bench.measure(PagesRun(ITEMS, ""), corpus, served, (1,), rounds=1, seconds=1)
