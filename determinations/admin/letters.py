"""Admin pages in which a domain expert reads and corrects determinations.

The site stores the names of corrected fields, so that parsing the letter again keeps the corrections. A save
updates the index at once and records in the history what was there before. A corrected case number must be
one, and no other letter's.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Count, Model, Q, QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from determinations.admin.corrections import (
    DisputedItemForm,
    GuidelineCitationForm,
    LinesField,
    with_values,
)
from determinations.admin.edit_conflicts import SEEN, KeepsOthersEditsForm
from determinations.admin.import_filter import FromImportFilter, OutcomeFilter
from determinations.admin.indexed_search import IndexedSearch
from determinations.admin.letter_history import history_of, imports_of
from determinations.admin.removal import remove_letters_for_good
from determinations.models import (
    Decision,
    Determination,
    DisputedItem,
    GuidelineCitation,
    LetterWarning,
)
from determinations.models.choices import OUTCOME_LABELS
from determinations.search.engines import search_engine
from determinations.search.indexing import waiting_changes, write_changes
from determinations.search.interface import SearchError
from determinations.search.query.case_numbers import EXAMPLE, case_number_at
from determinations.search.query.nodes import CaseNumber


class DeterminationForm(KeepsOthersEditsForm[Determination]):
    class Meta:
        model = Determination
        fields = ("case_number",)

    def clean_case_number(self) -> str:
        """The number in its one spelling. Empty is right for a letter without a cover."""
        typed: str = self.cleaned_data["case_number"].strip()
        if not typed:
            return ""
        number = _written(typed)
        if number is None:
            raise forms.ValidationError(
                "“%(typed)s” is not a case number. Write it as %(example)s: CM, two digits of the year, a "
                "hyphen and seven digits. Leave it empty if the letter does not say it.",
                code="no_case_number",
                params={"typed": typed, "example": EXAMPLE},
            )
        if self.instance.is_current:
            others = Determination.objects.exclude(pk=self.instance.pk)
            other = others.filter(Q(case_number=number, is_current=True) | Q(public_id=number)).first()
            if other:
                raise forms.ValidationError(
                    "Another letter has this case number: %(name)s, from the file %(file)s. Correct that "
                    "one first, or delete one of the two if they are the same letter.",
                    code="case_number_taken",
                    params={"name": str(other), "file": other.source_name},
                )
        return number


def _written(typed: str) -> str | None:
    """The case number that is written here and nothing else, such as "cm14-31877"."""
    read = case_number_at(typed, 0)
    if read is None or not isinstance(read[0], CaseNumber) or read[1] != len(typed):
        return None
    return read[0].number if read[0].number.isascii() else None


IMPORTS_SHOWN = 20
MOST_CHANGES_AT_ONCE = 500
"""More than this is an import's backlog. The import worker writes it, and a page must not wait for that."""


