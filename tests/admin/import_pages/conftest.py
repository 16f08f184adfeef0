"""People with and without the rights, folders of their own for every test, and readers that tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import Settings

from determinations.importing.reading_pool import ReadingPool


@pytest.fixture(autouse=True)
def own_folders(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.ORIGINAL_LETTERS_DIR = tmp_path / "data" / "letters"
    settings.SEARCH_INDEX_DIR = tmp_path / "data" / "index"


@pytest.fixture(scope="session")
def pool() -> Iterator[ReadingPool]:
    with ReadingPool(processes=2) as pool:
        yield pool


def staff(name: str, *permissions: str) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def anna(db: None) -> User:
    """May import, and nothing else."""
    return staff("anna", "add_importbatch")


@pytest.fixture
def importer(anna: User) -> Client:
    return logged_in(anna)


@pytest.fixture
def onlooker(db: None) -> Client:
    """May see imports, not import."""
    return logged_in(staff("otto", "view_importbatch"))


@pytest.fixture
def clerk(db: None) -> Client:
    """Is staff, and may correct letters."""
    return logged_in(staff("clara", "view_determination", "change_determination"))
