"""Sites on PostgreSQL; each test is skipped where the suite runs on SQLite."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.importing.conftest import migrated_site, new_site, site
from tests.operations.conftest import serve, small_site

__all__ = ["migrated_site", "new_database", "new_site", "serve", "site", "small_site"]

NewDatabase = Callable[[str], str]
"""Takes a name, and gives the URL of an empty database."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(databases.needs_postgresql)


@pytest.fixture
def new_database(tmp_path: Path) -> Iterator[NewDatabase]:
    made: list[str] = []

    def make(name: str) -> str:
        made.append(databases.name_of(tmp_path / name))
        databases.create_database(made[-1])
        return databases.url_of(made[-1])

    yield make
    for name in made:
        databases.drop_database(name)
