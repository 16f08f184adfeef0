"""The cover: values follow their labels at once, wherever lines break; empty labels stay empty."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


Cell = tuple[str, str]
"""A label and its value as printed; "" for an empty value."""
FORMS = (
    (
        ("Case Number", "Date Assigned"),
        ("Date of Injury", "Decision Date"),
        ("UR Denial Date", "UR Received"),
        ("Priority", "Application Received"),
    ),
    (
        ("Case Number", ""),
        ("Date Assigned", "Date of Injury"),
        ("Decision Date", "UR Denial Date"),
        ("Priority", "Application Received"),
    ),
)
FIELDS = {
    "Date Assigned": "assigned",
    "Date of Injury": "injury",
    "Decision Date": "decision",
    "UR Denial Date": "ur_denial",
    "Application Received": "application_received",
}


def run_together(rows: list[list[Cell]]) -> str:
    return "\n".join(" ".join(f"{label}: {value}" for label, value in row) for row in rows)


def with_layout(rows: list[list[Cell]]) -> str:
    """Two columns side by side; a long label is wrapped, its value beside the first line."""
    lines = []
    for row in rows:
        first, second = [], []
        for label, value in row:
            head, _, tail = label.rpartition(" ") if len(label) > 15 else (f"{label}:", "", "")
            first += [head.ljust(20), value.ljust(28)]
            second += [f"{tail}:" if tail else ""]
        lines += ["".join(first), (" " * 48 + " ".join(second)).rstrip(" :")]
        if any(second):
            lines[-1] += ":"
    return "\n".join(lines)


def in_columns(rows: list[list[Cell]]) -> str:
    """Each column of cells as its labels and then its values."""
    parts = []
    for column in (0, 1):
        cells = [row[column] for row in rows if len(row) > column]
        parts += [f"{label}:".replace("Application ", "Application\n") for label, _ in cells]
        parts += ["", *(value for _, value in cells), ""]
    return "\n".join(parts)


def labels_first(rows: list[list[Cell]]) -> str:
    cells = [cell for row in rows for cell in row]
    return "\n".join([*(f"{label}:" for label, _ in cells), *(value for _, value in cells)])


def wrapped_cells(rows: list[list[Cell]]) -> str:
    """Every label of two words wrapped in its cell, the value beside its first word."""
    lines = []
    for row in rows:
        heads, tails = [], []
        for label, value in row:
            head, _, tail = label.rpartition(" ")
            heads += [head, value] if head else [f"{label}:", value]
            tails += [f"{tail}:"] if head else []
        lines += ["   ".join(heads), "      ".join(tails)]
    return "\n".join(lines)


def one_a_line(rows: list[list[Cell]]) -> str:
    return "\n".join(f"{label}:\n{value}" for row in rows for label, value in row)


PRINTS: list[Callable[[list[list[Cell]]], str]] = [
    run_together,
    with_layout,
    in_columns,
    labels_first,
    wrapped_cells,
    one_a_line,
]
days = st.dates(date(1990, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("printed", PRINTS)
@given(dates=st.lists(days, min_size=6, max_size=6), expedited=st.booleans(), received=st.booleans())
def test_a_cover_is_read_in_full_however_it_is_extracted(
    printed: Callable[[list[list[Cell]]], str],
    form: tuple[tuple[str, str], ...],
    dates: list[date],
    expedited: bool,
    received: bool,
) -> None:
    values = dict(zip((*FIELDS, "UR Received"), (f"{day:%m/%d/%Y}" for day in dates), strict=True))
    values |= {"Case Number": "CM16-0004321", "Priority": "Expedited" if expedited else "Standard"}
    if not received:
        values["UR Received"] = ""
    rows = [[(label, values[label]) for label in row if label] for row in form]
    read = parse_letter(standard_letter(item("Norco: Upheld"), cover=printed(rows)))
    assert read.case_number == "CM16-0004321"
    assert read.dates == LetterDates(**dict(zip(FIELDS.values(), dates, strict=False)))
    assert read.priority is (Priority.EXPEDITED if expedited else Priority.STANDARD)
    assert read.warnings == ()


@pytest.mark.parametrize("label", [*FIELDS, "Case Number", "Priority"])
def test_a_label_without_a_value_is_warned_of(label: str) -> None:
    cells = dict.fromkeys(FIELDS, "01/02/2016") | {"Case Number": "CM16-0004321", "Priority": "Standard"}
    text = " ".join(f"{name}: {value if name != label else ''}" for name, value in cells.items())
    read = cover(text)
    assert [(warning.code, label in warning.message) for warning in read.warnings] == [
        ("label_without_value", True)
    ]
    assert len([one for one in FIELDS.values() if getattr(read.dates, one)]) == 5 - (label in FIELDS)


def test_the_empty_ur_received_is_no_fault() -> None:
    assert cover("UR Denial Date: 01/02/2016 UR Received: Priority: Standard").warnings == ()


def test_a_column_with_a_value_missing_gives_nothing_that_may_be_wrong() -> None:
    read = cover("Date Assigned: Date of Injury: Decision Date: 01/02/2016 03/04/2016")
    assert read.dates == LetterDates()
    assert {warning.code for warning in read.warnings} == {"label_without_value"}


@pytest.mark.parametrize(
    "broken", ["Applicatio n Received", "Applica tion Re ceived", "A pplication Received"]
)
def test_a_label_broken_inside_a_word_is_read(broken: str) -> None:
    read = cover(f"Priority: Standard {broken}: 06/25/2015")
    assert (read.dates.application_received, read.priority) == (date(2015, 6, 25), Priority.STANDARD)
