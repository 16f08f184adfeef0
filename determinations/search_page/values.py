"""Values of facets as addresses and people write them, and what is wrong with those that cannot be."""

import re
from collections.abc import Callable

from determinations.letters.facts.grounds.names import SIDE_LABELS, grounds_by_slug
from determinations.letters.facts.spine import levels_in
from determinations.letters.parsed_letter import Decision, Laterality
from determinations.letters.vocabulary.body_parts import body_parts
from determinations.letters.vocabulary.names import guideline_sources, service_categories
from determinations.search import facets
from determinations.search.query.repair import nearest, quoted
from determinations.search_page.facet_labels import REGIONS

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
