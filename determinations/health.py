"""What works on this site and what does not, for programs that watch it.

The database: every table is there, and rows of it can be read. The index: a search can be run. The import
worker: it runs and goes through its loop. The disk: room for imports. The originals: how the last check of
them ended. Following: the index has what the database has, but for the last minutes.
"""

import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.conf import settings
from django.db import Error, connection
from django.db.models import Max
from django.utils import timezone

from determinations.importing.original_checks import last_check
from determinations.importing.worker import worker_silence
from determinations.models import BatchState, FileResult, ImportFile
from determinations.search.change_log import holding_followers
from determinations.search.engines import search_engine
from determinations.search.indexing import lag_of
from determinations.search.interface import SearchRequest, SearchUnavailableError

LONGEST_SILENCE_SECONDS = 180.0
"""Longer than a letter may take, and than the index takes to write what is noted."""

OK = "ok"
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """Each part is "ok" or says what is wrong. `figures`: items, files, seconds and bytes by name.

    `engine`: the name of the search engine, where it answers.
    """

    parts: Mapping[str, str]
    figures: Mapping[str, int] = field(default_factory=dict)
    engine: str = ""

    @property
    def is_well(self) -> bool:
        return all(state == OK for state in self.parts.values())


def readiness() -> Health:
    """Only what a visitor needs: database and index."""
    index, figures, engine = _index()
    return Health({"database": _database(), "index": index}, figures, engine)


def whole_health() -> Health:
    """Everything."""
    ready = readiness()
    worker, worker_figures = _worker()
    disk, disk_figures = _disk()
    originals, originals_figures = _originals()
    parts = {**ready.parts, "worker": worker, "disk": disk, "originals": originals, "following": OK}
    if ready.parts["database"] == OK and _is_read_only():
        parts["database"] = "is read-only: nothing can be changed"
    figures = {**ready.figures, **worker_figures, **disk_figures, **originals_figures}
    if ready.parts["database"] == OK:
        parts["following"], following_figures = _following()
        figures |= {**_queue(), **following_figures}
    return Health(parts, figures, ready.engine)


def _database() -> str:
    """Rows are read whole at both ends of each table: a count would not notice a page that is damaged."""
    try:
        present = set(connection.introspection.table_names())
        models = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
        missing = sorted(model._meta.db_table for model in models if model._meta.db_table not in present)
        if missing:
            return f"has no table {missing[0]}" + (f" and {len(missing) - 1} more" if missing[1:] else "")
        for model in models:
            rows = model._base_manager.order_by("pk")
            rows.first()
            rows.last()
    except Error:
        logger.exception("The database does not respond")
        return "does not respond"
    return OK


def _is_read_only() -> bool:
    """Whether PostgreSQL refuses changes, as a standby does; visitors can be served all the same."""
    if connection.vendor != "postgresql":
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            return bool(cursor.fetchone() == ("on",))
    except Error:  # it went away since it was read
        return False


def _index() -> tuple[str, dict[str, int], str]:
    try:
        status = search_engine().status()
        search_engine().search(SearchRequest(limit=1))
    except SearchUnavailableError as error:
        logger.error("Search is unavailable: %s", error.with_notes)
        return str(error), {}, ""
    return OK, {"indexed_items": status.documents}, status.engine


def _worker() -> tuple[str, dict[str, int]]:
    try:
        silence = worker_silence()
    except Error:
        return "is not known, since the database does not respond", {}
    if silence is None:
        return "is not running", {}
    figures = {"worker_silence_seconds": round(silence)}
    if silence > LONGEST_SILENCE_SECONDS:
        return f"has not moved for {silence:.0f} seconds", figures
    return OK, figures


def _disk() -> tuple[str, dict[str, int]]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    figures = {"free_bytes": free}
    if free < settings.LEAST_FREE_BYTES:
        return f"has only {free / 1_000_000:,.0f} MB left", figures
    return OK, figures


def _originals() -> tuple[str, dict[str, int]]:
    """A site whose originals were never checked is well, and has no figure of a check."""
    last = last_check()
    if last is None:
        return OK, {}
    figures = {
        "originals_checked_seconds_ago": max(0, round((timezone.now() - last.finished_at).total_seconds())),
        "originals_damaged": last.damaged,
        "originals_missing": last.missing,
    }
    if not last.whole:
        return "are damaged, missing or unreadable: run check_originals", figures
    return OK, figures


def _following() -> tuple[str, dict[str, int]]:
    """How far this machine's index is behind the database, and how many indexes follow it."""
    lag = lag_of(search_engine())
    figures = {
        "waiting_index_changes": lag.changes,
        "index_behind_seconds": round(lag.seconds),
        "index_followers": len(holding_followers()),
    }
    if lag.seconds > LONGEST_SILENCE_SECONDS:
        return f"is {lag.seconds:.0f} seconds behind", figures
    return OK, figures


def _queue() -> dict[str, int]:
    """What waits to be imported, and for how long a file has been the next one."""
    waiting = ImportFile.objects.filter(result=FileResult.WAITING, batch__state=BatchState.RUNNING)
    figures = {"waiting_files": waiting.count()}
    next_file = waiting.select_related("batch").order_by("batch_id").first()
    if next_file:  # it may have been imported since they were counted
        batch = next_file.batch
        last = batch.files.aggregate(at=Max("finished_at"))["at"]
        since = max(batch.resumed_at, last or batch.resumed_at)
        figures["queue_age_seconds"] = max(0, round((timezone.now() - since).total_seconds()))
    return figures
