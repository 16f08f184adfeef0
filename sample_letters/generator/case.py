"""What is true in one invented case while it is written: one worker, one injury, one set of numbers.

Every slot of the material is filled from here, so that age, sex, side, levels, dates and drugs agree
throughout a letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from determinations.letters.parsed_letter import Decision, Layout
from sample_letters.generator.material_values import Catalogue, Condition, Region, Scenario
from sample_letters.generator.person import Person, draw_person
from sample_letters.generator.spinal_levels import Levels, draw_levels
from sample_letters.generator.timeline import Timeline, draw_timeline
from sample_letters.generator.wording import Template

_SPINE = frozenset(("cervical", "thoracic", "lumbar"))


@dataclass(frozen=True, slots=True)
class CasePlan:
    """What is settled before a case is invented: its first item, its time and what is odd about it.

    `case_number_tail` are the last seven digits of the case number, None for a letter without a cover.
    `criterion` says which wording of the guideline the first item cites, so that two letters may argue alike.
    Letters of one `series` are by one reviewer, who words the first item's rationale nearly alike in each.
    """

    layout: Layout
    year: int
    lead: str
    lead_decision: Decision
    items: int
    case_number_tail: int | None
    expedited: bool = False
    contradicts_itself: bool = False
    criterion: int | None = None
    series: str | None = None


@dataclass(slots=True)
class Case:
    """The facts drawn for a case, and what its items have added to them so far."""

    rng: Random
    material: Catalogue
    plan: CasePlan
    timeline: Timeline
    condition: Condition
    region: Region
    person: Person
    side: str
    levels: Levels | None
    numbers: Mapping[str, int]
    slots: dict[str, str]
    says: dict[str, str]
    facts: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    medications: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    scenarios: list[Scenario] = field(default_factory=list)
    """Of the items, in their order."""

    def fill(self, template: Template) -> str:
        return template.fill(self.rng, self.slots)

    @property
    def after_surgery(self) -> bool:
        return self.says.get("surgery") == "approved"

    def phrase(self, name: str) -> str:
        return self.fill(self.rng.choice(self.material.phrases[name]))

    def allows(self, scenario: Scenario) -> bool:
        """Whether the scenario suits the condition and contradicts nothing said so far."""
        return (
            says_nothing_else(scenario, self.condition, self.says)
            and self._needs_met(scenario)
            and not any(
                word in said for word in scenario.without for said in (*self.medications, *self.facts)
            )
        )

    def lacks_the_operation(self, scenario: Scenario) -> bool:
        """Whether the scenario turns on an operation of which the case has not spoken."""
        return "surgery" in scenario.says and "surgery" not in self.says

    def _needs_met(self, scenario: Scenario) -> bool:
        for need, limit in scenario.needs.items():
            if need == "age_above":
                met = self.numbers["age"] > limit
            elif need == "age_below":
                met = self.numbers["age"] < limit
            elif need == "many_visits":
                met = self.numbers["done"] >= 18
            elif need == "few_visits":
                met = self.numbers["done"] <= 8
            elif need == "segments_below":
                met = self.numbers["segments"] < limit
            elif need == "recent":
                met = self.numbers["days_since_injury"] < 700
            elif need in {"visits_above", "visits_below", "short_supply"}:
                met = True  # what is requested is drawn for each item
            else:
                raise ValueError(f"the material has a need that is not known: {need}")
            if not met:
                return False
        return True


def says_nothing_else(scenario: Scenario, condition: Condition, says: Mapping[str, str]) -> bool:
    """Whether a scenario suits a condition and says nothing that differs from what is said already."""
    return (not scenario.suits or bool(scenario.suits & condition.tags)) and all(
        says.get(topic, said) == said for topic, said in scenario.says.items()
    )


def open_case(
    material: Catalogue, plan: CasePlan, condition: Condition, scenario: Scenario, rng: Random
) -> Case:
    """Draw a case in which the first item's scenario can be true."""
    needs = scenario.needs
    timeline = draw_timeline(plan.layout, plan.year, rng, recent_injury="recent" in needs)
    years_since_injury = timeline.note.year - timeline.injury.year
    old_enough = max(21, 19 + years_since_injury, needs.get("age_above", 0))
    person = draw_person(rng, old_enough, needs.get("age_below", 68))
    region = material.regions[condition.region]
    side = rng.choice(("left", "right"))
    levels = (
        draw_levels(condition.region, rng, needs.get("segments_below", 4))
        if condition.region in _SPINE
        else None
    )
    done = _visits_done(needs, rng)
    slots = person.slots() | _slots(material, condition, timeline, person, side, levels, done, rng)
    slots["joint"], slots["JOINT"] = region.joint, region.joint.upper()
    slots["part"] = region.part.fill(rng, slots)
    slots["PART"] = slots["part"].upper()
    for slot, templates in (
        ("injured", (condition.injured,)),
        ("diagnosis", condition.diagnoses),
        ("complaint", condition.complaints),
        ("exam", condition.exams),
    ):
        slots[slot] = rng.choice(templates).fill(rng, slots)
    numbers = {
        "age": person.age or 40,
        "done": done,
        "days_since_injury": (timeline.note - timeline.injury).days,
        "segments": len(levels.segments) if levels else 0,
    }
    return Case(
        rng=rng,
        material=material,
        plan=plan,
        timeline=timeline,
        condition=condition,
        region=region,
        person=person,
        side=side,
        levels=levels,
        numbers=numbers,
        slots=slots,
        says=dict(condition.says),
    )


def _visits_done(needs: Mapping[str, int], rng: Random) -> int:
    """How many visits of therapy lie behind the worker."""
    if "many_visits" in needs:
        return rng.choice((18, 20, 24, 30, 36))
    if "few_visits" in needs:
        return rng.choice((4, 5, 6, 8))
    return rng.choice((6, 8, 10, 12, 12, 16, 18, 24))


def _slots(
    material: Catalogue,
    condition: Condition,
    timeline: Timeline,
    person: Person,
    side: str,
    levels: Levels | None,
    done: int,
    rng: Random,
) -> dict[str, str]:
    pain = rng.randint(5, 9)
    mechanism = rng.choice(condition.mechanisms)
    occupation = rng.choice(mechanism.occupations or material.people.occupations)
    first_year = timeline.injury.year + 1
    return {
        "mechanism": mechanism.text,
        "a_occupation": f"{'an' if occupation[0] in 'aeiou' else 'a'} {occupation}",
        "side": side,
        "Side": side.capitalize(),
        "SIDE": side.upper(),
        "spine": condition.region,
        "Spine": condition.region.capitalize(),
        "SPINE": condition.region.upper(),
        "segments": levels.in_prose if levels else "",
        "treated": levels.in_prose if levels else "",
        "done": str(done),
        "pain": str(pain),
        "pain_low": str(rng.randint(2, pain - 2)),
        "surgery_year": str(rng.randint(first_year, max(first_year, timeline.earlier.year - 1))),
        "injury_date": person.date_style(timeline.injury),
        "note_date": person.date_style(timeline.note),
        "earlier_date": person.date_style(timeline.earlier),
        "denial_date": person.date_style(timeline.denial),
    }
