"""One person imports so much in a day through the site, what archives hold included."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from determinations.models import FileResult, ImportBatch, ImportFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client: Client, settings: Settings) -> User:
    settings.UPLOAD_BYTES_PER_DAY = 1000
    clerk = User.objects.create_superuser("clerk")
    client.force_login(clerk)
    return clerk


def imported(by: User, size: int) -> ImportBatch:
    batch = ImportBatch.objects.create(source="before", started_by=by, started_by_name=by.username)
    ImportFile.objects.create(batch=batch, name="old.txt", size=size, result=FileResult.FAILED)
    return batch


def upload(client: Client) -> int:
    started = client.post("/admin/determinations/importbatch/start/", {"files": "1", "first": "a.txt"})
    address = started.json()["upload"]
    kind, name = "application/octet-stream", {"x-file-name": "a.txt"}
    sent = client.post(address, b"text", content_type=kind, headers=name)
    assert ("GB" in sent.json()["error"]) == (sent.status_code == 413)
    return int(sent.status_code)


def test_beyond_it_nothing_is_taken(client: Client, clerk: User) -> None:
    imported(clerk, 999)
    assert upload(client) == 201
    assert upload(client) == 413
    assert ImportFile.objects.filter(name="a.txt").count() == 1


def test_each_day_begins_anew(client: Client, clerk: User) -> None:
    batch = imported(clerk, 5000)
    ImportBatch.objects.filter(pk=batch.pk).update(started_at=timezone.now() - timedelta(days=1, minutes=1))
    assert upload(client) == 201


def test_people_do_not_share_it(client: Client, clerk: User) -> None:
    imported(User.objects.create_superuser("other"), 5000)
    assert upload(client) == 201


def test_zero_is_no_limit(client: Client, clerk: User, settings: Settings) -> None:
    settings.UPLOAD_BYTES_PER_DAY = 0
    imported(clerk, 10**12)
    assert upload(client) == 201


def test_the_form_without_a_script_keeps_to_it_too(client: Client, clerk: User) -> None:
    imported(clerk, 5000)
    sent = {"letters": SimpleUploadedFile("a.txt", b"text"), "all_sent": "1"}
    response = client.post("/admin/determinations/importbatch/add/", sent, follow=True)
    assert "GB" in response.content.decode()
    assert not ImportFile.objects.filter(name="a.txt").exists()
