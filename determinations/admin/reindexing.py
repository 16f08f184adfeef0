"""What the admin pages of letters share: what is saved reaches the index, and history says what it was."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from determinations.admin.corrections import with_values
from determinations.search.engines import search_engine
from determinations.search.indexing import waiting_changes, write_changes
from determinations.search.interface import SearchError

MOST_CHANGES_AT_ONCE = 500
"""More than this is an import's backlog, which its worker writes: a page must not wait for that."""


class SearchedAdmin(admin.ModelAdmin[Any]):
    """Brings the index up to date after every change, outside the change's own transaction."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._indexed(request, super().changeform_view(request, *args, **kwargs))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._indexed(request, super().delete_view(request, *args, **kwargs))

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._indexed(request, super().changelist_view(request, *args, **kwargs))

    def _indexed(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        waiting = waiting_changes() if request.method == "POST" else 0
        if waiting > MOST_CHANGES_AT_ONCE:
            messages.warning(request, f"Saved; search knows it once {waiting:,} earlier changes are written.")
        elif waiting:
            try:
                write_changes(search_engine())
            except SearchError as error:
                messages.warning(request, f"Saved, but search does not know of it yet: {error}")
        return response

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        return with_values(
            super().construct_change_message(request, form, formsets, add), form, formsets or ()
        )

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Letters come by import, never by hand."""
        return False
