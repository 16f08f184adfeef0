"""The content of a batch's page, gathered from the current records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
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
from determinations.importing.control import ImportControlError, files_to_retry
from determinations.importing.progress import BatchProgress, csv_rows, newest_failures, progress_of
from determinations.importing.worker import worker_pid
from determinations.models import BatchState, Determination, FileResult, ImportBatch, ImportFile

FAILURES_SHOWN = 20
LETTERS_SHOWN = 20

_ALWAYS_SHOWN = (
    FileResult.NEW,
    FileResult.ALREADY_THERE,
    FileResult.SUPERSEDING,
    FileResult.NEEDS_OCR,
    FileResult.FAILED,
    FileResult.WAITING,
)
_SOMETIMES_SHOWN = (FileResult.UNPACKED, FileResult.CANCELLED)
_STORED = (FileResult.NEW, FileResult.SUPERSEDING)


@dataclass(frozen=True, slots=True)
class ResultCount:
    result: FileResult
    files: int


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch's current state. `to_retry` and `to_retry_newer` are numbers of failed files that can be read
    again: all of them, and those that the current version of the parser has not read.
    """

    batch: ImportBatch
    progress: BatchProgress
    failures: Sequence[ImportFile]
    letters: Sequence[Determination]
    to_retry: int
    to_retry_newer: int
    worker_runs: bool
    taken_first: ImportBatch | None
    history: Sequence[LogEntry]

    @property
    def awaits_files(self) -> bool:
        """Whether all that came is imported, and a browser announced more."""
        idle = self.batch.state in (BatchState.RUNNING, BatchState.DONE)
        return idle and not self.waiting and bool(self.batch.pending_uploads)

    @property
    def state(self) -> str:
        """The state in words."""
        if self.awaits_files:
            return "Waiting for files from the browser"
        if self.batch.state == BatchState.RUNNING and not self.progress.total:
            return "Just started"
        return str(self.batch.get_state_display())

    @property
    def runs(self) -> bool:
        return self.batch.state == BatchState.RUNNING

    @property
    def is_done(self) -> bool:
        return self.batch.state == BatchState.DONE and not self.awaits_files

    @property
    def goes_on_by_itself(self) -> bool:
        """Whether the numbers will change without anyone's action."""
        return self.runs or self.awaits_files

    @property
    def can_pause(self) -> bool:
        return self.runs

    @property
    def can_continue(self) -> bool:
        return self.batch.state in (BatchState.PAUSED, BatchState.CANCELLED)

    @property
    def can_cancel(self) -> bool:
        return self.batch.state in (BatchState.RUNNING, BatchState.PAUSED)

    @property
    def waiting(self) -> int:
        return self.progress.counts[FileResult.WAITING]

    @property
    def expected(self) -> int:
        """Files that are here, in archives that were opened, or announced."""
        return self.progress.total + self.batch.pending_uploads

    @property
    def failed(self) -> int:
        return self.progress.counts[FileResult.FAILED] + self.progress.counts[FileResult.NEEDS_OCR]

    @property
    def stored(self) -> int:
        return sum(self.progress.counts[result] for result in _STORED)

    @property
    def seconds_left(self) -> float | None:
        rate = self.progress.rate
        left = self.progress.remaining + self.batch.pending_uploads
        return left / rate if rate and not self.awaits_files else None

    @property
    def counts(self) -> list[ResultCount]:
        """The results in the order of the page; those of no file where they are news in themselves."""
        counts = self.progress.counts
        shown = [*_ALWAYS_SHOWN, *(result for result in _SOMETIMES_SHOWN if counts[result])]
        return [ResultCount(result, counts[result]) for result in shown]


def page_of(batch: ImportBatch) -> BatchPage:
    """The batch's page, read from the database now."""
    batch.refresh_from_db()
    progress = progress_of(batch)
    failed = progress.counts[FileResult.FAILED] + progress.counts[FileResult.NEEDS_OCR]
    return BatchPage(
        batch=batch,
        progress=progress,
        failures=newest_failures(batch, FAILURES_SHOWN) if failed else (),
        letters=_newest_letters(batch) if batch.state == BatchState.DONE else (),
        to_retry=files_to_retry(batch).count() if failed else 0,
        to_retry_newer=files_to_retry(batch, older_reader_only=True).count() if failed else 0,
        worker_runs=worker_pid() is not None,
        taken_first=_taken_first(batch),
        history=_history(batch),
    )


def counts_of(batches: Sequence[ImportBatch]) -> dict[int, dict[FileResult, int]]:
    """For each batch's key, the number of its files by result."""
    counts: dict[int, dict[FileResult, int]] = {batch.pk: dict.fromkeys(FileResult, 0) for batch in batches}
    rows = ImportFile.objects.filter(batch__in=counts).order_by().values_list("batch", "result")
    for batch, result, files in rows.annotate(files=Count("pk")):
        counts[batch][FileResult(result)] = files
    return counts


def letters_of(batch: ImportBatch) -> QuerySet[Determination]:
    """The letters that came with the batch, new ones and new versions."""
    keys = batch.files.filter(result__in=_STORED).values("determination")
    return Determination.objects.filter(pk__in=keys)


def _newest_letters(batch: ImportBatch) -> list[Determination]:
    return list(letters_of(batch).defer("full_text").order_by("-pk")[:LETTERS_SHOWN])


def _taken_first(batch: ImportBatch) -> ImportBatch | None:
    if batch.state != BatchState.RUNNING:
        return None
    return ImportBatch.objects.filter(state=BatchState.RUNNING, pk__lt=batch.pk).order_by("pk").first()


def _history(batch: ImportBatch) -> list[LogEntry]:
    entries = LogEntry.objects.filter(
        content_type=get_content_type_for_model(ImportBatch), object_id=str(batch.pk)
    )
    return list(entries.select_related("user").order_by("-pk")[:FAILURES_SHOWN])


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
        except batch_run.PASSING_ERRORS as error:
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
        data = originals.opened(file.content_hash)
    except FileNotFoundError as error:
        raise Http404("The file is missing. Restore the data directory's letters from a backup.") from error
    return FileResponse(
        data,
        as_attachment=True,
        filename=file.name.rpartition("/")[2] or "letter",
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff"},
    )
