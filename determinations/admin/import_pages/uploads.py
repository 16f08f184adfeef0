"""The page where the user chooses files for a new or an existing batch.

Its script sends each file in a request of its own; without the script, the form sends all of them in one, and
each is written to the data directory and closed when it is complete. Django's own handler keeps a file open
for each upload and takes its temporary name from the one that the browser sent: a thousand files, or one
with a very long ending, would end the request.
"""

import os
import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from determinations.admin.import_pages.permissions import for_importers, importer, of_batch
from determinations.importing import batch_run, originals
from determinations.importing.control import ImportControlError, announce_files
from determinations.importing.queue import BatchCanceledError, QuotaReachedError, receive_upload, start_batch
from determinations.letters.text.file_labels import label_of
from determinations.models import BatchState, ImportBatch
from determinations.views.error_pages import SECONDS_UNTIL_FREE

BYTES_AT_A_TIME = 1024 * 1024
RAW = "application/octet-stream"
MOST_FILES = 10_000_000


class CutShortError(Exception):
    """Fewer bytes came than were announced: the connection broke."""


@require_POST
@for_importers
def start(request: HttpRequest) -> JsonResponse:
    """Start a batch for `files` files, of which `first` is the first one's name; give its addresses."""
    files = _number(request, "files")
    if not files:
        return _error("Choose at least one file.", HTTPStatus.BAD_REQUEST)
    by = importer(request)
    batch = start_batch(source_of(request.POST.get("first", ""), files), by)
    announce_files(batch, files, by, skipped=_number(request, "skipped"))
    return JsonResponse(
        {
            "page": reverse("admin:determinations_importbatch_change", args=[batch.pk]),
            "announce": reverse("admin:determinations_importbatch_announce", args=[batch.pk]),
            "upload": reverse("admin:determinations_importbatch_upload", args=[batch.pk]),
        },
        status=HTTPStatus.CREATED,
    )


@require_POST
@for_importers
@of_batch
def announce(request: HttpRequest, batch: ImportBatch) -> JsonResponse:
    """Note that `files` more files are about to come."""
    try:
        announce_files(
            batch,
            _number(request, "files"),
            importer(request),
            skipped=_number(request, "skipped"),
        )
    except ImportControlError as error:
        return _error(str(error), HTTPStatus.CONFLICT)
    return JsonResponse({})


@require_POST
@for_importers
@of_batch
def upload(request: HttpRequest, batch: ImportBatch) -> JsonResponse:
    """Take one file: its name percent-encoded in X-File-Name, X-Sent-Before where this is another try."""
    if request.content_type != RAW or "Transfer-Encoding" in request.headers:
        return _error(
            f"Send the file as the request's body, with type {RAW} and its length.", HTTPStatus.BAD_REQUEST
        )
    pieces = _body(request)
    try:
        if batch.state == BatchState.CANCELLED:
            raise BatchCanceledError(f"Import {batch.pk} was canceled. Continue it or start another.")
        file = receive_upload(
            batch,
            unquote(request.headers.get("X-File-Name", "")),
            pieces,
            sent_before="X-Sent-Before" in request.headers,
        )
        answer = JsonResponse({"name": file.name, "error": file.reason}, status=HTTPStatus.CREATED)
    except BatchCanceledError as error:
        answer = _error(str(error), HTTPStatus.CONFLICT)
    except QuotaReachedError as error:
        answer = _error(str(error), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except (CutShortError, UnreadablePostError):
        return _error("The connection was lost. Send this file again.", HTTPStatus.SERVICE_UNAVAILABLE)
    except batch_run.PASSING_ERRORS as error:
        answer = _error(batch_run.in_words(error), HTTPStatus.SERVICE_UNAVAILABLE)
    _read_the_rest(pieces)
    return answer


def source_of(first: str, files: int) -> str:
    """Where a batch comes from, by its first file's name: "letters.zip and 2 more files"."""
    more = files - 1
    name = label_of(first)
    if not more:
        return name
    words = ngettext("%(name)s and %(number)s more file", "%(name)s and %(number)s more files", more)
    return words % {"name": name, "number": f"{more:,}"}


def _body(request: HttpRequest) -> Iterator[bytes]:
    missing = int(request.META.get("CONTENT_LENGTH") or 0)
    while missing:
        piece = request.read(min(missing, BYTES_AT_A_TIME))
        if not piece:
            raise CutShortError
        missing -= len(piece)
        yield piece


def _read_the_rest(pieces: Iterator[bytes]) -> None:
    # A browser reads no answer before it has sent all: it would take a refusal for a broken connection.
    try:
        for _ in pieces:
            pass
    except (CutShortError, UnreadablePostError):
        return


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return min(int(text), MOST_FILES) if text.isdecimal() and len(text) < 20 else 0


def _error(message: str, status: HTTPStatus) -> JsonResponse:
    response = JsonResponse({"error": message}, status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(SECONDS_UNTIL_FREE)
    return response


BROKE_OFF = "The upload was interrupted, and nothing was kept. Send the files again."


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
        messages.error(request, "This import was canceled. Continue it first, or start another.")
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
            f"More than {settings.DATA_UPLOAD_MAX_NUMBER_FILES:,} files were sent at once; none was kept. "
            "Send fewer at a time or pack them into a ZIP archive. With JavaScript, you can send any number.",
        )
    except UnreadablePostError:
        return _form(request, batch, BROKE_OFF)
    except batch_run.PASSING_ERRORS as error:
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
    except (BatchCanceledError, ImportControlError, QuotaReachedError) as error:
        messages.error(request, f"{taken:,} of {len(files):,} files were received. {error}")
    except batch_run.PASSING_ERRORS as error:
        messages.error(
            request,
            f"{taken:,} of {len(files):,} files were received. {batch_run.in_words(error)} Then send the "
            "files again. Files that have already arrived are not stored twice.",
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


class SpooledFile(UploadedFile[bytes]):
    """An upload that is complete on disk; `chunks` gives its bytes."""

    def __init__(self, path: Path, name: str, size: int) -> None:
        super().__init__(name=name, size=size)
        self._path = path

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            while piece := file.read(chunk_size or BYTES_AT_A_TIME):
                yield piece

    def close(self) -> None:
        """Remove the bytes; Django does so at the end of the request."""
        self._path.unlink(missing_ok=True)


class SpoolingUploadHandler(FileUploadHandler):
    """Takes every file of a form, however many and large. `discard` removes what is left of them."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._paths: list[Path] = []
        self._writing: IO[bytes] | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        descriptor, name = tempfile.mkstemp(dir=originals.aside_folder())
        self._paths.append(Path(name))
        self._writing = os.fdopen(descriptor, "wb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._writing:
            self._writing.write(raw_data)

    def file_complete(self, file_size: int) -> SpooledFile:
        self._close()
        return SpooledFile(self._paths[-1], self.file_name or "", file_size)

    def upload_interrupted(self) -> None:
        self.discard()

    def discard(self) -> None:
        """Remove every file of this form."""
        self._close()
        for path in self._paths:
            path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._writing:
            self._writing.close()
            self._writing = None
