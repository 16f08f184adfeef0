"""The facts of a letter and its items as labeled lines, for the page, the comparison and the brief."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from determinations.models import Determination, DisputedItem, LevelsFrom
from determinations.search.facets import LEVEL, SERVICE
from determinations.search_page.facet_panel import full_label


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the facts; several values are listed. `path` names it in a parsed letter, "dates.decision".

    A path without an index means all that it begins: "patient" is age and sex. "" where the letter says none.
    """

    label: str
    values: tuple[str, ...]
    path: str = ""


def letter_facts(letter: Determination) -> Iterator[Fact]:
    """What the letter states, and before it that it has no case number or no dates."""
    if not letter.case_number:
        yield Fact("Case number", ("not in this letter",))
    if not any(day for _, day, _ in _dates(letter)):
        yield Fact(
            "Dates", ((f"year {letter.year}, " if letter.year else "") + "its heading gives no dates",)
        )
    yield from stated_facts(letter)


def stated_facts(letter: Determination) -> Iterator[Fact]:
    """What the letter states about itself, its patient and its reviewer.

    A comparison sets equal labels of several letters in one line: none here may say that others are missing.
    """
    for label, day, path in _dates(letter):
        if day:
            yield Fact(label, (date_format(day),), path)
    if letter.priority:
        yield Fact("Priority", (letter.get_priority_display(),), "priority")
    patient = [f"{letter.patient_age} years old"] if letter.patient_age else []
    if letter.patient_sex:
        patient.append(letter.get_patient_sex_display().lower())
    if patient:
        yield Fact("Patient", (", ".join(patient),), "patient")
    specialties = tuple(letter.specialties)
    yield Fact(
        "Reviewer’s specialty",
        specialties or ("not stated",),
        "reviewer.specialties" if specialties else "",
    )
    if letter.licensed_in:
        yield Fact("Licensed in", (", ".join(letter.licensed_in),), "reviewer.licensed_in")


def item_facts(item: DisputedItem) -> Iterator[Fact]:
    """What was read from the item's own words; levels say where, if not in the request."""
    if item.services:
        yield Fact("Service", (", ".join(full_label(SERVICE.name, slug) for slug in item.services),))
    if item.spinal_levels:
        levels = ", ".join(full_label(LEVEL.name, level) for level in item.spinal_levels)
        origin = " (read in the rationale)" if item.levels_from == LevelsFrom.RATIONALE else ""
        yield Fact("Spinal level", (levels + origin,))
    if item.laterality:
        yield Fact("Side", (item.get_laterality_display(),))


def _dates(letter: Determination) -> tuple[tuple[str, date | None, str], ...]:
    return (
        ("Decided", letter.decided_on, "dates.decision"),
        ("Assigned", letter.assigned_on, "dates.assigned"),
        ("Date of injury", letter.injured_on, "dates.injury"),
        ("Utilization review denial", letter.ur_denied_on, "dates.ur_denial"),
        ("Application received", letter.application_received_on, "dates.application_received"),
    )
