"""The language of patterns, and matching one against a tagged sentence.

A pattern is a row of words and gaps:

    {no} ... {documentation} .. trial|course

`{no}` is a class of words.toml, `trial|course` either word, `document*` every word that so begins, and
`with-and-without` several words in a row. Elements that stand side by side must do so in the text. `..`
lets up to 3 words stand between, `...` up to 10. No gap reaches over the end of a clause.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from determinations.letters.facts.grounds.tagging import Tagged

_SHORT_GAP: Final = 3
_LONG_GAP: Final = 10
GAPS: Final[Mapping[str, int]] = {"..": _SHORT_GAP, "...": _LONG_GAP}
NEGATIONS: Final = frozenset({"{no}", "{any no}"})
_TERM = r"(?:\{[a-z0-9 -]+\}|[a-z0-9%'-]+\*?)"
_PART = re.compile(r"(?:\{[^}]*\}|[^\s{])+")
_ELEMENT = re.compile(rf"{_TERM}(?:\|{_TERM})*\Z")


@dataclass(frozen=True, slots=True)
class GroundPattern:
    """A compiled pattern. Each step is the gap in words before it, and the class that must follow."""

    text: str
    first: int
    """The class that it begins with."""
    steps: tuple[tuple[int, int], ...]
    needed: int
    """The mask of the classes that the sentence must have: the steps', and those that may be anywhere in
    it."""
    unless: tuple[int, ...]
    """Classes of which there may be none around the match."""
    unless_any: int
    """The same as a mask."""
    asked: int | None
    """A class that the request or its services must have."""
    negative: bool
    """It has a negation of its own, so one before it does not turn its sense."""
    rule: bool
    """It also holds where the guideline's rule is stated, not only where the patient is spoken of."""
    weak: bool
    """It counts only where the rationale as a whole leans to this ground's side."""
    wide: bool
    """It counts only where patterns that are not wide find nothing."""

    def found_in(self, tagged: Tagged, allowed: int, negated: int, conceded: int = 0) -> bool:
        """Whether it matches. `allowed` is the mask of the places where it may; at those in `negated` a
        word has the opposite sense, and what stands at those in `conceded` does not keep it from matching."""
        if not self.negative:
            allowed &= ~negated
        places = tagged.places
        at = allowed & places[self.first]
        for gap, number in self.steps:
            at = at << 1
            if gap:
                at |= at << 1
                at |= at << 2
                if gap > _SHORT_GAP:
                    at |= at << 4
                    at |= at << 3
            at &= places[number] & allowed
            if not at:
                return False
        if not at:
            return False
        if not self.unless_any & tagged.present:
            return True
        around = (_after(at) | _before(at)) & ~conceded
        return all(not places[number] & around for number in self.unless)


def _after(at: int) -> int:
    """The places of the six words after those of `at`."""
    reach = at << 1
    reach |= reach << 1
    reach |= reach << 2
    return reach | reach << 2


def _before(at: int) -> int:
    """The places of `at` and those up to 18 words before them."""
    reach = at | at >> 1
    reach |= reach >> 2
    reach |= reach >> 4
    reach |= reach >> 8
    return reach | reach >> 3


def negated_places(negations: int) -> int:
    """The places in the scope of a negation: the eight words after it."""
    reach = negations << 1
    reach |= reach << 1
    reach |= reach << 2
    return reach | reach << 4


def elements_of(text: str) -> list[tuple[int, str]]:
    """A pattern as (gap before, element) pairs. Raises ValueError that says what is wrong."""
    steps: list[tuple[int, str]] = []
    gap = 0
    for part in _PART.findall(text):
        if part in GAPS:
            if not steps or gap:
                raise ValueError(f"{part!r} must stand between two words")
            gap = GAPS[part]
        elif _ELEMENT.match(part):
            steps.append((gap, part))
            gap = 0
        else:
            raise ValueError(f"{part!r} is no word, no {{class}} and no gap")
    if not steps or gap:
        raise ValueError("a pattern begins and ends with a word or a {class}")
    return steps
