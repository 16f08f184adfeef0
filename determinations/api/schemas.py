"""The schemas of searches, letters and disputed items, with the names that `parse_letter` prints.

The API's description is generated from the descriptions of the fields. It names a class without its suffix:
`HitSchema` is "Hit" there.
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

    value: Annotated[str, "The guideline and chapter as the search parameters take them: odg.low-back."]
    source: Annotated[str, "The guideline’s slug: odg, mtus-acoem, other, none."]
    chapter: Annotated[str | None, "The chapter’s name, if one is cited."]
    year: Annotated[int | None, "The edition’s year, if one is given."]
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


class GroundSideName(StrEnum):
    """Which way a ground speaks."""

    FOR = "for"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class GroundSchema:
    """A reason that the rationale states for its decision."""

    ground: Annotated[str, "Its slug, as the reason parameter takes it."]
    side: Annotated[GroundSideName, "Whether it speaks for the treatment or against it."]
    sentence: Annotated[str, "The sentence that states it."]


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

    id: Annotated[str, "The item’s ID on this site: CM14-0031877.2."]
    position: Annotated[int, "Its number in the letter, starting at 1."]
    request: Annotated[str, "The treatment requested, as the letter words it."]
    decision: Annotated[
        Decision, "upheld: still denied; overturned: the treatment is approved; unknown: not readable."
    ]
    services: Annotated[tuple[str, ...], "Slugs of the services concerned."]
    spinal_levels: Annotated[tuple[str, ...], "Spinal levels as stated: L4-L5, or L4 of a nerve or vertebra."]
    levels_from: Annotated[LevelsFrom | None, "Where the levels were read; null if there are none."]
    laterality: Annotated[Laterality | None, "The side of the body, if the item names one."]
    guidelines: Annotated[GuidelinesSchema, "The guidelines that each side relied on."]
    grounds: Annotated[
        tuple[GroundSchema, ...], "Why the reviewer decided so, each reason with the sentence that states it."
    ]
    citation: Annotated[str, "How to cite the item. IMR decisions are not precedent."]


@dataclass(frozen=True, slots=True)
class ReviewerSchema:
    """The physician who reviewed the case, and who stays anonymous."""

    specialties: Annotated[tuple[str, ...], "Specialties by name."]
    licensed_in: Annotated[tuple[str, ...], "States in which the reviewer is licensed."]


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

    item: Annotated[DisputedItemSchema, "The item as search results show it."]
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
class VersionSchema:
    """Another version of the same letter."""

    id: Annotated[str, "Its ID."]
    links: Annotated[LinksSchema, "Its addresses."]


@dataclass(frozen=True, slots=True)
class LetterCitationSchema:
    """How to cite the letter. IMR decisions are not precedent."""

    plain: Annotated[str, "In the form that attorneys use."]
    markdown: Annotated[str, "The same as a link."]
    note: Annotated[str, "The reminder that IMR decisions are not precedent."]


@dataclass(frozen=True, slots=True)
class LetterLinksSchema:
    """The addresses of the letter, with scheme and host."""

    api: Annotated[str, "This response."]
    html: Annotated[str, "The page for people."]
    original: Annotated[str, "The original letter to read."]
    download: Annotated[str, "The original letter’s file."]


@dataclass(frozen=True, slots=True)
class DeterminationSchema:
    """One Final Determination letter with everything that was read in it."""

    id: Annotated[str, "Its case number, or digits of its content hash, as used in addresses."]
    case_number: Annotated[str | None, "The case number; null if the letter has no cover page."]
    layout: Annotated[Layout, "Which of the four published layouts it has."]
    outcome: Annotated[
        Decision,
        "The decision of all items; partially_overturned if they differ, or if one was overturned in part.",
    ]
    priority: Annotated[Priority | None, "As the cover states it."]
    year: Annotated[int | None, "The year it is filed under."]
    dates: Annotated[LetterDatesSchema, "All dates on the cover page."]
    reviewer: Annotated[ReviewerSchema, "The reviewer."]
    patient: Annotated[PatientSchema, "The patient."]
    clinical_summary: Annotated[str, "The clinical case summary."]
    items: Annotated[tuple[LetterItemSchema, ...], "The disputed items in the letter’s order."]
    warnings: Annotated[tuple[ReadingWarningSchema, ...], "Anything that could be read only in part."]
    text: Annotated[str, "The whole letter’s text."]
    citation: Annotated[LetterCitationSchema, "How to cite it."]
    is_current: Annotated[bool, "Whether no newer version supersedes it."]
    superseded_by: Annotated[VersionSchema | None, "The newer version."]
    supersedes: Annotated[tuple[VersionSchema, ...], "Older versions, newest first."]
    is_invented: Annotated[bool, "Whether it is an invented sample: no such case exists."]
    imported_at: Annotated[datetime, "When it was imported."]
    corrected_fields: Annotated[tuple[str, ...], "Fields that a person corrected after reading."]
    links: Annotated[LetterLinksSchema, "Its addresses."]


class LetterPart(StrEnum):
    """The part of a letter that a passage comes from."""

    RATIONALE = "rationale"
    CLINICAL_SUMMARY = "clinical_summary"
    REVIEWER_GUIDELINE = "reviewer_guideline"
    CLAIMS_ADMINISTRATOR_GUIDELINE = "claims_administrator_guideline"


@dataclass(frozen=True, slots=True)
class TextFragmentSchema:
    """A stretch of text. The fragments of a passage, joined, are its text."""

    text: Annotated[str, "The letter’s own words."]
    match: Annotated[bool, "Whether they match the query."]


@dataclass(frozen=True, slots=True)
class PassageSchema:
    """A passage that answers the question best; without a question, the beginning of the text."""

    part: Annotated[LetterPart, "The part of the letter that it comes from."]
    fragments: Annotated[
        tuple[TextFragmentSchema, ...], "The passage, cut where words match. … marks a cut sentence."
    ]


@dataclass(frozen=True, slots=True)
class HitSchema:
    """One disputed item that the search found."""

    item: Annotated[DisputedItemSchema, "The item."]
    determination: Annotated[str, "The letter’s ID: its case number, or digits of its content hash."]
    case_number: Annotated[str | None, "The case number, if the letter has one."]
    date: Annotated[date | None, "The letter’s date: the decision date, else the assignment date."]
    year: Annotated[int | None, "The year of that date, else the year in the case number."]
    dates: Annotated[LetterDatesSchema, "All dates that the letter states."]
    specialties: Annotated[tuple[str, ...], "The reviewer’s specialties by name."]
    request: Annotated[tuple[TextFragmentSchema, ...], "The item’s request, split where words match."]
    passages: Annotated[tuple[PassageSchema, ...], "The best passages."]
    score: Annotated[
        float | None,
        "How well it matches the query (BM25F), comparable within one search; null without a query.",
    ]
    follows: Annotated[
        bool, "Whether the item only follows the items found: it does not have all of the words."
    ]
    missing_words: Annotated[tuple[str, ...], "Words of the query that the item does not have."]
    words_in_summary: Annotated[
        tuple[str, ...], "Words that are only in the letter’s clinical summary, of an item that follows."
    ]
    is_invented: Annotated[bool, "Whether the letter is an invented sample: no such case exists."]
    links: Annotated[LinksSchema, "The item’s letter as JSON, and the item on its page."]


@dataclass(frozen=True, slots=True)
class OutcomeRateSchema:
    """How often denials were overturned, in the letters on this site. The decision filter is ignored."""

    overturned: Annotated[int, "Items overturned, fully or in part."]
    decided: Annotated[int, "Items with a known decision: the n of the rate."]
    share: Annotated[float | None, "overturned / decided, from 0 to 1; null below five decided items."]
    low: Annotated[float | None, "Lower end of the share’s 95% confidence interval (Wilson)."]
    high: Annotated[float | None, "Upper end of the interval."]


@dataclass(frozen=True, slots=True)
class FacetValueSchema:
    """One value of a facet among the items found."""

    value: Annotated[str, "The value that the facet’s parameter takes."]
    label: Annotated[str, "Its name for people."]
    parent: Annotated[str | None, "Its parent value, in a hierarchical facet."]
    count: Annotated[
        int, "How many items the search would find with this value instead of the facet’s current selection."
    ]
    chosen: Annotated[bool, "Whether the search filters by it."]
    outcomes: Annotated[OutcomeRateSchema | None, "Its outcome rate; null in the decision facet."]


@dataclass(frozen=True, slots=True)
class FacetSchema:
    """A way to narrow the search: values of one facet widen it, different facets narrow it."""

    name: Annotated[str, "The parameter’s name."]
    label: Annotated[str, "Its name for people."]
    multiple: Annotated[bool, "Whether an item can have several of its values."]
    hierarchical: Annotated[bool, "Whether an item also counts under the parent of a value."]
    values: Annotated[
        tuple[FacetValueSchema, ...], "Every value with its count, children after their parent."
    ]


@dataclass(frozen=True, slots=True)
class RelatedWordSchema:
    """A word of the question that is searched under other names as well."""

    word: Annotated[str, "As it was typed."]
    alternatives: Annotated[tuple[str, ...], "Its other names."]


@dataclass(frozen=True, slots=True)
class OtherQuestionSchema:
    """A question to ask instead."""

    q: Annotated[str, "The query."]
    reason: Annotated[str, "Why it is suggested."]
    api: Annotated[str, "The same search with that query."]


@dataclass(frozen=True, slots=True)
class FilterOfferSchema:
    """A filter that the query names, and how many items it leaves."""

    label: Annotated[str, "The filter’s name for people."]
    total: Annotated[int, "How many items the search has with it, those that follow included."]
    api: Annotated[str, "The same search with it."]


@dataclass(frozen=True, slots=True)
class PageLinksSchema:
    """The addresses of this page of results and of those around it, with scheme and host."""

    self: Annotated[str, "This page, in canonical form."]
    first: Annotated[str, "The first page."]
    previous: Annotated[str | None, "The previous page; null on the first."]
    next: Annotated[str | None, "The next page; null on the last."]
    last: Annotated[str, "The last page."]
    html: Annotated[str, "The search as a page for people."]
    csv: Annotated[str, "All results of the search in one file."]


@dataclass(frozen=True, slots=True)
class SearchAnswerSchema:
    """One page of what a search finds, with its facets and outcome rates."""

    q: Annotated[str, "The query as it was read; empty if every item matches."]
    total: Annotated[int, "How many disputed items the search finds: those that have all of the words."]
    total_following: Annotated[
        int,
        "How many items follow those found, because they have some of the words; not counted in total.",
    ]
    total_in_summaries: Annotated[
        int, "How many more items the search would find with include=summary; not counted in total."
    ]
    page: Annotated[int, "The number of this page, starting at 1."]
    pages: Annotated[int, "How many pages there are; 0 if nothing is found."]
    page_size: Annotated[int, "The number of items per page."]
    sort: Annotated[Sort, "The sort order. Ties are broken by a key, so pages never overlap."]
    index_generation: Annotated[
        int, "Increases whenever the index changes. Pages fit together as long as it stays the same."
    ]
    links: Annotated[
        PageLinksSchema, "The pages around this one, and the same search for people and as a file."
    ]
    outcomes: Annotated[OutcomeRateSchema, "The outcome rate of all items found."]
    related_words_searched: Annotated[
        bool, "Whether related words were also searched; expand=off turns this off."
    ]
    related_words: Annotated[tuple[RelatedWordSchema, ...], "Words of the query that have other names."]
    filter_offers: Annotated[
        tuple[FilterOfferSchema, ...], "Filters that the query names in plain words; not applied."
    ]
    other_questions: Annotated[
        tuple[OtherQuestionSchema, ...], "A likely correction or another reading of it."
    ]
    hits: Annotated[tuple[HitSchema, ...], "The items on this page."]
    vanished: Annotated[
        int, "Items on this page that were deleted after the index last changed, so hits lacks them."
    ]
    facets: Annotated[tuple[FacetSchema, ...], "Every facet, each counted without its own filter."]
