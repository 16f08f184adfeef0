"""The notice of 2013: determinations printed twice count once, bodies belong to their determinations."""

import pytest

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import Decision, Layout, Sex

COVER = """MAXIMUS FEDERAL SERVICES, INC.
Notice of Independent Medical Review Determination

Dated: 9/26/2013

Date of UR Decision: 8/30/2013
Date of Injury: 8/28/2001
IMR Application Received: 9/6/2013
MAXIMUS Case Number: CM13-0016123

"""
AGAIN = """INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE
An application for Independent Medical Review was filed on 9/6/2013 disputing the
Utilization Review Denial dated 8/30/2013. A decision has been made
for each of the treatment and/or services that were in dispute:

"""
MIDDLE = """Medical Qualifications of the Expert Reviewer:
The physician reviewer is Board Certified in Occupational Medicine and is licensed to practice in California.

Expert Reviewer Case Summary:
Disclaimer: The following case summary was taken directly from the utilization review
denial/modification dated August 30, 2013.
The patient is a 44 year-old female. She hurts.

Documents Reviewed for Determination:
The following relevant documents were reviewed and considered. These documents included:
* Application for Independent Medical Review

"""
SCHEDULE = """Section of the Medical Treatment Utilization Schedule Relied Upon by the Expert
Reviewer to Make His/Her Decision:

"""
BOTH_SIDES = (
    "The Claims Administrator based its decision on ODG. "
    "The Expert Reviewer based his/her decision on the MTUS."
)


def determination(
    number: int, request: str, verdict: str = "is not medically necessary and appropriate"
) -> str:
    return (
        f"{number}) MAXIMUS Federal Services, Inc. has determined the request for {request}\n{verdict}.\n\n"
    )


def body(number: int, request: str, guidelines: str = "", rationale: str = "It is of no use.") -> str:
    heading = f"{number}) Regarding the request for {request}:\n\n"
    return f"{heading}{SCHEDULE}{guidelines or BOTH_SIDES}\n\nRationale for the Decision:\n{rationale}\n\n"


def notice(listed: str, bodies: str, *, cover: str = COVER, twice: bool = True) -> str:
    return (
        cover
        + listed
        + AGAIN
        + (listed if twice else "")
        + MIDDLE
        + bodies
        + "Effect of the Decision:\nIt is final.\n"
    )


def test_determinations_printed_twice_are_items_once() -> None:
    listed = determination(1, "a 28 day\nprogram") + determination(
        2, "aftercare", "is medically necessary and appropriate"
    )
    letter = parse_letter(
        notice(listed, body(1, "a 28 day program") + body(2, "aftercare", rationale="It is good."))
    )
    assert letter.layout is Layout.NOTICE_2013
    assert [(i.position, i.request, i.decision, i.rationale) for i in letter.items] == [
        (1, "a 28 day program", Decision.UPHELD, "It is of no use."),
        (2, "aftercare", Decision.OVERTURNED, "It is good."),
    ]
    assert letter.outcome is Decision.PARTIALLY_OVERTURNED
    assert letter.warnings == ()


@pytest.mark.parametrize(
    ("verdict", "decision"),
    [
        ("is notmedically necessary and appropriate", Decision.UPHELD),
        ("isnot medically necessary and appropriate", Decision.UPHELD),
        ("are not medically necessary and\nappropriate", Decision.UPHELD),
        ("was medically necessary and appropriate", Decision.OVERTURNED),
        ("is partially medically necessary and appropriate", Decision.PARTIALLY_OVERTURNED),
    ],
)
def test_verdicts_are_read_as_extraction_leaves_them(verdict: str, decision: Decision) -> None:
    letter = parse_letter(notice(determination(1, "Norco", verdict), body(1, "Norco")))
    assert [(i.request, i.decision) for i in letter.items] == [("Norco", decision)]


def test_two_determinations_of_the_same_request_stay_two() -> None:
    listed = determination(1, "Norco") + determination(2, "Norco", "is medically necessary and appropriate")
    letter = parse_letter(
        notice(listed, body(1, "Norco", rationale="First.") + body(2, "Norco", rationale="Second."))
    )
    assert [(i.decision, i.rationale) for i in letter.items] == [
        (Decision.UPHELD, "First."),
        (Decision.OVERTURNED, "Second."),
    ]


