"""Forms of saved searches, their alerts and the folder's notes."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from determinations.models import FolderItem, SavedSearch

LONGEST_NOTE = 10_000
"""In characters."""


class SaveSearchForm(forms.ModelForm[SavedSearch]):
    """A search page's query string, and what to call it; without a name the site proposes one."""

    class Meta:
        model = SavedSearch
        fields = ("name", "query")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False


class RenameForm(forms.ModelForm[SavedSearch]):
    class Meta:
        model = SavedSearch
        fields = ("name",)
        error_messages = {"name": {"required": "Enter a new name first."}}  # noqa: RUF012  (as Django has it)


class AlertsForm(forms.ModelForm[SavedSearch]):
    """Whether news of the search comes by mail; `by_mail` absent is no."""

    class Meta:
        model = SavedSearch
        fields = ("by_mail",)


class NoteForm(forms.ModelForm[FolderItem]):
    class Meta:
        model = FolderItem
        fields = ("note",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].validators.append(MaxLengthValidator(LONGEST_NOTE))


def first_error(form: forms.BaseForm) -> str:
    """The first message of an invalid form, without the name of its field."""
    return next(str(message) for messages in form.errors.values() for message in messages)
