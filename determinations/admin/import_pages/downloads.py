"""What can be taken away from an import: the list of its files, and a file as it came."""

from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from determinations.admin.import_pages.permissions import for_onlookers, of_batch
from determinations.export.csv_lines import spreadsheet_lines
from determinations.importing import originals
from determinations.importing.progress import csv_rows
from determinations.models import ImportBatch, ImportFile


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
        raise Http404("The bytes of this file were not kept: its reason says why.")
    try:
        data = originals.path_of(file.content_hash).open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is missing: restore the data directory's letters from a backup.") from error
    return FileResponse(
        data,
        as_attachment=True,
        filename=file.name.rpartition("/")[2] or "letter",
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff"},
    )
