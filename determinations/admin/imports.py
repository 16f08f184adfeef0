"""Admin pages of imports: "add" is the page for choosing letters, "change" is a batch's own page."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt

from determinations.admin.import_filter import ErrorCodeFilter
from determinations.admin.import_pages import batch_page, uploads
from determinations.admin.import_pages.batch_page import counts_of
from determinations.admin.import_pages.permissions import may_import, may_see
from determinations.models import BatchState, FileResult, ImportBatch, ImportFile

View = Callable[..., HttpResponseBase]


class RecordAdmin(admin.ModelAdmin[Any]):
    """A record of imports: nobody writes or deletes it by hand, and people who may see imports see it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_see(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may_see(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def _path(self, address: str, view: View, name: str) -> URLPattern:
        full_name = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(address, self.admin_site.admin_view(view), name=full_name)


@admin.register(ImportBatch)
class ImportBatchAdmin(RecordAdmin):
    list_display = ("__str__", "standing", "started_by_name", "started_at", "results")
    list_filter = ("state", "started_at")
    search_fields = ("source", "started_by_name")
    list_per_page = 20
    change_list_template = "admin/determinations/imports/change_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_import(request.user)

    def get_urls(self) -> list[URLPattern]:
        return [
            self._path("start/", uploads.start, "start"),
            self._path("<int:batch_id>/add-letters/", uploads.add_letters, "add_letters"),
            self._path("<int:batch_id>/announce/", uploads.announce, "announce"),
            self._path("<int:batch_id>/upload/", uploads.upload, "upload"),
            self._path("<int:batch_id>/status/", batch_page.status, "status"),
            self._path("<int:batch_id>/pause/", batch_page.pause, "pause"),
            self._path("<int:batch_id>/cancel/", batch_page.cancel, "cancel"),
            self._path("<int:batch_id>/continue/", batch_page.continue_batch, "continue"),
            self._path("<int:batch_id>/retry/", batch_page.retry, "retry"),
            self._path("<int:batch_id>/retry-newer/", batch_page.retry_newer, "retry_newer"),
            self._path("<int:batch_id>/expect-no-more/", batch_page.expect_no_more, "expect_no_more"),
            self._path("<int:batch_id>/results.csv", batch_page.results, "results"),
            self._path("<int:batch_id>/change/", batch_page.batch_page, "change"),
            *super().get_urls(),
        ]

    @csrf_exempt  # checked by the view itself, once the files of the form have somewhere to go
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return uploads.new_import(request)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        counts = counts_of(list(changelist.result_list))
        for batch in changelist.result_list:
            batch.counts = counts[batch.pk]
        return changelist

    @admin.display(description="state", ordering="state")
    def standing(self, batch: Any) -> str:
        if batch.state == BatchState.DONE and batch.pending_uploads:
            return f"Waiting for {batch.pending_uploads:,} files from the browser"
        return str(batch.get_state_display())

    @admin.display(description="results")
    def results(self, batch: Any) -> str:
        """Such as "594 new, 3 failed"."""
        counts = ((result, batch.counts[result]) for result in FileResult)
        return ", ".join(f"{files:,} {_in_words(result, files)}" for result, files in counts if files)


@admin.register(ImportFile)
class ImportFileAdmin(RecordAdmin):
    list_display = ("name", "result", "reason", "determination", "batch", "original")
    list_filter = ("result", ErrorCodeFilter)
    search_fields = ("name", "content_hash", "reason")
    list_select_related = ("batch", "determination")
    fields = (
        "batch",
        "archive",
        "name",
        "result",
        "code",
        "reason",
        "determination",
        "original",
        "size",
        "content_hash",
        "parser_version",
        "finished_at",
    )

    def get_urls(self) -> list[URLPattern]:
        return [
            self._path("<int:file_id>/original/", batch_page.original, "original"),
            *super().get_urls(),
        ]

    @admin.display(description="original file")
    def original(self, file: ImportFile) -> str:
        if not file.content_hash:
            return "not kept"
        address = reverse("admin:determinations_importfile_original", args=[file.pk])
        return format_html('<a href="{}">Download</a>', address)


def _in_words(result: FileResult, files: int) -> str:
    match result:
        case FileResult.SUPERSEDING:
            return ngettext("new version", "new versions", files)
        case FileResult.NEEDS_OCR:
            return "needing OCR"
        case FileResult.UNPACKED:
            return ngettext("archive unpacked", "archives unpacked", files)
    return str(result.label).lower()
