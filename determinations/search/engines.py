"""The search engine of this process, named by the settings SEARCH_ENGINE and SEARCH_INDEX_DIR."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from determinations.search.interface import SearchEngine


def search_engine() -> SearchEngine:
    """The process's engine. Raises ImproperlyConfigured if the setting names no class."""
    return _engine(settings.SEARCH_ENGINE, Path(settings.SEARCH_INDEX_DIR))


@lru_cache(maxsize=8)
def _engine(path: str, directory: Path) -> SearchEngine:
    try:
        engine: SearchEngine = import_string(path)(directory)
    except ImportError as error:
        raise ImproperlyConfigured(
            f"SEARCH_ENGINE is “{path}”, which cannot be imported: set it to the dotted path of a class "
            "such as determinations.search.columnar.engine.ColumnarEngine."
        ) from error
    return engine
