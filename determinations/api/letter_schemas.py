"""The schema of `/api/determinations/<id>`: a whole letter, with the names that `parse_letter` prints."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from determinations.api.item_schemas import DisputedItem, LetterDates, Links
from determinations.letters.parsed_letter import Decision, Layout, Priority, Sex


@dataclass(frozen=True, slots=True)
class Reviewer:
    """The physician who reviewed the case, and who stays anonymous."""

    specialties: Annotated[tuple[str, ...], "Specialties by name."]
    licensed_in: Annotated[tuple[str, ...], "States in which the reviewer is licensed."]


@dataclass(frozen=True, slots=True)
class Patient:
    """The injured worker, as far as the letter says."""

    age: Annotated[int | None, "Whole years."]
    sex: Annotated[Sex | None, "As the letter states it."]


@dataclass(frozen=True, slots=True)
class ReadingWarning:
    """Something in the letter that could be read only in part."""

    code: Annotated[str, "A slug."]
    message: Annotated[str, "In words."]
    place: Annotated[str, "Where in the letter (“item 2”); empty for the letter as a whole."]


@dataclass(frozen=True, slots=True)
class LetterItem:
    """A disputed item with all its texts."""

    item: Annotated[DisputedItem, "The item as search results show it."]
    joints_supplied: Annotated[
        tuple[str, ...], "Joints that the named nerves supply: inferred, not stated in the letter."
    ]
    claims_administrator_guideline: Annotated[str, "The claims administrator’s paragraph, as written."]
    reviewer_guideline: Annotated[str, "The reviewer’s paragraph (“MAXIMUS guideline”), as written."]
    rationale: Annotated[str, "The reviewer’s decision rationale."]
    corrected_fields: Annotated[tuple[str, ...], "Fields that a person corrected after reading."]
    html: Annotated[str, "The item on its page."]
    similar: Annotated[str, "The page of the determinations most like it."]


@dataclass(frozen=True, slots=True)
class Version:
    """Another version of the same letter."""

    id: Annotated[str, "Its ID."]
    links: Annotated[Links, "Its addresses."]


@dataclass(frozen=True, slots=True)
class LetterCitation:
    """How to cite the letter. IMR decisions are not precedent."""

    plain: Annotated[str, "In the form that attorneys use."]
    markdown: Annotated[str, "The same as a link."]
    note: Annotated[str, "The reminder that IMR decisions are not precedent."]


@dataclass(frozen=True, slots=True)
class LetterLinks:
    """The addresses of the letter, with scheme and host."""

    api: Annotated[str, "This response."]
    html: Annotated[str, "The page for people."]
    original: Annotated[str, "The original letter to read."]
    download: Annotated[str, "The original letter’s file."]


@dataclass(frozen=True, slots=True)
class Determination:
    """One Final Determination letter with everything that was read in it."""

    id: Annotated[str, "Its case number, or digits of its content hash, as used in addresses."]
    case_number: Annotated[str | None, "The case number; null if the letter has no cover page."]
    layout: Annotated[Layout, "Which of the four published layouts it has."]
    outcome: Annotated[Decision, "The decision of all items, or partially_overturned if they differ."]
    priority: Annotated[Priority | None, "As the cover states it."]
    year: Annotated[int | None, "The year it is filed under."]
    dates: Annotated[LetterDates, "All dates on the cover page."]
    reviewer: Annotated[Reviewer, "The reviewer."]
    patient: Annotated[Patient, "The patient."]
    clinical_summary: Annotated[str, "The clinical case summary."]
    items: Annotated[tuple[LetterItem, ...], "The disputed items in the letter’s order."]
    warnings: Annotated[tuple[ReadingWarning, ...], "Anything that could be read only in part."]
    text: Annotated[str, "The whole letter’s text."]
    citation: Annotated[LetterCitation, "How to cite it."]
    is_current: Annotated[bool, "Whether no newer version supersedes it."]
    superseded_by: Annotated[Version | None, "The newer version."]
    supersedes: Annotated[tuple[Version, ...], "Older versions, newest first."]
    is_invented: Annotated[bool, "Whether it is an invented sample: no such case exists."]
    imported_at: Annotated[datetime, "When it was imported."]
    corrected_fields: Annotated[tuple[str, ...], "Fields that a person corrected after reading."]
    links: Annotated[LetterLinks, "Its addresses."]
