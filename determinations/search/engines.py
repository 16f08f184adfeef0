"""Which search engine serves, by the settings SEARCH_ENGINE and SEARCH_INDEX_DIR; one per process."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from determinations.search.interface import SearchEngine
from determinations.search.whoosh_engine.engine import ColumnarEngine
from determinations.search.whoosh_engine.whoosh_searching import WhooshEngine

_ENGINES: dict[str, Callable[[Path], SearchEngine]] = {"columnar": ColumnarEngine, "whoosh": WhooshEngine}


def search_engine() -> SearchEngine:
    """The process's engine. Raises ImproperlyConfigured for a name that no engine has."""
    return _engine(settings.SEARCH_ENGINE, Path(settings.SEARCH_INDEX_DIR))


@lru_cache(maxsize=8)
def _engine(name: str, directory: Path) -> SearchEngine:
    if name not in _ENGINES:
        known = ", ".join(f"“{known}”" for known in sorted(_ENGINES))
        raise ImproperlyConfigured(f"SEARCH_ENGINE is “{name}”; it must be one of {known}.")
    return _ENGINES[name](directory)
