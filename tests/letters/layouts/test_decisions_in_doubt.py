"""Decisions that extraction has damaged or a letter states against itself: read, or left to a person."""

from pathlib import Path

import pytest

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import Decision, ParsedLetter
from tests.letters.invented import HOW_MADE, item, standard_letter

GOLDEN = Path(__file__).parents[1] / "golden"
UPHELD, OVERTURNED, PARTLY, UNKNOWN = (
    Decision.UPHELD,
    Decision.OVERTURNED,
    Decision.PARTIALLY_OVERTURNED,
    Decision.UNKNOWN,
)
NO, YES = "The request is not medically necessary.", "The request is medically necessary."


def decided(letter: ParsedLetter) -> list[tuple[str, Decision]]:
    return [(read.request, read.decision) for read in letter.items]


def codes(letter: ParsedLetter) -> list[tuple[str, str]]:
    return [(warning.code, warning.place) for warning in letter.warnings]


@pytest.mark.parametrize(
    ("written", "decision"),
    [
        ("Norco:  Up held", UPHELD),
        ("Norco:  U p h e l d", UPHELD),
        ("Norco:  UpheId", UPHELD),
        ("Norco:  Uphe1d", UPHELD),
        ("Norco: Up-\nheld", UPHELD),
        ("Norco (Upheld)", UPHELD),
        ("Norco\nDecision: Upheld", UPHELD),
        ("NorcoUpheld", UPHELD),
        ("Norco:  0verturned", OVERTURNED),
        ("Norco:  O V E R T U R N E D", OVERTURNED),
        ("Norco: Overtumed", OVERTURNED),
        ("Norco: Overtured", OVERTURNED),
        ("Norco [Overturned]", OVERTURNED),
        ("Norco: Final Decision: Overturned", OVERTURNED),
        ("Norco: Overturned as modified", PARTLY),
        ("Norco: Modified to 30 tablets", PARTLY),
        ("Norco: Upheld in part, overturned in part", PARTLY),
        ("III. Norco: Upheld", UPHELD),
        ("3.) Norco: Upheld", UPHELD),
        ("Treatment #2: Norco: Upheld", UPHELD),
    ],
)  # fmt: skip
def test_a_damaged_decision_is_read(written: str, decision: Decision) -> None:
    letter = parse_letter(standard_letter(item(written, rationale="So it is."), item("Soma: Upheld")))
    assert decided(letter) == [("Norco", decision), ("Soma", UPHELD)]
    assert letter.warnings == ()


@pytest.mark.parametrize(
    "heading", ["Norco: Not overturned", "Norco: not upheld", "Norco: Denied", "Upheld: Norco"]
)
def test_what_cannot_be_read_for_sure_is_left_to_a_person(heading: str) -> None:
    letter = parse_letter(standard_letter(item("Soma: Upheld"), item(heading)))
    assert [read.decision for read in letter.items] == [UPHELD, UNKNOWN]
    assert codes(letter) == [("unknown_decision", "item 2")]


def test_a_heading_that_states_both_counts_as_partly_overturned_and_is_flagged() -> None:
    letter = parse_letter(
        standard_letter(item("Norco: Upheld; Soma: Overturned"), item("Valium: Upheld; Lyrica: Upheld"))
    )
    assert [read.decision for read in letter.items] == [PARTLY, UPHELD]
    assert codes(letter) == [("several_decisions", "item 1")]


def test_the_same_request_decided_differently_is_flagged() -> None:
    letter = parse_letter(
        standard_letter(item("Norco #60: Upheld"), item("NORCO  #60: Overturned", rationale=YES))
    )
    assert [read.decision for read in letter.items] == [UPHELD, OVERTURNED]
    assert codes(letter) == [("conflicting_decisions", "item 2")]


@pytest.mark.parametrize(
    ("announced", "flagged"), [("UPHOLD", False), ("OVERTURN", True), ("PARTIAL OVERTURN", True)]
)
def test_the_covers_announcement_is_held_to_the_items(announced: str, flagged: bool) -> None:
    cover = f"Final Determination: {announced}. This means we decided on the disputed items/services.\n"
    letter = parse_letter(standard_letter(item("Norco: Upheld"), cover=cover))
    assert letter.outcome is UPHELD
    assert codes(letter) == ([("cover_contradicts_items", "cover")] if flagged else [])


@pytest.mark.parametrize(
    ("heading", "rationale", "flagged"),
    [
        ("Norco: Upheld", "I find that the UR decision should be overturned.", True),
        ("Norco: Overturned", "As such, the prior UR denial is upheld.", True),
        ("Norco: Overturned", "If there is no benefit, the UR denial is upheld.", False),
        ("Norco: Upheld", "The UR denial is upheld.", False),
        ("PT: Overturned", "It is partially certified: six visits are medically necessary.", True),
        ("PT: Overturned in part", "It is partially certified.", False),
    ],
)  # fmt: skip
def test_what_a_rationale_says_of_the_denial_is_its_conclusion(
    heading: str, rationale: str, flagged: bool
) -> None:
    letter = parse_letter(standard_letter(item(heading, rationale=rationale)))
    assert (("rationale_contradicts_decision", "item 1") in codes(letter)) is flagged


