"""The patient's age and sex, as the clinical summary states them; pronouns state neither."""

import re

from determinations.letters.parsed_letter import Patient, Sex

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

_AGE = re.compile(
    rf"""
    (?<![\w/.])
    (?: (?P<digits>\d{{1,3}})
      | (?P<words>(?:{"|".join((*_TENS, *_TEENS))})(?:[-\ ]?(?:{"|".join(_UNITS)}))?) )
    [-–\ ]{{0,3}}
    (?: (?:years?|yrs?\.?|yeas?r)['’]?s?[-–\ ]{{0,3}}(?:olds?|of\ age)
      | y\.?\ ?[-/]?\ ?o(?:\.|\b|(?=(?:fe)?male)) | y\.\ old )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AGED = re.compile(
    r"\b(?:aged?(?:\s+(?:of|is))?|whose age is)\s*:?\s*(\d{2,3})\b(?!\s*(?:%|percent|/|-|mg|to\b))",
    re.IGNORECASE,
)

_FEMALE = r"females?|wom[ae]n|lady|girl"
_MALE = r"males?|m[ae]n|gentlem[ae]n|boy"
_SEX_AFTER_AGE = re.compile(
    rf"[-,.;()\s]*(?:(?!who\b|with\b|that\b|while\b|when\b|was\b|is\b|has\b|had\b|sustain)[A-Za-z-]+[,\s]+){{0,4}}?[(]?(?:(?P<female>{_FEMALE})|(?P<male>{_MALE}))(?![a-z])",
    re.IGNORECASE,
)
_LETTER_AFTER_AGE = re.compile(r"[-,.\s(/]{0,3}(?P<letter>[FM])(?![\w'’])")
_PERSON = r"(?:patient|applicant|claimant|employee|worker|individual|person|examinee|member)"
_SEX_OF_PERSON = re.compile(
    rf"\b(?:(?:fe)?male\s+(?:injured\s+)?{_PERSON}\b|{_PERSON}\s+(?:is|was)\s+an?\s+(?:[a-z-]+\s+){{0,3}}?(?:{_FEMALE}|{_MALE})\b"
    rf"|(?:gender|sex)\s*:?\s*(?:fe)?male\b|\A\W*(?:this\s+(?:is\s+)?)?an?\s+(?:[a-z-]+\s+){{0,2}}?(?:{_FEMALE}|{_MALE})\b"
    rf"|\b(?:describe|involve|concern)s?\s+an?\s+(?:[a-z-]+\s+){{0,3}}?(?:{_FEMALE}|{_MALE})\b"
    rf"|\bis\s+an?\s+(?:[a-z-]+\s+){{0,2}}?(?:fe)?male\b"
    rf"|\bthis\s+(?:is\s+a\s+)?(?:(?:fe)?male|gentleman|lady|woman|man)\b)",
    re.IGNORECASE,
)
_FEMALE_WORD = re.compile(rf"\b(?:{_FEMALE})\b", re.IGNORECASE)
_NOT_THE_PATIENT = re.compile(
    r"[-\s]*(?:(?:fe)?male\s+)?(?:son|daughter|child|children|injur|history|mri|x-?ray|fracture|lesion|scar|accident|claim|surgery"
    r"|brother|sister|mother|father|wife|husband|nephew|niece|car|vehicle|at\s+the\s+time|when)\b",
    re.IGNORECASE,
)

_YOUNGEST, _OLDEST = 14, 110


def read_patient(summary: str) -> Patient:
    """The first age stated of the patient, and the sex stated beside it or of "the patient" by noun."""
    for found in _AGE.finditer(summary):
        age = int(found["digits"]) if found["digits"] else _number(found["words"])
        after = summary[found.end() : found.end() + 120]
        if _YOUNGEST <= age <= _OLDEST and not _NOT_THE_PATIENT.match(after):
            return Patient(age, _sex_beside(after) or _sex_by_noun(summary))
    for found in _AGED.finditer(summary):
        age = int(found[1])
        if _YOUNGEST <= age <= _OLDEST:
            return Patient(
                age, _sex_beside(summary[found.end() : found.end() + 120]) or _sex_by_noun(summary)
            )
    return Patient(None, _sex_by_noun(summary))


def _sex_beside(after: str) -> Sex | None:
    """The sex right after an age: "year old right-hand dominant female", "y/o M"."""
    if letter := _LETTER_AFTER_AGE.match(after):
        return Sex.FEMALE if letter["letter"] == "F" else Sex.MALE
    if word := _SEX_AFTER_AGE.match(after.split(". ", 1)[0]):
        return Sex.FEMALE if word["female"] else Sex.MALE
    return None


def _sex_by_noun(summary: str) -> Sex | None:
    if found := _SEX_OF_PERSON.search(summary):
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
