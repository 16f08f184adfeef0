"""What the API answers: searches, letters and disputed items, in the names that `parse_letter` prints.

Every field says what it holds: the description of the API is made of it. The description names a class
without its suffix: `HitSchema` is "Hit" there.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from determinations.letters.parsed_letter import Decision, Laterality, Layout, LevelsFrom, Priority, Sex
from determinations.search.interface import Sort


@dataclass(frozen=True, slots=True)
class GuidelineCitationSchema:
    """One guideline as one side cited it."""

    value: Annotated[str, "The guideline and chapter as the search takes them: odg.low-back."]
    source: Annotated[str, "The guideline’s slug: odg, mtus-acoem, other, none."]
    chapter: Annotated[str | None, "The chapter’s name, where one is cited."]
    year: Annotated[int | None, "The edition’s year, where one is given."]
    sections: Annotated[tuple[str, ...], "Sections or topics cited."]
    pages: Annotated[tuple[str, ...], "Pages cited."]
    tables: Annotated[tuple[str, ...], "Tables cited."]
    text: Annotated[str, "The citation as the letter words it."]


@dataclass(frozen=True, slots=True)
class GuidelinesSchema:
    """Which guidelines each side relied on for an item."""

    claims_administrator: Annotated[
        tuple[GuidelineCitationSchema, ...], "What the claims administrator cited."
    ]
    reviewer: Annotated[tuple[GuidelineCitationSchema, ...], "What the IMR reviewer cited."]


@dataclass(frozen=True, slots=True)
class LetterDatesSchema:
    """The dates that a letter states, each null where it does not."""

    assigned: Annotated[date | None, "When the case was assigned."]
    injury: Annotated[date | None, "When the worker was injured."]
    decision: Annotated[date | None, "When the letter was decided."]
    ur_denial: Annotated[date | None, "When utilization review denied the treatment."]
    application_received: Annotated[date | None, "When the application for review arrived."]


@dataclass(frozen=True, slots=True)
class LinksSchema:
    """Where to go on, as whole addresses."""

    api: Annotated[str, "The determination as JSON."]
    html: Annotated[str, "The page for people."]


@dataclass(frozen=True, slots=True)
class DisputedItemSchema:
    """One disputed treatment of a letter: what was asked for, what was decided, on what grounds."""

    id: Annotated[str, "The item’s name on this site: CM14-0031877.2."]
    position: Annotated[int, "Its number within the letter, from 1."]
    request: Annotated[str, "The treatment asked for, as the letter words it."]
    decision: Annotated[
        Decision, "upheld: the denial stands; overturned: the treatment is approved; unknown: not readable."
    ]
    services: Annotated[tuple[str, ...], "Slugs of the services concerned."]
    spinal_levels: Annotated[tuple[str, ...], "Spinal levels as stated: L4-L5, or L4 of a nerve or vertebra."]
    levels_from: Annotated[LevelsFrom | None, "Where the levels were read; null where there are none."]
    laterality: Annotated[Laterality | None, "The side of the body, where the item names one."]
    guidelines: Annotated[GuidelinesSchema, "The guidelines that each side relied on."]
    citation: Annotated[str, "How to cite the item. IMR decisions are not precedent."]


@dataclass(frozen=True, slots=True)
class ReviewerSchema:
    """The physician who reviewed the case, and who stays anonymous."""

    specialties: Annotated[tuple[str, ...], "Specialties by name."]
    licensed_in: Annotated[tuple[str, ...], "States of licence."]


@dataclass(frozen=True, slots=True)
class PatientSchema:
    """The injured worker, as far as the letter says."""

    age: Annotated[int | None, "Whole years."]
    sex: Annotated[Sex | None, "As the letter states it."]


@dataclass(frozen=True, slots=True)
class ReadingWarningSchema:
    """Something in the letter that could be read only in part."""

    code: Annotated[str, "A slug."]
    message: Annotated[str, "In words."]
    place: Annotated[str, "Where in the letter (“item 2”); empty for the letter as a whole."]


@dataclass(frozen=True, slots=True)
class LetterItemSchema:
    """A disputed item with all its texts."""

    item: Annotated[DisputedItemSchema, "What a search shows of it, too."]
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
class VersionSchema:
    """Another version of the same letter."""

    id: Annotated[str, "Its id."]
    links: Annotated[LinksSchema, "Where it stands."]


@dataclass(frozen=True, slots=True)
class LetterCitationSchema:
    """How to cite the letter. IMR decisions are not precedent."""

    plain: Annotated[str, "In the form that attorneys use."]
    markdown: Annotated[str, "The same as a link."]
    note: Annotated[str, "What a citation of an IMR decision is worth."]


@dataclass(frozen=True, slots=True)
class LetterLinksSchema:
    """Where the letter stands, as whole addresses."""

    api: Annotated[str, "This answer."]
    html: Annotated[str, "The page for people."]
    original: Annotated[str, "The original letter to read."]
    download: Annotated[str, "The original letter’s file."]


@dataclass(frozen=True, slots=True)
class DeterminationSchema:
    """One Final Determination letter with everything that was read in it."""

    id: Annotated[str, "Its case number, or digits of its content’s hash: what addresses use."]
    case_number: Annotated[str | None, "The case number; null where the letter has lost its cover."]
    layout: Annotated[Layout, "Which of the published forms it has."]
    outcome: Annotated[Decision, "The items’ common decision, or partially_overturned where they differ."]
    priority: Annotated[Priority | None, "As the cover states it."]
    year: Annotated[int | None, "The year it is filed under."]
    dates: Annotated[LetterDatesSchema, "Every date of the cover."]
    reviewer: Annotated[ReviewerSchema, "Who reviewed it."]
    patient: Annotated[PatientSchema, "Whom it concerns."]
    clinical_summary: Annotated[str, "The clinical case summary."]
    items: Annotated[tuple[LetterItemSchema, ...], "The disputed items in the letter’s order."]
    warnings: Annotated[tuple[ReadingWarningSchema, ...], "What could be read only in part."]
    text: Annotated[str, "The whole letter’s text."]
    citation: Annotated[LetterCitationSchema, "How to cite it."]
    is_current: Annotated[bool, "Whether no newer version supersedes it."]
    superseded_by: Annotated[VersionSchema | None, "The newer version."]
    supersedes: Annotated[tuple[VersionSchema, ...], "Older versions, the newest first."]
    is_invented: Annotated[bool, "Whether it is an invented sample: no such case exists."]
    imported_at: Annotated[datetime, "When it came to this site."]
    corrected_fields: Annotated[tuple[str, ...], "Fields that a person corrected after reading."]
    links: Annotated[LetterLinksSchema, "Where it stands."]


class LetterPart(StrEnum):
    """The part of a letter that a passage stands in."""

    RATIONALE = "rationale"
    CLINICAL_SUMMARY = "clinical_summary"
    REVIEWER_GUIDELINE = "reviewer_guideline"
    CLAIMS_ADMINISTRATOR_GUIDELINE = "claims_administrator_guideline"


@dataclass(frozen=True, slots=True)
class TextFragmentSchema:
    """A stretch of text. The fragments of a passage, joined, are its text."""

    text: Annotated[str, "The letter’s own words."]
    match: Annotated[bool, "Whether the question matches them."]


@dataclass(frozen=True, slots=True)
class PassageSchema:
    """A passage that answers the question best; without a question, the beginning of the text."""

    part: Annotated[LetterPart, "Where it stands."]
    fragments: Annotated[
        tuple[TextFragmentSchema, ...], "The passage, cut where words match. … marks a cut sentence."
    ]


@dataclass(frozen=True, slots=True)
class HitSchema:
    """One disputed item that the search found."""

    item: Annotated[DisputedItemSchema, "The item."]
    determination: Annotated[str, "The letter’s id: its case number, or digits of its content’s hash."]
    case_number: Annotated[str | None, "The case number, where the letter has one."]
    date: Annotated[
        date | None, "What the letter is filed under: its decision’s date, else its assignment’s."
    ]
    year: Annotated[int | None, "The year of that date, else the one in the case number."]
    dates: Annotated[LetterDatesSchema, "All dates that the letter states."]
    specialties: Annotated[tuple[str, ...], "The reviewer’s specialties by name."]
    request: Annotated[tuple[TextFragmentSchema, ...], "The item’s request, cut where words match."]
    passages: Annotated[tuple[PassageSchema, ...], "The best passages."]
    score: Annotated[
        float | None,
        "How well it answers the question (BM25F): comparable within one search; null without one.",
    ]
    is_invented: Annotated[bool, "Whether the letter is an invented sample: no such case exists."]
    links: Annotated[LinksSchema, "The item’s letter as JSON, and the item on its page."]


@dataclass(frozen=True, slots=True)
class OutcomeRateSchema:
    """How often denials were overturned, in the letters held here; whichever decision is chosen."""

    overturned: Annotated[int, "Items overturned, wholly or in part."]
    decided: Annotated[int, "Items whose decision is known: the n of the rate."]
    share: Annotated[float | None, "overturned / decided, from 0 to 1; null below five decided items."]
    low: Annotated[float | None, "Lower end of the share’s 95 % confidence interval (Wilson)."]
    high: Annotated[float | None, "Upper end of it."]


@dataclass(frozen=True, slots=True)
class FacetValueSchema:
    """One value of a facet among the items found."""

    value: Annotated[str, "What the facet’s parameter takes."]
    label: Annotated[str, "What people call it."]
    parent: Annotated[str | None, "The value that it stands under, in a hierarchical facet."]
    count: Annotated[
        int, "How many items one would find by choosing this instead of the facet’s present choice."
    ]
    chosen: Annotated[bool, "Whether the search is narrowed to it."]
    outcomes: Annotated[OutcomeRateSchema | None, "Its outcome rate; null in the facet of decisions itself."]


@dataclass(frozen=True, slots=True)
class FacetSchema:
    """A way to narrow the search: values of one facet widen it, different facets narrow it."""

    name: Annotated[str, "The parameter’s name."]
    label: Annotated[str, "What people call it."]
    multiple: Annotated[bool, "Whether an item may have several of its values."]
    hierarchical: Annotated[bool, "Whether an item counts under a value’s parent as well."]
    values: Annotated[
        tuple[FacetValueSchema, ...], "Every value with its count, children behind their parent."
    ]


@dataclass(frozen=True, slots=True)
class RelatedWordSchema:
    """A word of the question that is searched under other names as well."""

    word: Annotated[str, "As it was typed."]
    alternatives: Annotated[tuple[str, ...], "What else it is called."]


@dataclass(frozen=True, slots=True)
class OtherQuestionSchema:
    """A question to ask instead."""

    q: Annotated[str, "The question."]
    reason: Annotated[str, "Why it is offered."]
    api: Annotated[str, "The same search with that question."]


@dataclass(frozen=True, slots=True)
class PageLinksSchema:
    """Where this page of results stands, as whole addresses."""

    self: Annotated[str, "This page, written canonically."]
    first: Annotated[str, "The first page."]
    previous: Annotated[str | None, "The page before; null on the first."]
    next: Annotated[str | None, "The page behind; null on the last."]
    last: Annotated[str, "The last page."]
    html: Annotated[str, "The search as a page for people."]
    csv: Annotated[str, "All results of the search in one file, however many."]


@dataclass(frozen=True, slots=True)
class SearchAnswerSchema:
    """One page of what a search finds, with its facets and outcome rates."""

    q: Annotated[str, "The question as it was read; empty for every item."]
    total: Annotated[int, "How many disputed items the search finds."]
    page: Annotated[int, "The number of this page, from 1."]
    pages: Annotated[int, "How many pages there are; 0 where nothing is found."]
    page_size: Annotated[int, "How many items a page holds."]
    sort: Annotated[Sort, "The order; ties are broken by a key, so that pages never overlap."]
    index_generation: Annotated[
        int, "Grows whenever the index changes. Pages of one walk fit together while it stays the same."
    ]
    links: Annotated[PageLinksSchema, "The pages around this one, the same search for people and as a file."]
    outcomes: Annotated[OutcomeRateSchema, "The outcome rate of all items found."]
    related_words_searched: Annotated[
        bool, "Whether the related words were searched too; expand=off stops it."
    ]
    related_words: Annotated[tuple[RelatedWordSchema, ...], "Words of the question that have other names."]
    other_questions: Annotated[
        tuple[OtherQuestionSchema, ...], "A likely correction, or another way to read it."
    ]
    hits: Annotated[tuple[HitSchema, ...], "The items of this page."]
    vanished: Annotated[
        int, "Items of this page that were deleted since the index last changed, so that hits lacks them."
    ]
    facets: Annotated[tuple[FacetSchema, ...], "Every facet, each counted without its own choice."]
