"""Forms in which a domain expert corrects a letter, and the correction in words for the admin's history.

Lists are edited as lines, and services are chosen by name. The history names the changed fields, with the
old and the new value if they are short.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.forms import BaseModelFormSet, ModelForm
from django.forms.boundfield import BoundField

from determinations.admin.edit_conflicts import KeepsOthersEditsForm
from determinations.letters.facts.grounds import read_grounds
from determinations.letters.facts.grounds.names import grounds_by_slug
from determinations.letters.facts.spine import levels_in
from determinations.letters.vocabulary.body_parts import body_part_labels
from determinations.letters.vocabulary.names import guideline_sources, service_categories
from determinations.models import DisputedItem, GuidelineCitation
from determinations.models.determination import StoredGrounds, stored_grounds

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


class GroundsField(LinesField):
    """Grounds as lines: a slug, a colon and the sentence of the rationale that states it."""

    widget = forms.Textarea(attrs={"rows": 5, "cols": 100})

    def __init__(self, **options: Any) -> None:
        slugs = ", ".join(grounds_by_slug())
        super().__init__(
            help_text="One per line: a ground, a colon, and the sentence of the rationale that states it, "
            f"copied from there. The grounds are {slugs}.",
            **options,
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed([" ".join(line.split()) for line in initial or []], data)

    def to_python(self, value: Any) -> Any:
        return [" ".join(line.split()) for line in super().to_python(value)]


def grounds_in_lines(lines: Sequence[str], rationale: str) -> StoredGrounds:
    """The lines "slug: sentence" as their column holds them. Raises ValidationError for the first bad one."""
    grounds: StoredGrounds = []
    for line in lines:
        slug, _, sentence = (part.strip() for part in line.partition(":"))
        if slug not in grounds_by_slug():
            raise forms.ValidationError("“%(slug)s” is not a ground.", params={"slug": slug})
        words = map(re.escape, sentence.split())
        found = re.search(r"\s+".join(words), rationale) if sentence else None
        if found is None:
            raise forms.ValidationError(
                "The rationale does not have the sentence “%(sentence)s”.", params={"sentence": sentence}
            )
        if any(ground["ground"] == slug for ground in grounds):
            raise forms.ValidationError("“%(slug)s” is there twice.", params={"slug": slug})
        grounds.append({"ground": slug, "start": found.start(), "end": found.end()})
    return grounds


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

    grounds = GroundsField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Before the form is made, since it marks what it shows to notice changes by others.
        if item := kwargs.get("instance"):
            lines = [f"{ground.slug}: {ground.sentence}" for ground in item.stated_grounds]
            kwargs["initial"] = {"grounds": lines, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        rationale = self.cleaned_data.get("rationale")
        if rationale is not None and "grounds" in self.changed_data and "grounds" in self.cleaned_data:
            try:
                self._grounds = grounds_in_lines(self.cleaned_data["grounds"], rationale)
            except forms.ValidationError as error:
                self.add_error("grounds", error)
        return cleaned

    def _post_clean(self) -> None:
        """Lines become grounds; of a rationale that was corrected, its own are read where none are given."""
        before = self.instance.grounds
        super()._post_clean()  # type: ignore[misc]
        if "grounds" in self.changed_data:
            self.instance.grounds = getattr(self, "_grounds", before)
        elif "rationale" in self.changed_data:
            item = self.instance
            self.instance.grounds = stored_grounds(read_grounds(item.rationale, item.services, item.request))
        else:
            self.instance.grounds = before

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
            "grounds",
        )


class GuidelineCitationForm(KeepsOthersEditsForm[GuidelineCitation]):
    source = forms.ChoiceField(choices=source_choices)
    sections = LinesField()
    pages = LinesField()
    tables = LinesField()

    class Meta:
        model = GuidelineCitation
        fields = ("cited_by", "source", "chapter", "year", "sections", "pages", "tables", "text")
