"""Which letters there are: what is settled for each number, and the letters made from it.

Letters come in blocks of 160: thirteen of each layout of 2013 and 121 standard ones. A block opens one letter
with every service of the catalogue and the others with those disputed most, a quarter of these with the
opposite decision and the same criterion. A few are nearly alike, by one reviewer. Some letters have no cover,
some are disturbed as extraction disturbs them, some contradict themselves, some have typing errors. The
letter of a number depends on the seed and the number.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from determinations.letters.parsed_letter import Decision, Layout, ParsedLetter
from sample_letters.generator.case import CasePlan
from sample_letters.generator.cases import invent_letter
from sample_letters.generator.catalogue import catalogue
from sample_letters.generator.disturb import DISTURBANCES, disturbed
from sample_letters.generator.material_values import Scenario
from sample_letters.generator.render import Manner, render_letter
from sample_letters.generator.typing_errors import with_typing_errors

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
_CONTRADICTORY, _OPPOSITE, _SELDOM = 0.03, 0.26, 0.02
_IN_PART = 0.15
_MISTYPED = 0.12
_ITEMS = {1: 52, 2: 19, 3: 11, 4: 7, 5: 5, 6: 3, 8: 3}
"""How many letters of a hundred have so many items: a good fifth has three or more."""
_SERIES, _IN_A_SERIES = 4, 3
"""So many times in a block one reviewer writes so many letters nearly alike."""
_DISTURBED_EVERY = 11
"""One letter in so many is disturbed, in turn by each disturbance and by two at once."""


@dataclass(frozen=True, slots=True)
class InventedLetter:
    """A letter as a file would hold it, and what a reader should read from it.

    `name` has no suffix; `peculiarities` are names of disturbances and "contradiction"; `scenarios` say of
    each item which grounds its rationale states.
    """

    name: str
    year: int
    text: str
    letter: ParsedLetter
    peculiarities: tuple[str, ...] = ()
    scenarios: tuple[Scenario, ...] = ()


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
    series: str | None = None


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
    return _with_series(slots, f"{seed}:series:{number}", rng)


def _with_series(slots: list[_Slot], name: str, rng: Random) -> list[_Slot]:
    """Some of the letters that open with a service already opened with become alike, a few at a time."""
    opened = {slot.lead: at for at, slot in reversed(list(enumerate(slots)))}
    free = [
        at
        for at, slot in enumerate(slots)
        if slot.layout is Layout.STANDARD and opened[slot.lead] != at and not slot.disturbances
    ]
    chosen = rng.sample(free, min(len(free), _SERIES * _IN_A_SERIES))
    result = list(slots)
    for series in range(len(chosen) // _IN_A_SERIES):
        first, *others = chosen[series * _IN_A_SERIES : (series + 1) * _IN_A_SERIES]
        for at in (first, *others):
            alike = slots[first]
            result[at] = replace(
                slots[at],
                year=alike.year,
                lead=alike.lead,
                decision=alike.decision,
                criterion=alike.criterion,
                series=f"{name}:{series}",
            )
    return result


def _invented(slot: _Slot, number: int, rng: Random) -> InventedLetter:
    standard = slot.layout is Layout.STANDARD
    covered = rng.random() < _COVERED[slot.layout]
    contradicts = rng.random() < _CONTRADICTORY and slot.series is None
    decision = slot.decision
    if (
        standard
        and Decision.PARTIALLY_OVERTURNED in catalogue().services[slot.lead].scenarios
        and slot.series is None
        and rng.random() < _IN_PART
    ):
        decision, contradicts = Decision.PARTIALLY_OVERTURNED, False
    plan = CasePlan(
        layout=slot.layout,
        year=slot.year,
        lead=slot.lead,
        lead_decision=decision,
        items=1 if slot.layout is Layout.EARLY_2013 else rng.choices(list(_ITEMS), list(_ITEMS.values()))[0],
        case_number_tail=_FIRST_CASE_NUMBER + number if covered else None,
        expedited=rng.random() < 0.06,
        contradicts_itself=contradicts,
        criterion=slot.criterion,
        series=slot.series,
    )
    letter, scenarios = invent_letter(plan, rng)
    if rng.random() < _MISTYPED:
        letter = with_typing_errors(letter, rng)
    text = render_letter(letter, _manner(slot, rng))
    peculiarities = slot.disturbances
    if peculiarities:
        text = disturbed(text, peculiarities, rng, letter.case_number or "")
    if contradicts:
        peculiarities += ("contradiction",)
    name = letter.case_number or f"no-cover-{number + 1:07d}"
    return InventedLetter(name, slot.year, text, letter, peculiarities, scenarios)


def _manner(slot: _Slot, rng: Random) -> Manner:
    return Manner(
        width=rng.choice((92, 95, 95, 98)),
        reviewer="physician" if rng.random() < 0.4 else "expert",
        credentials_block=slot.layout is Layout.STANDARD and slot.year >= 2015 and rng.random() < 0.7,
        subspecialty=rng.random() < 0.6,
        decision_after=rng.choice(("  ", "  ", " ", "\n")),
        early_tense=rng.choice(("WAS", "WAS", "IS")),
    )
