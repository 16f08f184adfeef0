"""What may be done to a batch from its page: each a POST, checked, and in the batch's history."""

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
    return "Paused. What waits keeps waiting until you continue."


def _cancel(batch: ImportBatch, by: User) -> str:
    given_up = import_control.cancel(batch, by)
    return f"Cancelled. Waiting files that will not be imported: {given_up:,}. Letters that are in stay."


def _continue(batch: ImportBatch, by: User) -> str:
    return f"The import goes on. Files that wait: {import_control.continue_batch(batch, by):,}."


def _retry(batch: ImportBatch, by: User) -> str:
    return f"Failed files queued to be read again: {import_control.retry_failed(batch, by):,}."


def _retry_newer(batch: ImportBatch, by: User) -> str:
    files = import_control.retry_failed(batch, by, older_reader_only=True)
    return f"Files of an older reader queued to be read again: {files:,}."


def _expect_no_more(batch: ImportBatch, by: User) -> str:
    missing = import_control.expect_no_more(batch, by)
    return f"No more files are waited for. Chosen files that did not arrive: {missing:,}."


def _unknown(batch: ImportBatch, by: User) -> str:
    raise ImportControlError("This cannot be done to an import.")


_ACTS: dict[str, Act] = {
    "pause": _pause,
    "cancel": _cancel,
    "continue": _continue,
    "retry": _retry,
    "retry_newer": _retry_newer,
    "expect_no_more": _expect_no_more,
}
