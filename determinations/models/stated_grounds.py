"""The grounds of an item as its row holds them, and each with its sentence and its name.

The column holds [{"ground": slug, "start": 0, "end": 25}]: the slug and the span of the sentence that states
the ground, as offsets in the rationale.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from determinations.letters.facts.grounds.names import grounds_by_slug, main_ground
from determinations.letters.parsed_letter import Decision, Ground, GroundSide

StoredGrounds = list[dict[str, Any]]

DECIDED_FOR: dict[str, GroundSide] = {
    Decision.UPHELD.value: "against",
    Decision.OVERTURNED.value: "for",
    Decision.PARTIALLY_OVERTURNED.value: "for",
}
"""The side that a decision is for; none where it could not be read."""


@dataclass(frozen=True, slots=True)
class StatedGround:
    """A ground and the sentence that states it, white space evened out."""

    slug: str
    label: str
    side: GroundSide
    sentence: str
    start: int
    end: int


def stored_grounds(grounds: Iterable[Ground]) -> StoredGrounds:
    """The grounds as their column holds them."""
    return [{"ground": ground.slug, "start": ground.start, "end": ground.end} for ground in grounds]


def stated_grounds(stored: StoredGrounds, rationale: str) -> tuple[StatedGround, ...]:
    """The grounds that the vocabulary still knows, in the rationale's order."""
    stated = []
    for one in stored:
        start, end = one["start"], one["end"]
        if known := grounds_by_slug().get(one["ground"]):
            sentence = " ".join(rationale[start:end].split())
            stated.append(StatedGround(known.slug, known.label, known.side, sentence, start, end))
    return tuple(sorted(stated, key=lambda ground: ground.start))


def main_of(grounds: Sequence[StatedGround], decision: str) -> StatedGround | None:
    """The ground that says most for the decision; None where none is stated."""
    slug = main_ground([ground.slug for ground in grounds], DECIDED_FOR.get(decision))
    return next((ground for ground in grounds if ground.slug == slug), None)
