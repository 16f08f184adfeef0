"""Which engine serves, by the settings."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from determinations.search.engines import search_engine
from determinations.search.whoosh_engine.engine import ColumnarEngine
from determinations.search.whoosh_engine.whoosh_searching import WhooshEngine


@pytest.mark.parametrize(("name", "engine"), [("columnar", ColumnarEngine), ("whoosh", WhooshEngine)])
def test_the_setting_names_the_engine(
    settings: Settings, tmp_path: Path, name: str, engine: type[object]
) -> None:
    settings.SEARCH_ENGINE, settings.SEARCH_INDEX_DIR = name, tmp_path
    assert type(search_engine()) is engine
    assert search_engine() is search_engine()


def test_an_unknown_engine_is_refused_with_the_names_there_are(settings: Settings) -> None:
    settings.SEARCH_ENGINE = "lucene"
    with pytest.raises(ImproperlyConfigured, match=r"“lucene”.*“columnar”, “whoosh”"):
        search_engine()
