"""Age and sex: what the summary states of the patient now, and nothing that it does not."""

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
        ("The applicant has filed a claim. She has pain in her back.", None, FEMALE),
        ("The worker lifted a man. He has pain.", None, MALE),
        ("His 12 year old daughter helps him.", None, MALE),
        ("A 10 year old injury. The claim is old.", None, None),
        ("The 20 year old MRI was reviewed.", None, None),
        ("The patient is a 67 year old who lifted a man.", 67, None),
        ("She was 30 years old at the time of injury.", None, FEMALE),
        ("The worker is 47 years old. She was 41 at the time of injury.", 47, FEMALE),
        (
            "The patient was a 41 year old male at the time of the injury and is now a 47 year old man.",
            47,
            MALE,
        ),
        ("This case involves a now 52-year-old female hurt as a 45-year-old teacher.", 52, FEMALE),
        ("When he was 20 years old he was hurt; the applicant is a 51-year-old.", 51, MALE),
        ("The nurse was lifting a 67 year old patient when she was hurt. She is 34 years old.", 34, FEMALE),
        ("The aide, a 29-year-old, was struck by a 16 year old male student.", 29, None),
        ("Mr. Roe is a 61 year old who fell.", 61, MALE),
        ("Ms. Roe reports pain. She fell.", None, FEMALE),
        ("Mrs. Roe, age 50, fell from a ladder.", 50, FEMALE),
        (
            "The patient saw her physician. He gave her an injection. She is better and her pain is less.",
            None,
            FEMALE,
        ),
        ("The patient saw Dr. Roe. He gave her an injection.", None, None),
        ("Each worker tells his/her story.", None, None),
        ("47F with neck pain.", 47, FEMALE),
        ("This is a 38M who fell.", 38, MALE),
        ("The patient is a 55 M injured in 2012.", 55, MALE),
        ("a(n) 46 year old female", 46, FEMALE),
        ("Pain is 7/10 year round.", None, None),
        ("", None, None),
    ],
)
def test_age_and_sex(summary: str, age: int | None, sex: Sex | None) -> None:
    assert read_patient(summary) == Patient(age, sex)
