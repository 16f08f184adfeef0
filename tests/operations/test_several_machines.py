"""Several machines on one database: a private PostgreSQL cluster, and data directories of their own.

Skipped where PostgreSQL's programs are not installed.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.importing.letter_folders import write_letters
from tests.importing.sites import Site, kill_all, wait_until

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/nowhere"))
pytestmark = pytest.mark.skipif(
    not (PROGRAMS / "initdb").exists(), reason="PostgreSQL's programs are not installed"
)

LETTERS = "SELECT count(*) FROM determinations_determination"
WAITING = "SELECT count(*) FROM determinations_importfile WHERE result = 'waiting'"
FINISHED = "SELECT count(*) FROM determinations_importfile WHERE finished_at IS NOT NULL"
RUNNING = "SELECT count(*) FROM determinations_importbatch WHERE state = 'running'"
TRANSACTIONS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL"
    " AND pid <> pg_backend_pid()"
)
_numbers = count(1)


@dataclass(frozen=True)
class Cluster:
    """`folder` has the socket; nothing listens on a network."""

    folder: Path

    def new_database(self, template: str = "template1") -> str:
        name = f"imr{next(_numbers)}"
        with closing(self.connection("postgres")) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def connection(self, database: str) -> Any:
        return psycopg.connect(host=str(self.folder), user="imr", dbname=database, autocommit=True)

    def url(self, database: str) -> str:
        return f"postgres://imr@{str(self.folder).replace('/', '%2F')}/{database}"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    # A short path: a socket's has at most 107 bytes. PostgreSQL refuses to run as root.
    folder = Path(tempfile.mkdtemp(prefix="imr-pg-", dir="/tmp"))
    options: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if os.geteuid() == 0:
        options |= {"user": "nobody", "extra_groups": []}
        shutil.chown(folder, "nobody")
    data = folder / "data"
    try:
        subprocess.run(
            [PROGRAMS / "initdb", "-D", data, "-U", "imr", "-A", "trust", "-N", "--locale=C.UTF-8"],
            check=True,
            cwd=folder,
            **options,
        )
        server = subprocess.Popen(
            [PROGRAMS / "postgres", "-D", data, "-k", folder, "-h", "", "-F"], cwd=folder, **options
        )
        try:
            found = Cluster(folder)
            wait_until(lambda: _answers(found))
            yield found
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()
    finally:
        shutil.rmtree(folder)


def _answers(cluster: Cluster) -> bool:
    try:
        cluster.connection("postgres").close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(scope="module")
def migrated(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    database = cluster.new_database()
    site = Site(tmp_path_factory.mktemp("pg"), {"IMR_DATABASE_URL": cluster.url(database)})
    site.manage("migrate", "--verbosity", "0")
    return database


class Machines:
    """Sites with one database, and one folder for the original letters."""

    def __init__(self, cluster: Cluster, database: str, folder: Path) -> None:
        self._cluster, self._database, self._folder = cluster, database, folder
        (folder / "letters").mkdir()

    def named(self, name: str, *, letters: bool = True, **extra: str) -> Site:
        data = self._folder / name
        data.mkdir()
        if letters:
            (data / "letters").symlink_to(self._folder / "letters")
        return Site(
            data,
            {
                "IMR_DATABASE_URL": self._cluster.url(self._database),
                "IMR_MACHINE": name,
                "LEASE_SECONDS": "3",
                **extra,
            },
        )

    def connection(self) -> Any:
        return self._cluster.connection(self._database)

    def count(self, query: str) -> int:
        with closing(self.connection()) as connection:
            return int(connection.execute(query).fetchone()[0])

    def column(self, query: str) -> list[int]:
        with closing(self.connection()) as connection:
            return [row[0] for row in connection.execute(query).fetchall()]

    def execute(self, statement: str) -> None:
        with closing(self.connection()) as connection:
            connection.execute(statement)


@pytest.fixture
def machines(cluster: Cluster, migrated: str, tmp_path: Path) -> Machines:
    return Machines(cluster, cluster.new_database(migrated), tmp_path)


def log_of(site: Site, command: str) -> str:
    path = site.folder / f"{command}.log"
    return path.read_text() if path.exists() else ""


def has_caught_up(machines: Machines, *sites: Site) -> bool:
    """Whether every change has a position, and the machines' indexes have come to the last."""
    names = ", ".join(f"'{site.extra['IMR_MACHINE']}'" for site in sites)
    followed = f"SELECT min(position) FROM determinations_indexfollower WHERE machine IN ({names})"  # noqa: S608
    return machines.count(
        "SELECT count(*) FROM determinations_indexchange WHERE position IS NULL"
    ) == 0 and machines.column(followed) == machines.column("SELECT position FROM determinations_indexlog")


