"""Whole letters that extraction or their writers have spoiled: items and decisions stay right."""

import pytest

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import Decision
from tests.letters.invented import HOW_MADE, ISSUES, SUMMARY, item, standard_letter

COVER = "Case Number: CM14-9031877 Date Assigned: 06/20/2014\nDate of Injury: 05/03/2007"
RUNNING = "Final Determination Letter for IMR Case Number CM14-9031877 4"
YES = "The criteria are met. The request is medically necessary."

NORCO = item("Norco 10/325 mg: Upheld")
SOMA = item("Soma: Overturned", rationale=YES)
LETTER = standard_letter(NORCO, SOMA, cover=COVER)

LETTERS = {
    "as it is": LETTER,
    "in capitals": LETTER.upper(),
    "in small letters": LETTER.lower(),
    "without line ends": " ".join(LETTER.split()),
    "without a blank after a colon": LETTER.replace(": ", ":"),
    "a blank line after every line": LETTER.replace("\n", "\n\n"),
    "tabs and wide blanks": LETTER.replace("mg: Up", "mg\t:\u00a0 Up"),
    "no colon, as in a column": LETTER.replace(": Upheld", "     Upheld").replace(
        ": Overturned", "   Overturned"
    ),
    "a decision without its blank": LETTER.replace("mg: Upheld", "mgUpheld"),
    "a running line inside a paragraph": LETTER.replace(
        "The records do not", f"The records do not\n{RUNNING}\n"
    ),
    "a running line inside a heading": LETTER.replace("Norco 10/325", f"Norco\n{RUNNING}\n10/325"),
    "a running line before the decision": LETTER.replace("mg: Upheld", f"mg:\n{RUNNING}\nUpheld"),
    "a page number of how many": LETTER.replace("The records do not", "The records do not\nPage 4 of 9\n"),
    "numbered": LETTER.replace("Norco 10", "1. Norco 10").replace("Soma:", "2. Soma:"),
    "a number on a line of its own": LETTER.replace("Norco 10", "1.\nNorco 10").replace("Soma:", "2.\nSoma:"),
    "bullets": LETTER.replace("Norco 10", "• Norco 10").replace("Soma:", "- Soma:"),
    "a notice in Spanish above": f"AVISO IMPORTANTE: esta carta contiene la decisión.\n{LETTER}",
    "a title above": f"CORRECTED FINAL DETERMINATION LETTER\n{LETTER}",
    "an earlier letter quoted": LETTER.replace(
        "The criteria are met.",
        "An earlier reviewer wrote:\nNorco 10/325mg #60: Upheld\nSoma: Denied\nNow the criteria are met.",
    ),
    "no cover": standard_letter(NORCO, SOMA),
    "no summary": HOW_MADE + ISSUES + NORCO + SOMA,
    "no heading above the items": HOW_MADE + SUMMARY + NORCO + SOMA,
    "no guidelines": standard_letter(
        item("Norco 10/325 mg: Upheld", claims="", reviewer=""),
        item("Soma: Overturned", claims="", reviewer="", rationale=YES),
    ),
}


@pytest.mark.parametrize("text", LETTERS.values(), ids=LETTERS.keys())
def test_both_items_are_read_with_their_decisions(text: str) -> None:
    letter = parse_letter(text)
    assert [(read.request.lower(), read.decision) for read in letter.items] == [
        ("norco 10/325 mg", Decision.UPHELD),
        ("soma", Decision.OVERTURNED),
    ]
    assert letter.outcome is Decision.PARTIALLY_OVERTURNED
    assert letter.case_number == ("CM14-9031877" if "9031877" in text else None)
    assert "unknown_decision" not in [warning.code for warning in letter.warnings]


@pytest.mark.parametrize("name", [name for name in LETTERS if name.startswith(("a running", "a page"))])
def test_what_runs_along_the_pages_is_in_no_text(name: str) -> None:
    assert parse_letter(LETTERS[name]) == parse_letter(LETTER)


def test_twenty_five_items_are_twenty_five() -> None:
    words = {Decision.UPHELD: "Upheld", Decision.OVERTURNED: "Overturned"}
    decisions = [Decision.OVERTURNED if number % 3 == 0 else Decision.UPHELD for number in range(1, 26)]
    letter = parse_letter(
        standard_letter(
            *(
                item(f"{number}. Visit {number}: {words[decision]}", rationale="So it is.")
                for number, decision in enumerate(decisions, start=1)
            )
        )
    )
    assert [read.request for read in letter.items] == [f"Visit {number}" for number in range(1, 26)]
    assert [read.decision for read in letter.items] == decisions


def test_claims_administrators_of_a_notice_are_no_running_line() -> None:
    bodies = "".join(
        f"{number}) Regarding the request for drug {number}:\n\nSection of the Medical Treatment Utilization "
        "Schedule Relied Upon by the Expert Reviewer to Make His/Her Decision:\n"
        f"The Claims Administrator based its decision on the MTUS, page {number}.\n"
        "The Expert Reviewer based his/her decision on ODG.\n\nRationale for the Decision:\nNo.\n\n"
        for number in range(1, 5)
    )
    decisions = "".join(
        f"{number}) MAXIMUS Federal Services, Inc. has determined the request for drug {number} is not "
        "medically necessary and appropriate.\n\n"
        for number in range(1, 5)
    )
    letter = parse_letter(f"Notice of Independent Medical Review Determination\n{decisions}{bodies}")
    assert [read.claims_administrator_citations[0].pages for read in letter.items] == [
        ("1",),
        ("2",),
        ("3",),
        ("4",),
    ]
