"""Folders of their own for every test, and readers that all tests share: they take a while to start."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from determinations.importing.reading_pool import ReadingPool
from tests.admin.conftest import letters
from tests.importing.sites import NewSite, Site

__all__ = ["letters", "migrated_site", "new_site", "own_folders", "pool"]


@pytest.fixture(autouse=True)
def own_folders(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.ORIGINAL_LETTERS_DIR = tmp_path / "data" / "letters"
    settings.SEARCH_INDEX_DIR = tmp_path / "data" / "index"


@pytest.fixture(scope="session")
def pool() -> Iterator[ReadingPool]:
    with ReadingPool(processes=2) as pool:
        yield pool


@pytest.fixture(scope="session")
def migrated_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("migrated"))
    site.manage("migrate", "--verbosity", "0")
    return site


@pytest.fixture
def new_site(migrated_site: Site, tmp_path: Path) -> NewSite:
    def make(name: str = "site", **extra: str) -> Site:
        return migrated_site.copied(tmp_path / name, extra)

    return make


@pytest.fixture
def site(new_site: NewSite) -> Site:
    return new_site()
