"""The letters of one import among all determinations."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from ..import_pages.batch_page import letters_of
from ..models import ImportBatch


class FromImportFilter(admin.SimpleListFilter):
    """The letters of one import, reached from its page: there are too many imports to choose from."""

    title = "import"
    parameter_name = "import"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        batch = self._batch()
        return [(str(batch.pk), str(batch))] if batch else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        batch = self._batch()
        return queryset.filter(pk__in=letters_of(batch).values("pk")) if batch else queryset

    def _batch(self) -> ImportBatch | None:
        number = self.value() or ""
        return ImportBatch.objects.filter(pk=number).first() if number.isdecimal() else None
