"""What a machine that watches the site is told."""

import shutil
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def test_a_site_that_can_answer_says_so(client: Client) -> None:
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "index": "ok", "indexed_items": 7}
    assert "no-store" in response["Cache-Control"]


def test_without_an_index_it_is_not_well(client: Client) -> None:
    shutil.rmtree(settings.SEARCH_INDEX_DIR)
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json()["database"] == "ok"
    assert response.json()["index"] != "ok"


def test_without_a_database_it_is_not_well(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise DatabaseError("no connection")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json()["database"] == "does not respond"
    assert "no connection" not in response.content.decode()
