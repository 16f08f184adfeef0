"""The search form: checks what an address asks for, says what is wrong with it, draws what is right.

A value that cannot be used gets a message beside its field and is left out; the rest of the search is kept.
A well-formed value that no letter has is let through: it finds nothing, and is shown so that it can be
removed. Narrowing is the engine's work: this turns parameters into a SearchAddress and touches no row.
"""

from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, Self

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from determinations.models import DisputedItem
from determinations.search import facets
from determinations.search.days import day_bounds, iso_day
from determinations.search.interface import DateFilter, LetterDate, Sort
from determinations.search.query.language import MAX_CHARACTERS
from determinations.search.query.repair import nearest, quoted
from determinations.search_page.address import (
    EVERY,
    EVERY_FACET,
    EXACT,
    EXCLUDED,
    FROM,
    INCLUDE,
    LEVELS_FROM,
    REQUEST,
    SUMMARY,
    TO,
    QueryParams,
    SearchAddress,
    date_parameter,
)
from determinations.search_page.facet_values import DATE_LABELS, UnknownValueError, read_values

LAST_PAGE = 1_000_000
MULTIPLE = (*EVERY_FACET, EVERY)
"""The parameters that may be given several times."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the address itself. `fix_url` leads to the address as it was probably meant."""

    message: str
    fix_label: str = ""
    fix_url: str = ""


@dataclass(frozen=True, slots=True)
class FacetChoices:
    """`unwanted` are values with a minus sign before them."""

    values: tuple[str, ...]
    unwanted: tuple[str, ...]
    errors: tuple[UnknownValueError, ...]


class Shared:
    """A field that all forms share, where a form would copy it: it keeps nothing of a request."""

    def __deepcopy__(self, _memo: object) -> Self:
        return self


class QuestionField(Shared, forms.CharField):
    pass


