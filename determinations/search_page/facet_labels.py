"""What a facet's values are called, which stands under which, and in what order a reader expects them.

Knows the vocabulary; knows neither search engine nor web. A slug that the vocabulary does not hold
(a specialty or chapter that only one letter names) is made readable, never dropped.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from determinations.letters.facts.grounds.names import SIDE_LABELS, grounds_by_slug
from determinations.letters.facts.spine_notation import anatomical_order, region_of
from determinations.letters.vocabulary.body_parts import body_part_labels
from determinations.letters.vocabulary.names import (
    CHRONIC_PAIN,
    chapter_slug,
    chronic_pain_topics,
    guideline_sources,
    service_categories,
    specialties,
)
from determinations.models import DECISION_LABELS, Decision
from determinations.models.choices import LATERALITY_LABELS
from determinations.search import facets
from determinations.search.interface import FacetCount, LetterDate

REGIONS: tuple[str, ...] = ("cervical", "thoracic", "lumbar", "sacral")
_DECISIONS: tuple[str, ...] = tuple(decision.value for decision in Decision)
DATE_LABELS: Mapping[LetterDate, str] = {
    LetterDate.DECIDED: "Decided",
    LetterDate.ASSIGNED: "Assigned",
    LetterDate.INJURED: "Injured",
    LetterDate.RECEIVED: "Application received",
}
_GUIDELINES = {facets.GUIDELINE.name, facets.CLAIMS_ADMINISTRATOR_GUIDELINE.name}


def facet_label(facet: str, value: str) -> str:
    """The value as a person reads it: "Medial branch blocks", "Low Back", "L4-L5", "Overturned"."""
    if facet == facets.YEAR.name:
        return value
    if facet == facets.LEVEL.name:
        return value.capitalize() if value in REGIONS else value
    known = _labels()[facet].get(value)
    if known:
        return known
    _, _, chapter = value.rpartition(".")
    return chapter.replace("-", " ").replace("_", " ").capitalize()


def parent_of(facet: str, value: str) -> str | None:
    """The value that stands above this one in a hierarchical facet, or None."""
    if facet == facets.SERVICE.name:
        return _categories().get(value)
    if facet == facets.REASON.name:
        ground = grounds_by_slug().get(value)
        return ground.side if ground else None
    if facet in _GUIDELINES:
        source, dot, _ = value.partition(".")
        return source if dot else None
    if facet == facets.LEVEL.name:
        return None if value in REGIONS else region_of(value)
    return None


@cache
def _categories() -> Mapping[str, str]:
    return {service.slug: service.category for group in service_categories() for service in group.services}


@cache
def _labels() -> Mapping[str, Mapping[str, str]]:
    services = {service.slug: service.label for group in service_categories() for service in group.services}
    guidelines = {source.slug: source.label for source in guideline_sources()}
    guidelines |= {
        f"{source.slug}.{chapter.slug}": chapter.name
        for source in guideline_sources()
        for chapter in source.chapters
    }
    guidelines |= {f"{CHRONIC_PAIN}.{chapter_slug(topic)}": topic for topic in chronic_pain_topics()}
    return {
        facets.DECISION.name: {decision.value: label for decision, label in DECISION_LABELS.items()},
        facets.SERVICE.name: services | {group.slug: group.label for group in service_categories()},
        facets.REASON.name: {slug: ground.label for slug, ground in grounds_by_slug().items()}
        | dict(SIDE_LABELS),
        facets.SPECIALTY.name: {specialty.slug: specialty.name for specialty in specialties()},
        facets.GUIDELINE.name: guidelines,
        facets.CLAIMS_ADMINISTRATOR_GUIDELINE.name: guidelines,
        facets.BODY_PART.name: dict(body_part_labels()),
        facets.SIDE.name: {side.value: label for side, label in LATERALITY_LABELS.items()},
        facets.AGREEMENT.name: {
            facets.SAME_GUIDELINES: "Reviewer cited the same",
            facets.OTHER_CHAPTER: "Reviewer cited another chapter",
            facets.OTHER_SOURCE: "Reviewer cited another source",
            facets.CITES_NONE: "Reviewer cited none",
        },
        facets.CONTRADICTION.name: {
            facets.RATIONALE_CONTRADICTS: "Rationale against the decision",
            facets.LEVELS_CONTRADICT: "Other levels than the request",
            facets.SUMMARY_CONTRADICTS: "Summary documents what is missed",
        },
    }


def in_order(facet: str, counts: Iterable[FacetCount]) -> list[FacetCount]:
    """Years newest first, levels down the spine, decisions as declared, all else commonest first."""
    if facet == facets.YEAR.name:
        return sorted(counts, key=lambda counted: counted.value, reverse=True)
    if facet == facets.DECISION.name:
        return sorted(counts, key=lambda counted: _DECISIONS.index(counted.value))
    if facet == facets.LEVEL.name:
        return sorted(counts, key=lambda counted: _down_the_spine(counted.value))
    return sorted(counts, key=lambda counted: (-counted.count, facet_label(facet, counted.value).casefold()))


def _down_the_spine(level: str) -> tuple[int, int, int]:
    if level in REGIONS:
        return (0, REGIONS.index(level), 0)
    return (1, *anatomical_order(level))
