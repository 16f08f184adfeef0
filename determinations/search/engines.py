"""The search engine of this process: on a cluster where SEARCH_URLS names one, else in SEARCH_INDEX_DIR."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from determinations.search.interface import SearchEngine
from determinations.search.opensearch.connection import Access


def search_engine() -> SearchEngine:
    """The process's engine. Raises ImproperlyConfigured if a setting names no class, or no cluster."""
    if settings.SEARCH_URLS:
        return _engine_on_cluster(
            settings.SEARCH_ENGINE,
            tuple(settings.SEARCH_CLUSTER.items()),
            tuple(settings.SEARCH_INDEX.items()),
        )
    return _engine(settings.SEARCH_ENGINE, Path(settings.SEARCH_INDEX_DIR))


@lru_cache(maxsize=8)
def _engine(path: str, directory: Path) -> SearchEngine:
    engine: SearchEngine = _class(path)(directory)
    return engine


@lru_cache(maxsize=8)
def _engine_on_cluster(
    path: str, cluster: tuple[tuple[str, object], ...], index: tuple[tuple[str, object], ...]
) -> SearchEngine:
    try:
        access = Access(**dict(cluster))  # type: ignore[arg-type]
    except ValueError as error:
        raise ImproperlyConfigured(f"IMR_SEARCH_URL is wrong: {error}.") from error
    engine: SearchEngine = _class(path)(access, **dict(index))
    return engine


def _class(path: str) -> type:
    try:
        found: type = import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(
            f"SEARCH_ENGINE is “{path}”, which cannot be imported: set it to the dotted path of a class "
            "such as determinations.search.columnar.engine.ColumnarEngine."
        ) from error
    return found
