"""Guessing passwords is locked for a while: by account from everywhere, by address for all accounts."""

import base64
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from determinations.accounts.models import WINDOW, SignInFailure, clear_failures
from tests.accounts.conftest import PASSWORD, is_signed_in, sign_in
from tests.api.calling import problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_failures")]


def test_an_account_is_locked_with_the_right_password_too(client: Client, ana: User) -> None:
    for _ in range(3):
        assert sign_in(client, password="wrong") in (200, 429)  # noqa: S106
    assert sign_in(client) == 429
    assert not is_signed_in(client)
    response = client.post("/account/sign-in/", {"username": "ana", "password": PASSWORD})
    assert 0 < int(response["Retry-After"]) <= WINDOW.total_seconds()


def test_it_is_locked_from_other_addresses_as_well(client: Client, ana: User) -> None:
    for number in range(3):
        client.post(
            "/account/sign-in/", {"username": "ana", "password": "x"}, REMOTE_ADDR=f"198.51.100.{number}"
        )
    assert sign_in(client) == 429


def test_an_address_is_locked_for_every_account(client: Client, ana: User) -> None:
    for number in range(6):
        sign_in(client, f"guess{number}", "x")
    assert sign_in(client) == 429
    from_elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert sign_in(from_elsewhere) == 302


def test_behind_a_proxy_the_visitors_address_counts(client: Client, ana: User, settings: Settings) -> None:
    settings.PROXIES = 1
    for number in range(6):
        sent = {"username": f"guess{number}", "password": "x"}
        client.post("/account/sign-in/", sent, headers={"x-forwarded-for": f"1.1.1.{number}, 203.0.113.9"})
    right = {"username": "ana", "password": PASSWORD}
    attacker = {"x-forwarded-for": "203.0.113.9"}
    other = {"x-forwarded-for": "203.0.113.10"}
    assert client.post("/account/sign-in/", right, headers=attacker).status_code == 429
    assert client.post("/account/sign-in/", right, headers=other).status_code == 302


def test_a_name_without_an_account_is_locked_in_the_same_way(client: Client, ana: User) -> None:
    answers = {
        name: [sign_in(Client(REMOTE_ADDR=f"198.51.100.{place}"), name, "x") for place in range(5)]
        for name in ("ana", "nobody")
    }
    assert answers["ana"] == answers["nobody"]
    assert answers["ana"][-1] == 429


def test_a_lock_ends_by_itself_and_is_not_made_longer_by_trying(client: Client, ana: User) -> None:
    for _ in range(10):
        sign_in(client, password="wrong")  # noqa: S106
    assert SignInFailure.objects.count() == 2 * 3
    SignInFailure.objects.update(at=timezone.now() - WINDOW - timedelta(seconds=1))
    assert sign_in(client) == 302
    clear_failures()
    assert not SignInFailure.objects.exists()


def test_signing_in_forgets_the_accounts_own_failures(client: Client, ana: User) -> None:
    for _ in range(3):
        for _ in range(2):
            sign_in(client, password="wrong")  # noqa: S106
        if sign_in(client) == 429:  # the address has failed too often by now, the account has not
            break
        client.post("/account/sign-out/")
    assert sign_in(Client(REMOTE_ADDR="198.51.100.7")) == 302


def test_a_new_password_ends_the_lock_of_the_account(client: Client, ana: User) -> None:
    for _ in range(4):
        sign_in(client, password="wrong")  # noqa: S106
    ana.set_password("another long password")
    ana.save()
    assert sign_in(client, password="another long password") == 302  # noqa: S106


def test_passwords_of_programs_are_locked_too(client: Client, ana: User, settings: Settings) -> None:
    settings.SIGN_IN_ONLY = True
    wrong = {"authorization": "Basic " + base64.b64encode(b"ana:wrong").decode()}
    right = {"authorization": "Basic " + base64.b64encode(f"ana:{PASSWORD}".encode()).decode()}
    assert client.get("/api/search", headers=wrong).status_code == 401
    for _ in range(3):
        client.get("/api/search", headers=wrong)
    response = client.get("/api/search", headers=right)
    problem(response, 429)
    assert int(response["Retry-After"]) > 0


def test_the_admins_sign_in_page_is_locked_too(client: Client) -> None:
    User.objects.create_superuser("chief", password=PASSWORD)
    for _ in range(3):
        client.post("/admin/login/", {"username": "chief", "password": "wrong"})
    response = client.post("/admin/login/", {"username": "chief", "password": PASSWORD})
    assert response.status_code == 429


def test_no_name_and_no_address_is_stored(client: Client, ana: User) -> None:
    client.post("/account/sign-in/", {"username": "ana", "password": "x"}, REMOTE_ADDR="198.51.100.7")
    for failure in SignInFailure.objects.all():
        assert "ana" not in failure.key
        assert "198" not in failure.key or len(failure.key) == 64


def test_a_whole_network_of_ipv6_is_one_address(client: Client, ana: User) -> None:
    for number in range(6):
        client.post(
            "/account/sign-in/",
            {"username": f"guess{number}", "password": "x"},
            REMOTE_ADDR=f"2001:db8:1:2::{number:x}",
        )
    right = {"username": "ana", "password": PASSWORD}
    assert client.post("/account/sign-in/", right, REMOTE_ADDR="2001:db8:1:2::ffff").status_code == 429
    assert client.post("/account/sign-in/", right, REMOTE_ADDR="2001:db8:1:3::1").status_code == 302
