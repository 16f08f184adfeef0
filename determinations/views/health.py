"""Whether the site can answer: its database and its index. For machines that watch it."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from determinations.search.engines import search_engine
from determinations.search.interface import SearchUnavailableError
from determinations.views.decorators import log_unavailable

logger = logging.getLogger(__name__)


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 where both answer, else 503; the body names each and how many items are indexed."""
    report: dict[str, str | int] = {"database": _database(), "index": "ok"}
    try:
        report["indexed_items"] = search_engine().status().documents
    except SearchUnavailableError as error:
        log_unavailable(error)
        report["index"] = str(error)
    well = report["database"] == report["index"] == "ok"
    return JsonResponse(report, status=200 if well else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("The database does not answer")
        return "does not answer"
    return "ok"
