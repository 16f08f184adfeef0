"""A body larger than any form is refused before it is read, except from people who import letters."""

import io

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db
MOST = 1000


class Watched(io.BytesIO):
    """A body that notes how much of it was read."""

    def __init__(self) -> None:
        super().__init__(b"a" * (MOST + 1))
        self.taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


@pytest.fixture(autouse=True)
def small_forms(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = MOST


def status(client: Client, address: str, body: Watched, length: int = MOST + 1) -> int:
    extra = {
        "wsgi.input": body,
        "CONTENT_LENGTH": str(length),
        "CONTENT_TYPE": "multipart/form-data; boundary=b",
    }
    client.cookies["csrftoken"] = "a" * 32
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = client.cookies
    return int(checked.generic("POST", address, **extra).status_code)  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["/account/sign-in/", "/admin/login/", "/folder/notes/", "/nowhere/"])
@pytest.mark.parametrize("name", ["", "alice"])
def test_nobody_else_may_send_one(client: Client, address: str, name: str) -> None:
    if name:
        client.force_login(User.objects.create_user(name))
    body = Watched()
    assert status(client, address, body) == 413
    assert body.taken == 0


def test_a_body_as_large_as_a_form_is_read(client: Client) -> None:
    body = Watched()
    assert status(client, "/account/sign-in/", body, MOST) in (400, 403)
    assert body.taken > 0


def test_people_who_import_may(client: Client) -> None:
    importer = User.objects.create_user("bob", is_staff=True)
    importer.user_permissions.add(Permission.objects.get(codename="add_importbatch"))
    client.force_login(importer)
    assert status(client, "/admin/", Watched()) != 413
