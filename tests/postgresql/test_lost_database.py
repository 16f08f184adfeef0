"""A database that is away, or is for reading only: pages say so with the announced 503, and come back."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import quote

import pytest

from benchmarks.peers.postgresql_server import make_cluster, server
from tests.databases import ask_server, end_connections, name_of
from tests.importing.letter_folders import write_letters
from tests.importing.sites import NewSite, Site, wait_until
from tests.operations.conftest import NewWebServer, WebServer
from tests.operations.test_locked_database import MAKE, WORDS, Visitor

SETTINGS = {"shared_buffers": "32MB", "maintenance_work_mem": "64MB", "max_wal_size": "256MB"}
PASSWORD = "a long enough password"  # noqa: S105


@contextmanager
def away(site: Site) -> Iterator[None]:
    """The server lets nobody into the site's database, and ends the sessions in it."""
    name = name_of(site.folder)
    ask_server(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    end_connections(name)
    try:
        yield
    finally:
        ask_server(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@contextmanager
def read_only(site: Site) -> Iterator[None]:
    name = name_of(site.folder)
    ask_server(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    end_connections(name)
    try:
        yield
    finally:
        ask_server(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        end_connections(name)


@pytest.fixture
def served(small_site: Site, serve: NewWebServer) -> WebServer:
    small_site.manage("shell", "--no-imports", "-c", MAKE)
    return serve(small_site, IMR_EMAIL_HOST="127.0.0.1")


@pytest.fixture
def chief(served: WebServer) -> Visitor:
    visitor = Visitor(served)
    assert visitor.send("/account/sign-in/", username="chief", password=PASSWORD).status == 302
    assert visitor.open("/?q=pain").status == 200
    return visitor


def reading(public_id: object) -> tuple[str, ...]:
    letter = f"/determinations/{public_id}/"
    return (
        *("/", "/?q=pain", "/browse/", "/statistics/", "/statistics/words/", "/statistics/reasons/"),
        *(letter, f"{letter}original/"),
        *("/folder/", "/folders/", "/saved/", "/history/", "/account/", "/admin/", "/search.csv?q=pain"),
        *("/admin/determinations/determination/", "/api/search?q=pain", f"/api/determinations/{public_id}"),
        *("/suggest/?q=pa", "/help/", "/about/"),
    )


def test_a_lost_database_is_announced_and_found_again(
    small_site: Site, served: WebServer, chief: Visitor
) -> None:
    public_id = small_site.rows("SELECT public_id FROM determinations_determination")[0][0]
    pages = [page for page in reading(public_id) if chief.open(page).status == 200]
    assert len(pages) > 15
    with away(small_site):
        for page in pages:
            lost = chief.open(page)
            assert (page, lost.status) == (page, 503)
            assert int(lost.headers["Retry-After"]) > 0
            by_a_stranger = served.get(page)
            assert by_a_stranger.status in (200, 302, 503), page
        assert 'data-error="broken"' in chief.open("/").body
        assert json.loads(served.get("/api/search?q=pain").body)["status"] == 503
        kept = chief.send("/saved/save/", name=WORDS, query="q=pain")
        assert kept.status == 503 and WORDS in kept.body
        for page in ("/browse/", "/statistics/", "/suggest/?q=pa", "/health/live"):  # of the index alone
            assert served.get(page).status == 200, page
        assert json.loads(served.get("/health/ready").body)["database"] != "ok"
    for page in pages:
        assert chief.open(page).status == 200, page


def test_a_read_only_database_is_read_and_says_that_nothing_can_be_changed(
    small_site: Site, served: WebServer, chief: Visitor
) -> None:
    public_id, key = small_site.rows("SELECT public_id, id FROM determinations_determination")[0]
    pages = [page for page in reading(public_id) if chief.open(page).status == 200]
    with read_only(small_site):
        for page in pages:
            assert chief.open(page).status == 200, page
        for path, fields in (
            (f"/folder/items/{public_id}.1/add/", {}),
            ("/saved/save/", {"name": WORDS, "query": "q=pain"}),
            (f"/admin/determinations/determination/{key}/delete/", {"post": "yes"}),
            ("/account/sign-in/", {"username": "chief", "password": PASSWORD}),
            ("/account/sign-in/", {"username": "chief", "password": "wrong"}),
        ):
            refused = (
                Visitor(served).send(path, **fields) if "sign-in" in path else chief.send(path, **fields)
            )
            assert (path, refused.status) == (path, 503)
            assert 'data-error="read_only"' in refused.body
        assert Visitor(served).send(f"/folder/items/{public_id}.1/add/").status == 503
        assert json.loads(served.get("/health/ready").body)["database"] == "ok"
        assert "read-only" in json.loads(served.get("/health/").body)["database"]
    assert chief.send(f"/folder/items/{public_id}.1/add/").status == 302


def test_a_standby_answers_those_who_read(new_site: NewSite, serve: NewWebServer, tmp_path: Path) -> None:
    folder = tmp_path / "standby"
    folder.mkdir()
    temporary = Path(gettempdir())
    for each in (folder, *(above for above in folder.parents if temporary in above.parents)):
        each.chmod(each.stat().st_mode | 0o711)  # the server's user has to reach its cluster
    make_cluster(folder)

    def url_of(host: str) -> str:
        return f"postgresql://bench@{quote(host, safe='')}/imr"

    with server(folder, SETTINGS) as connection:
        connection.execute("CREATE DATABASE imr")
        filled = Site(tmp_path / "filled", {"IMR_DATABASE_URL": url_of(connection.info.host)})
        filled.manage("migrate", "--verbosity", "0")
        filled.manage("import_letters", *map(str, write_letters(tmp_path / "letters", 2)))
        filled.manage("shell", "--no-imports", "-c", MAKE)
    (folder / "data" / "standby.signal").touch()
    with server(folder, SETTINGS) as connection:
        served = serve(Site(filled.folder, {"IMR_DATABASE_URL": url_of(connection.info.host)}))
        for page in ("/", "/?q=pain", "/browse/", "/search.csv?q=pain", "/health/ready"):
            assert served.get(page).status == 200, page
        refused = Visitor(served).send("/account/sign-in/", username="chief", password=PASSWORD)
        assert refused.status == 503 and 'data-error="read_only"' in refused.body
        said = Site(filled.folder, {"IMR_DATABASE_URL": url_of(connection.info.host)})
        assert "read-only" in said.manage("import_letters", str(tmp_path / "letters"), status=1)


def test_an_import_waits_until_the_database_can_be_written(site: Site, tmp_path: Path) -> None:
    write_letters(tmp_path / "letters", 100)
    shell = site.start("import_letters", str(tmp_path / "letters"))
    wait_until(lambda: site.count("SELECT count(*) FROM determinations_importbatch") > 0)
    shell.kill()
    shell.wait()
    log = site.folder / "process_imports.log"
    with site.running("process_imports") as worker:
        wait_until(lambda: "is ready" in log.read_text())
        with read_only(site):
            wait_until(lambda: "The import waits" in log.read_text())
        with away(site):
            before = log.read_text().count("The import waits")
            wait_until(lambda: log.read_text().count("The import waits") > before)
        wait_until(lambda: site.rows("SELECT state FROM determinations_importbatch") == [("done",)])
        assert worker.poll() is None
    assert site.count("SELECT count(*) FROM determinations_determination") == 100
    assert "agrees" in site.manage("check_index")
