"""The layout of late 2013: items decided in a sentence, paragraphs that open with spoken labels."""

import pytest

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import Decision, Layout

HEAD = """MAXIMUS FEDERAL SERVICES, INC.
Independent Medical Review

Dated: 12/18/2013
Date of UR Decision: 7/17/2013
MAXIMUS Case Number: CM13-0005555

HOW THE IMR FINAL DETERMINATION WAS MADE
The physician reviewer is Board Certified in Family Practice and is licensed to practice in Utah.

DOCUMENTS REVIEWED
The following relevant documents were reviewed and considered:
* Application for Independent Medical Review
* Medical Records: upheld and overturned

CLINICAL CASE SUMMARY
The physician reviewer developed the following clinical case summary based on a review of the
case file, including all medical records:

The employee is a 38 y/o F with pain.

IMR DECISION(S) AND RATIONALE(S)
The Final Determination was based on decisions for the disputed items/services set forth below:

"""
STATEMENT = "1. Norco is not medically necessary and appropriate.\n\n"
PARAGRAPHS = """The Claims Administrator based its decision on the ACOEM, which is part of the MTUS.

The Physician Reviewer based his/her decision on the Official Disability Guidelines.

The Physician Reviewer's decision rationale:
{rationale}

"""


def paragraphs(rationale: str = "It is of no use.") -> str:
    return PARAGRAPHS.format(rationale=rationale)


@pytest.mark.parametrize(
    ("statement", "request_", "decision"),
    [
        ("1. Norco is not medically necessary and appropriate.", "Norco", Decision.UPHELD),
        ("1. Norco is medically necessary and appropriate.", "Norco", Decision.OVERTURNED),
        ("Norco is notmedically necessary and appropriate.", "Norco", Decision.UPHELD),
        ("Norco isnot medically necessary and appropriate.", "Norco", Decision.UPHELD),
        ("1) Two boxes are not medicallynecessary and appropriate", "Two boxes", Decision.UPHELD),
        ("The request for MRI: open\nwas not medically\nnecessary.", "MRI: open", Decision.UPHELD),
        ("Norco is partially medically necessary and appropriate.", "Norco", Decision.PARTIALLY_OVERTURNED),
        ("1. NORCO IS NOT MEDICALLY NECESSARY AND APPROPRIATE.", "NORCO", Decision.UPHELD),
    ],
)  # fmt: skip
def test_the_statement_decides(statement: str, request_: str, decision: Decision) -> None:
    letter = parse_letter(HEAD + statement + "\n\n" + paragraphs())
    assert letter.layout is Layout.LATE_2013
    assert [(i.request, i.decision) for i in letter.items] == [(request_, decision)]


def test_statements_inside_rationales_open_no_item() -> None:
    first = paragraphs("He has pain. The request for Norco is not medically necessary and appropriate.")
    second = paragraphs("The Claims Administrator based its denial on nothing. It is needed.")
    letter = parse_letter(
        f"{HEAD}1. Norco is not medically necessary and appropriate.\n\n{first}"
        f"2. EMG of both legs is medically necessary and appropriate.\n\n{second}"
    )
    assert [(i.request, i.decision) for i in letter.items] == [
        ("Norco", Decision.UPHELD),
        ("EMG of both legs", Decision.OVERTURNED),
    ]
    assert letter.items[0].rationale.endswith("is not medically necessary and appropriate.")
    assert letter.items[1].rationale == "The Claims Administrator based its denial on nothing. It is needed."


def test_spoken_paragraphs_are_kept_whole_even_on_one_line() -> None:
    letter = parse_letter(HEAD + STATEMENT + paragraphs().replace("\n\n", " "))
    read = letter.items[0]
    assert read.claims_administrator_guideline == (
        "The Claims Administrator based its decision on the ACOEM, which is part of the MTUS."
    )
    assert read.reviewer_guideline == (
        "The Physician Reviewer based his/her decision on the Official Disability Guidelines."
    )
    assert read.rationale == "It is of no use."


def test_cover_summary_and_reviewer_are_read() -> None:
    letter = parse_letter(
        HEAD
        + "1. Norco is not medically necessary and appropriate.\n\n"
        + paragraphs()
        + "/JR\n\nDisclaimer: MAXIMUS is providing a service."
    )
    assert letter.case_number == "CM13-0005555"
    assert letter.clinical_summary == "The employee is a 38 y/o F with pain."
    assert letter.reviewer.specialties == ("Family Practice",)
    assert letter.items[0].rationale == "It is of no use."
    assert letter.warnings == ()
