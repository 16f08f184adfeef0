"""Only staff with the permission import, and only people who may see imports see them."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from determinations.importing.queue import receive_upload, start_batch
from determinations.models import ImportBatch, ImportFile
from tests.admin.import_pages.conftest import logged_in
from tests.admin.import_pages.pages import LETTERS, address, control, send, taken
from tests.views.html import Page

SEEN = ["change", "status", "results", "history"]
CHANGING = ["upload", "announce", "cancel", "add_letters"]


@pytest.fixture
def batch(db: None) -> ImportBatch:
    batch = start_batch("upload")
    receive_upload(batch, "a.txt", [LETTERS[0]])
    return batch


def original(batch: ImportBatch) -> str:
    return reverse("admin:determinations_importfile_original", args=[batch.files.get().pk])


def all_addresses(batch: ImportBatch) -> list[str]:
    pages = [address(name, batch.pk) for name in (*SEEN, *CHANGING)]
    return [*pages, address("add"), address("start"), address("changelist"), original(batch)]


def test_nobody_without_an_account_sees_or_sends_anything(batch: ImportBatch) -> None:
    for page in all_addresses(batch):
        for response in (Client().get(page), Client().post(page)):
            assert response.status_code == 302, page
            assert response.headers["Location"].startswith(reverse("admin:login"))
    assert send(Client(), batch, "b.txt", LETTERS[1]).status_code == 302
    assert ImportFile.objects.count() == 1


def test_staff_without_the_permission_is_refused_everywhere(batch: ImportBatch, clerk: Client) -> None:
    for page in all_addresses(batch):
        for response in (clerk.get(page), clerk.post(page)):
            assert response.status_code in (403, 405), page
    assert ImportBatch.objects.count() == 1


def test_who_may_only_look_on_sees_all_and_changes_nothing(batch: ImportBatch, onlooker: Client) -> None:
    for page in (*(address(name, batch.pk) for name in SEEN), address("changelist")):
        assert onlooker.get(page).status_code == 200, page
    assert taken(onlooker.get(original(batch))) == LETTERS[0]
    assert send(onlooker, batch, "b.txt", LETTERS[1]).status_code == 403
    assert onlooker.post(address("add"), {"letters": []}).status_code == 403
    assert onlooker.post(address("start"), {"files": 1}).status_code == 403
    assert control(onlooker, batch, "cancel").status_code == 403
    batch.refresh_from_db()
    assert (batch.state, batch.files.count()) == ("running", 1)
    shown = Page.of(onlooker.get(address("change", batch.pk)))
    assert shown.all("section", data_part="standing")
    assert not shown.all("button", form="import-control")
    assert not shown.all("a", href=address("add_letters", batch.pk))
    for page in (address("changelist"), reverse("admin:index")):
        assert address("add") not in onlooker.get(page).content.decode()


def test_who_may_import_may_see_imports(batch: ImportBatch, importer: Client) -> None:
    for page in (*(address(name, batch.pk) for name in (*SEEN, "add_letters")), address("add")):
        assert importer.get(page).status_code == 200, page
    assert "Import letters" in importer.get(address("changelist")).content.decode()
    assert address("add") in importer.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("withdraw", [{"is_active": False}, {"is_staff": False}], ids=str)
def test_a_right_that_was_withdrawn_is_gone_at_once(
    batch: ImportBatch, anna: User, withdraw: dict[str, bool]
) -> None:
    client = logged_in(anna)
    User.objects.filter(pk=anna.pk).update(**withdraw)
    assert send(client, batch, "b.txt", LETTERS[1]).status_code == 302
    assert batch.files.count() == 1


def test_a_record_is_deleted_by_nobody(batch: ImportBatch, admin_client: Client) -> None:
    for page in (
        address("delete", batch.pk),
        reverse("admin:determinations_importfile_delete", args=[batch.files.get().pk]),
    ):
        assert admin_client.post(page, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    "forge",
    [
        lambda client, batch: client.post(address("cancel", batch.pk)),
        lambda client, batch: client.post(address("start"), {"files": 1}),
        lambda client, batch: client.post(address("add"), {"all_sent": "1"}),
        lambda client, batch: send(client, batch, "b.txt", LETTERS[1]),
    ],
    ids=["control", "start", "form", "upload"],
)
def test_another_site_cannot_act_for_somebody_who_is_logged_in(
    batch: ImportBatch, anna: User, forge: Callable[[Client, ImportBatch], object]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna)
    response = forge(client, batch)
    assert getattr(response, "status_code", None) == 403
    assert ImportBatch.objects.count() == 1
    assert batch.files.count() == 1


def test_what_is_not_there_is_not_found(importer: Client) -> None:
    for name in ("change", "status", "results"):
        assert importer.get(address(name, 4711)).status_code == 404
    assert importer.get(reverse("admin:determinations_importfile_original", args=[4711])).status_code == 404