def test_a_transaction_that_commits_late_is_not_skipped(machines: Machines) -> None:
    site = machines.named("one")
    note = "INSERT INTO determinations_indexchange (item_id) VALUES ({}) RETURNING id"
    items = "SELECT item_id FROM determinations_indexchange WHERE position > 0 ORDER BY position"
    with closing(machines.connection()) as late:
        late.execute("BEGIN")
        late.execute(note.format(11))
        machines.execute(note.format(22))
        site.manage("rebuild_index")
        assert machines.column(items) == [22]
        late.execute("COMMIT")
    site.manage("rebuild_index")
    keys = "SELECT item_id FROM determinations_indexchange WHERE item_id > 0 ORDER BY id"
    assert machines.column(keys) == [11]
    assert machines.column("SELECT position FROM determinations_indexchange") == [2]
    assert machines.column("SELECT position FROM determinations_indexfollower") == [2]


def test_two_machines_follow_one_database(machines: Machines, tmp_path: Path) -> None:
    write_letters(tmp_path / "typed", 30)
    first, second, importing = (machines.named(name) for name in ("one", "two", "three"))
    with first.running("follow"), second.running("follow"), importing.running("worker"):
        wait_until(lambda: all("is followed" in log_of(site, "follow") for site in (first, second)))
        importing.manage("import_letters", str(tmp_path / "typed"))
        assert machines.count(LETTERS) == 30
        wait_until(lambda: has_caught_up(machines, first, second))
    for site in (first, second):
        assert "The index agrees" in site.manage("check_index")
    assert not (importing.folder / "index").exists()
    assert machines.count("SELECT count(*) FROM determinations_indexfollower") == 2

    # One goes away, misses letters, and comes back as an older copy.
    shutil.copytree(second.folder / "index", tmp_path / "copy")
    write_letters(tmp_path / "more", 12, seed=77)
    with first.running("follow"):
        importing.manage("import_letters", str(tmp_path / "more"))
        wait_until(lambda: has_caught_up(machines, first))
    assert "differs" in second.manage("check_index", status=1)
    shutil.rmtree(second.folder / "index")
    shutil.copytree(tmp_path / "copy", second.folder / "index")
    with second.running("follow"):
        wait_until(lambda: has_caught_up(machines, first, second))
    assert "The index agrees" in second.manage("check_index")
    assert "rebuilt" not in log_of(second, "follow")


def test_two_workers_store_each_letter_once(machines: Machines, tmp_path: Path) -> None:
    """The same 200 letters are typed on both machines, and both workers read at the same time."""
    write_letters(tmp_path / "typed", 200)
    sites = [machines.named(name) for name in ("one", "two")]
    shells = [site.start("import_letters", str(tmp_path / "typed")) for site in sites]
    wait_until(lambda: machines.count("SELECT count(*) FROM determinations_importbatch") == 2)
    assert [shell.wait() for shell in shells] == [0, 0]
    assert machines.count(LETTERS) == 200
    assert machines.count("SELECT count(DISTINCT text_hash) FROM determinations_determination") == 200
    by_machine = "SELECT count(*) FROM determinations_importbatch WHERE machine = '{}' AND state = 'done'"
    assert [machines.count(by_machine.format(name)) for name in ("one", "two")] == [1, 1]
    assert machines.count("SELECT count(*) FROM determinations_importfile WHERE result = 'new'") == 200


def test_a_killed_worker_is_replaced_by_another_machine(machines: Machines, tmp_path: Path) -> None:
    folder = tmp_path / "typed"
    write_letters(folder, 150)
    first, second = (machines.named(name) for name in ("one", "two"))
    shell = first.start("import_letters", str(folder))
    wait_until(lambda: machines.count(FINISHED) > 0)
    kill_all(shell)
    assert machines.count(WAITING) > 0
    # As uploads are: their bytes are where both machines see them.
    machines.execute("UPDATE determinations_importbatch SET machine = ''")
    with second.running("worker"):
        wait_until(lambda: machines.count(RUNNING) == 0)
    assert machines.count(LETTERS) == 150
    assert machines.count("SELECT count(*) FROM determinations_importfile WHERE result = 'new'") == 150


