"""What a program that watches the site learns: `/health/` is only well where everything works."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from determinations.health import LONGEST_SILENCE_SECONDS
from determinations.importing.worker import worker_lock
from determinations.models import FileResult, ImportBatch, ImportFile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


@pytest.fixture
def lock_file(library: Any) -> Iterator[Path]:
    """A worker runs: it is this process."""
    with worker_lock():
        yield Path(settings.DATA_DIR) / "import-worker.lock"


def test_a_site_that_works_says_so(client: Client, lock_file: Path) -> None:
    response = client.get("/health/")
    assert response.status_code == 200, response.json()
    body = response.json()
    assert [body[part] for part in ("status", "database", "index", "worker", "disk")] == ["ok"] * 5
    assert body["indexed_items"] == 7
    assert body["free_bytes"] > 0
    assert "no-store" in response["Cache-Control"]


def test_without_an_index_it_is_not_ready(client: Client, lock_file: Path) -> None:
    shutil.rmtree(settings.SEARCH_INDEX_DIR)
    for address in ("/health/", "/health/ready"):
        response = client.get(address)
        assert response.status_code == 503
        assert response.json()["database"] == "ok"
        assert response.json()["index"] != "ok"
    assert client.get("/health/live").status_code == 200


def test_without_a_database_it_is_not_ready(
    client: Client, lock_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise DatabaseError("no connection")

    monkeypatch.setattr(connection, "cursor", refuse)
    for address in ("/health/", "/health/ready"):
        response = client.get(address)
        assert response.status_code == 503
        assert response.json()["database"] == "does not respond"
        assert "no connection" not in response.content.decode()
    assert client.get("/health/live").status_code == 200


def test_a_table_that_is_gone_is_named(client: Client, lock_file: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE determinations_indexchange")
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "determinations_indexchange" in response.json()["database"]


def test_a_worker_that_is_missing_or_stands_still_is_noticed(client: Client, settings: Settings) -> None:
    assert client.get("/health/").json()["worker"] == "is not running"
    assert client.get("/health/").status_code == 503
    assert client.get("/health/ready").status_code == 200
    with worker_lock():
        before = time.time() - LONGEST_SILENCE_SECONDS - 10
        os.utime(Path(settings.DATA_DIR) / "import-worker.lock", (before, before))
        response = client.get("/health/")
    assert response.status_code == 503
    assert response.json()["worker_silence_seconds"] >= LONGEST_SILENCE_SECONDS


def test_a_disk_that_is_nearly_full_is_noticed(client: Client, settings: Settings, lock_file: Path) -> None:
    settings.LEAST_FREE_BYTES = 10**18
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json()["disk"] != "ok"


def test_damaged_originals_are_noticed_after_a_check(client: Client, lock_file: Path) -> None:
    note = Path(settings.DATA_DIR) / "originals-check.json"
    found = {"finished_at": timezone.now().isoformat(), "files": 7, "missing": 0, "unreadable": 0}
    try:
        note.write_text(json.dumps({**found, "damaged": 0}))
        assert client.get("/health/").json()["originals"] == "ok"
        note.write_text(json.dumps({**found, "damaged": 1}))
        response = client.get("/health/")
    finally:
        note.unlink()
    assert response.status_code == 503
    assert response.json()["originals_damaged"] == 1
    assert client.get("/health/ready").status_code == 200


def test_the_age_of_the_queue_is_told(client: Client, lock_file: Path) -> None:
    assert "queue_age_seconds" not in client.get("/health/").json()
    batch = ImportBatch.objects.create(source="folder")
    ImportFile.objects.create(batch=batch, name="a.txt", result=FileResult.WAITING)
    body = client.get("/health/").json()
    assert body["waiting_files"] == 1
    assert body["queue_age_seconds"] >= 0


def test_a_closed_site_tells_strangers_no_figures(
    client: Client, settings: Settings, lock_file: Path
) -> None:
    settings.SIGN_IN_ONLY = True
    assert set(client.get("/health/").json()) == {
        "status",
        "database",
        "index",
        "worker",
        "disk",
        "originals",
        "following",
    }
    client.force_login(User.objects.create_user("ana"))
    assert client.get("/health/").json()["indexed_items"] == 7


def test_metrics_are_off_until_a_token_is_set(client: Client, settings: Settings) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "secret-of-this-site"  # noqa: S105
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 401
    client.get("/about/")
    response = client.get("/metrics", headers={"authorization": "Bearer secret-of-this-site"})
    assert response.status_code == 200
    text = response.content.decode()
    assert 'imr_requests_total{method="GET",status="200",view="about"}' in text
    assert "imr_database_ok 1.0" in text
    assert "imr_worker_ok 0.0" in text
    assert "imr_indexed_items 7.0" in text


def test_a_file_that_is_imported_while_health_is_asked_is_no_fault(client: Client, lock_file: Path) -> None:
    batch = ImportBatch.objects.create(source="folder")
    ImportFile.objects.create(batch=batch, name="a.txt", result=FileResult.WAITING)
    finished: list[str] = []

    def finish(execute: Any, query: str, *rest: Any) -> Any:
        result = execute(query, *rest)
        if not finished and query.startswith("SELECT COUNT(*)") and "importfile" in query:
            finished.append(query)
            batch.files.update(result=FileResult.NEW)
        return result

    with connection.execute_wrapper(finish):
        response = client.get("/health/")
    assert finished and response.status_code == 200
    assert "queue_age_seconds" not in response.json()
