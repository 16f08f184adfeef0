"""The side of a request, and the words that only look like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.facts.laterality import laterality_in
from determinations.letters.parsed_letter import Laterality
from tests.letters.tables import RequestPhrase, request_phrases


@pytest.mark.parametrize("phrase", request_phrases(), ids=str)
def test_a_request_names_its_side(phrase: RequestPhrase) -> None:
    assert laterality_in(phrase.request) == phrase.side


@pytest.mark.parametrize(
    ("request_", "side"),
    [
        ("RIGHT KNEE MRI", "right"),
        ("left-sided L5-S1 ESI", "left"),
        ("MRI knee (L)", "left"),
        ("MRI knee (R)", "right"),
        ("Knee brace, Lt.", "left"),
        ("Rt shoulder injection", "right"),
        ("R shoulder arthroscopy", "right"),
        ("L L4-5 TFESI", "left"),
        ("RLE doppler", "right"),
        ("EMG/NCS BUE", "bilateral"),
        ("EMG B/L upper extremities", "bilateral"),
        ("bilat knees x-ray", "bilateral"),
        ("bilaterally at L4-5", "bilateral"),
        ("right and left carpal tunnel release", "bilateral"),
        ("R/L wrist splints", "bilateral"),
        ("injection of both knees", "bilateral"),
        ("left L4-5 and right L5-S1", "bilateral"),
        ("splint, left hand", "left"),
        ("Bi-lateral knees", "bilateral"),
        ("R. knee", "right"),
        ("knee brace - L", "left"),
        ("wrist splint, R", "right"),
        ("B UE EMG", "bilateral"),
        ("Doppler of BLEs", "bilateral"),
        ("L and R wrists", "bilateral"),
        ("left greater than right", "bilateral"),
        ("right(dominant) hand", "right"),
        ("right-hand dominant patient, left wrist MRI", "left"),
    ],
)
def test_ways_of_writing_a_side(request_: str, side: str) -> None:
    assert laterality_in(request_) == side


@pytest.mark.parametrize(
    "request_",
    [
        "medication left over from last month",
        "authorize right away",
        "right-hand dominant",
        "left handed",
        "copyright notice",
        "upright MRI",
        "L-spine MRI",
        "Norco 10/325 #60",
        "both medications",
        "rights of the patient",
        "the right to appeal",
        "rightward bend",
        "R/O fracture",
        "leftover cream",
        "",
    ],
)
def test_words_that_are_no_side(request_: str) -> None:
    assert laterality_in(request_) is None


@given(st.text())
def test_any_text_has_one_side_or_none(text: str) -> None:
    assert laterality_in(text) in (None, *Laterality)


@given(st.sampled_from(["left", "right"]), st.sampled_from(["knee", "shoulder", "L4-5", "hip"]))
def test_both_sides_are_bilateral(side: str, part: str) -> None:
    assert laterality_in(f"{side} {part} and bilateral hips") is Laterality.BILATERAL
