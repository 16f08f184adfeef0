"""A correction in words, for the admin's history: which fields, and from what to what where that is short."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.forms import BaseModelFormSet, ModelForm
from django.forms.boundfield import BoundField

LONGEST_VALUE = 60

Message = list[dict[str, dict[str, Any]]]


def with_values(
    message: Message, form: ModelForm[Any], formsets: Sequence[BaseModelFormSet[Any, Any]]
) -> Message:
    """Django's message about a saved page, with the values of its changed fields."""
    changed = [form] if form.changed_data else []
    for formset in formsets:
        rows = {row.pk for row, _ in formset.changed_objects}
        changed += [row_form for row_form in formset.initial_forms if row_form.instance.pk in rows]
    changes = (part["changed"] for part in message if "changed" in part)
    for part, its_form in zip(changes, changed, strict=True):
        part["fields"] = list(_fields(its_form))
    return message


def _fields(form: ModelForm[Any]) -> Iterator[str]:
    for name in form.changed_data:
        field = form[name]
        before, after = _in_words(field, field.initial), _in_words(field, form.cleaned_data.get(name))
        if max(len(before), len(after)) > LONGEST_VALUE:
            yield str(field.label)
        else:
            yield f"{field.label} (from {before} to {after})"


def _in_words(field: BoundField, value: object) -> str:
    values = value if isinstance(value, list) else [value]
    labels = dict(_choices(field))
    text = ", ".join(str(labels.get(one, one)) for one in values if one not in (None, ""))
    return f"“{text}”" if text else "nothing"


def _choices(field: BoundField) -> Iterator[tuple[object, object]]:
    for value, label in getattr(field.field, "choices", ()):
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label
