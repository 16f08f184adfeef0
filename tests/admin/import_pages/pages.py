"""The import pages' addresses, files sent as the page's script sends them, and the worker's work."""

from typing import Any
from urllib.parse import quote

from django.test import Client
from django.urls import reverse

from determinations.importing.reading_pool import ReadingPool
from determinations.importing.worker import import_batch
from determinations.index_keeping import IndexKeeping
from determinations.models import ImportBatch
from sample_letters.generator import invented_letters
from tests.views.html import Page

RAW = "application/octet-stream"
LETTERS = [letter.text.encode() for letter in invented_letters(12, seed=7) if letter.name.startswith("CM")]
NO_LETTER = b"Minutes of the meeting. Nothing was decided. " * 20


def address(name: str, *arguments: int) -> str:
    """Of a page of the batch admin: "add", "upload", "status"."""
    return reverse(f"admin:determinations_importbatch_{name}", args=arguments)


def start(client: Client, files: int = 1, first: str = "a.txt", **more: object) -> ImportBatch:
    response = client.post(address("start"), {"files": files, "first": first, **more})
    assert response.status_code == 201, response.content
    batch = ImportBatch.objects.get()
    assert response.json()["upload"] == address("upload", batch.pk)
    return batch


def send(client: Client, batch: ImportBatch, name: str, data: bytes, *, again: bool = False) -> Any:
    """The response to one file that the script sends."""
    headers = {"X-File-Name": quote(name)} | ({"X-Sent-Before": "1"} if again else {})
    # Unlike a browser, the test client leaves kind and length out where there are no bytes.
    kind: Any = {"CONTENT_TYPE": RAW, "CONTENT_LENGTH": str(len(data))}
    return client.generic("POST", address("upload", batch.pk), data, headers=headers, **kind)


def status(client: Client, batch: ImportBatch) -> dict[str, Any]:
    response = client.get(address("status", batch.pk))
    assert response.status_code == 200
    values: dict[str, Any] = response.json()
    return values


def taken(response: Any) -> bytes:
    """The bytes of a response that is sent piece by piece."""
    data = b"".join(response)
    response.close()
    return data


def acts_on(page: Page) -> list[str]:
    """What the buttons of a batch's page do, by the end of their addresses."""
    buttons = page.all("button", form="import-control")
    return [button.attributes["formaction"].split("/")[-2] for button in buttons]


def control(client: Client, batch: ImportBatch, act: str) -> Any:
    return client.post(address(act, batch.pk), follow=True)


def work(batch: ImportBatch, pool: ReadingPool) -> ImportBatch:
    """Let the import worker import what waits in the batch."""
    for _ in import_batch(batch, pool, IndexKeeping(), stop=lambda: False):
        pass
    batch.refresh_from_db()
    return batch


def results(batch: ImportBatch) -> dict[str, str]:
    """File name -> its code where it failed, else its result."""
    return {file.name: file.code or file.result for file in batch.files.order_by("pk")}
