"""The parts of `serve` as commands of their own, side by side on one machine."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import InterfaceError, OperationalError

from determinations.index_keeping import NoIndex
from determinations.leases import Held
from determinations.management.commands import process_imports
from tests.importing.letter_folders import write_letters
from tests.importing.sites import CHANGES_WAITING, NewSite, Site, wait_until

LETTERS = "SELECT count(*) FROM determinations_determination"


def log_of(site: Site, command: str) -> str:
    return (site.folder / f"{command}.log").read_text()


def test_a_worker_writes_rows_and_a_follower_the_index(site: Site, tmp_path: Path) -> None:
    write_letters(tmp_path / "letters", 12)
    with site.running("worker"):
        wait_until(lambda: "is ready" in log_of(site, "worker"))
        site.manage("import_letters", str(tmp_path / "letters"))
    assert site.count(LETTERS) == 12
    assert not (site.folder / "index").exists()
    with site.running("follow") as follower:
        wait_until(lambda: "is followed" in log_of(site, "follow"))
        site.execute("UPDATE determinations_disputeditem SET request = 'Zanaflex' WHERE position = 1")
        site.execute(
            "INSERT INTO determinations_indexchange (item_id) "
            "SELECT id FROM determinations_disputeditem WHERE position = 1"
        )
        wait_until(lambda: site.count(CHANGES_WAITING) == 0)
        follower.terminate()
        assert follower.wait() == 0
    assert "The index agrees" in site.manage("check_index")


@pytest.mark.django_db
def test_a_worker_that_loses_the_database_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it takes its place, or as it begins: what it does then, it does again."""
    done: list[str] = []

    @contextmanager
    def worker_lock() -> Iterator[Held]:
        done.append("lock")
        if len(done) == 1:
            raise OperationalError("the server closed the connection unexpectedly")
        yield Held()

    class Worker:
        def __init__(self, *_: object) -> None:
            pass

        def run(self) -> None:
            done.append("run")
            if len(done) == 3:
                raise InterfaceError("the connection is closed")

    monkeypatch.setattr(process_imports, "worker_lock", worker_lock)
    monkeypatch.setattr(process_imports, "ImportWorker", Worker)
    monkeypatch.setattr(process_imports, "SECONDS_BETWEEN_TRIES", 0.01)
    process_imports.work_when_alone(lambda: done.count("run") == 2, NoIndex())
    assert done == ["lock", "lock", "run", "lock", "run"]


def test_web_serves_pages_and_nothing_else(new_site: NewSite) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    site = new_site(PORT=str(port), WEB_WORKERS="1")
    site.manage("rebuild_index")

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as page:
                return int(page.status) == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    with site.running("web") as web:
        wait_until(answers)
        assert not (site.folder / "import-worker.lock").exists()
        web.terminate()
        assert web.wait() == 0


def test_changes_that_waited_before_there_was_a_log_are_kept(site: Site, tmp_path: Path) -> None:
    """A site with an index of the version before, and a correction that this index has not seen."""
    site.manage("import_letters", *map(str, write_letters(tmp_path / "letters", 3)))
    site.manage("migrate", "determinations", "0018", "--verbosity", "0")
    assert site.count("SELECT count(*) FROM determinations_indexchange") == 0
    site.execute("UPDATE determinations_disputeditem SET request = 'Zanaflex' WHERE id = 1")
    site.execute("INSERT INTO determinations_indexchange (item_id) VALUES (1)")
    forget_position(site)
    site.manage("migrate", "--verbosity", "0")
    with site.running("follow"):
        wait_until(lambda: "is followed" in log_of(site, "follow"))
        wait_until(lambda: site.rows("SELECT position FROM determinations_indexfollower") == [(1,)])
    assert "rebuilt" not in log_of(site, "follow")
    assert "The index agrees" in site.manage("check_index")


def forget_position(site: Site) -> None:
    """What an index of an older version has: everything but a position."""
    site.manage(
        "shell",
        "--no-imports",
        "--command",
        "from determinations.search.engines import search_engine as e; e().update((), log_position='')",
    )
