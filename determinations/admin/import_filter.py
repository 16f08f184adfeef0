"""Filters of the admin's lists: letters by import and outcome, files by what went wrong with them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from determinations.admin.import_pages.batch_page import letters_of
from determinations.models import ImportBatch, ImportFile
from determinations.models.choices import OUTCOME_LABELS

_MOST_DIGITS_OF_A_KEY = 19


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
        # Python reads no number of thousands of digits.
        is_key = number.isdecimal() and len(number) <= _MOST_DIGITS_OF_A_KEY
        return ImportBatch.objects.filter(pk=number).first() if is_key else None


class OutcomeFilter(admin.SimpleListFilter):
    """Letters by the outcome of the whole letter, which is called otherwise than an item's decision."""

    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(outcome.value, label) for outcome, label in OUTCOME_LABELS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(outcome=self.value()) if self.value() else queryset


class ErrorCodeFilter(admin.SimpleListFilter):
    """Files with one kind of error; those without an error have no code, and so no link without words."""

    title = "code"
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = ImportFile.objects.exclude(code="").order_by("code").values_list("code", flat=True).distinct()
        return [(code, code.replace("-", " ").replace("_", " ")) for code in codes]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(code=self.value()) if self.value() else queryset
