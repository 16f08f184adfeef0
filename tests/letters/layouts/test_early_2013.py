"""The layout of early 2013: one item, and the outcome in the rationale's heading."""

import pytest

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import Decision, Layout

LETTER = """MEDICAL PROFESSIONAL REVIEW

Case Number: CM13-0000004

ISSUE AT DISPUTE:
{issue}

CASE SUMMARY:
The patient is a thirty-five year old right-hand dominant male who fell.

DOCUMENTS REVIEWED FOR DETERMINATION:
1. Application

MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL
REVIEWER AND WHY:
ACOEM Chapter 11 Forearm, Wrist, and Hand Complaints, page 268.

{heading}
It is of no use.

MEDICAL REVIEWER QUALIFICATIONS:
The reviewer is Board Certified in Orthopedic Surgery and is licensed to practice in California.
"""
NOT_NECESSARY = "RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS NOT\nMEDICALLY NECESSARY:"


def letter(issue: str = "MRI of the wrist", heading: str = NOT_NECESSARY) -> str:
    return LETTER.format(issue=issue, heading=heading)


@pytest.mark.parametrize(
    ("heading", "decision"),
    [
        (NOT_NECESSARY, Decision.UPHELD),
        ("RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE WAS MEDICALLY NECESSARY:", Decision.OVERTURNED),
        ("Rationale for why the requested treatment/service is not medically necessary:", Decision.UPHELD),
        ("RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICES ARE NOTMEDICALLY NECESSARY", Decision.UPHELD),
        ("RATIONALE FOR WHY THE TREATMENT IS PARTIALLY MEDICALLY NECESSARY:", Decision.PARTIALLY_OVERTURNED),
        ("RATIONALE FOR WHY THE TREATMENT/SERVICE IS OR IS NOT MEDICALLY NECESSARY:", Decision.UNKNOWN),
    ],
)  # fmt: skip
def test_the_heading_decides(heading: str, decision: Decision) -> None:
    read = parse_letter(letter(heading=heading))
    assert read.layout is Layout.EARLY_2013
    assert [(i.decision, i.rationale) for i in read.items] == [(decision, "It is of no use.")]
    assert read.outcome is decision


@pytest.mark.parametrize(
    ("issue", "request_"),
    [
        ("MRI of the wrist", "MRI of the wrist"),
        ("Whether the requested MRI of the\nwrist is medically necessary.", "MRI of the wrist"),
        ("Whether or not the request for 12 visits\nwas medically necessary and appropriate?", "12 visits"),
    ],
)
def test_the_issue_is_the_request(issue: str, request_: str) -> None:
    assert parse_letter(letter(issue=issue)).items[0].request == request_


def test_every_section_is_read() -> None:
    read = parse_letter(letter())
    assert read.case_number == "CM13-0000004"
    assert read.clinical_summary.endswith("male who fell.")
    assert read.patient.age == 35
    assert read.reviewer.specialties == ("Orthopedic Surgery",)
    assert (
        read.items[0].reviewer_guideline == "ACOEM Chapter 11 Forearm, Wrist, and Hand Complaints, page 268."
    )
    assert read.items[0].claims_administrator_guideline == ""
    assert read.warnings == ()


def test_a_letter_cut_before_its_rationale_has_an_unknown_decision() -> None:
    read = parse_letter(letter().partition("RATIONALE FOR")[0])
    assert read.items[0].decision is Decision.UNKNOWN
    assert {"unknown_decision", "missing_rationale"} <= {w.code for w in read.warnings}
