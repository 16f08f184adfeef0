"""Texts made to make a regular expression explode: the reader's work grows no faster than the text.

Work is counted in calls, not timed; what a single search of a regular expression does is no call, and shows
only in that long texts are read to their end.
"""

import sys
from types import FrameType

import pytest

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import UnreadableLetterError

ISSUES = "CLINICAL CASE SUMMARY\nHe is hurt.\nIMR ISSUES, DECISIONS AND RATIONALES\n"
EARLY = (
    "MEDICAL PROFESSIONAL REVIEW\nISSUE AT DISPUTE: Whether x\n"
    "RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS NOT MEDICALLY NECESSARY: "
)
NOTICE = (
    "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE\n"
    "1) MAXIMUS Federal Services, Inc. has determined the request for "
)
UNITS = [
    *(" ", "a", "a:", "1", "1 ", "A\n", "a-\n", "-\n", ".", ". A", "(", "/", "\f"),
    *("\ufffe", "\u00ad", "\u00ad\n", "x: Upheld\n", "Upheld\n", "Case Number: "),
    *("CM14-0000001 1\n", "Page 1\n", "line number 1\n", "\fA 1\n"),
    *("Claims Administrator guideline: ", "guideline:", "Decision rationale: x\n", "MAXIMUS guideline: x\n"),
    *("The Claims Administrator based x. ", ". The Expert ", "is not ", "medically "),
    *("is not medically necessary ", "1) Regarding the x:\n"),
    "1) MAXIMUS Federal Services, Inc. has determined x is medically necessary\n",
    *("HOW THE IMR FINAL DETERMINATION WAS MADE\n", "CLINICAL CASE SUMARY\n", "IMRISSUESDECISIONSANDRATIO\n"),
    *("Final ", "Final Determination Letter for IMR Case Number ", "Dear \n", "IS/WAS "),
    *("aged ", "45 year ", "is a ", "Date of Injury: 1/1/2012 ", "May ", "1/", "1-", "L4-5 ", "L4-L5-"),
    *("Section(s): ", "Decision based on MTUS "),
]


def read(text: str) -> None:
    try:
        parse_letter(text)
    except UnreadableLetterError as error:
        assert error.code == "not_a_determination"


def calls_to_read(text: str) -> int:
    """How many Python and C functions are called while the text is read."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read(text)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("head", ["", ISSUES, EARLY, NOTICE], ids=["bare", "issues", "early", "notice"])
@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_a_long_hostile_text_is_read_to_its_end(head: str, unit: str) -> None:
    read(head + unit * (40_000 // len(unit)))


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_twice_the_text_is_no_more_than_twice_the_calls(unit: str) -> None:
    repeats = 6_000 // len(unit)
    once, twice = (calls_to_read(ISSUES + unit * (repeats * times)) for times in (1, 2))
    assert twice < 2.6 * once + 2_000
