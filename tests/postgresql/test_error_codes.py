"""What PostgreSQL says is known by its code, whatever its words are."""

import pytest
from django.db import Error, OperationalError, connection, transaction

from determinations.database_errors import Trouble, error_in_words, kind_of_error
from determinations.importing.batch_run import PASSING_ERRORS, in_words
from tests.databases import ask_server

pytestmark = pytest.mark.django_db

KINDS = {
    "25006": (Trouble.READ_ONLY, "read-only"),
    "40001": (Trouble.BUSY, "same rows"),
    "40P01": (Trouble.BUSY, "waited for each other"),
    "53100": (Trouble.FULL, "disk is full"),
    "53200": (Trouble.BUSY, "memory"),
    "53300": (Trouble.BUSY, "connection"),
    "55P03": (Trouble.BUSY, "locked"),
    "57014": (Trouble.BUSY, "longer"),
    "57P01": (Trouble.BROKEN, "shutting down"),
    "57P02": (Trouble.BROKEN, "shutting down"),
    "57P03": (Trouble.BROKEN, "starting"),
    "58030": (Trouble.BROKEN, "does not respond"),
}


def raised(code: str) -> Error:
    """The error that the server raises with the code, in words that say nothing."""
    with pytest.raises(Error) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'Foutje' USING ERRCODE = '{code}'; END $$")
    return caught.value


@pytest.mark.parametrize("code", KINDS)
def test_an_error_is_known_by_its_code(code: str) -> None:
    error = raised(code)
    kind, words = KINDS[code]
    assert kind_of_error(error) is kind
    assert words in error_in_words(error)


@pytest.mark.parametrize("code", KINDS)
def test_an_import_waits_and_says_why(code: str) -> None:
    error = raised(code)
    assert isinstance(error, PASSING_ERRORS)
    assert KINDS[code][1] in in_words(error)


@pytest.mark.parametrize("code", ["23505", "22001", "42P01", "25P02", "XX000"])
def test_a_fault_of_the_site_is_none_of_the_database(code: str) -> None:
    assert kind_of_error(raised(code)) is None


def test_a_statement_that_takes_too_long_is_ended() -> None:
    with pytest.raises(OperationalError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 50")
        cursor.execute("SELECT pg_sleep(60)")
    assert kind_of_error(caught.value) is Trouble.BUSY


def test_a_connection_that_is_lost_as_a_cursor_is_closed_is_known() -> None:
    """Rows that are read in parts have a cursor on the server, which is closed behind the last one."""
    other = connection.copy()
    try:
        cursor = other.chunked_cursor()
        cursor.execute("SELECT pg_backend_pid()")
        ((process,),) = cursor.fetchmany(10)
        ask_server("SELECT pg_terminate_backend(%s, 10000)", process)
        with pytest.raises(OperationalError) as caught:
            cursor.close()
    finally:
        other.close()
        cursor.close()  # without a connection there is nothing left to close
    assert kind_of_error(caught.value) is Trouble.BROKEN
    assert isinstance(caught.value, PASSING_ERRORS)
