"""What `/api/search` answers. Every field says what it holds: the description of the API is made of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from determinations.api.item_schemas import DisputedItem, LetterDates, Links
from determinations.search.interface import Sort


class LetterPart(StrEnum):
    """The part of a letter that a passage stands in."""

    RATIONALE = "rationale"
    CLINICAL_SUMMARY = "clinical_summary"
    REVIEWER_GUIDELINE = "reviewer_guideline"
    CLAIMS_ADMINISTRATOR_GUIDELINE = "claims_administrator_guideline"


@dataclass(frozen=True, slots=True)
class TextFragment:
    """A stretch of text. The fragments of a passage, joined, are its text."""

    text: Annotated[str, "The letter’s own words."]
    match: Annotated[bool, "Whether the question matches them."]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that answers the question best; without a question, the beginning of the text."""

    part: Annotated[LetterPart, "Where it stands."]
    fragments: Annotated[
        tuple[TextFragment, ...], "The passage, cut where words match. … marks a cut sentence."
    ]


@dataclass(frozen=True, slots=True)
class Hit:
    """One disputed item that the search found."""

    item: Annotated[DisputedItem, "The item."]
    determination: Annotated[str, "The letter’s id: its case number, or digits of its content’s hash."]
    case_number: Annotated[str | None, "The case number, where the letter has one."]
    date: Annotated[
        date | None, "What the letter is filed under: its decision’s date, else its assignment’s."
    ]
    year: Annotated[int | None, "The year of that date, else the one in the case number."]
    dates: Annotated[LetterDates, "All dates that the letter states."]
    specialties: Annotated[tuple[str, ...], "The reviewer’s specialties by name."]
    request: Annotated[tuple[TextFragment, ...], "The item’s request, cut where words match."]
    passages: Annotated[tuple[Passage, ...], "The best passages."]
    score: Annotated[
        float | None,
        "How well it answers the question (BM25F): comparable within one search; null without one.",
    ]
    is_invented: Annotated[bool, "Whether the letter is an invented sample: no such case exists."]
    links: Annotated[Links, "The item’s letter as JSON, and the item on its page."]


@dataclass(frozen=True, slots=True)
class OutcomeRate:
    """How often denials were overturned, in the letters held here; whichever decision is chosen."""

    overturned: Annotated[int, "Items overturned, wholly or in part."]
    decided: Annotated[int, "Items whose decision is known: the n of the rate."]
    share: Annotated[float | None, "overturned / decided, from 0 to 1; null below five decided items."]
    low: Annotated[float | None, "Lower end of the share’s 95 % confidence interval (Wilson)."]
    high: Annotated[float | None, "Upper end of it."]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet among the items found."""

    value: Annotated[str, "What the facet’s parameter takes."]
    label: Annotated[str, "What people call it."]
    parent: Annotated[str | None, "The value that it stands under, in a hierarchical facet."]
    count: Annotated[
        int, "How many items one would find by choosing this instead of the facet’s present choice."
    ]
    chosen: Annotated[bool, "Whether the search is narrowed to it."]
    outcomes: Annotated[OutcomeRate | None, "Its outcome rate; null in the facet of decisions itself."]


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow the search: values of one facet widen it, different facets narrow it."""

    name: Annotated[str, "The parameter’s name."]
    label: Annotated[str, "What people call it."]
    multiple: Annotated[bool, "Whether an item may have several of its values."]
    hierarchical: Annotated[bool, "Whether an item counts under a value’s parent as well."]
    values: Annotated[tuple[FacetValue, ...], "Every value with its count, children behind their parent."]


@dataclass(frozen=True, slots=True)
class RelatedWord:
    """A word of the question that is searched under other names as well."""

    word: Annotated[str, "As it was typed."]
    alternatives: Annotated[tuple[str, ...], "What else it is called."]


@dataclass(frozen=True, slots=True)
class OtherQuestion:
    """A question to ask instead."""

    q: Annotated[str, "The question."]
    reason: Annotated[str, "Why it is offered."]
    api: Annotated[str, "The same search with that question."]


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Where this page of results stands, as whole addresses."""

    self: Annotated[str, "This page, written canonically."]
    first: Annotated[str, "The first page."]
    previous: Annotated[str | None, "The page before; null on the first."]
    next: Annotated[str | None, "The page behind; null on the last."]
    last: Annotated[str, "The last page."]
    html: Annotated[str, "The search as a page for people."]
    csv: Annotated[str, "All results of the search in one file, however many."]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
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
    links: Annotated[PageLinks, "The pages around this one, the same search for people and as a file."]
    outcomes: Annotated[OutcomeRate, "The outcome rate of all items found."]
    related_words_searched: Annotated[
        bool, "Whether the related words were searched too; expand=off stops it."
    ]
    related_words: Annotated[tuple[RelatedWord, ...], "Words of the question that have other names."]
    other_questions: Annotated[tuple[OtherQuestion, ...], "A likely correction, or another way to read it."]
    hits: Annotated[tuple[Hit, ...], "The items of this page."]
    vanished: Annotated[
        int, "Items of this page that were deleted since the index last changed, so that hits lacks them."
    ]
    facets: Annotated[tuple[Facet, ...], "Every facet, each counted without its own choice."]
