"""What each tool returns, beside what the API's own schemas already describe."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from determinations.api.schemas import (
    DeterminationSchema,
    FacetSchema,
    FilterOfferSchema,
    GroundSchema,
    GroundSideName,
    LetterPart,
    OtherQuestionSchema,
    OutcomeRateSchema,
    RelatedWordSchema,
)
from determinations.letters.parsed_letter import Decision, LevelsFrom
from determinations.search.interface import Sort


@dataclass(frozen=True, slots=True)
class CitedItemSchema:
    """A disputed item with its citation and its address."""

    id: Annotated[str, "The item’s ID: CM14-0031877.2. The tool for closest determinations takes it."]
    determination: Annotated[str, "The letter’s ID. The tool that reads a letter takes it."]
    citation: Annotated[str, "How to cite the item. It says if the letter is an invented sample."]
    address: Annotated[str, "The item on its page."]
    is_invented: Annotated[bool, "Whether the letter is an invented sample: no such case exists."]
    request: Annotated[str, "The treatment requested, as the letter words it."]
    decision: Annotated[
        Decision, "upheld: still denied; overturned: the treatment is approved; unknown: not readable."
    ]
    date: Annotated[date | None, "The letter’s date: the decision date, else the assignment date."]
    specialties: Annotated[tuple[str, ...], "The reviewer’s specialties by name."]
    services: Annotated[tuple[str, ...], "Slugs of the services concerned."]
    spinal_levels: Annotated[tuple[str, ...], "Spinal levels as stated: L4-L5, or L4 of a nerve or vertebra."]
    levels_from: Annotated[LevelsFrom | None, "Where the levels were read; null if there are none."]
    claims_administrator_guidelines: Annotated[
        tuple[str, ...], "What the claims administrator cited, as the search takes it: odg.low-back."
    ]
    reviewer_guidelines: Annotated[tuple[str, ...], "What the IMR reviewer cited."]
    grounds: Annotated[
        tuple[GroundSchema, ...], "Why the reviewer decided so, each reason with the sentence that states it."
    ]


@dataclass(frozen=True, slots=True)
class QuotedPassageSchema:
    """A passage in the letter’s own words. … marks a cut sentence."""

    part: Annotated[LetterPart, "The part of the letter that it comes from."]
    text: Annotated[str, "The passage."]


@dataclass(frozen=True, slots=True)
class FoundItemSchema:
    """One disputed item that the search found."""

    item: Annotated[CitedItemSchema, "The item."]
    passages: Annotated[tuple[QuotedPassageSchema, ...], "The passages that answer the question best."]
    follows: Annotated[
        bool, "Whether the item only follows the items found: it does not have all of the words."
    ]
    missing_words: Annotated[tuple[str, ...], "Words of the query that the item does not have."]


@dataclass(frozen=True, slots=True)
class FoundItemsSchema:
    """One page of what a search finds, with its outcome rates."""

    q: Annotated[str, "The query as it was read; empty if every item matches."]
    address: Annotated[str, "The search as a page for people."]
    total: Annotated[int, "How many disputed items have all of the words."]
    total_following: Annotated[int, "How many more have some of the words; not counted in total."]
    total_in_summaries: Annotated[int, "How many more include=summary would find; not counted in total."]
    page: Annotated[int, "The number of this page, starting at 1."]
    pages: Annotated[int, "How many pages there are; 0 if nothing is found."]
    page_size: Annotated[int, "The number of items per page."]
    sort: Annotated[Sort, "The sort order."]
    index_generation: Annotated[
        int, "Increases whenever the index changes. Pages fit together as long as it stays the same."
    ]
    outcomes: Annotated[OutcomeRateSchema, "The outcome rate of all items found."]
    related_words: Annotated[tuple[RelatedWordSchema, ...], "Words of the query that have other names."]
    filter_offers: Annotated[
        tuple[FilterOfferSchema, ...], "Filters that the query names in plain words; not applied."
    ]
    other_questions: Annotated[
        tuple[OtherQuestionSchema, ...], "A likely correction or another reading of the query."
    ]
    items: Annotated[tuple[FoundItemSchema, ...], "The items on this page."]
    vanished: Annotated[int, "Items on this page that were deleted after the index last changed."]
    counts: Annotated[tuple[FacetSchema, ...], "The facets that were asked for, with every value."]
    notes: Annotated[tuple[str, ...], "What to say with any use of these determinations."]


@dataclass(frozen=True, slots=True)
class WholeLetterSchema:
    """One letter with everything that was read in it."""

    determination: Annotated[DeterminationSchema, "The letter, as the API gives it."]
    text_is_left_out: Annotated[bool, "Whether determination.text is empty because it was not asked for."]
    notes: Annotated[tuple[str, ...], "What to say with any use of this determination."]


@dataclass(frozen=True, slots=True)
class StatedShareSchema:
    """In how many of an outcome’s items a ground is stated. It is not a rate of outcomes."""

    stating: Annotated[int, "Items that state it."]
    items: Annotated[int, "All items of this outcome."]
    share: Annotated[float | None, "stating / items, from 0 to 1; null below five items."]
    low: Annotated[float | None, "Lower end of the share’s 95% confidence interval (Wilson)."]
    high: Annotated[float | None, "Upper end of the interval."]


@dataclass(frozen=True, slots=True)
class ReasonExampleSchema:
    """A sentence that states a ground, and where it is from."""

    sentence: Annotated[str, "The sentence, in the letter’s own words."]
    item: Annotated[str, "The ID of the item whose rationale has it."]
    citation: Annotated[str, "How to cite the item."]
    address: Annotated[str, "The item on its page."]
    is_invented: Annotated[bool, "Whether the letter is an invented sample: no such case exists."]


@dataclass(frozen=True, slots=True)
class ReasonSchema:
    """A ground, and how often upheld and overturned items state it."""

    ground: Annotated[str, "Its slug, as the reason parameter of a search takes it."]
    label: Annotated[str, "Its name for people."]
    meaning: Annotated[str, "What it means."]
    side: Annotated[GroundSideName, "Whether it speaks for the treatment or against it."]
    upheld: Annotated[StatedShareSchema, "How many upheld items state it: the treatment remains denied."]
    overturned: Annotated[StatedShareSchema, "How many overturned items state it: the treatment is approved."]
    address: Annotated[str, "All items that state it, as a page."]
    examples: Annotated[
        tuple[ReasonExampleSchema, ...], "Sentences that state it, from items of the outcome it speaks for."
    ]


@dataclass(frozen=True, slots=True)
class NamedGroundSchema:
    """A ground and its name."""

    ground: Annotated[str, "Its slug."]
    label: Annotated[str, "Its name for people."]


@dataclass(frozen=True, slots=True)
class OpposedReasonsSchema:
    """In one topic, what upheld items are said to lack and what overturned items are said to show."""

    topic: Annotated[str, "The topic."]
    lacking: Annotated[NamedGroundSchema, "What is lacking."]
    upheld: Annotated[StatedShareSchema, "How many upheld items state that it is lacking."]
    shown: Annotated[tuple[NamedGroundSchema, ...], "What is shown instead."]
    overturned: Annotated[StatedShareSchema, "How many overturned items state any of what is shown."]


@dataclass(frozen=True, slots=True)
class ReasonsSchema:
    """Why items of a search were denied, and what won."""

    q: Annotated[str, "The query as it was read; empty if every item matches."]
    address: Annotated[str, "The same table as a page for people."]
    upheld: Annotated[int, "Items upheld: the treatment remains denied."]
    overturned: Annotated[int, "Items overturned, fully or in part."]
    read: Annotated[int, "Decided items with a ground that could be read."]
    opposed: Annotated[
        tuple[OpposedReasonsSchema, ...], "What is lacking against what is shown, those stated most first."
    ]
    grounds: Annotated[tuple[ReasonSchema, ...], "Every ground: against the treatment, then for it."]
    notes: Annotated[tuple[str, ...], "What to say with any use of these determinations."]


@dataclass(frozen=True, slots=True)
class PartingSchema:
    """The ground on which two items of opposite decisions part."""

    here: Annotated[str, "What the item that was asked about states."]
    there: Annotated[str, "What the other item states."]


@dataclass(frozen=True, slots=True)
class ClosestItemSchema:
    """An item of another letter."""

    item: Annotated[CitedItemSchema, "The item."]
    parting: Annotated[
        PartingSchema | None, "Where the two part; null with the same decision, or if one states no ground."
    ]


@dataclass(frozen=True, slots=True)
class ClosestItemsSchema:
    """The items of other letters that are most like one item."""

    item: Annotated[CitedItemSchema, "The item that was asked about."]
    address: Annotated[str, "The same as a page for people."]
    similar: Annotated[tuple[ClosestItemSchema, ...], "The closest, whatever their outcome."]
    opposite: Annotated[
        tuple[ClosestItemSchema, ...], "The closest with the same service and the opposite outcome."
    ]
    why_none_similar: Annotated[str | None, "Why similar is empty."]
    why_none_opposite: Annotated[str | None, "Why opposite is empty."]
    notes: Annotated[tuple[str, ...], "What to say with any use of these determinations."]
