"""Requests of which the claims administrator authorized a part, worded as letters of 2015 on word them."""

from dataclasses import dataclass
from random import Random

from sample_letters.generator.case import Case
from sample_letters.generator.material_values import Request

_COUNTED = {"count": (15, 30, 30, 60), "visits": (2, 4, 6, 6)}
"""Slots of a request that hold a number, and the numbers that may have been authorized of it."""

_REST = (
    "{original} was the original request. {authorized} was authorized by the Claims Administrator. The "
    "remaining IMR eligible portion of the original request, {disputed}"
)
_WHOLE = (
    "{original} was the original request. The Claims Administrator authorized {authorized}, leaving the "
    "original request IMR eligible. The original request, {disputed}"
)


@dataclass(frozen=True, slots=True)
class PartlyAuthorized:
    """The heading's text without its closing "is", and the three requests that it names."""

    heading: str
    original: str
    authorized: str
    disputed: str


def counts_something(request: Request) -> bool:
    """Whether a part of the request can have been authorized."""
    return not request.text.slots.isdisjoint(_COUNTED)


def partly_authorized(case: Case, request: Request) -> PartlyAuthorized:
    """The request of the case's numbers as what is left, or as the whole that stays in dispute."""
    rng = case.rng
    slot, numbers = next((slot, of) for slot, of in _COUNTED.items() if slot in request.text.slots)
    wording = rng.random()
    left, authorized = int(case.slots[slot]), rng.choice(numbers)
    rest = rng.random() < 0.7

    def filled(number: int) -> str:
        return request.text.fill(Random(wording), {**case.slots, slot: str(number)})

    original = filled(left + authorized)
    disputed = filled(left) if rest else original
    form = _REST if rest else _WHOLE
    part = filled(authorized)
    heading = form.format(original=original, authorized=part, disputed=disputed)
    return PartlyAuthorized(heading, original, part, disputed)
