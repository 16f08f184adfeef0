"""Two people who edit one letter: a form knows what its fields held when the page was opened.

A field that somebody else changed meanwhile keeps that change if this person left it alone. If both
changed it, nothing is saved: the form says what it is now, and shows what was typed. Saving that page again
replaces the other's words, which were then seen.
"""

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, TypeVar

from django import forms
from django.db.models import Model

M = TypeVar("M", bound=Model)

SEEN = "seen"


class KeepsOthersEditsForm(forms.ModelForm[M]):
    """Its hidden field holds a mark for each field, of the value that the page was opened with."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_from_others: list[str] = []
        self.initial[SEEN] = json.dumps(self._present_marks()) if self.instance.pk else ""

    def _present_marks(self) -> dict[str, str]:
        return {
            name: _mark(field, self.initial.get(name))
            for name, field in self.fields.items()
            if name != SEEN and not isinstance(field, forms.ModelChoiceField) and name in self.initial
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        present, seen = self._present_marks(), self._seen_marks()
        for name in [name for name in present if name in seen and seen[name] != present[name]]:
            if name not in self.cleaned_data:
                continue
            written = _mark(self.fields[name], self.cleaned_data[name])
            if written == seen[name]:
                self.cleaned_data[name] = self.initial[name]
                self.kept_from_others.append(name)
            elif written != present[name]:
                self._refuse(name)
                seen[name] = present[name]
        if self.errors and seen:
            # The page is shown again: it knows the changes that it has named, and no others.
            data: Any = self.data
            self.data = data.copy()
            self.data[self.add_prefix(SEEN)] = json.dumps(seen)  # type: ignore[index]  # a copy can be changed
        return cleaned

    def _refuse(self, name: str) -> None:
        present = self[name].field.prepare_value(self.initial[name])
        self.add_error(
            name,
            forms.ValidationError(
                "Somebody else changed this while you edited it. It is now: “%(value)s”. What you typed is "
                "still in the field. Save again to replace their text with yours.",
                code="changed_meanwhile",
                params={"value": "nothing" if present in (None, "") else present},
            ),
        )

    def _seen_marks(self) -> dict[str, str]:
        try:
            seen = json.loads(self.cleaned_data.get(SEEN) or "{}")
        except ValueError:
            return {}
        return {str(name): str(mark) for name, mark in seen.items()} if isinstance(seen, Mapping) else {}

    @property
    def changed_data(self) -> list[str]:
        """Not cached, since `clean` changes it."""
        return [name for name in super().changed_data if name not in (SEEN, *self.kept_from_others)]


def _mark(field: forms.Field, value: object) -> str:
    values = value if isinstance(value, list) else ["" if value is None else value]
    lines = [str(one).replace("\r\n", "\n").strip() for one in values]
    if isinstance(field, forms.MultipleChoiceField):
        lines.sort()
    return blake2b("\n".join(lines).encode(errors="replace"), digest_size=6).hexdigest()