def test_a_list_printed_only_once_is_enough() -> None:
    letter = parse_letter(
        notice(determination(1, "Norco") + determination(2, "Soma"), body(1, "Norco"), twice=False)
    )
    assert [i.request for i in letter.items] == ["Norco", "Soma"]
    assert ("missing_rationale", "item 2") in [(w.code, w.place) for w in letter.warnings]


def test_both_sides_guidelines_are_parted_at_the_reviewers_sentence() -> None:
    guidelines = (
        "The Claims Administrator based its decision on the Chronic Pain Guidelines (2009). The provider\n"
        "did not dispute the guidelines used by the Claims Administrator. The Expert\n"
        "Reviewer based his/her decision on ODG."
    )
    read = parse_letter(notice(determination(1, "Norco"), body(1, "Norco", guidelines))).items[0]
    assert read.claims_administrator_guideline == (
        "The Claims Administrator based its decision on the Chronic Pain Guidelines (2009). The provider "
        "did not dispute the guidelines used by the Claims Administrator."
    )
    assert read.reviewer_guideline == "The Expert Reviewer based his/her decision on ODG."


def test_a_reviewer_who_adopts_the_other_sides_guideline_relied_on_it() -> None:
    guidelines = (
        "The Claims Administrator based its decision on the Chronic Pain Medical Treatment Guidelines "
        "(2009), "
        "which is part of the MTUS. The Expert Reviewer found the guidelines used by the Claims\n"
        "Administrator relevant and appropriate for the employee's clinical circumstance."
    )
    read = parse_letter(notice(determination(1, "Norco"), body(1, "Norco", guidelines))).items[0]
    assert "mtus-chronic-pain" in {cited.source for cited in read.claims_administrator_citations}
    assert read.reviewer_citations == read.claims_administrator_citations


def test_qualifications_summary_and_cover_are_read() -> None:
    letter = parse_letter(notice(determination(1, "Norco"), body(1, "Norco")))
    assert letter.reviewer.specialties == ("Occupational Medicine",)
    assert letter.clinical_summary == "The patient is a 44 year-old female. She hurts."
    assert letter.case_number == "CM13-0016123"


def test_without_a_cover_the_denials_date_is_read_from_the_sentence_that_gives_it() -> None:
    letter = parse_letter(notice(determination(1, "Norco"), body(1, "Norco"), cover=""))
    assert letter.dates.ur_denial is not None
    assert letter.dates.ur_denial.isoformat() == "2013-08-30"
    assert letter.case_number is None


def test_bodies_without_determinations_are_items_of_unknown_decision() -> None:
    letter = parse_letter(MIDDLE + body(1, "Norco", rationale="The request is not medically necessary."))
    assert [(i.request, i.decision) for i in letter.items] == [("Norco", Decision.UNKNOWN)]
    assert {w.code for w in letter.warnings} == {"missing_section", "unknown_decision"}


def test_bodies_are_matched_by_number() -> None:
    listed = determination(1, "Norco") + determination(2, "Soma")
    letter = parse_letter(
        notice(listed, body(2, "Soma", rationale="Of Soma.") + body(1, "Norco", rationale="Of Norco."))
    )
    assert [i.rationale for i in letter.items] == ["Of Norco.", "Of Soma."]


@pytest.mark.parametrize(
    "disclaimer",
    [
        "Disclaimer: The following case summary was taken directly from the denial dated July 18, 2013.",
        "Disclaimer: The following case summary was taken directly from the denial dated July 18, 2013:",
        "Disclaimer: The following case summary was taken directly from the denial dated 7/18/2013",
        "DISCLAIMER: The following case summary was taken from the utilization review denial",
        "Disclaimer The following case summary was taken directly from the denial.",
    ],
)
def test_a_disclaimer_takes_no_sentence_of_the_summary_with_it(disclaimer: str) -> None:
    printed = (
        "Disclaimer: The following case summary was taken directly from the utilization review\n"
        "denial/modification dated August 30, 2013."
    )
    assert printed in MIDDLE
    middle = MIDDLE.replace(printed, disclaimer)
    letter = parse_letter(COVER + determination(1, "Soma") + AGAIN + determination(1, "Soma") + middle)
    assert letter.clinical_summary == "The patient is a 44 year-old female. She hurts."
    assert (letter.patient.age, letter.patient.sex) == (44, Sex.FEMALE)
