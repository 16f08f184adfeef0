"""Which engine serves, by the settings."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.engines import search_engine
from tests.oracle.whoosh_engine import WhooshEngine


@pytest.mark.parametrize(
    ("path", "engine"),
    [
        ("determinations.search.columnar.engine.ColumnarEngine", ColumnarEngine),
        ("tests.oracle.whoosh_engine.WhooshEngine", WhooshEngine),
    ],
)
def test_the_setting_names_the_engine(
    settings: Settings, tmp_path: Path, path: str, engine: type[object]
) -> None:
    settings.SEARCH_ENGINE, settings.SEARCH_INDEX_DIR = path, tmp_path
    assert type(search_engine()) is engine
    assert search_engine() is search_engine()


def test_an_engine_that_cannot_be_imported_is_refused(settings: Settings) -> None:
    settings.SEARCH_ENGINE = "lucene"
    with pytest.raises(ImproperlyConfigured, match=r"“lucene”.*ColumnarEngine"):
        search_engine()
