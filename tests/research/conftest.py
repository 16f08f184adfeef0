"""The pages' library, a person with an account, and a second one."""

import pytest
from django.contrib.auth.models import User

from tests.views.conftest import data_folders, library

__all__ = ["data_folders", "library"]


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_user("ana", "ana@example.org", "correct horse")


@pytest.fixture
def ben(db: None) -> User:
    return User.objects.create_user("ben", "ben@example.org", "battery staple")
