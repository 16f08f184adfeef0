"""How long a sign-in lasts, and what is logged of it."""

import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from tests.accounts.conftest import PASSWORD, is_signed_in, sign_in

pytestmark = pytest.mark.django_db
HOUR = 3600


def age(client: Client, name: str, seconds: int) -> None:
    session = client.session
    session[name] -= seconds
    session.save()


def test_a_session_ends_unused(client: Client, ana: User, settings: Settings) -> None:
    settings.SESSION_IDLE_SECONDS = HOUR
    sign_in(client)
    age(client, "used_at", HOUR - 60)
    assert is_signed_in(client), "and this is a use"
    age(client, "used_at", HOUR - 60)
    assert is_signed_in(client)
    age(client, "used_at", HOUR + 60)
    assert not is_signed_in(client)


def test_a_session_ends_at_last_however_much_it_is_used(
    client: Client, ana: User, settings: Settings
) -> None:
    settings.SESSION_IDLE_SECONDS, settings.SESSION_COOKIE_AGE = 0, 10 * HOUR
    sign_in(client)
    age(client, "signed_in_at", 9 * HOUR)
    assert is_signed_in(client)
    age(client, "signed_in_at", 2 * HOUR)
    assert not is_signed_in(client)


STORING = 'UPDATE "django_session"'


def test_a_database_that_is_lost_while_a_session_is_stored_is_announced(client: Client, ana: User) -> None:
    """Django takes the loss for a session that somebody else deleted, and would answer 400."""

    def lose(execute: Any, query: str, *rest: Any) -> Any:
        if query.startswith(STORING):
            raise OperationalError("the server closed the connection") from sqlite3.OperationalError()
        return execute(query, *rest)

    client.raise_request_exception = False
    sent = {"username": "ana", "password": PASSWORD}
    with connection.execute_wrapper(lose):
        response = client.post("/account/sign-in/", sent)
    assert response.status_code == 503 and int(response["Retry-After"]) > 0
    assert sign_in(client) == 302
    age(client, "used_at", HOUR)
    with connection.execute_wrapper(lose):
        assert is_signed_in(client), "and a page that is only read is shown"


def test_a_session_that_was_deleted_meanwhile_is_no_fault_of_the_database(client: Client, ana: User) -> None:
    def delete(execute: Any, query: str, *rest: Any) -> Any:
        if query.startswith(STORING):
            execute("DELETE FROM django_session", (), *rest[1:])
        return execute(query, *rest)

    with connection.execute_wrapper(delete):
        assert sign_in(client) == 400


def test_a_visitors_folder_outlives_both(client: Client, settings: Settings) -> None:
    settings.SESSION_IDLE_SECONDS, settings.SESSION_COOKIE_AGE = 1, 1
    session = client.session
    session["folder"] = []
    session.set_expiry(180 * 24 * HOUR)
    session.save()
    client.get("/about/")
    assert client.session["folder"] == []


def test_requests_seldom_write(client: Client, ana: User) -> None:
    sign_in(client)
    before = client.session["used_at"]
    is_signed_in(client)
    assert client.session["used_at"] == before


def test_sessions_from_before_the_limits_go_on(client: Client, ana: User) -> None:
    sign_in(client)
    session = client.session
    del session["signed_in_at"], session["used_at"]
    session.save()
    assert is_signed_in(client)
    assert "signed_in_at" in client.session


def events(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    told = [vars(record) for record in caplog.records]
    return [(record["event"], record["account"]) for record in told if "event" in record]


def test_what_happens_to_accounts_is_logged_by_their_name(
    client: Client, ana: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "determinations.accounts")
    sign_in(client, password="secret-typo")  # noqa: S106
    sign_in(client, "my-password-in-the-wrong-field")
    sign_in(client)
    client.post("/account/sign-out/")
    assert events(caplog) == [
        ("failed sign-in", "ana"),
        ("failed sign-in", "(no such account)"),
        ("sign-in", "ana"),
        ("sign-out", "ana"),
    ]
    for word in ("secret-typo", "wrong-field", "127.0.0.1", "ana@example.org"):
        assert word not in caplog.text


@pytest.mark.usefixtures("library")
def test_downloads_are_logged_for_people_who_are_signed_in(
    client: Client, ana: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "determinations.accounts")
    letter = "/determinations/CM14-0031877/original/download/"
    client.get(letter).close()
    assert events(caplog) == []
    client.force_login(ana)
    for address in (letter, "/search.csv?q=norco", "/statistics/words.csv?q=norco"):
        client.get(address).close()
    client.get("/?q=norco")
    found = [event for event in events(caplog) if event[0] == "download"]
    assert found == [("download", "ana")] * 3
    assert "norco" not in caplog.text
    assert Path(letter).name in caplog.text