class FacetField(Shared, forms.Field):
    """Every value of one facet, each judged for itself; drawn as hidden fields that hold the good ones."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, facet: facets.Facet, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.facet = facet

    def to_python(self, value: list[str] | None) -> FacetChoices:
        values: list[str] = []
        unwanted: list[str] = []
        errors: list[UnknownValueError] = []
        for typed in map(str.strip, filter(str.strip, value or ())):
            try:
                chosen = unwanted if typed.startswith(EXCLUDED) else values
                chosen += read_values(self.facet.name, typed.removeprefix(EXCLUDED))
            except UnknownValueError as error:
                errors.append(error)
        return FacetChoices(
            tuple(sorted(set(values) - set(unwanted))), tuple(sorted(set(unwanted))), tuple(errors)
        )

    def bound_data(self, data: list[str] | None, initial: object) -> list[str]:
        chosen = self.to_python(data)
        return [*chosen.values, *(f"{EXCLUDED}{value}" for value in chosen.unwanted)]


class FacetNamesField(Shared, forms.MultipleChoiceField):
    """Names of facets, drawn again only where they are some."""

    widget = forms.MultipleHiddenInput

    def bound_data(self, data: list[str] | None, initial: object) -> list[str]:
        return [name for name in data or () if self.valid_value(name)]

    def to_python(self, value: Any) -> list[str]:
        return sorted(set(super().to_python([name for name in value or () if name])))


class DayField(Shared, forms.Field):
    """One end of a span of dates, as yyyymmdd; None where it is open."""

    widget = forms.TextInput

    def __init__(self, *, end: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.end = end

    def to_python(self, value: str | None) -> int | None:
        if not (value or "").strip():
            return None
        try:
            first, last = day_bounds((value or "").strip())
        except ValueError:
            message = f"{quoted(value or '')} is not a date. Write it like 03/31/2014, 2014-03 or 2014."
            raise ValidationError(message, code="unknown_value") from None
        return last if self.end == TO else first

    def bound_data(self, data: str | None, initial: object) -> str:
        try:
            day = self.to_python(data)
        except ValidationError:
            return data or ""
        return iso_day(day) if day else ""


class SwitchField(Shared, forms.ChoiceField):
    """One of a few values; drawn again only where it is one of them."""

    widget = forms.HiddenInput

    def bound_data(self, data: str | None, initial: object) -> str:
        return data if data and self.valid_value(data) else ""

    def validate(self, value: Any) -> None:
        if value and not self.valid_value(value):
            message = self.error_messages["invalid_choice"]
            raise ValidationError(message, "invalid_choice", {"value": quoted(str(value))})


class PageField(Shared, forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        message = f"The page must be a whole number from 1 to {LAST_PAGE:,}. This is the first page."
        super().__init__(
            min_value=1,
            max_value=LAST_PAGE,
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), message),
            **kwargs,
        )


class SearchForm(forms.Form):
    """Keeps the good values of a facet where others are refused, which a form by itself does not."""

    def clean(self) -> dict[str, Any]:
        cleaned = dict(self.cleaned_data)
        for name in EVERY_FACET:
            for error in cleaned[name].errors:
                self.add_error(name, ValidationError(str(error), code="unknown_value"))
        for date in LetterDate:
            self._require_order(date_parameter(date, FROM), date_parameter(date, TO), cleaned)
        return cleaned

    def _require_order(self, first: str, last: str, cleaned: dict[str, Any]) -> None:
        """No day lies in a span that ends before it begins, so neither of its dates is used."""
        if not (cleaned.get(first) and cleaned.get(last) and cleaned[first] > cleaned[last]):
            return
        message = f"{iso_day(cleaned[first])} is after {iso_day(cleaned[last])}. Swap the two dates."
        self.add_error(first, ValidationError(message, code="reversed_dates"))
        cleaned[first] = cleaned[last] = None


class QuestionParameter(django_filters.Filter):
    field_class = QuestionField


class FacetParameter(django_filters.Filter):
    field_class = FacetField

    def __init__(self, facet: facets.Facet) -> None:
        super().__init__(label=facet.label, facet=facet)


class SwitchParameter(django_filters.Filter):
    field_class = SwitchField


class FacetNamesParameter(django_filters.Filter):
    field_class = FacetNamesField


class DayParameter(django_filters.Filter):
    field_class = DayField

    def __init__(self, name: LetterDate, end: str) -> None:
        label = f"{DATE_LABELS[name]} {'from' if end == FROM else 'to'}"
        super().__init__(label=label, end=end)


class PageParameter(django_filters.Filter):
    field_class = PageField


class SearchFilters(django_filters.FilterSet):
    """The parameters of the search page; `address` is what can be used of them. See `search.read_search`."""

    q = QuestionParameter(
        label="Search the determinations",
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "spellcheck": "false",
                "data-longest": str(MAX_CHARACTERS),
            }
        ),
        error_messages={
            "null_characters_not_allowed": "The search contains a character that is not allowed. Remove it.",
        },
    )
    decision = FacetParameter(facets.DECISION)
    service = FacetParameter(facets.SERVICE)
    reason = FacetParameter(facets.REASON)
    guideline = FacetParameter(facets.GUIDELINE)
    level = FacetParameter(facets.LEVEL)
    specialty = FacetParameter(facets.SPECIALTY)
    year = FacetParameter(facets.YEAR)
    ca_guideline = FacetParameter(facets.CLAIMS_ADMINISTRATOR_GUIDELINE)
    body_part = FacetParameter(facets.BODY_PART)
    side = FacetParameter(facets.SIDE)
    agreement = FacetParameter(facets.AGREEMENT)
    contradiction = FacetParameter(facets.CONTRADICTION)
    all = FacetNamesParameter(
        label="All of the chosen values",
        choices=[(facet.name, facet.label) for facet in facets.ANY_OR_ALL],
        error_messages={
            "invalid_choice": "%(value)s is not valid. Use level, guideline or ca_guideline.",
        },
    )
    levels_from = SwitchParameter(
        label="Levels",
        choices=[(REQUEST, "Only levels that the request states")],
        error_messages={"invalid_choice": "%(value)s is not valid. Use request, or leave it out."},
    )
    decided_from = DayParameter(LetterDate.DECIDED, FROM)
    decided_to = DayParameter(LetterDate.DECIDED, TO)
    assigned_from = DayParameter(LetterDate.ASSIGNED, FROM)
    assigned_to = DayParameter(LetterDate.ASSIGNED, TO)
    injured_from = DayParameter(LetterDate.INJURED, FROM)
    injured_to = DayParameter(LetterDate.INJURED, TO)
    received_from = DayParameter(LetterDate.RECEIVED, FROM)
    received_to = DayParameter(LetterDate.RECEIVED, TO)
    sort = SwitchParameter(
        label="Order",
        choices=[(order.value, order.value.capitalize()) for order in Sort],
        error_messages={
            "invalid_choice": "There is no sort order %(value)s. Use relevance, newest, oldest, level or "
            "case."
        },
    )
    expand = SwitchParameter(
        label="Related words",
        choices=[("on", "Search related words too"), ("off", "Search only the words you typed")],
        error_messages={"invalid_choice": "%(value)s is not valid. Use on or off."},
    )
    group = SwitchParameter(
        label="Grouping",
        choices=[("item", "By item"), ("letter", "By letter")],
        error_messages={"invalid_choice": "There is no grouping by %(value)s. Use item or letter."},
    )
    include = SwitchParameter(
        label="Clinical summaries",
        choices=[(SUMMARY, "Search the clinical summaries too")],
        error_messages={"invalid_choice": "%(value)s is not valid. Use summary, or leave it out."},
    )
    exact = SwitchParameter(
        label="Exact words",
        choices=[("1", "Search the exact words only")],
        error_messages={"invalid_choice": "%(value)s is not valid. Use 1, or leave it out."},
    )
    page = PageParameter(label="Page")

    class Meta:
        model = DisputedItem
        fields: tuple[str, ...] = ()
        form = SearchForm

    def __init__(self, params: QueryParams) -> None:
        # Not by `super().__init__`, which copies every filter so that it can be set on a queryset: none is.
        self.is_bound = True
        self.data = MultiValueDict({name: list(params.values(name)) for name in params.names})
        self.queryset = DisputedItem.objects.none()
        self.request = None
        self.form_prefix = None
        self.filters = self.base_filters
        self.params = params

    def get_form_class(self) -> type[forms.Form]:
        return _form_class()

    @cached_property
    def address(self) -> SearchAddress:
        """What is asked for, without what cannot be used."""
        self.form.full_clean()
        cleaned: dict[str, Any] = self.form.cleaned_data
        address = SearchAddress(
            text=cleaned.get("q") or "",
            sort=Sort(cleaned["sort"]) if cleaned.get("sort") else None,
            expand=cleaned.get("expand") != "off",
            summaries=cleaned.get(INCLUDE) == SUMMARY,
            exact=bool(cleaned.get(EXACT)),
            by_letter=cleaned.get("group") == "letter",
        )
        for name in EVERY_FACET:
            chosen: FacetChoices = cleaned[name]
            if chosen.values or chosen.unwanted:
                address = address.choosing(name, chosen.values).excluding(name, chosen.unwanted)
        for name in cleaned.get(EVERY) or ():
            address = address.matching_every(name, every=True)
        if cleaned.get(LEVELS_FROM) == REQUEST:
            address = address.counting_levels(of_requests=True)
        for name in LetterDate:
            first, last = (cleaned.get(date_parameter(name, end)) for end in (FROM, TO))
            if first or last:
                whole = DateFilter(name)
                address = address.dated(DateFilter(name, first or whole.first, last or whole.last))
        return replace(address, page=cleaned.get("page") or 1)

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """What is odd about the parameters' names: unknown ones, and single ones that stand twice."""
        notices = []
        for name in self.params.names:
            if name not in self.filters:
                notices.append(self._unknown(name))
            elif name not in MULTIPLE and self.params.differ(name):
                notices.append(
                    Notice(f"“{name}” is in the address more than once. Only its last value counts.")
                )
        return tuple(notices)

    def _unknown(self, name: str) -> Notice:
        message = f"There is no parameter {quoted(name)}, so it was ignored."
        meant = nearest(name, self.filters)
        if meant is None:
            return Notice(message)
        fixed = SearchFilters(self.params.renaming(name, meant)).address
        return Notice(message, fix_label=f"Did you mean “{meant}”?", fix_url=fixed.url)


@cache
def _form_class() -> type[forms.Form]:
    """Made once: the parameters are the same for every search."""
    fields = {name: one.field for name, one in SearchFilters.base_filters.items()}
    return type("SearchFiltersForm", (SearchForm,), fields)
