"""What the API tells of a disputed item wherever one stands: names as `parse_letter` prints them."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from determinations.letters.parsed_letter import Decision, Laterality, LevelsFrom


@dataclass(frozen=True, slots=True)
class GuidelineCitation:
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
class Guidelines:
    """Which guidelines each side relied on for an item."""

    claims_administrator: Annotated[tuple[GuidelineCitation, ...], "What the claims administrator cited."]
    reviewer: Annotated[tuple[GuidelineCitation, ...], "What the IMR reviewer cited."]


@dataclass(frozen=True, slots=True)
class LetterDates:
    """The dates that a letter states, each null where it does not."""

    assigned: Annotated[date | None, "When the case was assigned."]
    injury: Annotated[date | None, "When the worker was injured."]
    decision: Annotated[date | None, "When the letter was decided."]
    ur_denial: Annotated[date | None, "When utilization review denied the treatment."]
    application_received: Annotated[date | None, "When the application for review arrived."]


@dataclass(frozen=True, slots=True)
class Links:
    """Where to go on, as whole addresses."""

    api: Annotated[str, "The determination as JSON."]
    html: Annotated[str, "The page for people."]


@dataclass(frozen=True, slots=True)
class DisputedItem:
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
    guidelines: Annotated[Guidelines, "The guidelines that each side relied on."]
    citation: Annotated[str, "How to cite the item. IMR decisions are not precedent."]