def stop_between_transactions(group: int, machines: Machines) -> None:
    """A process that is stopped within one keeps its locks, and others wait for as long as it lives."""
    while True:
        os.killpg(group, signal.SIGSTOP)
        time.sleep(0.1)  # until the server has done what it was asked last
        if not machines.count(TRANSACTIONS):
            return
        os.killpg(group, signal.SIGCONT)
        time.sleep(0.05)


def test_a_stopped_worker_stores_nothing_after_it_lost_its_lease(machines: Machines, tmp_path: Path) -> None:
    folder = tmp_path / "typed"
    write_letters(folder, 120)
    first, second = (machines.named(name) for name in ("one", "two"))
    with first.running("worker") as sleeping:
        wait_until(lambda: "is ready" in log_of(first, "worker"))
        shell = first.start("import_letters", str(folder))
        wait_until(lambda: machines.count(FINISHED) > 0)
        kill_all(shell)
        machines.execute("UPDATE determinations_importbatch SET machine = ''")
        stop_between_transactions(sleeping.pid, machines)
        with second.running("worker"):
            wait_until(lambda: machines.count(RUNNING) == 0)
            os.killpg(sleeping.pid, signal.SIGCONT)
            write_letters(tmp_path / "more", 5, seed=99)
            first.manage("import_letters", str(tmp_path / "more"))
    assert machines.count(LETTERS) == 125
    assert machines.count("SELECT count(*) FROM determinations_importfile WHERE result = 'new'") == 125


def test_files_are_read_on_the_machine_where_their_paths_were_typed(
    machines: Machines, tmp_path: Path
) -> None:
    write_letters(tmp_path / "typed", 6)
    first, second = (machines.named(name) for name in ("one", "two"))
    shell = replace(first, extra={**first.extra, "SECONDS_BETWEEN_COMMITS": "30"}).start(
        "import_letters", str(tmp_path / "typed")
    )
    wait_until(lambda: machines.count("SELECT count(*) FROM determinations_importbatch") == 1)
    kill_all(shell)
    left = machines.count(WAITING)
    machines.execute("UPDATE determinations_importbatch SET state = 'running'")
    write_letters(tmp_path / "others", 3, seed=55)
    with second.running("worker"):
        second.manage("import_letters", str(tmp_path / "others"))
        assert machines.count(WAITING) == left
        with second.running("import_letters", "--continue", "1"):
            wait_until(lambda: "are on the machine one" in log_of(second, "import_letters"))
        assert machines.count(WAITING) == left
        with first.running("worker"):
            wait_until(lambda: machines.count(RUNNING) == 0)
    assert machines.count(LETTERS) == 9


def test_alerts_are_sent_by_one_machine_at_a_time(machines: Machines) -> None:
    first, second = (
        machines.named(name, IMR_SITE_URL="https://imr.example.org", IMR_EMAIL_HOST="127.0.0.1")
        for name in ("one", "two")
    )
    first.manage("send_alerts")
    machines.execute(
        "UPDATE determinations_lease SET owner = 'somebody', machine = 'one', pid = 7, "
        "expires_at = now() + interval '1 hour' WHERE name = 'alerts'"
    )
    assert "Process 7 on one is already sending alerts" in second.manage("send_alerts", status=1)
    machines.execute("UPDATE determinations_lease SET expires_at = now() - interval '1 second'")
    assert "0 emails sent" in second.manage("send_alerts")


def test_a_web_machine_knows_that_a_worker_runs_elsewhere(machines: Machines) -> None:
    web, importing = machines.named("one"), machines.named("two")
    web.manage("rebuild_index")
    health = (
        "from determinations.health import whole_health as h; found = h(); "
        "print(found.parts['worker'], found.parts['following'], found.figures['index_followers'])"
    )
    assert "is not running" in web.manage("shell", "--no-imports", "--command", health)
    with importing.running("worker"):
        wait_until(lambda: "is ready" in log_of(importing, "worker"))
        assert "ok ok 1" in web.manage("shell", "--no-imports", "--command", health)