def test_two_letters_in_one_file_keep_all_their_items_and_are_flagged() -> None:
    first = standard_letter(item("Norco: Upheld"), cover="Case Number: CM14-9000001")
    corrected = standard_letter(item("Norco: Overturned", rationale=YES), cover="CORRECTED DETERMINATION")
    letter = parse_letter(f"{first}\n{corrected}")
    assert decided(letter) == [("Norco", UPHELD), ("Norco", OVERTURNED)]
    assert [code for code, _ in codes(letter)] == ["second_letter", "conflicting_decisions"]


LATE = f"""MAXIMUS FEDERAL SERVICES, INC.
Independent Medical Review
{HOW_MADE}
CLINICAL CASE SUMMARY
The patient is a 45 year old male with low back pain.
IMR DECISION(S) AND RATIONALE(S)
The Final Determination was based on decisions for the disputed items/services set forth below:
"""


def late_item(heading: str, conclusion: str) -> str:
    return (
        f"{heading}\nThe Claims Administrator based its decision on the MTUS ACOEM.\n"
        "The Physician Reviewer based his/her decision on the MTUS.\n"
        f"The Physician Reviewer's decision rationale:\n{conclusion}\n"
    )


@pytest.mark.parametrize(
    ("statement", "decision"),
    [
        ("is n ot medically necessary and appropriate.", UPHELD),
        ("is no t medically necessary and appropriate.", UPHELD),
        ("is n0t medically necessary and appropriate.", UPHELD),
        ("isn't medically necessary.", UPHELD),
        ("is not-medically necessary and appropriate.", UPHELD),
        ("is not m edically necessary and appropriate.", UPHELD),
        ("is not medica1ly necessary and appropriate.", UPHELD),
        ("is not considered medically necessary.", UPHELD),
        ("is neither medically necessary nor appropriate.", UPHELD),
        ("is medically unnecessary and inappropriate.", UPHELD),
        ("is never medically necessary.", UPHELD),
        ("is rnedically necessary and appropriate.", OVERTURNED),
        ("is therefore medically necessary and appropriate.", OVERTURNED),
        ("is partially medically necessary and appropriate.", PARTLY),
        ("is not partially medically necessary and appropriate.", UNKNOWN),
        ("is not medically unnecessary.", UNKNOWN),
    ],
)
def test_a_damaged_statement_is_read_and_no_item_is_lost(statement: str, decision: Decision) -> None:
    text = LATE + late_item("1. Norco is medically necessary and appropriate.", YES)
    text += late_item(f"2. Soma {statement}", "So it is.")
    text += late_item("3. Lyrica is not medically necessary and appropriate.", NO)
    letter = parse_letter(text)
    assert [read.decision for read in letter.items] == [OVERTURNED, decision, UPHELD]
    assert letter.items[1].request.startswith("Soma")
    assert codes(letter) == ([("unknown_decision", "item 2")] if decision is UNKNOWN else [])


def test_a_sentence_that_decides_twice_is_flagged() -> None:
    both = "1. Twelve visits are not medically necessary, but six visits are medically necessary."
    letter = parse_letter(LATE + late_item(both, "Six will do."))
    assert [read.decision for read in letter.items] == [PARTLY]
    assert codes(letter) == [("several_decisions", "item 1")]


def test_a_notice_that_prints_its_decision_differently_is_flagged() -> None:
    text = (GOLDEN / "notice_2013.txt").read_text(encoding="utf-8")
    letter = parse_letter(text.replace("notmedically", "medically", 1))
    assert [read.decision for read in letter.items] == [UPHELD, OVERTURNED]
    assert ("conflicting_decisions", "item 1") in codes(letter)


def test_a_notice_that_decides_twice_in_a_sentence_is_flagged() -> None:
    text = (GOLDEN / "notice_2013.txt").read_text(encoding="utf-8")
    once = "aftercare program is medically necessary and appropriate"
    letter = parse_letter(text.replace(once, f"{once} and a gym is not medically necessary and appropriate"))
    assert [read.decision for read in letter.items] == [UPHELD, PARTLY]
    assert ("several_decisions", "item 2") in codes(letter)


@pytest.mark.parametrize("written", ["IS/WAS N OT", "IS/WAS N0T", "IS/WASNOT"])
def test_a_damaged_heading_of_early_2013_is_read(written: str) -> None:
    text = (GOLDEN / "early_2013.txt").read_text(encoding="utf-8")
    letter = parse_letter(text.replace("IS/WAS NOT", written))
    assert [read.decision for read in letter.items] == [UPHELD]
    assert letter.warnings == ()
