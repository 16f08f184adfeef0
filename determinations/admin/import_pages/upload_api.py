"""Files that a script sends, one request each: the request's body is the file, streamed to disk.

A form field would have its own limits and a second copy. Every answer is JSON: `error` is a sentence for the
person who sends, and its status says whether sending again may help (5xx) or not (4xx).
"""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import unquote

from django.http import HttpRequest, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.views.decorators.http import require_POST

from determinations.admin.import_pages.permissions import for_importers, importer, of_batch
from determinations.importing import batch_run
from determinations.importing.control import ImportControlError, announce_files
from determinations.importing.queue import BatchCancelledError, QuotaReachedError, receive_upload, start_batch
from determinations.letters.text.file_labels import label_of
from determinations.models import BatchState, ImportBatch

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
            raise BatchCancelledError(f"Import {batch.pk} was canceled. Continue it or start another.")
        file = receive_upload(
            batch,
            unquote(request.headers.get("X-File-Name", "")),
            pieces,
            sent_before="X-Sent-Before" in request.headers,
        )
        answer = JsonResponse({"name": file.name, "error": file.reason}, status=HTTPStatus.CREATED)
    except BatchCancelledError as error:
        answer = _error(str(error), HTTPStatus.CONFLICT)
    except QuotaReachedError as error:
        answer = _error(str(error), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except (CutShortError, UnreadablePostError):
        return _error("The connection was lost. Send this file again.", HTTPStatus.SERVICE_UNAVAILABLE)
    except batch_run.PASSING_TROUBLES as error:
        answer = _error(batch_run.in_words(error), HTTPStatus.SERVICE_UNAVAILABLE)
    _read_the_rest(pieces)
    return answer


def source_of(first: str, files: int) -> str:
    """Where a batch comes from, by its first file's name: "letters.zip and 2 more files"."""
    more = files - 1
    name = label_of(first)
    return f"{name} and {more:,} more {'file' if more == 1 else 'files'}" if more else name


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
    return JsonResponse({"error": message}, status=status)
