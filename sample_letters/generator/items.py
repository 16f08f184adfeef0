"""One disputed item of a case: request, both guidelines, rationale, and what a reader should find in them."""

from random import Random

from determinations.letters.parsed_letter import (
    Decision,
    Laterality,
    Layout,
    LevelsFrom,
    ParsedItem,
)
from sample_letters.generator.case import Case
from sample_letters.generator.guideline_choice import Guideline, guidelines_for, named_in_prose
from sample_letters.generator.guideline_wording import word_guidelines
from sample_letters.generator.material_values import Request, Scenario, Service
from sample_letters.generator.partial_authorization import counts_something, partly_authorized
from sample_letters.generator.spinal_levels import root_of, write_levels, write_nerves
from sample_letters.generator.wording import Template, capitalized, is_plural

_PREFERENCE = {
    "mtus-acoem": 3,
    "mtus-chronic-pain": 3,
    "mtus-acupuncture": 12,
    "mtus-opioids": 12,
    "mtus-postsurgical": 40,
}
_NUMBERS_OF_VISITS = (4, 6, 8, 10, 12)
_PARTLY_AUTHORIZED = 0.85
"""Of the requests that count something: about one item in nine of all."""
_FIRST_YEAR_OF_PARTS = 2015
_ASSOCIATED = "Associated surgical service"
_WITH_AN_OPERATION = frozenset(
    {"preoperative-clearance", "cold-therapy", "braces", "physical-therapy", "mobility-aids", "opioids"}
)
_QUOTING, _BRIEF, _FINDING = 0.2, 0.2, 0.3
"""Rationales that quote a guideline at length, that do not say what it asks for, that report findings."""


def write_item(
    case: Case, service: Service, scenario: Scenario, decision: Decision, position: int
) -> ParsedItem:
    """Write an item; its facts, name and drug are noted in the case for the clinical summary."""
    rng = case.rng
    request = rng.choice(
        [
            one
            for one in service.requests
            if (not one.only or one.only & case.condition.tags) and (not one.is_repeat or scenario.is_repeat)
        ]
    )
    _draw_numbers(case, scenario)
    levels = _write_levels(case, request)
    partly = None
    text = case.fill(request.text)
    if _may_be_partly_authorized(case, request) and rng.random() < _PARTLY_AUTHORIZED:
        partly = partly_authorized(case, request)
        text = partly.disputed
    services: tuple[str, ...] = (service.slug, *request.further_services)
    if position > 1 and hangs_on_an_operation(case, service.slug) and _ASSOCIATED not in text:
        text = f"{_ASSOCIATED}: {text}"
        services = ("associated-surgical-services", *services)
        partly = None
    _note(case, service, request, scenario)
    rows = [row for row in service.guidelines if row[0] != "postsurgical" or case.after_surgery]
    available = guidelines_for(rows, case.region, case.timeline.decided, rng)
    reviewers = _chosen(available, rng)
    if case.plan.layout is Layout.EARLY_2013:
        claims_administrators: list[Guideline] = []
    elif rng.random() < 0.05:
        claims_administrators = [Guideline("none")]
    else:
        claims_administrators = reviewers if rng.random() < 0.5 else _chosen(available, rng)
    claims_text, claims_citations = word_guidelines(
        claims_administrators, "The Claims Administrator", case.plan.layout, case.timeline.decided, rng
    )
    reviewer_text, reviewer_citations = word_guidelines(
        reviewers, _called(case.plan.layout), case.plan.layout, case.timeline.decided, rng
    )
    levels_from = LevelsFrom.REQUEST if levels else None
    if not levels and case.levels is not None and "treated" in scenario.argument.slots:
        levels, levels_from = case.levels.segments, LevelsFrom.RATIONALE
    return ParsedItem(
        position=position,
        request=partly.heading if partly else text,
        decision=decision,
        original_request=partly.original if partly else "",
        authorized=partly.authorized if partly else "",
        disputed_portion=partly.disputed if partly else "",
        services=services,
        spinal_levels=levels,
        levels_from=levels_from,
        laterality=_laterality(text),
        claims_administrator_guideline=claims_text,
        reviewer_guideline=reviewer_text,
        claims_administrator_citations=claims_citations,
        reviewer_citations=reviewer_citations,
        rationale=_rationale(
            case, service, scenario, decision, reviewers[0], position, finds_levels=not levels
        ),
    )


def _may_be_partly_authorized(case: Case, request: Request) -> bool:
    standard = case.plan.layout is Layout.STANDARD
    return standard and case.plan.year >= _FIRST_YEAR_OF_PARTS and counts_something(request)


def hangs_on_an_operation(case: Case, slug: str) -> bool:
    """Whether the letter's first item is an operation, and a further one of this service comes with it."""
    lead = case.material.services[case.plan.lead]
    return lead.is_operation and case.plan.layout is Layout.STANDARD and slug in _WITH_AN_OPERATION


def _called(layout: Layout) -> str:
    """What the layout calls the reviewer."""
    return "The Physician Reviewer" if layout is Layout.LATE_2013 else "The Expert Reviewer"


