"""Forms in which a domain expert corrects a letter: lists as lines, services chosen by name."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple

from determinations.letters.facts.spine import levels_in
from determinations.letters.vocabulary.body_parts import body_part_labels
from determinations.letters.vocabulary.names import guideline_sources, service_categories
from determinations.models import DisputedItem, GuidelineCitation


class LinesField(forms.CharField):
    """A JSON list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 60})

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "One a line.")
        super().__init__(required=False, **options)

    def prepare_value(self, value: object) -> object:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class SpinalLevelsField(LinesField):
    """Levels in any writing ("L4/5"); a span stands for all its segments."""

    def clean(self, value: Any) -> list[str]:
        levels: list[str] = []
        for line in self.to_python(value):
            read = levels_in(line)
            if not read:
                raise forms.ValidationError(
                    "“%(line)s” is no spinal level: write L4-L5, or L4.", params={"line": line}
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


class DisputedItemForm(forms.ModelForm[DisputedItem]):
    services = forms.MultipleChoiceField(
        choices=service_choices, required=False, widget=FilteredSelectMultiple("services", is_stacked=False)
    )
    body_parts = forms.MultipleChoiceField(
        choices=body_part_choices,
        required=False,
        widget=FilteredSelectMultiple("body parts", is_stacked=False),
    )
    spinal_levels = SpinalLevelsField(
        help_text="One a line, such as L4-L5. A span such as L3-S1 is expanded."
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


class GuidelineCitationForm(forms.ModelForm[GuidelineCitation]):
    source = forms.ChoiceField(choices=source_choices)
    sections = LinesField()
    pages = LinesField()
    tables = LinesField()

    class Meta:
        model = GuidelineCitation
        fields = ("cited_by", "source", "chapter", "year", "sections", "pages", "tables", "text")
