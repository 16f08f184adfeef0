"""The cover: values follow their labels at once, wherever lines break; empty labels stay empty."""

from datetime import date

import pytest

from determinations.letters.facts.cover import Cover, read_cover
from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import LetterDates, Priority
from tests.letters.invented import item, standard_letter

FULL = (
    "Case Number: CM14-0031877 Date Assigned: 06/20/2014 Date of Injury: 11/16/2011 "
    "Decision Date: 07/22/2014 "
    "UR Denial Date: 02/24/2014 UR Received: Priority: STANDARD Application Received: 03/13/2014"
)


def cover(text: str, *furniture: str) -> Cover:
    return read_cover(text, furniture)


def test_run_together_lines_are_told_apart() -> None:
    assert cover(FULL) == Cover(
        "CM14-0031877",
        Priority.STANDARD,
        LetterDates(
            assigned=date(2014, 6, 20),
            injury=date(2011, 11, 16),
            decision=date(2014, 7, 22),
            ur_denial=date(2014, 2, 24),
            application_received=date(2014, 3, 13),
        ),
    )


def test_lines_may_break_anywhere() -> None:
    for at, character in enumerate(FULL):
        if character == " ":
            text = standard_letter(item("Norco: Upheld"), cover=FULL[:at] + "\n" + FULL[at + 1 :])
            letter = parse_letter(text)
            assert (letter.case_number, letter.dates, letter.priority) == (
                "CM14-0031877",
                cover(FULL).dates,
                Priority.STANDARD,
            )


def test_empty_labels_take_no_value_from_the_next() -> None:
    read = cover(
        "Date of Injury: Decision Date: 07/22/2014 UR Denial Date: UR Received: 01/02/2014 Priority:"
    )
    assert read.dates == LetterDates(decision=date(2014, 7, 22))
    assert read.priority is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dated: 9/26/2013", LetterDates(decision=date(2013, 9, 26))),
        ("Date: 05/06/2013", LetterDates(decision=date(2013, 5, 6))),
        ("Notice of Determination Dated: 9/26/2013", LetterDates(decision=date(2013, 9, 26))),
        ("Date of UR Decision: 8/30/2013", LetterDates(ur_denial=date(2013, 8, 30))),
        ("IMR Application Received: September 6, 2013", LetterDates(application_received=date(2013, 9, 6))),
        ("Date of Injury: 10/24/97", LetterDates(injury=date(1997, 10, 24))),
        ("the Utilization Review Denial dated 8/30/2013.", LetterDates(ur_denial=date(2013, 8, 30))),
        ("Received: 06/12/2015", LetterDates()),
        ("nothing at all, 06/12/2015", LetterDates()),
    ],
)  # fmt: skip
def test_labels_of_all_layouts(text: str, expected: LetterDates) -> None:
    assert cover(text).dates == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Case Number: CM14-0031877", "CM14-0031877"),
        ("CASE NUMBER: cm 14 – 0031877", "CM14-0031877"),
        ("MAXIMUS Case Number: CM13-0016123", "CM13-0016123"),
        ("IMR 13-000004", "CM13-0000004"),
        ("Case Number: 14-0031877", None),
        ("Claim Number: 123456", None),
    ],
)
def test_case_numbers_are_spelled_one_way(text: str, number: str | None) -> None:
    assert cover(text).case_number == number


def test_a_running_header_may_be_all_that_gives_the_case_number() -> None:
    assert (
        cover("", "Page 2", "Final Determination Letter for IMR Case Number CM15-0001234 4").case_number
        == "CM15-0001234"
    )


@pytest.mark.parametrize(
    ("value", "priority"),
    [
        ("STANDARD Application", Priority.STANDARD),
        ("Regular", Priority.STANDARD),
        ("Expedited Application", Priority.EXPEDITED),
        ("Application", None),
    ],
)
def test_priority(value: str, priority: Priority | None) -> None:
    assert cover(f"Priority: {value} Received: 1/2/2014").priority == priority


def test_a_date_that_is_none_stays_absent_with_a_warning() -> None:
    read = cover("Date Assigned: 13/45/2014 Date of Injury: 1/2/2014")
    assert read.dates == LetterDates(injury=date(2014, 1, 2))
    assert [(w.code, w.place) for w in read.warnings] == [("unreadable_date", "cover")]
    assert "13/45/2014" in read.warnings[0].message


def test_a_case_number_in_a_request_is_not_the_letters() -> None:
    assert parse_letter(standard_letter(item("Norco (see CM13-0001234): Upheld"))).case_number is None


@pytest.mark.parametrize(
    "written",
    ["CM14-0031877", "CM14 - 0031877", "CM14–0031877", "CM 14-0031877", "CM14 0031877", "CM140031877"],
)
def test_a_case_number_is_one_however_it_is_written(written: str) -> None:
    read = cover(f"Case Number: {written} Date Assigned: 06/20/2014")
    assert (read.case_number, read.warnings) == ("CM14-0031877", ())


def test_letters_misread_for_digits_are_read_and_flagged() -> None:
    read = cover("Case Number: CMl4-OO31877 Date of Injury: O5/03/2007")
    assert read.case_number == "CM14-0031877"
    assert read.dates.injury is None
    assert [warning.code for warning in read.warnings] == ["unreadable_date", "misread_case_number"]


def test_values_in_a_row_below_their_labels_are_told_apart() -> None:
    read = cover(
        "Case Number: Date Assigned: CM14-0031877 06/20/2014 "
        "Date of Injury: Decision Date: 05/03/2007 07/14/2014"
    )
    assert read.case_number == "CM14-0031877"
    assert read.dates == LetterDates(
        assigned=date(2014, 6, 20), injury=date(2007, 5, 3), decision=date(2014, 7, 14)
    )
