"""The pages' library, and the site's address that every answer carries."""

import pytest
from pytest_django import Settings

from tests.assistants.calling import SITE, Assistant
from tests.views.conftest import data_folders, library

__all__ = ["data_folders", "library"]


@pytest.fixture(autouse=True)
def site_url(settings: Settings) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def assistant() -> Assistant:
    return Assistant()
