"""Actions on a batch from its page: each is a POST, is checked and is added to the batch's history."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from determinations.admin.import_pages.permissions import for_importers, importer, of_batch
from determinations.importing import batch_run
from determinations.importing import control as import_control
from determinations.importing.control import ImportControlError
from determinations.models import ImportBatch

Act = Callable[[ImportBatch, User], str]


@require_POST
@for_importers
@of_batch
def control(request: HttpRequest, batch: ImportBatch) -> HttpResponseBase:
    """Do what `act` names. A script that asks for JSON gets what was done, others the batch's page again."""
    act = _ACTS.get(request.POST.get("act", ""), _unknown)
    try:
        done, refused = act(batch, importer(request)), ""
    except ImportControlError as error:
        done, refused = "", str(error)
    except batch_run.PASSING_TROUBLES as error:
        done, refused = "", batch_run.in_words(error)
    if request.headers.get("Accept") == "application/json":
        status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
        return JsonResponse({"done": done, "error": refused}, status=status)
    if refused:
        messages.error(request, refused)
    else:
        messages.success(request, done)
    return redirect("admin:determinations_importbatch_change", batch.pk)


def _pause(batch: ImportBatch, by: User) -> str:
    import_control.pause(batch, by)
    return "Paused. The remaining files wait until you continue."


def _cancel(batch: ImportBatch, by: User) -> str:
    given_up = import_control.cancel(batch, by)
    return f"Canceled. Files that will not be imported: {given_up:,}. Letters already imported stay."


def _continue(batch: ImportBatch, by: User) -> str:
    return f"The import continues. Files waiting: {import_control.continue_batch(batch, by):,}."


def _retry(batch: ImportBatch, by: User) -> str:
    return f"Failed files queued for another try: {import_control.retry_failed(batch, by):,}."


def _retry_newer(batch: ImportBatch, by: User) -> str:
    files = import_control.retry_failed(batch, by, older_reader_only=True)
    return f"Files from an older parser queued for another try: {files:,}."


def _expect_no_more(batch: ImportBatch, by: User) -> str:
    missing = import_control.expect_no_more(batch, by)
    return f"The import no longer waits for uploads. Files that did not arrive: {missing:,}."


def _unknown(batch: ImportBatch, by: User) -> str:
    raise ImportControlError("An import does not have this action.")


_ACTS: dict[str, Act] = {
    "pause": _pause,
    "cancel": _cancel,
    "continue": _continue,
    "retry": _retry,
    "retry_newer": _retry_newer,
    "expect_no_more": _expect_no_more,
}
