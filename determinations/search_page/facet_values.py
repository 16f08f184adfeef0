"""The values of facets: what they are called, in what order a reader expects them, and how people write them.

Knows the vocabulary; knows neither search engine nor web. A slug that the vocabulary does not hold (a
specialty or chapter that only one letter names) is made readable, never dropped. What an address or a person
writes for a value that the facet cannot have is an error that says what it takes.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache

from determinations.letters.facts.grounds.names import SIDE_LABELS, grounds_by_slug
from determinations.letters.facts.spine import levels_in
from determinations.letters.facts.spine_notation import anatomical_order, region_of
from determinations.letters.parsed_letter import Laterality
from determinations.letters.vocabulary.body_parts import body_part_labels, body_parts
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
from determinations.search.query.repair import nearest, quoted

REGIONS: tuple[str, ...] = ("cervical", "thoracic", "lumbar", "sacral")
_DECISIONS: tuple[str, ...] = tuple(decision.value for decision in Decision)
DATE_LABELS: Mapping[LetterDate, str] = {
    LetterDate.DECIDED: "Decided",
    LetterDate.ASSIGNED: "Assigned",
    LetterDate.INJURED: "Injured",
    LetterDate.RECEIVED: "Application received",
}
_REMEMBERED = 8192
"""Values of facets, of which a page shows more than a hundred."""
_GUIDELINES = {facets.GUIDELINE.name, facets.CLAIMS_ADMINISTRATOR_GUIDELINE.name}


@lru_cache(maxsize=_REMEMBERED)
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


@lru_cache(maxsize=_REMEMBERED)
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
    return sorted(counts, key=lambda counted: (-counted.count, _alphabetical(facet, counted.value)))


@lru_cache(maxsize=_REMEMBERED)
def _alphabetical(facet: str, value: str) -> str:
    return facet_label(facet, value).casefold()


@lru_cache(maxsize=_REMEMBERED)
def _down_the_spine(level: str) -> tuple[int, int, int]:
    if level in REGIONS:
        return (0, REGIONS.index(level), 0)
    return (1, *anatomical_order(level))


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_SLUG = 200  # as long as the longest name that a letter may give a chapter
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


class UnknownValueError(ValueError):
    """A value that the facet cannot have. `nearest` is one that it can and that is spelled alike, or None."""

    def __init__(self, message: str, nearest: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.nearest = nearest

    def __str__(self) -> str:
        return f"{self.message} Did you mean “{self.nearest}”?" if self.nearest else self.message


def read_values(facet: str, typed: str) -> tuple[str, ...]:
    """The values meant by one typed value: "L4-5" is L4-L5, "L3-S1" is three levels.

    Raises UnknownValueError with a message that says what the facet takes.
    """
    return _READERS[facet](typed.strip())


def _slug(typed: str) -> str:
    return re.sub(r"[\s_-]+", "-", typed.casefold())


def _is_slug(text: str) -> bool:
    return len(text) <= _LONGEST_SLUG and _SLUG.fullmatch(text) is not None


def _one_of(known: list[str], typed: str, kind: str) -> tuple[str, ...]:
    if typed in known:
        return (typed,)
    raise UnknownValueError(f"There is no {kind} {quoted(typed)}.", nearest(typed, known))


def _decision(typed: str) -> tuple[str, ...]:
    return _one_of([decision.value for decision in Decision], _slug(typed).replace("-", "_"), "decision")


def _service(typed: str) -> tuple[str, ...]:
    known = [category.slug for category in service_categories()]
    known += [service.slug for category in service_categories() for service in category.services]
    return _one_of(known, _slug(typed), "service")


def _reason(typed: str) -> tuple[str, ...]:
    return _one_of([*SIDE_LABELS, *grounds_by_slug()], _slug(typed), "reason")


def _guideline(typed: str) -> tuple[str, ...]:
    source, dot, chapter = typed.casefold().partition(".")
    (source,) = _one_of([known.slug for known in guideline_sources()], _slug(source), "guideline")
    if not dot:
        return (source,)
    if not _is_slug(_slug(chapter)):
        message = f"{quoted(chapter)} is not a chapter. Write it like {source}.low-back."
        raise UnknownValueError(message, source)
    return (f"{source}.{_slug(chapter)}",)


def _level(typed: str) -> tuple[str, ...]:
    if typed.casefold() in REGIONS:
        return (typed.casefold(),)
    levels = levels_in(typed)
    if not levels:
        message = f"{quoted(typed)} is not a spinal level. Write it like L4-L5, L4 or lumbar."
        raise UnknownValueError(message, nearest(typed, REGIONS))
    return levels


def _body_part(typed: str) -> tuple[str, ...]:
    return _one_of([part.slug for part in body_parts()], _slug(typed), "body part")


def _side(typed: str) -> tuple[str, ...]:
    return _one_of([side.value for side in Laterality], _slug(typed), "side")


def _agreement(typed: str) -> tuple[str, ...]:
    return _one_of(list(facets.AGREEMENTS), _slug(typed), "value")


def _contradiction(typed: str) -> tuple[str, ...]:
    return _one_of(list(facets.CONTRADICTIONS), _slug(typed), "contradiction")


def _specialty(typed: str) -> tuple[str, ...]:
    slug = _slug(typed)
    if not _is_slug(slug):
        raise UnknownValueError(f"{quoted(typed)} is not a specialty. Write it like pain-medicine.")
    return (slug,)


def _year(typed: str) -> tuple[str, ...]:
    if not _YEAR.fullmatch(typed):
        raise UnknownValueError(f"{quoted(typed)} is not a year. Write it with four digits, like 2014.")
    return (typed,)


_READERS: dict[str, Callable[[str], tuple[str, ...]]] = {
    facets.DECISION.name: _decision,
    facets.SERVICE.name: _service,
    facets.REASON.name: _reason,
    facets.GUIDELINE.name: _guideline,
    facets.LEVEL.name: _level,
    facets.SPECIALTY.name: _specialty,
    facets.YEAR.name: _year,
    facets.CLAIMS_ADMINISTRATOR_GUIDELINE.name: _guideline,
    facets.BODY_PART.name: _body_part,
    facets.SIDE.name: _side,
    facets.AGREEMENT.name: _agreement,
    facets.CONTRADICTION.name: _contradiction,
}
