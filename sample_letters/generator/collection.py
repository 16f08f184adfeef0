"""Which letters there are: what is settled for each number, and the letters made from it.

Letters come in blocks of 160: thirteen of each layout of 2013 and 121 standard ones. A block opens one letter
with every service of the catalogue and the others with those disputed most, a good third of these with
the opposite decision and the same criterion. Some letters have no cover, some are disturbed as extraction
disturbs them, some contradict themselves. The letter of a number depends on the seed and the number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from determinations.letters.parsed_letter import Decision, Layout, ParsedLetter
from sample_letters.generator.case import CasePlan
from sample_letters.generator.cases import invent_letter
from sample_letters.generator.catalogue import catalogue
from sample_letters.generator.disturb import DISTURBANCES, disturbed
from sample_letters.generator.render import Manner, render_letter

BLOCK = 160
_LAYOUTS_OF_2013 = (Layout.EARLY_2013, Layout.NOTICE_2013, Layout.LATE_2013)
_OF_EACH_2013_LAYOUT = 13
_YEARS = tuple(range(2014, 2025))
_FIRST_CASE_NUMBER = 9_000_001
"""Real case numbers have not come near: the busiest year had 253,779 applications."""
_TWO_AT_ONCE = (
    ("footers", "blank_lines"),
    ("hyphens", "footers"),
    ("glued_words", "page_breaks"),
    ("page_breaks", "blank_lines"),
)
_COVERED = {Layout.STANDARD: 0.86, Layout.LATE_2013: 0.7, Layout.NOTICE_2013: 0.9, Layout.EARLY_2013: 0.5}
_CONTRADICTORY, _OPPOSITE, _SELDOM = 0.03, 0.45, 0.02
_DISTURBED_EVERY = 11
"""One letter in so many is disturbed, in turn by each disturbance and by two at once."""


@dataclass(frozen=True, slots=True)
class InventedLetter:
    """A letter as a file would hold it, and what a reader should read from it.

    `name` has no suffix; `peculiarities` are names of disturbances and "contradiction".
    """

    name: str
    year: int
    text: str
    letter: ParsedLetter
    peculiarities: tuple[str, ...] = ()


def invented_letters(count: int, seed: int) -> Iterator[InventedLetter]:
    """`count` distinct letters, the same for the same seed, made one by one."""
    for start in range(0, count, BLOCK):
        plans = _block(seed, start // BLOCK)
        for number, plan in enumerate(plans[: count - start], start=start):
            yield _invented(plan, number, Random(f"{seed}:{number}"))


@dataclass(frozen=True, slots=True)
class _Slot:
    """What a place in a block settles."""

    layout: Layout
    year: int
    lead: str
    decision: Decision
    criterion: int
    disturbances: tuple[str, ...]


def _block(seed: int, number: int) -> list[_Slot]:
    rng = Random(f"{seed}:block:{number}")
    slugs = list(catalogue().services)
    layouts = [layout for layout in _LAYOUTS_OF_2013 for _ in range(_OF_EACH_2013_LAYOUT)]
    layouts += [Layout.STANDARD] * (BLOCK - len(layouts))
    rng.shuffle(layouts)
    years = [_YEARS[at % len(_YEARS)] for at in range(BLOCK)]
    rng.shuffle(years)
    weights = [service.weight for service in catalogue().services.values()]
    leads = slugs + rng.choices(slugs, weights, k=BLOCK - len(slugs))
    rng.shuffle(leads)
    disturbances = [*((name,) for name in DISTURBANCES), *_TWO_AT_ONCE]
    rng.shuffle(disturbances)
    seen: set[str] = set()
    slots = []
    for at, (layout, lead) in enumerate(zip(layouts, leads, strict=True)):
        overturned = rng.random() < (_OPPOSITE if lead in seen else _SELDOM)
        seen.add(lead)
        slots.append(
            _Slot(
                layout=layout,
                year=years[at] if layout is Layout.STANDARD else 2013,
                lead=lead,
                decision=Decision.OVERTURNED if overturned else Decision.UPHELD,
                criterion=slugs.index(lead),
                disturbances=disturbances[at // _DISTURBED_EVERY % len(disturbances)]
                if at % _DISTURBED_EVERY == 0
                else (),
            )
        )
    return slots


def _invented(slot: _Slot, number: int, rng: Random) -> InventedLetter:
    standard = slot.layout is Layout.STANDARD
    covered = rng.random() < _COVERED[slot.layout]
    contradicts = rng.random() < _CONTRADICTORY
    decision = slot.decision
    if (
        standard
        and Decision.PARTIALLY_OVERTURNED in catalogue().services[slot.lead].scenarios
        and rng.random() < 0.3
    ):
        decision, contradicts = Decision.PARTIALLY_OVERTURNED, False
    plan = CasePlan(
        layout=slot.layout,
        year=slot.year,
        lead=slot.lead,
        lead_decision=decision,
        items=1 if slot.layout is Layout.EARLY_2013 else rng.choice((1, 1, 1, 2, 2, 2, 2, 3, 3, 4)),
        case_number_tail=_FIRST_CASE_NUMBER + number if covered else None,
        expedited=rng.random() < 0.06,
        contradicts_itself=contradicts,
        criterion=slot.criterion,
    )
    letter = invent_letter(plan, rng)
    text = render_letter(letter, _manner(slot, rng))
    peculiarities = slot.disturbances
    if peculiarities:
        text = disturbed(text, peculiarities, rng, letter.case_number or "")
    if contradicts:
        peculiarities += ("contradiction",)
    name = letter.case_number or f"no-cover-{number + 1:07d}"
    return InventedLetter(name, slot.year, text, letter, peculiarities)


def _manner(slot: _Slot, rng: Random) -> Manner:
    return Manner(
        width=rng.choice((92, 95, 95, 98)),
        reviewer="physician" if rng.random() < 0.4 else "expert",
        credentials_block=slot.layout is Layout.STANDARD and slot.year >= 2015 and rng.random() < 0.7,
        subspecialty=rng.random() < 0.6,
        decision_after=rng.choice(("  ", "  ", " ", "\n")),
        early_tense=rng.choice(("WAS", "WAS", "IS")),
    )
