"""The schema of `/api/search`. The API's description is generated from the descriptions of the fields."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from determinations.api.item_schemas import DisputedItem, LetterDates, Links
from determinations.search.interface import Sort


class LetterPart(StrEnum):
    """The part of a letter that a passage comes from."""

    RATIONALE = "rationale"
    CLINICAL_SUMMARY = "clinical_summary"
    REVIEWER_GUIDELINE = "reviewer_guideline"
    CLAIMS_ADMINISTRATOR_GUIDELINE = "claims_administrator_guideline"


@dataclass(frozen=True, slots=True)
class TextFragment:
    """A stretch of text. The fragments of a passage, joined, are its text."""

    text: Annotated[str, "The letter’s own words."]
    match: Annotated[bool, "Whether they match the query."]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that answers the question best; without a question, the beginning of the text."""

    part: Annotated[LetterPart, "The part of the letter that it comes from."]
    fragments: Annotated[
        tuple[TextFragment, ...], "The passage, cut where words match. … marks a cut sentence."
    ]


@dataclass(frozen=True, slots=True)
class Hit:
    """One disputed item that the search found."""

    item: Annotated[DisputedItem, "The item."]
    determination: Annotated[str, "The letter’s ID: its case number, or digits of its content hash."]
    case_number: Annotated[str | None, "The case number, if the letter has one."]
    date: Annotated[date | None, "The letter’s date: the decision date, else the assignment date."]
    year: Annotated[int | None, "The year of that date, else the year in the case number."]
    dates: Annotated[LetterDates, "All dates that the letter states."]
    specialties: Annotated[tuple[str, ...], "The reviewer’s specialties by name."]
    request: Annotated[tuple[TextFragment, ...], "The item’s request, split where words match."]
    passages: Annotated[tuple[Passage, ...], "The best passages."]
    score: Annotated[
        float | None,
        "How well it matches the query (BM25F), comparable within one search; null without a query.",
    ]
    is_invented: Annotated[bool, "Whether the letter is an invented sample: no such case exists."]
    links: Annotated[Links, "The item’s letter as JSON, and the item on its page."]


@dataclass(frozen=True, slots=True)
class OutcomeRate:
    """How often denials were overturned, in the letters on this site. The decision filter is ignored."""

    overturned: Annotated[int, "Items overturned, fully or in part."]
    decided: Annotated[int, "Items with a known decision: the n of the rate."]
    share: Annotated[float | None, "overturned / decided, from 0 to 1; null below five decided items."]
    low: Annotated[float | None, "Lower end of the share’s 95% confidence interval (Wilson)."]
    high: Annotated[float | None, "Upper end of the interval."]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet among the items found."""

    value: Annotated[str, "The value that the facet’s parameter takes."]
    label: Annotated[str, "Its name for people."]
    parent: Annotated[str | None, "Its parent value, in a hierarchical facet."]
    count: Annotated[
        int, "How many items the search would find with this value instead of the facet’s current selection."
    ]
    chosen: Annotated[bool, "Whether the search filters by it."]
    outcomes: Annotated[OutcomeRate | None, "Its outcome rate; null in the decision facet."]


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow the search: values of one facet widen it, different facets narrow it."""

    name: Annotated[str, "The parameter’s name."]
    label: Annotated[str, "Its name for people."]
    multiple: Annotated[bool, "Whether an item can have several of its values."]
    hierarchical: Annotated[bool, "Whether an item also counts under the parent of a value."]
    values: Annotated[tuple[FacetValue, ...], "Every value with its count, children after their parent."]


@dataclass(frozen=True, slots=True)
class RelatedWord:
    """A word of the question that is searched under other names as well."""

    word: Annotated[str, "As it was typed."]
    alternatives: Annotated[tuple[str, ...], "Its other names."]


@dataclass(frozen=True, slots=True)
class OtherQuestion:
    """A question to ask instead."""

    q: Annotated[str, "The query."]
    reason: Annotated[str, "Why it is suggested."]
    api: Annotated[str, "The same search with that query."]


@dataclass(frozen=True, slots=True)
class PageLinks:
    """The addresses of this page of results and of those around it, with scheme and host."""

    self: Annotated[str, "This page, in canonical form."]
    first: Annotated[str, "The first page."]
    previous: Annotated[str | None, "The previous page; null on the first."]
    next: Annotated[str | None, "The next page; null on the last."]
    last: Annotated[str, "The last page."]
    html: Annotated[str, "The search as a page for people."]
    csv: Annotated[str, "All results of the search in one file."]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """One page of what a search finds, with its facets and outcome rates."""

    q: Annotated[str, "The query as it was read; empty if every item matches."]
    total: Annotated[int, "How many disputed items the search finds."]
    page: Annotated[int, "The number of this page, starting at 1."]
    pages: Annotated[int, "How many pages there are; 0 if nothing is found."]
    page_size: Annotated[int, "The number of items per page."]
    sort: Annotated[Sort, "The sort order. Ties are broken by a key, so pages never overlap."]
    index_generation: Annotated[
        int, "Increases whenever the index changes. Pages fit together as long as it stays the same."
    ]
    links: Annotated[PageLinks, "The pages around this one, and the same search for people and as a file."]
    outcomes: Annotated[OutcomeRate, "The outcome rate of all items found."]
    related_words_searched: Annotated[
        bool, "Whether related words were also searched; expand=off turns this off."
    ]
    related_words: Annotated[tuple[RelatedWord, ...], "Words of the query that have other names."]
    other_questions: Annotated[tuple[OtherQuestion, ...], "A likely correction or another reading of it."]
    hits: Annotated[tuple[Hit, ...], "The items on this page."]
    vanished: Annotated[
        int, "Items on this page that were deleted after the index last changed, so hits lacks them."
    ]
    facets: Annotated[tuple[Facet, ...], "Every facet, each counted without its own filter."]
