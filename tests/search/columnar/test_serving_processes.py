"""A process that serves pages has opened the index before the first visitor asks, if it can be opened."""

import logging
import runpy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings

from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.engines import search_engine
from determinations.search.interface import IndexDocument

GUNICORN_SETTINGS = Path(__file__).parents[3] / "imrsite" / "gunicorn.conf.py"
ITEM = IndexDocument(1, "CM14-0000001", "a block", "", "It is necessary.", "", {})


@pytest.fixture
def worker_begins() -> Callable[[], None]:
    begin: Callable[[Any], None] = runpy.run_path(str(GUNICORN_SETTINGS))["post_worker_init"]
    return lambda: begin(SimpleNamespace(log=logging.getLogger("gunicorn.error")))


def opened() -> bool:
    engine = search_engine()
    assert isinstance(engine, ColumnarEngine)
    return engine._snapshot is not None


def test_the_index_is_open(settings: Settings, tmp_path: Path, worker_begins: Callable[[], None]) -> None:
    settings.SEARCH_INDEX_DIR = tmp_path
    search_engine().replace_all([ITEM])
    assert not opened()
    worker_begins()
    assert opened()


@pytest.mark.parametrize("pointer", [None, "{", '{"generation": 1, "directory": "1", "schema_version": "0"}'])
def test_the_site_starts_without_an_index_that_can_be_opened(
    settings: Settings,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    worker_begins: Callable[[], None],
    pointer: str | None,
) -> None:
    settings.SEARCH_INDEX_DIR = tmp_path
    if pointer is not None:
        (tmp_path / "current").write_text(pointer)
    worker_begins()
    assert not opened()
    assert "manage.py rebuild_index" in caplog.text