def _draw_numbers(case: Case, scenario: Scenario) -> None:
    """Fill the slots that hold for this item only."""
    rng, slots = case.rng, case.slots
    above, below = scenario.needs.get("visits_above", 5), scenario.needs.get("visits_below", 13)
    visits = [number for number in _NUMBERS_OF_VISITS if above < number < below]
    slots["visits"] = str(rng.choice(visits))
    short = "short_supply" in scenario.needs
    slots["count"] = rng.choice(("15", "20", "30") if short else ("30", "60", "60", "90", "90", "120"))
    slots["small"] = str(rng.randint(2, 4))
    slots["small_weeks"] = str(rng.choice((3, 4, 4, 6)))
    slots["months"] = str(rng.randint(4, 18))
    limbs = case.region.limbs
    slots["limbs"] = rng.choice(limbs).fill(rng, slots) if limbs else ""
    slots["LIMBS"] = slots["limbs"].upper()
    if "facet" in case.condition.tags:
        side = "bilateral" if rng.random() < 0.4 else case.side
        slots["Side"], slots["SIDE"] = side.capitalize(), side.upper()


def _write_levels(case: Case, request: Request) -> tuple[str, ...]:
    """Fill the slots of the request's spinal levels, and give them back as the site knows them."""
    if case.levels is None:
        return ()
    slots = case.slots
    slots["levels"] = write_levels(case.levels, case.rng)
    slots["nerves"], nerves = write_nerves(case.levels, case.condition.region, case.rng)
    slots["root"] = root_of(case.levels)
    if request.levels == "nerves":
        return nerves
    if request.levels == "root":
        return (slots["root"],)
    if request.levels:
        return tuple(request.levels.split(","))
    return case.levels.segments if "levels" in request.text.slots else ()


def _note(case: Case, service: Service, request: Request, scenario: Scenario) -> None:
    name = request.name
    case.slots["name"], case.slots["Name"] = name, capitalized(name)
    case.slots["is"] = "are" if is_plural(name) else "is"
    case.scenarios.append(scenario)
    case.says.update(scenario.says)
    case.without.extend(scenario.without)
    case.requested.append(name)
    case.services.append(service.slug)
    case.facts.append(case.fill(scenario.facts))
    if service.is_medication:
        case.medications.append(name.removeprefix("the "))


def _chosen(available: list[Guideline], rng: Random) -> list[Guideline]:
    """One or two guidelines to cite: the most specific ones of the MTUS often, what is outside it seldom."""
    first = rng.choices(available, [_PREFERENCE.get(one.source, 1) for one in available])[0]
    second = rng.choice(available)
    if second.source != first.source and "none" not in (first.source, second.source) and rng.random() < 0.35:
        return [first, second]
    return [first]


def _rationale(
    case: Case,
    service: Service,
    scenario: Scenario,
    decision: Decision,
    cited: Guideline,
    position: int,
    *,
    finds_levels: bool,
) -> str:
    rng, plan = case.rng, case.plan
    case.slots["guide"] = named_in_prose(cited)
    concluded = decision
    criterion = rng.choice(service.criteria)
    if position == 1:
        if plan.criterion is not None:
            criterion = service.criteria[plan.criterion % len(service.criteria)]
        if plan.contradicts_itself:
            concluded = Decision.OVERTURNED if decision is Decision.UPHELD else Decision.UPHELD
    sentences = [_criteria(case, service, criterion, cited)]
    if plan.layout is Layout.STANDARD and rng.random() < _BRIEF:
        sentences = []
    if finds_levels and case.levels and service.category != "diagnostic_testing" and rng.random() < _FINDING:
        sentences.append(case.phrase("findings"))
    sentences += [_applied(case, case.fill(scenario.argument)), case.phrase(f"concluded_{concluded.value}")]
    if rng.random() < 0.5:
        sentences.insert(0, case.phrase("introduced"))
    return " ".join(sentences)


def _criteria(case: Case, service: Service, criterion: Template, cited: Guideline) -> str:
    """What the guideline asks for: in a sentence or two or, as reviewers who copy it do, at length."""
    citing = "citing_literature" if cited.source in {"other", "none"} else "citing"
    stated = f"{case.phrase(citing)} {case.fill(criterion)}"
    if case.plan.layout is not Layout.STANDARD or case.rng.random() >= _QUOTING:
        return stated
    others = [case.fill(other) for other in service.criteria if other is not criterion]
    quoted = [f"{case.phrase('citing_further')} {other}" for other in others]
    general = [case.fill(phrase) for phrase in case.rng.sample(case.material.phrases["quoted"], 3)]
    return " ".join([stated, *quoted, *general])


def _applied(case: Case, argument: str) -> str:
    """The argument, led over to from the guideline by a word or by a sentence on the case."""
    if case.rng.random() < 0.5:
        return f"{case.phrase('turning')} {argument}"
    grounded = "grounded" if case.condition.region != "mental" else "grounded_mental"
    return f"{case.phrase(grounded)} {capitalized(argument)}"


def _laterality(request: str) -> Laterality | None:
    words = request.lower().replace(",", " ").split()
    if "bilateral" in words:
        return Laterality.BILATERAL
    if "left" in words:
        return Laterality.LEFT
    return Laterality.RIGHT if "right" in words else None
