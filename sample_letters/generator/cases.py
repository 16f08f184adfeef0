"""An invented case as a `ParsedLetter`: what a reader should read from the letter that tells it.

Knows neither how a letter is printed nor which letters are committed.
"""

from random import Random

from determinations.letters.parsed_letter import (
    Decision,
    Layout,
    LetterDates,
    ParsedItem,
    ParsedLetter,
    Patient,
    Priority,
    Reviewer,
)
from sample_letters.generator.case import Case, CasePlan, open_case, says_nothing_else
from sample_letters.generator.catalogue import catalogue
from sample_letters.generator.items import hangs_on_an_operation, write_item
from sample_letters.generator.material_values import Catalogue, Condition, Scenario, Service
from sample_letters.generator.summary import write_summary

_COMMON = {
    "lumbar-radiculopathy": 4,
    "lumbar-facet": 3,
    "cervical-radiculopathy": 3,
    "lumbar-postsurgical": 2,
    "shoulder": 2,
}
"""Injuries seen more often than the others."""

_OVERTURNED_AMONG_FURTHER = 0.08


def invent_letter(plan: CasePlan, rng: Random) -> tuple[ParsedLetter, tuple[Scenario, ...]]:
    """A whole case: its first item as planned, further ones that suit it, and the summary.

    Beside the letter, the scenario of each of its items.
    """
    material = catalogue()
    service = material.services[plan.lead]
    reviewers_own = Random(plan.series) if plan.series else rng
    condition, scenario = _first_scenario(material, service, plan.lead_decision, reviewers_own)
    case = open_case(material, plan, condition, scenario, rng)
    case.rng = reviewers_own
    items = [write_item(case, service, scenario, plan.lead_decision, 1)]
    case.rng = rng
    while len(items) < plan.items:
        further = _further(case, scenario.goes_with, {slug for item in items for slug in item.services})
        if further is None:
            break
        items.append(write_item(case, *further, position=len(items) + 1))
    covered = plan.case_number_tail is not None
    letter = ParsedLetter(
        layout=plan.layout,
        case_number=f"CM{case.timeline.received:%y}-{plan.case_number_tail:07d}" if covered else None,
        priority=_priority(plan) if covered else None,
        dates=case.timeline.on_the_cover(plan.layout) if covered else LetterDates(),
        reviewer=_reviewer(material, service, Random(plan.series) if plan.series else rng),
        patient=Patient(case.person.age, case.person.sex),
        clinical_summary=write_summary(case),
        outcome=_outcome(items),
        items=tuple(items),
    )
    return letter, tuple(case.scenarios)


def _first_scenario(
    material: Catalogue, service: Service, decision: Decision, rng: Random
) -> tuple[Condition, Scenario]:
    """A condition and a scenario that go together for the letter's first item."""
    pairs = [
        (condition, scenario)
        for condition in material.conditions
        if suits(service, condition)
        for scenario in service.scenarios[decision]
        if says_nothing_else(scenario, condition, condition.says)
    ]
    conditions = list({condition.name: condition for condition, _ in pairs}.values())
    drawn = rng.choices(conditions, [_COMMON.get(condition.name, 1) for condition in conditions])[0]
    return rng.choice([pair for pair in pairs if pair[0] is drawn])


def suits(service: Service, condition: Condition) -> bool:
    """Whether a treatment can be asked for in a condition."""
    return (
        bool(service.suits & condition.tags)
        and (not service.only or bool(service.only & condition.tags))
        and any(not request.only or request.only & condition.tags for request in service.requests)
    )


def _further(
    case: Case, goes_with: tuple[str, ...], taken: set[str]
) -> tuple[Service, Scenario, Decision] | None:
    """Another service that suits the case; what goes with the first item shares its decision."""
    overturned = case.rng.random() < _OVERTURNED_AMONG_FURTHER
    usual = Decision.OVERTURNED if overturned else Decision.UPHELD
    found: list[tuple[Service, Scenario, Decision]] = []
    weights: list[int] = []
    for slug, service in case.material.services.items():
        if slug in taken or not suits(service, case.condition):
            continue
        decision = case.plan.lead_decision if slug in goes_with else usual
        fitting = [
            scenario
            for scenario in service.scenarios.get(decision, ())
            if case.allows(scenario) and (service.is_operation or not case.lacks_the_operation(scenario))
        ]
        if fitting:
            found.append((service, case.rng.choice(fitting), decision))
            weights.append(
                service.weight * (40 if slug in goes_with or hangs_on_an_operation(case, slug) else 1)
            )
    return case.rng.choices(found, weights)[0] if found else None


def _priority(plan: CasePlan) -> Priority | None:
    if plan.layout is Layout.NOTICE_2013:
        return None
    return Priority.EXPEDITED if plan.expedited else Priority.STANDARD


def _outcome(items: list[ParsedItem]) -> Decision:
    decisions = {item.decision for item in items}
    return decisions.pop() if len(decisions) == 1 else Decision.PARTIALLY_OVERTURNED


def _reviewer(material: Catalogue, service: Service, rng: Random) -> Reviewer:
    people = material.people
    specialties = rng.choice(people.specialties_for[service.category])
    states = dict.fromkeys(rng.choice(people.states) for _ in range(rng.choice((1, 1, 1, 2, 2, 3))))
    return Reviewer(specialties, tuple(states))
