"""What a person corrected in a letter: the field, when, and what the letter itself says.

When is in the admin's log, which names the fields of each change in words; a correction that the log does
not name any more has no date.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime

from determinations.case.letter_text import item_source_url, letter_as_read, source_url
from determinations.importing.letter_storage import Values, item_fields, letter_fields
from determinations.letters.parsed_letter import ParsedLetter
from determinations.models import Determination, DisputedItem
from determinations.search.facets import SERVICE
from determinations.search_page.facet_panel import full_label

_LONGEST_SHOWN = 120
_CITATIONS = "citations"
_LETTER_PATHS = {
    "case_number": "case_number",
    "priority": "priority",
    "assigned_on": "dates.assigned",
    "injured_on": "dates.injury",
    "decided_on": "dates.decision",
    "ur_denied_on": "dates.ur_denial",
    "application_received_on": "dates.application_received",
    "specialties": "reviewer.specialties",
    "licensed_in": "reviewer.licensed_in",
    "patient_age": "patient.age",
    "patient_sex": "patient.sex",
    "clinical_summary": "clinical_summary",
}
_WITHOUT_PLACE = frozenset({"levels_from", "position", "outcome", "layout"})


@dataclass(frozen=True, slots=True)
class Correction:
    """ "Decision corrected on Nov. 28, 2026; the letter says Overturned".

    `letter_says` is "" where that is too long to show or cannot be read any more; `url` leads to its place.
    """

    label: str
    when: datetime | None
    letter_says: str
    url: str


def corrections_of(
    letter: Determination, items: Sequence[DisputedItem]
) -> Mapping[int, tuple[Correction, ...]]:
    """The corrections of the letter, under 0, and of its items, under their positions."""
    corrected = [item for item in items if item.corrected_fields]
    if not letter.corrected_fields and not corrected:
        return {}
    read = letter_as_read(letter)
    dates = _dates(letter, corrected)
    found = {0: tuple(_of_letter(letter, read, dates))}
    for item in corrected:
        found[item.position] = tuple(_of_item(letter, item, read, dates))
    return found


_Dates = Mapping[tuple[str, str], datetime]
"""(name of the row, label of the field) -> when the field was last changed."""


def _of_letter(letter: Determination, read: ParsedLetter | None, dates: _Dates) -> Iterator[Correction]:
    values = letter_fields(read) if read else {}
    for field in letter.corrected_fields:
        label = _label(Determination, field)
        path = _LETTER_PATHS.get(field, "")
        url = source_url(letter, path) if path and values.get(field) else ""
        yield Correction(label, dates.get(("", label)), _in_words(Determination, field, values), url)


def _of_item(
    letter: Determination, item: DisputedItem, read: ParsedLetter | None, dates: _Dates
) -> Iterator[Correction]:
    values: Values = {}
    if read and item.position <= len(read.items):
        values = item_fields(read.items[item.position - 1])
    for field in item.corrected_fields:
        label = "Citations" if field == _CITATIONS else _label(DisputedItem, field)
        has_place = field not in _WITHOUT_PLACE and field != _CITATIONS and values.get(field)
        yield Correction(
            label,
            dates.get((str(item), label)),
            _in_words(DisputedItem, field, values),
            item_source_url(letter, item.position, field) if has_place else "",
        )


def _label(model: type[Model], field: str) -> str:
    return str(capfirst(str(model._meta.get_field(field).verbose_name)))  # type: ignore[union-attr]


def _in_words(model: type[Model], field: str, values: Values) -> str:
    """What the letter says, as pages word it; "nothing" where it has no such fact."""
    if field not in values:
        return ""
    value = values[field]
    if field == "services" and isinstance(value, list):
        text = ", ".join(full_label(SERVICE.name, slug) for slug in value)
    elif isinstance(value, list):
        text = ", ".join(map(str, value))
    elif isinstance(value, date):
        text = date_format(value)
    else:
        labels = dict(getattr(model._meta.get_field(field), "flatchoices", ()))
        text = str(labels.get(value, "" if value is None else value))
    if len(text) > _LONGEST_SHOWN:
        return ""
    return text or "nothing"


def _dates(letter: Determination, items: Sequence[DisputedItem]) -> _Dates:
    """When each field was last changed, as far as the admin's log tells."""
    dates: dict[tuple[str, str], datetime] = {}
    for entry in _entries(Determination, [letter.pk]):
        for row, label in _changed(entry):
            dates[row, label] = localtime(entry.action_time)
    names = {item.pk: str(item) for item in items}
    for entry in _entries(DisputedItem, names):
        for row, label in _changed(entry):
            name = names[int(entry.object_id or 0)]
            key = (name, "Citations" if row else label)
            when = localtime(entry.action_time)
            dates[key] = max(when, dates.get(key, when))
    return dates


def _entries(model: type[Model], keys: Iterable[int]) -> Iterable[LogEntry]:
    about = LogEntry.objects.filter(content_type=get_content_type_for_model(model))
    return about.filter(object_id__in=[str(key) for key in keys]).order_by("action_time")


def _changed(entry: LogEntry) -> Iterator[tuple[str, str]]:
    """(the changed row's name, "" for the page's own, and the field's label), from the log's JSON."""
    try:
        parts = json.loads(entry.change_message or "[]")
    except json.JSONDecodeError:  # an entry that was written by hand
        return
    for part in parts if isinstance(parts, list) else ():
        for what in ("changed", "added", "deleted"):
            change = part.get(what) if isinstance(part, dict) else None
            if isinstance(change, dict):
                row = str(change.get("object", ""))
                for field in change.get("fields") or [""]:
                    yield row, str(field).partition(" (from ")[0]
