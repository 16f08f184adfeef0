"""The page on which files are chosen, for a new batch or one that is there. Its script sends each file in a
request of its own; without the script the form sends them all in one.
"""

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from determinations.admin.import_pages.permissions import for_importers, importer, of_batch
from determinations.admin.import_pages.upload_api import BYTES_AT_A_TIME, source_of
from determinations.admin.import_pages.upload_handler import SpoolingUploadHandler
from determinations.importing import batch_run
from determinations.importing.control import ImportControlError, announce_files
from determinations.importing.queue import BatchCancelledError, receive_upload, start_batch
from determinations.models import BatchState, ImportBatch

BROKE_OFF = "The upload broke off on its way, and nothing of it was kept: send the files again."


@csrf_exempt  # the middleware would read the form before its files have somewhere to go; see _take
@require_http_methods(["GET", "HEAD", "POST"])
@for_importers
def new_import(request: HttpRequest) -> HttpResponseBase:
    """Choose files for a new batch."""
    return _upload_page(request, None)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@for_importers
@of_batch
def add_letters(request: HttpRequest, batch: ImportBatch) -> HttpResponseBase:
    """Choose more files for a batch."""
    if batch.state == BatchState.CANCELLED:
        messages.error(request, "This import was cancelled: continue it first, or start another.")
        return redirect("admin:determinations_importbatch_change", batch.pk)
    return _upload_page(request, batch)


def _upload_page(request: HttpRequest, batch: ImportBatch | None) -> HttpResponseBase:
    if request.method != "POST":
        return _form(request, batch)
    handler = SpoolingUploadHandler(request)
    request.upload_handlers = [handler]
    try:
        request.FILES  # noqa: B018  reads the form
        return _take(request, batch)
    except TooManyFilesSent:
        while request.read(BYTES_AT_A_TIME):
            pass  # or the browser, still sending, would not read the answer
        return _form(
            request,
            batch,
            f"More than {settings.DATA_UPLOAD_MAX_NUMBER_FILES:,} files came at once, and none was kept. "
            "Send fewer at a time or pack them into a ZIP archive; with JavaScript any number can be sent.",
        )
    except UnreadablePostError:
        return _form(request, batch, BROKE_OFF)
    except batch_run.PASSING_TROUBLES as error:
        return _form(request, batch, batch_run.in_words(error))
    finally:
        handler.discard()


@csrf_protect
def _take(request: HttpRequest, batch: ImportBatch | None) -> HttpResponseBase:
    files = request.FILES.getlist("letters")
    if "all_sent" not in request.POST:  # the form's last field
        return _form(request, batch, BROKE_OFF)
    if not files:
        return _form(request, batch, "Choose at least one letter or ZIP archive.")
    by = importer(request)
    batch = batch or start_batch(source_of(files[0].name or "", len(files)), by)
    taken = 0
    try:
        announce_files(batch, len(files), by)
        for file in files:
            receive_upload(batch, file.name or "", file.chunks())
            taken += 1
    except (BatchCancelledError, ImportControlError) as error:
        messages.error(request, f"{taken:,} of {len(files):,} files were taken. {error}")
    except batch_run.PASSING_TROUBLES as error:
        messages.error(
            request,
            f"{taken:,} of {len(files):,} files were taken. {batch_run.in_words(error)} Then send the "
            "files again: what is there already is not stored twice.",
        )
    return redirect("admin:determinations_importbatch_change", batch.pk)


def _form(request: HttpRequest, batch: ImportBatch | None, error: str = "") -> HttpResponse:
    title = f"Add letters to import {batch.pk}" if batch else "Import letters"
    return render(
        request,
        "admin/determinations/imports/upload.html",
        {
            **site.each_context(request),
            "title": title,
            "opts": ImportBatch._meta,
            "batch": batch,
            "error": error,
            "most_files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
        },
    )
