"""Age and sex: what the summary states, and nothing that it does not."""

import pytest

from determinations.letters.facts.patient import read_patient
from determinations.letters.parsed_letter import Patient, Sex

FEMALE, MALE = Sex.FEMALE, Sex.MALE


@pytest.mark.parametrize(
    ("summary", "age", "sex"),
    [
        ("The patient is a 57 year old male who fell.", 57, MALE),
        ("The injured worker is a 67 year-old male who", 67, MALE),
        ("The patient is a 41 y.o. male  with an injury", 41, MALE),
        ("This 38 y/o F has pain.", 38, FEMALE),
        ("a 38 yo M with pain", 38, MALE),
        ("a 44-year-old, right-hand dominant female", 44, FEMALE),
        ("a 44-year old Spanish-speaking woman", 44, FEMALE),
        ("This is a 29 yr. old gentleman", 29, MALE),
        ("a 52 years old female", 52, FEMALE),
        ("a 52 year oldfemale", 52, FEMALE),
        ("a 33-yr-old man", 33, MALE),
        ("a thirty-five year old male", 35, MALE),
        ("a forty year-old woman", 40, FEMALE),
        ("The applicant is a represented 60-year-old employee of the city.", 60, None),
        ("The female patient, aged 45, reports pain.", 45, FEMALE),
        ("The patient, age 45, is a male.", 45, MALE),
        ("The injured worker is a female who was hurt.", None, FEMALE),
        ("The records describe a man, injured in 2012.", None, MALE),
        ("This male was injured.", None, MALE),
        ("The applicant has filed a claim. She has pain in her back.", None, None),
        ("The worker lifted a man. He has pain.", None, None),
        ("His 12 year old daughter helps him.", None, None),
        ("A 10 year old injury. The claim is old.", None, None),
        ("The 20 year old MRI was reviewed.", None, None),
        ("The patient is a 67 year old who lifted a man.", 67, None),
        ("She was 30 years old at the time of injury.", None, None),
        ("Pain is 7/10 year round.", None, None),
        ("", None, None),
    ],
)
def test_age_and_sex(summary: str, age: int | None, sex: Sex | None) -> None:
    assert read_patient(summary) == Patient(age, sex)
