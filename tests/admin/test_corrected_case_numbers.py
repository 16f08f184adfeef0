"""A corrected case number is one, belongs to one letter, and always gives an address that opens."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from determinations.models import Determination
from tests.admin.test_corrections import change_page, form_data


def errors_after(client: Client, letter: Determination, number: str) -> list[str]:
    """The codes of the form's errors; none if it was saved."""
    page = change_page(letter)
    response = client.post(page, form_data(client, page) | {"case_number": number})
    if response.status_code == 302:
        return []
    errors = response.context["adminform"].form.errors.as_data()
    return [error.code for error in errors["case_number"]]


@pytest.mark.parametrize(
    "typed", ["CM14/1", "CMxx-0000001", "CM14-1 and more", "..", "?", "CM14-00*", "CM١٤-0000001", "14"]
)
def test_what_is_no_case_number_is_refused_with_a_message(
    admin_client: Client, letters: list[Determination], typed: str
) -> None:
    before = letters[0].case_number
    assert errors_after(admin_client, letters[0], typed) == ["no_case_number"]
    letters[0].refresh_from_db()
    assert letters[0].case_number == before


def test_the_number_of_another_letter_is_refused_and_that_letter_named(
    admin_client: Client, letters: list[Determination]
) -> None:
    numbered = [letter for letter in letters if letter.case_number]
    assert errors_after(admin_client, numbered[0], numbered[1].case_number) == ["case_number_taken"]
    page = change_page(numbered[0])
    sent = form_data(admin_client, page) | {"case_number": numbered[1].case_number}
    assert numbered[1].source_name in admin_client.post(page, sent).content.decode()


@pytest.mark.parametrize(
    ("typed", "number"),
    [("CM14-0099999", "CM14-0099999"), (" cm14-99999 ", "CM14-0099999"), ("CM 14 0099999", "CM14-0099999")],
)
def test_a_number_is_stored_in_its_one_spelling_and_becomes_the_address(
    admin_client: Client, letters: list[Determination], typed: str, number: str
) -> None:
    assert errors_after(admin_client, letters[0], typed) == []
    letters[0].refresh_from_db()
    assert (letters[0].case_number, letters[0].public_id) == (number, number)
    assert admin_client.get(letters[0].get_absolute_url()).status_code == 200


def test_an_older_version_may_keep_the_number_of_the_newer_one(
    admin_client: Client, letters: list[Determination]
) -> None:
    older, newer = letters[:2]
    number = newer.case_number or "CM14-0099999"
    Determination.objects.filter(pk=newer.pk).update(case_number=number, public_id=number)
    Determination.objects.filter(pk=older.pk).update(is_current=False)
    assert errors_after(admin_client, older, number) == []
    older.refresh_from_db()
    assert older.public_id == f"{number}-{older.content_hash[:8]}"


@pytest.mark.parametrize("bad", ["CM14/1", "CMxx", "a b", "?"])
def test_a_bad_row_from_before_opens_and_can_be_mended(
    admin_client: Client, letters: list[Determination], bad: str
) -> None:
    letter = letters[0]
    Determination.objects.filter(pk=letter.pk).update(
        case_number=bad, public_id=bad, decided_on=None, assigned_on=None
    )
    migration = import_module("determinations.migrations.0010_addresses_that_open")
    migration.mend_addresses(apps, connection.schema_editor())
    letter.refresh_from_db()
    assert admin_client.get(letter.get_absolute_url()).status_code == 200
    assert admin_client.get("/").status_code == 200
    assert errors_after(admin_client, letter, bad) == ["no_case_number"]
    assert errors_after(admin_client, letter, "CM14-0099999") == []
    letter.refresh_from_db()
    assert (letter.public_id, letter.year) == ("CM14-0099999", 2014)


@pytest.mark.parametrize("number", ["CM14/1", "CMxx-0000001", "", "CM", "CM1", "..", "CM14-0031877"])
def test_an_address_and_a_year_can_be_made_from_any_number(letters: list[Determination], number: str) -> None:
    for is_current in (True, False):
        letters[0].case_number, letters[0].is_current = number, is_current
        letters[0].decided_on = letters[0].assigned_on = None
        letters[0].assign_public_id()
        letters[0].set_year()
        assert letters[0].get_absolute_url()
        assert letters[0].year in (None, 2014)
