"""The second factor: an app's codes and backup codes, once an account has set it up."""

import base64
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from tests.accounts.conftest import PASSWORD, is_signed_in, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/account/second-factor/"


def code(user: User) -> str:
    """The code that the app shows now, as if none had been used yet."""
    TOTPDevice.objects.update(last_t=-1)
    device = TOTPDevice.objects.get(user=user)
    return f"{totp(device.bin_key):06d}"


def set_up(client: Client, user: User) -> list[str]:
    """Give the account a second factor; the backup codes."""
    assert "<svg" in client.get(PAGE).content.decode()
    response = client.post(PAGE, {"password": PASSWORD, "code": code(user)})
    codes = re.findall(r"<code>(\w+)</code>", response.content.decode())
    assert len(codes) == 10
    return codes


def test_from_then_on_every_sign_in_needs_a_code(client: Client, ana: User) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    set_up(client, ana)
    assert is_signed_in(client)
    assert not is_signed_in(other), "a session from before has not used it"
    assert sign_in(other) == 200
    assert sign_in(other, code="000000") == 200
    assert not is_signed_in(other)
    assert sign_in(other, code=code(ana)) == 302
    assert is_signed_in(other)


def test_a_code_works_once(client: Client, ana: User) -> None:
    client.force_login(ana)
    set_up(client, ana)
    used = code(ana)
    assert sign_in(Client(), code=used) == 302
    assert sign_in(Client(), code=used) == 200


def test_a_backup_code_works_once_and_in_any_writing(client: Client, ana: User) -> None:
    client.force_login(ana)
    codes = set_up(client, ana)
    assert sign_in(Client(), code=f" {codes[0].upper()} ") == 302
    assert sign_in(Client(), code=codes[0]) == 200
    response = client.post(f"{PAGE}codes/", {"password": PASSWORD})
    assert codes[1] not in response.content.decode()
    assert sign_in(Client(), code=codes[1]) == 200


def test_setting_up_needs_the_password_and_a_right_code(client: Client, ana: User) -> None:
    client.force_login(ana)
    client.get(PAGE)
    assert client.post(PAGE, {"password": "wrong", "code": code(ana)}).status_code == 400
    assert client.post(PAGE, {"password": PASSWORD, "code": "000000"}).status_code == 400
    assert sign_in(Client()) == 302


def test_guessing_codes_locks_the_account(client: Client, ana: User, few_failures: None) -> None:
    client.force_login(ana)
    set_up(client, ana)
    guesser = Client(REMOTE_ADDR="198.51.100.7")
    for _ in range(3):
        sign_in(guesser, code="000000")
    assert sign_in(Client(), code=code(ana)) == 429


def test_it_is_removed_with_the_password(client: Client, ana: User) -> None:
    client.force_login(ana)
    set_up(client, ana)
    assert client.post(f"{PAGE}remove/", {"password": "wrong"}).status_code == 400
    assert sign_in(Client()) == 200
    assert client.post(f"{PAGE}remove/", {"password": PASSWORD}).status_code == 302
    assert sign_in(Client()) == 302


def test_a_session_that_did_not_use_it_cannot_remove_it(client: Client, ana: User) -> None:
    client.force_login(ana)
    set_up(client, ana)
    other = Client()
    ana.refresh_from_db()
    other.force_login(ana)
    other.post(f"{PAGE}remove/", {"password": PASSWORD})
    other.post(f"{PAGE}codes/", {"password": PASSWORD})
    assert TOTPDevice.objects.filter(user=ana, confirmed=True).exists()
    assert other.post(PAGE, {"code": code(ana)}).status_code == 302
    assert other.post(f"{PAGE}remove/", {"password": PASSWORD}).status_code == 302
    assert not TOTPDevice.objects.exists()


def test_a_password_alone_no_longer_opens_the_api(client: Client, ana: User, settings: Settings) -> None:
    settings.SIGN_IN_ONLY = True
    given = {"authorization": "Basic " + base64.b64encode(f"ana:{PASSWORD}".encode()).decode()}
    assert client.get("/api/openapi.json", headers=given).status_code == 200
    client.force_login(ana)
    set_up(client, ana)
    assert Client().get("/api/openapi.json", headers=given).status_code == 401


def test_the_admin_asks_for_the_code_too(client: Client) -> None:
    chief = User.objects.create_superuser("chief", password=PASSWORD)
    client.force_login(chief)
    set_up(client, chief)
    other = Client()
    sent = {"username": "chief", "password": PASSWORD, "next": "/admin/"}
    assert 'name="code"' in other.get("/admin/login/").content.decode()
    assert other.post("/admin/login/", sent).status_code == 200
    assert other.post("/admin/login/", {**sent, "code": code(chief)}).status_code == 302
    assert other.get("/admin/").status_code == 200


@pytest.mark.parametrize("address", ["/", "/admin/", "/saved/", "/account/", "/api/openapi.json"])
def test_staff_may_be_required_to_have_one(client: Client, settings: Settings, address: str) -> None:
    chief = User.objects.create_superuser("chief", password=PASSWORD)
    client.force_login(chief)
    assert client.get(address).status_code != 302
    settings.STAFF_SECOND_FACTOR = True
    assert client.get(address)["Location"] == PAGE
    set_up(client, chief)
    assert client.get(address).status_code != 302
    ana = User.objects.create_user("ana")
    client.force_login(ana)
    assert client.get("/account/").status_code == 200


def test_where_staff_need_one_a_password_is_not_enough_for_programs(
    client: Client, settings: Settings
) -> None:
    User.objects.create_superuser("chief", password=PASSWORD)
    settings.SIGN_IN_ONLY = settings.STAFF_SECOND_FACTOR = True
    given = {"authorization": "Basic " + base64.b64encode(f"chief:{PASSWORD}".encode()).decode()}
    assert client.get("/api/openapi.json", headers=given).status_code == 401


def test_sites_without_any_do_not_ask_for_codes(client: Client, ana: User) -> None:
    assert 'name="code"' not in client.get("/account/sign-in/").content.decode()
