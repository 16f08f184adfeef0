"""What `/api/determinations/<id>` answers: a whole letter, in the names that `parse_letter` prints."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from determinations.api.item_schemas import DisputedItem, LetterDates, Links
from determinations.letters.parsed_letter import Decision, Layout, Priority, Sex


@dataclass(frozen=True, slots=True)
class Reviewer:
    """The physician who reviewed the case, and who stays anonymous."""

    specialties: Annotated[tuple[str, ...], "Specialties by name."]
    licensed_in: Annotated[tuple[str, ...], "States of licence."]


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

    item: Annotated[DisputedItem, "What a search shows of it, too."]
    joints_supplied: Annotated[
        tuple[str, ...], "Joints that the named nerves supply: inferred, the letter does not state them."
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

    id: Annotated[str, "Its id."]
    links: Annotated[Links, "Where it stands."]


@dataclass(frozen=True, slots=True)
class LetterCitation:
    """How to cite the letter. IMR decisions are not precedent."""

    plain: Annotated[str, "In the form that attorneys use."]
    markdown: Annotated[str, "The same as a link."]
    note: Annotated[str, "What a citation of an IMR decision is worth."]


@dataclass(frozen=True, slots=True)
class LetterLinks:
    """Where the letter stands, as whole addresses."""

    api: Annotated[str, "This answer."]
    html: Annotated[str, "The page for people."]
    original: Annotated[str, "The original letter to read."]
    download: Annotated[str, "The original letter’s file."]


@dataclass(frozen=True, slots=True)
class Determination:
    """One Final Determination letter with everything that was read in it."""

    id: Annotated[str, "Its case number, or digits of its content’s hash: what addresses use."]
    case_number: Annotated[str | None, "The case number; null where the letter has lost its cover."]
    layout: Annotated[Layout, "Which of the published forms it has."]
    outcome: Annotated[Decision, "The items’ common decision, or partially_overturned where they differ."]
    priority: Annotated[Priority | None, "As the cover states it."]
    year: Annotated[int | None, "The year it is filed under."]
    dates: Annotated[LetterDates, "Every date of the cover."]
    reviewer: Annotated[Reviewer, "Who reviewed it."]
    patient: Annotated[Patient, "Whom it concerns."]
    clinical_summary: Annotated[str, "The clinical case summary."]
    items: Annotated[tuple[LetterItem, ...], "The disputed items in the letter’s order."]
    warnings: Annotated[tuple[ReadingWarning, ...], "What could be read only in part."]
    text: Annotated[str, "The whole letter’s text."]
    citation: Annotated[LetterCitation, "How to cite it."]
    is_current: Annotated[bool, "Whether no newer version supersedes it."]
    superseded_by: Annotated[Version | None, "The newer version."]
    supersedes: Annotated[tuple[Version, ...], "Older versions, the newest first."]
    is_invented: Annotated[bool, "Whether it is an invented sample: no such case exists."]
    imported_at: Annotated[datetime, "When it came to this site."]
    corrected_fields: Annotated[tuple[str, ...], "Fields that a person corrected after reading."]
    links: Annotated[LetterLinks, "Where it stands."]
