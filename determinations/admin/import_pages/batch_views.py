"""A batch's own page: its state as HTML and as JSON for the page's script, its buttons, its downloads."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.views.decorators.http import require_POST, require_safe

from determinations.admin.import_pages.batch_page import BatchPage, page_of
from determinations.admin.import_pages.permissions import (
    for_importers,
    for_onlookers,
    importer,
    may_import,
    of_batch,
)
from determinations.export.csv_lines import spreadsheet_lines
from determinations.importing import batch_run, originals
from determinations.importing import control as import_control
from determinations.importing.control import ImportControlError
from determinations.importing.progress import csv_rows
from determinations.models import ImportBatch, ImportFile

PARTS = ("standing", "controls", "counts", "failures", "letters", "history")
"""The sections of the page that change while the import runs, each a template of its own."""

PART_TEMPLATE = "admin/determinations/imports/parts/{}.html"

View = Callable[..., HttpResponseBase]
Act = Callable[[ImportBatch, User], str]


@require_safe
@for_onlookers
@of_batch
def batch_page(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    """The state of the batch, what failed, and what the user can do about it."""
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
        "pending_uploads": page.batch.pending_uploads,
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


def batch_action(act: Act) -> View:
    """A POST that does something to is a batch and says what. The batch's history has it, too.

    A script that asks for JSON gets what was done, others the batch's page again.
    """

    @require_POST
    @for_importers
    @of_batch
    @wraps(act)
    def view(request: HttpRequest, batch: ImportBatch) -> HttpResponseBase:
        done = failed = ""
        try:
            done = act(batch, importer(request))
        except ImportControlError as error:
            failed = str(error)
        except batch_run.PASSING_TROUBLES as error:
            failed = batch_run.in_words(error)
        if request.headers.get("Accept") == "application/json":
            status = HTTPStatus.CONFLICT if failed else HTTPStatus.OK
            return JsonResponse({"done": done, "error": failed}, status=status)
        if failed:
            messages.error(request, failed)
        else:
            messages.success(request, done)
        return redirect("admin:determinations_importbatch_change", batch.pk)

    return view


@batch_action
def pause(batch: ImportBatch, by: User) -> str:
    import_control.pause(batch, by)
    return "Paused. The remaining files wait until you continue."


@batch_action
def cancel(batch: ImportBatch, by: User) -> str:
    given_up = import_control.cancel(batch, by)
    return f"Canceled. Files that will not be imported: {given_up:,}. Letters already imported stay."


@batch_action
def continue_batch(batch: ImportBatch, by: User) -> str:
    return f"The import continues. Files waiting: {import_control.continue_batch(batch, by):,}."


@batch_action
def retry(batch: ImportBatch, by: User) -> str:
    return f"Failed files queued for another try: {import_control.retry_failed(batch, by):,}."


@batch_action
def retry_newer(batch: ImportBatch, by: User) -> str:
    files = import_control.retry_failed(batch, by, older_reader_only=True)
    return f"Files from an older parser queued for another try: {files:,}."


@batch_action
def expect_no_more(batch: ImportBatch, by: User) -> str:
    missing = import_control.expect_no_more(batch, by)
    return f"The import no longer waits for uploads. Files that did not arrive: {missing:,}."


@require_safe
@for_onlookers
@of_batch
def results(request: HttpRequest, batch: ImportBatch) -> HttpResponseBase:
    """Every file of the batch and its result as CSV, sent while it is read."""
    return StreamingHttpResponse(
        spreadsheet_lines(csv_rows(batch)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="import-{batch.pk}.csv"'},
    )


@require_safe
@for_onlookers
def original(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """A file as it came, whatever it is: to be saved, never to be shown by the browser."""
    file = get_object_or_404(ImportFile, pk=file_id)
    if not file.content_hash:
        raise Http404("This file was not kept. Its reason says why.")
    try:
        data = originals.path_of(file.content_hash).open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is missing. Restore the data directory's letters from a backup.") from error
    return FileResponse(
        data,
        as_attachment=True,
        filename=file.name.rpartition("/")[2] or "letter",
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff"},
    )
