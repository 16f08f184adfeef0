"""A person with a saved search, and ways to sign in."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from tests.views.conftest import library

__all__ = ["library"]

PASSWORD = "hörse battery staple"  # noqa: S105


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_user("ana", "ana@example.org", PASSWORD)


def sign_in(client: Client, name: str = "ana", password: str = PASSWORD, **more: str) -> int:
    sent = {"username": name, "password": password, **more}
    return int(client.post("/account/sign-in/", sent).status_code)


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/account/").status_code == 200)


@pytest.fixture
def few_failures(settings: Settings) -> None:
    settings.ACCOUNT_FAILURES, settings.ADDRESS_FAILURES = 3, 6
