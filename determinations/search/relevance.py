"""What counts how much when items are put in order, the same for every engine. Standard library only."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Weights:
    """What was measured to rank best: see `docs/decisions.md`.

    `fields`: what an occurrence in each field counts. `saturation` and `length` are BM25's k1 and b.
    `inflected`: what an occurrence counts in a document that has only other forms of the word.
    `apart`: what a name of several words counts where they do not stand side by side.
    `about`: what a value that the question is about adds, beside its rarity.
    """

    fields: Mapping[str, float] = field(
        default_factory=lambda: {"request": 6.0, "rationale": 1.0, "guideline": 0.5, "summary": 0.25}
    )
    saturation: float = 1.8
    length: float = 0.6
    inflected: float = 0.9
    apart: float = 0.5
    about: float = 1.5


WEIGHTS = Weights()


def rarity(documents: int, holding: int) -> float:
    """BM25's inverse document frequency; always above 0."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


ENOUGH = 0.3 - 1e-5
"""Items with less than this share of the parts' weight do not follow. A little less than a round figure,
so that no share lies on it."""
IN_SUMMARY = 0.5
"""What a part weighs that stands only in the letter's summary."""
WINDOW = 200
"""How many of the best documents are raised for words near each other: nobody reads further."""
NEARNESS = 0.2
"""What two words side by side in the order typed add, as a share of the rarity of the commoner one."""
OTHER_ORDER = 0.5
FARTHEST = 10
NEAR_FIELDS = ("request", "rationale")
