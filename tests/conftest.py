"""How properties are tested: without deadlines, and with the same examples every time.

IMR_EXPLORE=1 draws new examples instead: to look for what the usual ones do not show.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import BoundedSemaphore

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from hypothesis import settings

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("IMR_EXPLORE") else "same")

LONG_FOLDERS = ("importing", "operations", "backup", "removal", "browser")
"""Tests that start processes, or a browser."""


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait for processes that they started."""
    return (os.cpu_count() or 1) + 1


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database", action="store_true", help="run only the tests that ask the tests' own database"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of letters, of the query language and of the engine are the same on every database.

    Tests of one folder stay together: what they share, such as a site with a browser, would else be started
    again for each file, since the order is random. Those that take long come first, so that none of them runs
    alone at the end.
    """
    places = {Path(__file__).parent / name: number for number, name in enumerate(LONG_FOLDERS)}
    items.sort(key=lambda item: places.setdefault(item.path.parent, len(places)))
    if config.getoption("only_database"):
        unused = [item for item in items if not _asks_a_database(item)]
        config.hook.pytest_deselected(items=unused)
        items[:] = [item for item in items if _asks_a_database(item)]


def _asks_a_database(item: pytest.Item) -> bool:
    """Whether the test has rows in its own process, or is about PostgreSQL."""
    fixtures = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") is not None
    return marked or bool(fixtures) or "postgresql" in item.path.parts


@pytest.fixture(autouse=True, scope="session")
def no_wait_for_disks() -> Iterator[None]:
    """No machine loses power here. Tests of what is synced replace this again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(autouse=True)
def the_tests_transaction_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends requests closes old connections, which would end the transaction that a test is in.

    An SQLite in memory is never closed. Outside of tests nothing is open when a request ends.
    """
    close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def close_unless_in_transaction(self: BaseDatabaseWrapper) -> None:
        if not self.in_atomic_block:
            close(self)

    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", close_unless_in_transaction)


@pytest.fixture(autouse=True)
def room_for_large_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests seldom read a streamed answer to its end, which keeps its place."""
    places = BoundedSemaphore(2)
    monkeypatch.setattr("determinations.load_limits._PLACES", places)
