"""A question that can be read in two ways is run in one and offered in the other."""

import pytest
from hypothesis import given

from determinations.search.query.did_you_mean import other_reading
from determinations.search.query.language import parse_query
from tests.search.query.trees import typed_text


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("norco or vicodin", "norco OR vicodin"),
        ("norco Or vicodin", "norco OR vicodin"),
        ("norco and/or vicodin", "norco OR vicodin"),
        ('"low back" or "neck pain"', '"low back" OR "neck pain"'),
        ("rationale:(norco or vicodin)", "rationale:(norco OR vicodin)"),
        ("fusion but not cervical", "fusion NOT cervical"),
        ("norco or vicodin but not soma", "norco OR vicodin NOT soma"),
        ("norco or vicodin or soma", "norco OR vicodin OR soma"),
        ("L4-5 or L5-S1", "L4-5 OR L5-S1"),
        ("MRI LUMBAR WITH OR WITHOUT CONTRAST", "MRI LUMBAR WITH or WITHOUT CONTRAST"),
        ("THE REQUEST IS NOT MEDICALLY NECESSARY", "THE REQUEST IS not MEDICALLY NECESSARY"),
    ],
)
def test_the_other_reading_is_offered(typed: str, offered: str) -> None:
    reading = other_reading(typed)
    assert reading is not None
    assert reading.text == offered
    assert parse_query(reading.text) != parse_query(typed)
    assert "capitals" in reading.message


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "norco",
        "norco OR vicodin",
        '"norco or vicodin"',
        'norco "or" vicodin',
        "or norco",
        "norco or",
        "MRI with or without contrast",
        "NORCO OR VICODIN",
        "including but not limited to surgery",
        "fusion but not",
        "LUMBAR MRI AND EMG OF BOTH LEGS",
        "not medically necessary",
        '"unbalanced or broken',
    ],
)
def test_there_is_no_other_reading(typed: str) -> None:
    assert other_reading(typed) is None


@given(typed_text())
def test_any_text_has_an_other_reading_that_runs_or_none(text: str) -> None:
    reading = other_reading(text)
    if reading is not None:
        assert parse_query(reading.text) is not None