class ReindexOnSaveAdmin(admin.ModelAdmin[Any]):
    """Brings the index up to date after every change, outside the change's own transaction.

    The page has the letter's text beside the fields.
    """

    change_form_template = "admin/determinations/correction.html"

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._indexed(request, super().changeform_view(request, *args, **kwargs))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._indexed(request, super().delete_view(request, *args, **kwargs))

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._indexed(request, super().changelist_view(request, *args, **kwargs))

    def _indexed(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        waiting = waiting_changes() if request.method == "POST" else 0
        if waiting > MOST_CHANGES_AT_ONCE:
            message = f"Saved. Search will show it after {waiting:,} queued changes are indexed."
            messages.warning(request, message)
        elif waiting:
            try:
                write_changes(search_engine())
            except SearchError as error:
                messages.warning(request, f"Saved, but search does not show it yet: {error}")
        return response

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        self._name_what_others_changed(request, [form, *(one for forms in formsets or () for one in forms)])
        return with_values(
            super().construct_change_message(request, form, formsets, add), form, formsets or ()
        )

    def _name_what_others_changed(self, request: HttpRequest, forms: Iterable[ModelForm[Any]]) -> None:
        edited = (form for form in forms if isinstance(form, KeepsOthersEditsForm))
        names = [str(form[name].label) for form in edited for name in form.kept_from_others]
        if names:
            what = ", ".join(dict.fromkeys(names))
            messages.info(request, f"Somebody else changed this meanwhile, and it was kept: {what}.")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; while it is saved, locked with its letter, so that nothing changes it in between."""
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST":
            return row
        letter = row.determination_id if isinstance(row, DisputedItem) else row.pk
        Determination.objects.select_for_update().filter(pk=letter).first()
        return super().get_object(request, object_id, from_field)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Letters come by import, never by hand."""
        return False


def remember_corrections(row: Determination | DisputedItem, fields: Iterable[str]) -> None:
    """Add the fields' names to those that a person has corrected."""
    row.corrected_fields = sorted({*row.corrected_fields, *fields})


class DisputedItemInline(admin.StackedInline[DisputedItem, Determination]):
    model = DisputedItem
    form = DisputedItemForm
    extra = 0
    show_change_link = True


class LetterWarningInline(admin.TabularInline[LetterWarning, Determination]):
    model = LetterWarning
    extra = 0
    readonly_fields = ("code", "message", "place")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class GuidelineCitationInline(admin.StackedInline[GuidelineCitation, DisputedItem]):
    model = GuidelineCitation
    form = GuidelineCitationForm
    extra = 0


@admin.register(Determination)
class DeterminationAdmin(IndexedSearch, ReindexOnSaveAdmin):
    form = DeterminationForm
    list_display = (
        "__str__",
        "letter_outcome",
        "decided_on",
        "specialty_names",
        "item_count",
        "warning_count",
    )
    list_filter = (
        FromImportFilter,
        OutcomeFilter,
        "layout",
        "year",
        "warnings__code",
        "is_invented",
        "is_current",
        "parser_version",
    )
    search_fields = ("case_number", "public_id", "source_name", "clinical_summary", "items__request")
    date_hierarchy = "decided_on"
    inlines = (DisputedItemInline, LetterWarningInline)
    actions = (remove_letters_for_good,)
    object_history_template = "admin/determinations/imports/letter_history.html"
    readonly_fields = (
        "public_id",
        "letter_outcome",
        "on_site",
        "source_name",
        "content_hash",
        "is_current",
        "superseded_by",
        "parser_version",
        "corrected_fields",
        "imports",
        "imported_at",
        "changed_at",
    )
    fieldsets = (
        (None, {"fields": ("on_site", "case_number", "letter_outcome", "priority", "layout", SEEN)}),
        (
            "Dates",
            {
                "fields": (
                    "decided_on",
                    "assigned_on",
                    "injured_on",
                    "ur_denied_on",
                    "application_received_on",
                )
            },
        ),
        ("Reviewer", {"fields": ("specialties", "licensed_in")}),
        ("Patient", {"fields": ("patient_age", "patient_sex", "clinical_summary")}),
        (
            "Letter",
            {
                "classes": ("collapse",),
                "fields": (
                    "public_id",
                    "source_name",
                    "content_hash",
                    "is_current",
                    "superseded_by",
                    "parser_version",
                    "corrected_fields",
                    "imports",
                    "imported_at",
                    "changed_at",
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Determination]:
        rows: QuerySet[Determination] = super().get_queryset(request)
        return rows.annotate(
            items_n=Count("items", distinct=True), warnings_n=Count("warnings", distinct=True)
        )

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm[Determination]]:
        form = super().get_form(request, *args, **kwargs)
        for name in ("specialties", "licensed_in"):
            if name in form.base_fields:
                form.base_fields[name] = LinesField(label=form.base_fields[name].label)
        return form

    @admin.display(description="specialties")
    def specialty_names(self, row: Determination) -> str:
        return ", ".join(row.specialties)

    @admin.display(description="outcome", ordering="outcome")
    def letter_outcome(self, row: Determination) -> str:
        return OUTCOME_LABELS[Decision(row.outcome)]

    @admin.display(description="items", ordering="items_n")
    def item_count(self, row: Any) -> int:
        return int(row.items_n)

    @admin.display(description="warnings", ordering="warnings_n")
    def warning_count(self, row: Any) -> int:
        return int(row.warnings_n)

    @admin.display(description="on the site")
    def on_site(self, row: Determination) -> str:
        return format_html('<a href="{}">{}</a>', row.get_absolute_url(), row.get_absolute_url())

    @admin.display(description="imports")
    def imports(self, row: Determination) -> str:
        return format_html_join(
            "",
            '<div><a href="{}">{}</a>: {}, {}</div>',
            (
                (
                    reverse("admin:determinations_importbatch_change", args=[file.batch_id]),
                    file.batch,
                    file.name,
                    file.get_result_display().lower(),
                )
                for file in imports_of(row, IMPORTS_SHOWN)
            ),
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        letter = self.get_object(request, unquote(object_id))
        events = history_of(letter) if letter else []
        return super().history_view(request, object_id, {**(extra_context or {}), "events": events})

    def save_model(
        self, request: HttpRequest, obj: Determination, form: ModelForm[Any], change: bool
    ) -> None:
        remember_corrections(obj, form.changed_data)
        if "case_number" in form.changed_data:
            obj.assign_public_id()
        obj.set_year()
        super().save_model(request, obj, form, change)

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Any], formset: BaseModelFormSet[Any, Any], change: bool
    ) -> None:
        for item_form in formset.forms:
            if isinstance(item_form.instance, DisputedItem):
                remember_corrections(item_form.instance, item_form.changed_data)
        super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: ModelForm[Any], *args: Any) -> None:
        super().save_related(request, form, *args)
        form.instance.set_outcome()
        form.instance.save(update_fields=["outcome"])


@admin.register(DisputedItem)
class DisputedItemAdmin(IndexedSearch, ReindexOnSaveAdmin):
    form = DisputedItemForm
    list_display = ("__str__", "request", "decision", "services", "spinal_levels")
    list_filter = ("decision", "laterality", "levels_from", "determination__year")
    search_fields = ("determination__case_number", "request", "rationale")
    list_select_related = ("determination",)
    readonly_fields = ("determination", "corrected_fields")
    inlines = (GuidelineCitationInline,)

    def save_model(self, request: HttpRequest, obj: DisputedItem, form: ModelForm[Any], change: bool) -> None:
        remember_corrections(obj, form.changed_data)
        super().save_model(request, obj, form, change)
        obj.determination.set_outcome()
        obj.determination.save(update_fields=["outcome"])

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Any], formset: BaseModelFormSet[Any, Any], change: bool
    ) -> None:
        super().save_formset(request, form, formset, change)
        if formset.has_changed():
            remember_corrections(form.instance, ["citations"])
            form.instance.save(update_fields=["corrected_fields"])
