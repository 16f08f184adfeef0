"""Passwords: what is refused, and what a new one ends."""

import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from pytest_django import Settings

from determinations.models import SavedSearch
from determinations.views.account import MailedResetForm
from tests.accounts.conftest import PASSWORD, is_signed_in, sign_in

pytestmark = pytest.mark.django_db
NEW = "quite another sentence"


@pytest.fixture(autouse=True)
def mail_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MailedResetForm, "send_mail", MailedResetForm._send)


def change(client: Client, new: str, old: str = PASSWORD) -> int:
    sent = {"old_password": old, "new_password1": new, "new_password2": new}
    return int(client.post("/account/password/", sent).status_code)


@pytest.mark.parametrize(
    "weak", ["weak", "a", "elevenchars", "passwordpassword"[:8], "123456789012345", "ana@example.org"]
)
def test_weak_passwords_are_refused(client: Client, ana: User, weak: str) -> None:
    client.force_login(ana)
    assert change(client, weak) == 200
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


def test_an_administrator_cannot_give_a_weak_one(client: Client) -> None:
    client.force_login(User.objects.create_superuser("chief"))
    sent = {"username": "weak", "password1": "weak", "password2": "weak", "usable_password": "true"}
    assert client.post("/admin/auth/user/add/", sent).status_code == 200
    assert not User.objects.filter(username="weak").exists()


def test_a_reader_changes_the_password_and_is_signed_out_elsewhere(client: Client, ana: User) -> None:
    other = Client()
    assert sign_in(client) == sign_in(other) == 302
    saved = SavedSearch.objects.create(user=ana, name="pain", query="q=pain")
    assert change(client, NEW) == 302
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert client.get(f"/feeds/{saved.feed_token}.atom").status_code == 404
    assert SavedSearch.objects.get().feed_token != saved.feed_token
    assert sign_in(Client(), password=NEW) == 302


def test_a_feed_is_withdrawn_whoever_sets_the_password(client: Client, ana: User) -> None:
    saved = SavedSearch.objects.create(user=ana, name="pain", query="q=pain")
    client.force_login(User.objects.create_superuser("chief"))
    sent = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    assert client.post(f"/admin/auth/user/{ana.pk}/password/", sent).status_code == 302
    assert SavedSearch.objects.get().feed_token != saved.feed_token


def test_signing_in_alone_withdraws_no_feed(client: Client, ana: User, settings: Settings) -> None:
    saved = SavedSearch.objects.create(user=ana, name="pain", query="q=pain")
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    assert sign_in(client) == 302  # which stores the password anew, by the better method
    ana.refresh_from_db()
    assert ana.password.startswith("pbkdf2")
    assert SavedSearch.objects.get().feed_token == saved.feed_token


def test_signing_out_everywhere_needs_the_password(client: Client, ana: User) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    saved = SavedSearch.objects.create(user=ana, name="pain", query="q=pain")
    assert client.post("/account/sign-out-everywhere/", {"password": "wrong"}).status_code == 400
    assert is_signed_in(other)
    assert client.post("/account/sign-out-everywhere/", {"password": PASSWORD}).status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert SavedSearch.objects.get().feed_token != saved.feed_token


@pytest.mark.parametrize("page", ["/account/sign-out-everywhere/", "/account/password/"])
def test_guessing_there_is_locked_as_well(client: Client, ana: User, few_failures: None, page: str) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    new = {"new_password1": NEW, "new_password2": NEW}
    for _ in range(3):
        client.post(page, {"password": "wrong", "old_password": "wrong", **new})
    client.post(page, {"password": PASSWORD, "old_password": PASSWORD, **new})
    assert is_signed_in(other)
    assert sign_in(Client()) == 429


def test_a_forgotten_password_is_set_anew_by_mail(client: Client, ana: User, settings: Settings) -> None:
    settings.SENDS_EMAIL, settings.SITE_URL = True, "https://imr.example.org"
    response = client.post("/account/password/reset/", {"email": "ana@example.org"}, follow=True)
    assert response.status_code == 200
    (sent,) = mail.outbox
    link = re.search(r"https://imr\.example\.org(/account/password/reset/\S+)", str(sent.body))
    assert link, sent.body
    form = client.get(link[1], follow=True)
    path = form.redirect_chain[-1][0]
    assert client.post(path, {"new_password1": "weak", "new_password2": "weak"}).status_code == 200
    assert client.post(path, {"new_password1": NEW, "new_password2": NEW}).status_code == 302
    assert sign_in(Client(), password=NEW) == 302
    assert client.get(link[1], follow=True).status_code == 200
    ana.refresh_from_db()
    assert ana.check_password(NEW)


def test_the_answer_does_not_tell_whether_an_account_exists(
    client: Client, ana: User, settings: Settings
) -> None:
    settings.SENDS_EMAIL = True
    known, unknown = (
        client.post("/account/password/reset/", {"email": email}, follow=True)
        for email in ("ana@example.org", "nobody@example.org")
    )
    assert known.content == unknown.content
    assert len(mail.outbox) == 1


def test_without_a_mail_server_nothing_is_promised(client: Client) -> None:
    assert client.get("/account/password/reset/").status_code == 404
    assert "/account/password/reset/" not in client.get("/account/sign-in/").content.decode()
