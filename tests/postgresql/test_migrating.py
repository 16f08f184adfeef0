"""Several machines start at one moment, and each migrates: one does, the others wait."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from determinations.management.commands.migrate import LOCK_KEY
from tests import databases
from tests.importing.sites import Site, kill_all, wait_until
from tests.postgresql.conftest import NewDatabase

MIGRATIONS = "SELECT app, name, count(*) FROM django_migrations GROUP BY app, name"


def test_three_at_once_migrate_once(new_database: NewDatabase, site: Site) -> None:
    starting = Site(site.folder, {"IMR_DATABASE_URL": new_database("fresh")})
    processes = [starting.start("migrate") for _ in range(3)]
    assert [process.wait(timeout=300) for process in processes] == [0, 0, 0]
    log = (site.folder / "migrate.log").read_text()
    assert log.count("Applying determinations.0001_initial") == 1
    assert "[ ]" not in starting.manage("showmigrations")


@contextmanager
def migrated_elsewhere(site: Site) -> Iterator[None]:
    """Another machine has the lock, on a connection of its own."""
    import psycopg

    with psycopg.connect(databases.database_url(site.folder), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        yield


def test_a_second_waits_until_the_first_has_ended_and_ends_a_dead_one(site: Site) -> None:
    log = site.folder / "migrate.log"
    with migrated_elsewhere(site):
        waiting: subprocess.Popen[bytes] = site.start("migrate")
        try:
            wait_until(lambda: "Waiting" in log.read_text())
            assert waiting.poll() is None
        except BaseException:
            kill_all(waiting)
            raise
    assert waiting.wait(timeout=120) == 0  # the server gave the lock back with the connection


def test_nothing_is_left_locked_afterwards(site: Site) -> None:
    site.manage("migrate", "--verbosity", "0")
    locks = """
        SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE locktype = 'advisory' AND datname = current_database()
    """
    assert site.count(locks) == 0, "in this database: other tests run beside this one"


def test_a_table_that_others_use_ends_a_migration_in_words(site: Site) -> None:
    site.manage("migrate", "determinations", "0017", "--verbosity", "0")
    hurried = Site(site.folder, {"IMR_DATABASE_WAIT_SECONDS": "0.5"})
    with site.locked():
        said = hurried.manage("migrate", status=1)
    assert "locked the database" in said and "Traceback" not in said
    site.manage("migrate", "--verbosity", "0")
    assert "[ ]" not in site.manage("showmigrations")


def test_a_backup_of_a_database_that_is_not_migrated_yet_says_what_to_do(site: Site, tmp_path: Path) -> None:
    """Machines agree on who makes a backup by a row of a table that older versions did not have."""
    site.execute("ALTER TABLE determinations_lease RENAME TO not_there_yet")
    said = site.manage("backup", str(tmp_path / "backup"), status=1)
    assert "migrate" in said and "Traceback" not in said
    site.execute("ALTER TABLE not_there_yet RENAME TO determinations_lease")
    site.manage("backup", str(tmp_path / "backup"))
