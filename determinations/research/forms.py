"""Forms of folders, of saved searches and their alerts, and of the search history."""

from typing import Any, cast

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from determinations.models import Folder, FolderItem, FolderShare, ResearchSettings, SavedSearch

LONGEST_NOTE = 10_000
"""In characters."""
LONGEST_PASSAGE = 5_000
"""In characters."""


class SaveSearchForm(forms.ModelForm[SavedSearch]):
    """A search page's query string, and what to call it; without a name the site proposes one."""

    class Meta:
        model = SavedSearch
        fields = ("name", "query")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False


class SavedSearchForm(forms.ModelForm[SavedSearch]):
    """The name, and one's own note of why the search is followed."""

    class Meta:
        model = SavedSearch
        fields = ("name", "reason")
        error_messages = {"name": {"required": "Enter a new name first."}}  # noqa: RUF012  (as Django has it)
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}  # noqa: RUF012


class AlertsForm(forms.ModelForm[SavedSearch]):
    """When new items come by email."""

    class Meta:
        model = SavedSearch
        fields = ("alerts",)


class HistoryForm(forms.ModelForm[ResearchSettings]):
    """Whether searches are kept; `keeps_history` absent is no."""

    class Meta:
        model = ResearchSettings
        fields = ("keeps_history",)


class NoteForm(forms.ModelForm[FolderItem]):
    class Meta:
        model = FolderItem
        fields = ("note",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].validators.append(MaxLengthValidator(LONGEST_NOTE))


class PassageForm(forms.Form):
    """Words of a letter, selected or pasted."""

    passage = forms.CharField(
        max_length=LONGEST_PASSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Paste a passage of the letter first."},
    )


class FolderForm(forms.ModelForm[Folder]):
    """The name of a folder, which the owner has no other folder of. The instance has its owner."""

    class Meta:
        model = Folder
        fields = ("name",)
        error_messages = {"name": {"required": "Enter a name first."}}  # noqa: RUF012  (as Django has it)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        same = Folder.objects.filter(owner_id=self.instance.owner_id, name=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise ValidationError(f"You already have a folder named “{name}”.", code="taken")
        return name


class ShareForm(forms.ModelForm[FolderShare]):
    """Whom to share a folder with: a user name, or one of the owner's own groups.

    Someone the folder is shared with already gets the new right. The instance has its folder.
    """

    username = forms.CharField(label="User name", max_length=150, required=False)
    group = forms.ModelChoiceField(
        Group.objects.none(), label="or one of your groups", required=False, empty_label="No group"
    )
    may_write = forms.TypedChoiceField(
        label="They may",
        choices=(("", "read it"), ("1", "read and change it")),
        coerce=bool,
        empty_value="",
        required=False,
    )

    class Meta:
        model = FolderShare
        fields = ("group", "may_write")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Group]", self.fields["group"])
        field.queryset = Group.objects.filter(user=self.instance.folder.owner_id).order_by("name")
        self.order_fields(("username", "group", "may_write"))

    def clean_username(self) -> AbstractBaseUser | None:
        name = self.cleaned_data["username"].strip()
        if not name:
            return None
        user = get_user_model()._default_manager.filter(username=name, is_active=True).first()
        if user is None:
            raise ValidationError(f"There is no account with the user name “{name}”.", code="unknown")
        if user.pk == self.instance.folder.owner_id:
            raise ValidationError("The folder is yours already.", code="owner")
        return user

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if bool(data.get("username")) == bool(data.get("group")):
            raise ValidationError("Enter a user name or choose a group, one of the two.", code="one_of_two")
        return data

    def save(self, commit: bool = True) -> FolderShare:
        """The new share, or the present one with its new right."""
        user, group = cast("User | None", self.cleaned_data["username"]), self.cleaned_data["group"]
        share, _ = FolderShare.objects.update_or_create(
            folder=self.instance.folder,
            user=user,
            group=group,
            defaults={"may_write": bool(self.cleaned_data["may_write"])},
        )
        return share


def first_error(form: forms.BaseForm) -> str:
    """The first message of an invalid form, without the name of its field."""
    return next(str(message) for messages in form.errors.values() for message in messages)
