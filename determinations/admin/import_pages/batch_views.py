"""A batch's own page, and how it stands as JSON for the page's script."""

from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from determinations.admin.import_pages.batch_page import BatchPage, page_of
from determinations.admin.import_pages.permissions import for_onlookers, may_import, of_batch
from determinations.models import ImportBatch

PARTS = ("standing", "controls", "counts", "failures", "letters", "history")
"""The sections of the page that change while the import runs, each a template of its own."""

PART_TEMPLATE = "admin/determinations/imports/parts/{}.html"


@require_safe
@for_onlookers
@of_batch
def batch_page(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    """How the batch stands, what failed, and what can be done about it."""
    return render(
        request,
        "admin/determinations/imports/batch.html",
        {
            **site.each_context(request),
            **_context(request, page_of(batch)),
            "title": capfirst(str(batch)),
            "opts": ImportBatch._meta,
        },
    )


@require_safe
@for_onlookers
@of_batch
def status(request: HttpRequest, batch: ImportBatch) -> JsonResponse:
    """The numbers, and the page's changing sections as HTML."""
    return JsonResponse(status_of(request, batch))


def status_of(request: HttpRequest, batch: ImportBatch) -> dict[str, object]:
    """What `status` answers."""
    page = page_of(batch)
    context = _context(request, page)
    return {
        "state": page.batch.state,
        "in_words": page.state,
        "goes_on": page.goes_on_by_itself,
        "total": page.progress.total,
        "finished": page.progress.finished,
        "files_to_come": page.batch.files_to_come,
        "counts": {count.value: files for count, files in page.progress.counts.items()},
        "rate": page.progress.rate,
        "seconds_left": page.seconds_left,
        "worker_runs": page.worker_runs,
        "parts": {part: render_to_string(PART_TEMPLATE.format(part), context, request) for part in PARTS},
    }


def _context(request: HttpRequest, page: BatchPage) -> dict[str, object]:
    return {
        "page": page,
        "batch": page.batch,
        "may_import": may_import(request.user),
        "may_see_determinations": request.user.has_perm("determinations.view_determination"),
        "parts": [(part, PART_TEMPLATE.format(part)) for part in PARTS],
    }
