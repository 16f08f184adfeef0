"""Labels with a wrong letter, or without their colon: the item is read, and a warning says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import ParsedLetter
from tests.letters.invented import item, standard_letter

LABELS = ("Claims Administrator guideline", "MAXIMUS guideline", "Decision rationale")
TWO_ITEMS = standard_letter(
    item("Norco 10/325mg #60: Upheld", rationale="It is not medically necessary."),
    item("MRI of the knee: Overturned", rationale="It is medically necessary."),
)
EXPECTED = parse_letter(TWO_ITEMS)


def as_read(letter: ParsedLetter) -> list[tuple[str, str, str, str, str]]:
    return [
        (
            one.request,
            one.decision.value,
            one.claims_administrator_guideline,
            one.reviewer_guideline,
            one.rationale,
        )
        for one in letter.items
    ]


def assert_read(text: str) -> None:
    letter = parse_letter(text)
    assert as_read(letter) == as_read(EXPECTED)
    assert {warning.code for warning in letter.warnings} == {"mistyped_label"}


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("Claims Administrator guideline:", "Clairns Administrator guideline:"),
        ("Claims Administrator guideline:", "C1aims Administrator guideline:"),
        ("Claims Administrator guideline:", "Glaims Administrator guideline:"),
        ("Claims Administrator guideline:", "Claims Adrninistrator guideIine:"),
        ("Claims Administrator guideline:", "Claims Administrator gudeline."),
        ("MAXIMUS guideline:", "MAXlMUS guideline:"),
        ("MAXIMUS guideline:", "NAXIMUS guideline:"),
        ("MAXIMUS guideline:", "MAXIMUS gu1deline:"),
        ("MAXIMUS guideline:", "MAXIMUS quideline,"),
        ("Decision rationale:", "Decision rationaIe:"),
        ("Decision rationale:", "Decision rationale."),
        ("Decision rationale:", "Decision rationale"),
        ("Decision rationale:", "Decison rationale:"),
        ("Decision rationale:", "Decision retionale:"),
    ],
)
def test_a_damaged_label_is_read(label: str, written: str) -> None:
    assert_read(TWO_ITEMS.replace(label, written))


@given(label=st.sampled_from(LABELS), place=st.integers(1, 30), letter=st.sampled_from("abehkqxz"))
def test_one_wrong_letter_loses_no_item(label: str, place: int, letter: str) -> None:
    place = place % len(label)
    if label[place] == " ":
        place -= 1
    written = label[:place] + letter + label[place + 1 :]
    letter_read = parse_letter(TWO_ITEMS.replace(f"{label}:", f"{written}:"))
    assert as_read(letter_read) == as_read(EXPECTED)


@pytest.mark.parametrize(
    "sentence",
    [
        "Decision rationale is explained below and the request is not medically necessary.",
        "Maximum guideline doses: 100 mg a day. The request is not medically necessary.",
        "Claims of administrators: none. The request is not medically necessary.",
    ],
)
def test_prose_that_begins_like_a_label_is_prose(sentence: str) -> None:
    letter = parse_letter(standard_letter(item("Norco: Upheld", rationale=f"It is so.\n{sentence}")))
    assert [one.rationale for one in letter.items] == [f"It is so. {sentence}"]
    assert letter.warnings == ()


def test_a_statement_with_a_wrong_letter_decides() -> None:
    for written in (
        "medically neccessary",
        "medicaly necessary",
        "medically necesary",
        "mediccally necessray",
    ):
        letter = parse_letter(
            "MAXIMUS FEDERAL SERVICES, INC.\nIndependent Medical Review\n\n"
            "CLINICAL CASE SUMMARY\nThe patient is a 40 year old man.\n\n"
            "IMR DECISION(S) AND RATIONALE(S)\n\n"
            f"1. Norco 10/325mg #120 is not {written} and apropriate.\n\n"
            "The Claims Administrator based its decision on the MTUS.\n\n"
            "The Physician Reviewer based his/her decision on the MTUS.\n\n"
            "The Physician Reviewer's decision rationale:\nIt is so. The request is not certified.\n"
        )
        assert [(one.request, one.decision.value) for one in letter.items] == [
            ("Norco 10/325mg #120", "upheld")
        ]
