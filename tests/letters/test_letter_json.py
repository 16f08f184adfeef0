"""Letters as JSON: the shape of `parse_letter`, and back without loss."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.letter_json import LetterJsonError, letter_from_json, letter_to_json
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


def test_back_without_loss() -> None:
    assert letter_from_json(json.loads(json.dumps(letter_to_json(LETTER)))) == LETTER
    empty = ParsedLetter(Layout.EARLY_2013)
    assert letter_from_json(letter_to_json(empty)) == empty


def changed(path: str, value: object) -> object:
    """The letter's JSON with one value replaced, or its key taken out where the value is ..."""
    data = json.loads(json.dumps(letter_to_json(LETTER)))
    at = data
    *keys, last = path.split(".")
    for key in keys:
        at = at[int(key)] if key.isdigit() else at[key]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("layout", "modern"),
        ("layout", ...),
        ("case_number", 14),
        ("priority", "urgent"),
        ("dates.assigned", "06/20/2014"),
        ("dates", None),
        ("reviewer.specialties", "Pain Medicine"),
        ("reviewer.specialties", [1]),
        ("patient.age", "52"),
        ("patient.age", True),
        ("items", {}),
        ("items.0.position", None),
        ("items.0.decision", "denied"),
        ("items.0.guidelines.reviewer", [None]),
        ("items.0.guidelines.reviewer.0.year", "2004"),
        ("items.0.grounds.0.sentence", "It is recommended."),
        ("items.0.grounds.0.side", "neither"),
        ("items.0.colour", "red"),
        ("colour", "red"),
        ("warnings.0.code", None),
    ],
)
def test_wrong_values_are_named_by_their_key(path: str, value: object) -> None:
    with pytest.raises(LetterJsonError) as caught:
        letter_from_json(changed(path, value))
    assert path.split(".")[-1] in str(caught.value) or path.split(".")[0] in str(caught.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda values: (
            st.lists(values) | st.dictionaries(st.sampled_from(["layout", "items", "dates"]), values)
        ),
    )
)
def test_no_json_raises_anything_else(data: object) -> None:
    with pytest.raises(LetterJsonError):
        letter_from_json(data)
