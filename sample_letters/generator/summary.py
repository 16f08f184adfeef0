"""The clinical case summary: the case's own story, with the facts on which its items turn."""

from sample_letters.generator.case import Case
from sample_letters.generator.wording import listed, with_article

_TELL_OF_VISITS = 0.6


def write_summary(case: Case) -> str:
    """One paragraph; to be called when all items are written, since their facts and drugs are part of it."""
    rng, slots, condition = case.rng, case.slots, case.condition
    slots["treatments"] = listed(_treatments(case))
    slots["requested"] = listed([with_article(name) for name in case.requested])
    sentences = [
        case.phrase("openings" if case.person.aged else "openings_without_age"),
        case.phrase("diagnoses"),
        case.phrase("treatments"),
        case.phrase("visits_mental" if condition.region == "mental" else "visits"),
        case.phrase("exams"),
    ]
    if medications := _medications(case):
        slots["medications"] = listed(medications)
        sentences.append(case.phrase("medications"))
    sentences += _progress(case)
    sentences.append(case.phrase("requested"))
    sentences += case.facts
    if "work" not in case.says and rng.random() < 0.6:
        sentences.append(case.phrase("work_status"))
    if rng.random() < 0.55:
        sentences.append(case.phrase("utilization_review"))
    return " ".join(sentences)


def _progress(case: Case) -> list[str]:
    """What some summaries tell of earlier visits, one to five of them."""
    if case.condition.region == "mental" or case.rng.random() >= _TELL_OF_VISITS:
        return []
    told = case.rng.sample(case.material.phrases["progress"], case.rng.randint(1, 6))
    return [case.fill(phrase) for phrase in told]


def _treatments(case: Case) -> list[str]:
    """Two to four of the usual treatments, none that an item's facts exclude."""
    tried = [
        treatment
        for treatment in map(case.fill, case.condition.treatments)
        if not any(word in treatment for word in case.without)
    ]
    return case.rng.sample(tried, min(len(tried), case.rng.randint(2, 4))) or ["rest"]


def _medications(case: Case) -> list[str]:
    """The drugs in dispute and one or two of other kinds, none that an item's facts exclude."""
    kinds = case.material.drug_services
    usual = [
        drug
        for drug in case.condition.drugs
        if kinds.get(drug) not in case.services and not any(word in drug for word in case.without)
    ]
    case.rng.shuffle(usual)
    one_of_a_kind = list({kinds.get(drug, drug): drug for drug in usual}.values())
    return [*case.medications, *one_of_a_kind[: case.rng.randint(1, 2)]]
