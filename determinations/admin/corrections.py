"""Forms in which a domain expert corrects a letter, and the correction in words for the admin's history.

Lists are edited as lines, and services are chosen by name. The history names the changed fields, with the
old and the new value if they are short.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.forms import BaseModelFormSet, ModelForm
from django.forms.boundfield import BoundField

from determinations.admin.edit_conflicts import KeepsOthersEditsForm
from determinations.letters.facts.spine import levels_in
from determinations.letters.vocabulary.body_parts import body_part_labels
from determinations.letters.vocabulary.names import guideline_sources, service_categories
from determinations.models import DisputedItem, GuidelineCitation

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


class LinesField(forms.CharField):
    """A JSON list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 60})

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "One per line.")
        super().__init__(required=False, **options)

    def prepare_value(self, value: object) -> object:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class SpinalLevelsField(LinesField):
    """Levels in any writing ("L4/5"); a span means all of its segments."""

    def clean(self, value: Any) -> list[str]:
        levels: list[str] = []
        for line in self.to_python(value):
            read = levels_in(line)
            if not read:
                raise forms.ValidationError(
                    "“%(line)s” is not a spinal level. Write L4-L5 or L4.", params={"line": line}
                )
            levels.extend(level for level in read if level not in levels)
        return levels


def service_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (category.label, [(service.slug, service.label) for service in category.services])
        for category in service_categories()
    ]


def source_choices() -> list[tuple[str, str]]:
    return [(source.slug, source.label) for source in guideline_sources()]


def body_part_choices() -> list[tuple[str, str]]:
    return list(body_part_labels().items())


class DisputedItemForm(KeepsOthersEditsForm[DisputedItem]):
    services = forms.MultipleChoiceField(
        choices=service_choices, required=False, widget=FilteredSelectMultiple("services", is_stacked=False)
    )
    body_parts = forms.MultipleChoiceField(
        choices=body_part_choices,
        required=False,
        widget=FilteredSelectMultiple("body parts", is_stacked=False),
    )
    spinal_levels = SpinalLevelsField(
        help_text="One per line, such as L4-L5. A span such as L3-S1 is expanded."
    )

    class Meta:
        model = DisputedItem
        fields = (
            "position",
            "request",
            "decision",
            "original_request",
            "authorized",
            "disputed_portion",
            "services",
            "body_parts",
            "spinal_levels",
            "levels_from",
            "laterality",
            "claims_administrator_guideline",
            "reviewer_guideline",
            "rationale",
        )


class GuidelineCitationForm(KeepsOthersEditsForm[GuidelineCitation]):
    source = forms.ChoiceField(choices=source_choices)
    sections = LinesField()
    pages = LinesField()
    tables = LinesField()

    class Meta:
        model = GuidelineCitation
        fields = ("cited_by", "source", "chapter", "year", "sections", "pages", "tables", "text")
