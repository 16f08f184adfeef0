"""The patient's age now and sex, as the clinical summary states them.

Of several ages the one that is the patient's now counts, never an age at the time of the injury or another
person's. Sex is read from a noun first, then from a title, then from pronouns where nearly all of them agree.
"""

import re
from collections.abc import Iterator

from determinations.letters.parsed_letter import Patient, Sex
from determinations.letters.text.characters import lowered

_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_TEENS = {"sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19}

# Lower-case text. What follows an age is looked for first: it is rarer than digits are.
_YEARS_OLD = re.compile(
    r"y(?:(?:ears?|rs?\.?|eas?r)['’]?s?[-–\ ]{0,3}(?:olds?|of age)"
    r"|\.? ?[-/]? ?o(?:\.|\b|(?=(?:fe)?male))|\. old)"
)
_NUMBER_BEFORE = re.compile(
    rf"(?<![\w/.])(?P<age>\d{{1,3}}|(?:{'|'.join((*_TENS, *_TEENS))})(?:[-\ ]?(?:{'|'.join(_UNITS)}))?)"
    r"[-–\ ]{0,3}\Z"
)
_LONGEST_NUMBER = 20
"""Characters of the longest number in words, and what stands between it and "years old"."""
_AGED = re.compile(
    r"(?:age(?<!\wage)d?(?:\s+(?:of|is))?|whose age is(?<!\wwhose age is))\s*:?\s*(\d{2,3})\b"
    r"(?!\s*(?:%|percent|/|-|mg|to\b))"
)

_FEMALE = r"females?|wom[ae]n|lady|girl"
_MALE = r"males?|m[ae]n|gentlem[ae]n|boy"
_SEX_AFTER_AGE = re.compile(
    rf"[-,.;()\s]*(?:(?!who\b|with\b|that\b|while\b|when\b|was\b|is\b|has\b|had\b|sustain)[A-Za-z-]+[,\s]+){{0,4}}?[(]?(?:(?P<female>{_FEMALE})|(?P<male>{_MALE}))(?![a-z])",
    re.IGNORECASE,
)
_LETTER_AFTER_AGE = re.compile(r"[-,.\s(/]{0,3}(?P<letter>[FM])(?![\w'’])")
_PERSON = r"(?:patient|applicant|claimant|employee|worker|individual|person|examinee|member)"
# Lower-case text.
_SEX_OF_PERSON = re.compile(
    rf"\b(?:(?:fe)?male\s+(?:injured\s+)?{_PERSON}\b|{_PERSON}\s+(?:is|was)\s+an?\s+(?:[a-z-]+\s+){{0,3}}?(?:{_FEMALE}|{_MALE})\b"
    rf"|(?:gender|sex)\s*:?\s*(?:fe)?male\b|\A\W*(?:this\s+(?:is\s+)?)?an?\s+(?:[a-z-]+\s+){{0,2}}?(?:{_FEMALE}|{_MALE})\b"
    rf"|\b(?:describe|involve|concern)s?\s+an?\s+(?:[a-z-]+\s+){{0,3}}?(?:{_FEMALE}|{_MALE})\b"
    rf"|\bis\s+an?\s+(?:[a-z-]+\s+){{0,2}}?(?:fe)?male\b"
    rf"|\bthis\s+(?:is\s+a\s+)?(?:(?:fe)?male|gentleman|lady|woman|man)\b)"
)
_PARTS_OF_NOUNS = ("male", "wom", "lady", "girl", "boy", "gentlem")
_MAN = re.compile(r"m(?<!\wm)[ae]n\b")
"""Without one of these nouns the expression above finds nothing: looking for them first is faster."""
_FEMALE_WORD = re.compile(rf"\b(?:{_FEMALE})\b")
_NOT_THE_PATIENT = re.compile(
    r"[-\s]*(?:(?:fe)?male\s+)?(?:son|daughter|child|children|injur|history|mri|x-?ray|fracture|lesion|scar|accident|claim|surgery"
    r"|brother|sister|mother|father|wife|husband|nephew|niece|car|vehicle|at\s+the\s+time|when)\b",
    re.IGNORECASE,
)

_YOUNGEST, _OLDEST = 14, 110

_SHORT = re.compile(r"(?P<age>\d{2})[ -]?(?P<letter>[MF])(?=[ ,.;]|\Z)")
_BEFORE_SHORT = re.compile(
    r"(?:\A|\b(?:[Ii]s|[Ww]as|[Tt]his|[Nn]ow) (?:an? |is an? )?|\b[Aa]n? |[Pp]atient,? |[Ww]orker,? "
    r"|[Aa]pplicant,? |\. )\Z"
)
_LONGEST_BEFORE_SHORT = 15
_NOW = re.compile(r"\b(?:now|currently|presently|current)(?:,| an?| is| aged?)*\s*\Z", re.IGNORECASE)
# Lower-case text.
_SAYS_NOW = re.compile(rf"(?:now|rently),?(?: an?| is| aged?)* (?:\d\d|{'|'.join(_TENS)})")
_THEN = re.compile(
    r"[^.]{0,60}\bat the (?:time|date) of (?:the |his |her |this )?(?:injury|accident|incident|loss|event)"
    r"|[-,.;()\s]*(?:fe)?males?\s+(?:when|at the time)\b",
    re.IGNORECASE,
)
# Both read lower-case text.
_BEFORE_THEN = re.compile(
    r"\b(?:when (?:he|she|the (?:patient|worker|applicant|injured worker|employee)) was|since (?:he|she) was"
    r"|at)(?: about| approximately)?(?: an?)?\s*\Z"
)
_ANOTHERS = re.compile(
    r"\b(?:son|daughter|child|mother|father|wife|husband|brother|sister|parent|spouse|student|driver|client|resident"
    r"|coworker|co-worker|by|lift(?:ed|ing)|assist(?:ed|ing)|restrain(?:ed|ing)|transfer(?:red|ring)|mov(?:ed|ing)"
    r"|help(?:ed|ing)|bath(?:ed|ing)|caring for|cared for|carr(?:ied|ying))\b[^.]{0,12}?\Z"
)
_NEARBY, _VERY_NEAR = 60, 30
"""Characters before an age in which the words begin that take it away from the patient."""


def read_patient(summary: str) -> Patient:
    """The patient's age now, and the sex stated beside it or elsewhere in the summary."""
    lower = lowered(summary)
    first: Patient | None = None
    says_now = ("now" in lower or "rently" in lower) and _SAYS_NOW.search(lower) is not None
    for age, begin, end in _ages_in(summary, lower):
        after = summary[end : end + 120]
        patient = Patient(age, _sex_beside(after) or _sex_elsewhere(summary))
        if not says_now or _NOW.search(summary, max(0, begin - 20), begin):
            return patient
        first = first or patient
    if first is not None:
        return first
    for short in _SHORT.finditer(summary):
        if _BEFORE_SHORT.search(summary, max(0, short.start() - _LONGEST_BEFORE_SHORT), short.start()):
            if _YOUNGEST <= int(short["age"]) <= _OLDEST:
                return Patient(int(short["age"]), Sex.FEMALE if short["letter"] == "F" else Sex.MALE)
            break
    for found in _AGED.finditer(lower):
        age = int(found[1])
        if _YOUNGEST <= age <= _OLDEST and not _is_of_then_or_anothers(lower, found.start()):
            after = summary[found.end() : found.end() + 120]
            return Patient(age, _sex_beside(after) or _sex_elsewhere(summary))
    return Patient(None, _sex_elsewhere(summary))


def _ages_in(summary: str, lower: str) -> Iterator[tuple[int, int, int]]:
    """The ages that are the patient's and not those of an earlier time, with where each begins and ends."""
    for years in _YEARS_OLD.finditer(lower):
        number = _NUMBER_BEFORE.search(lower, max(0, years.start() - _LONGEST_NUMBER), years.start())
        if number is None:
            continue
        age = int(number["age"]) if number["age"].isdigit() else _number(number["age"])
        after = summary[years.end() : years.end() + 120]
        if (
            _YOUNGEST <= age <= _OLDEST
            and not _NOT_THE_PATIENT.match(after)
            and not _THEN.match(after)
            and not _is_of_then_or_anothers(lower, number.start())
        ):
            yield age, number.start(), years.end()


def _is_of_then_or_anothers(lower: str, start: int) -> bool:
    """Whether the words before an age say that it is of an earlier time, or another person's."""
    return (
        _BEFORE_THEN.search(lower, max(0, start - _NEARBY), start) is not None
        or _ANOTHERS.search(lower, max(0, start - _VERY_NEAR), start) is not None
    )


def _sex_beside(after: str) -> Sex | None:
    """The sex right after an age: "year old right-hand dominant female", "y/o M"."""
    if letter := _LETTER_AFTER_AGE.match(after):
        return Sex.FEMALE if letter["letter"] == "F" else Sex.MALE
    if word := _SEX_AFTER_AGE.match(after.split(". ", 1)[0]):
        return Sex.FEMALE if word["female"] else Sex.MALE
    return None


# The first letter before what stands before it: it is found faster so.
_TITLE = re.compile(
    r"M(?<!\wM)(?:(?P<male>r)|(?P<female>rs|s|iss))\b\.? (?=[A-Z])(?!\S+,? (?:PA|NP|RN|PT|LCSW)\b)"
)
_MALE_PRONOUNS = frozenset({"he", "him", "his", "himself"})
_FEMALE_PRONOUNS = frozenset({"she", "her", "hers", "herself"})
_AGREE = 4
"""So many times as often as the other must one sex's pronouns stand there."""


def _sex_elsewhere(summary: str) -> Sex | None:
    return _sex_by_noun(summary) or _sex_by_title(summary) or _sex_by_pronouns(summary)


def _sex_by_title(summary: str) -> Sex | None:
    if found := _TITLE.search(summary):
        return Sex.FEMALE if found["female"] else Sex.MALE
    return None


def _sex_by_pronouns(summary: str) -> Sex | None:
    """ "his/her" is no pronoun of either sex."""
    words = [word.strip('.,;:()"”') for word in summary.lower().split() if "h" in word]
    male = sum([word in _MALE_PRONOUNS for word in words])
    female = sum([word in _FEMALE_PRONOUNS for word in words])
    if female and female >= _AGREE * male:
        return Sex.FEMALE
    return Sex.MALE if male and male >= _AGREE * female else None


def _sex_by_noun(summary: str) -> Sex | None:
    lower = summary.lower()
    if not (any(word in lower for word in _PARTS_OF_NOUNS) or _MAN.search(lower)):
        return None
    if found := _SEX_OF_PERSON.search(lower):
        return Sex.FEMALE if _FEMALE_WORD.search(found[0]) else Sex.MALE
    return None


def _number(words: str) -> int:
    parts = words.lower().replace("-", " ").split()
    first = parts[0]
    if first in _TEENS:
        return _TEENS[first]
    for tens, value in _TENS.items():
        if first.startswith(tens):
            unit = first[len(tens) :] or (parts[1] if len(parts) > 1 else "")
            return value + (_UNITS.index(unit) + 1 if unit in _UNITS else 0)
    return 0
