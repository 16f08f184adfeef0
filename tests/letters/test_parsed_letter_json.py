"""Letters as JSON: the shape of `parse_letter`, and back without loss."""

import json
import pickle
from datetime import date

from determinations.letters.parsed_letter import (
    Citation,
    Decision,
    Ground,
    Laterality,
    Layout,
    LetterDates,
    LevelsFrom,
    ParsedItem,
    ParsedLetter,
    Patient,
    Priority,
    ReadingWarning,
    Reviewer,
    Sex,
    letter_to_json,
)

LETTER = ParsedLetter(
    layout=Layout.STANDARD,
    case_number="CM14-0031877",
    priority=Priority.EXPEDITED,
    dates=LetterDates(assigned=date(2014, 6, 20)),
    reviewer=Reviewer(("Pain Medicine",), ("New York", "Texas")),
    patient=Patient(52, Sex.FEMALE),
    clinical_summary="She has pain.",
    outcome=Decision.UPHELD,
    items=(
        ParsedItem(
            position=1,
            request="LESI at L4-5",
            decision=Decision.UPHELD,
            services=("epidural-steroid-injections",),
            spinal_levels=("L4-L5",),
            levels_from=LevelsFrom.REQUEST,
            laterality=Laterality.LEFT,
            claims_administrator_guideline="ODG.",
            reviewer_guideline="MTUS.",
            claims_administrator_citations=(Citation("odg", text="ODG."),),
            reviewer_citations=(
                Citation("mtus-acoem", "Low Back", 2004, ("ESI",), ("300",), ("12-8",), "MTUS."),
            ),
            rationale="It is not recommended.  He has not tried therapy.",
            grounds=(
                Ground("not-recommended", "against", 0, 22),
                Ground("conservative-care-not-tried", "against", 24, 49),
            ),
        ),
    ),
    warnings=(ReadingWarning("text_breaks_off", "It ends.", "item 1"), ReadingWarning("x", "y")),
)


def test_the_shape_is_the_one_that_is_promised() -> None:
    data = letter_to_json(LETTER)
    assert list(data) == [
        "layout",
        "case_number",
        "priority",
        "dates",
        "reviewer",
        "patient",
        "clinical_summary",
        "outcome",
        "items",
        "warnings",
    ]
    assert data["dates"] == {
        "assigned": "2014-06-20",
        "injury": None,
        "decision": None,
        "ur_denial": None,
        "application_received": None,
    }
    assert data["patient"] == {"age": 52, "sex": "female"}
    assert data["warnings"] == [
        {"code": "text_breaks_off", "message": "It ends.", "place": "item 1"},
        {"code": "x", "message": "y"},
    ]
    items = data["items"]
    assert isinstance(items, list)
    assert items[0]["guidelines"]["reviewer"] == [
        {
            "source": "mtus-acoem",
            "chapter": "Low Back",
            "year": 2004,
            "sections": ["ESI"],
            "pages": ["300"],
            "tables": ["12-8"],
            "text": "MTUS.",
        }
    ]


def test_what_is_printed_survives_json() -> None:
    empty = ParsedLetter(Layout.EARLY_2013)
    for letter in (LETTER, empty):
        assert json.loads(json.dumps(letter_to_json(letter))) == letter_to_json(letter)


def test_a_ground_has_the_sentence_that_states_it() -> None:
    items = letter_to_json(LETTER)["items"]
    assert isinstance(items, list)
    assert items[0]["grounds"] == [
        {"ground": "not-recommended", "side": "against", "sentence": "It is not recommended."},
        {
            "ground": "conservative-care-not-tried",
            "side": "against",
            "sentence": "He has not tried therapy.",
        },
    ]


def test_a_letter_comes_from_another_process_as_it_was_sent() -> None:
    assert pickle.loads(pickle.dumps(LETTER)) == LETTER  # noqa: S301 - its own
