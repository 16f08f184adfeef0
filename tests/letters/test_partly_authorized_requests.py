"""Requests of which a part was authorized: read whole, and told apart. All are invented."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.layouts.partial_authorization import (
    PartialAuthorization,
    partial_authorization,
)
from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import Decision, Laterality
from tests.letters.invented import item, standard_letter

REQUESTS = [
    (
        "Soma 350mg #90 was the original request. Soma 350mg #30 was authorized by the Claims Administrator. "
        "The remaining IMR eligible portion of the original request, Soma 350mg #60",
        PartialAuthorization("Soma 350mg #90", "Soma 350mg #30", "Soma 350mg #60"),
    ),
    (
        "Twelve visits of aquatic therapy, left knee was the original request. The Claims Administrator "
        "authorized 4 visits of land therapy, leaving the original request IMR eligible. The original "
        "request, twelve visits of aquatic therapy, left knee",
        PartialAuthorization(
            "Twelve visits of aquatic therapy, left knee",
            "4 visits of land therapy",
            "twelve visits of aquatic therapy, left knee",
        ),
    ),
    (
        "Acupuncture 2 x 6 (12 visits) were the original request. Acupuncture 4 visits were authorized by "
        "the claims administrator. The remaining IMR-eligible portion of the original request, 8 visits",
        PartialAuthorization("Acupuncture 2 x 6 (12 visits)", "Acupuncture 4 visits", "8 visits"),
    ),
    (
        "Home health aide, 8 hrs. a day, 7 days a week was the original request. Home health aide, 4 hrs. a "
        "day was approved by the Claims Administrator. The remaining portion of the original request, home "
        "health aide, 4 hrs. a day",
        PartialAuthorization(
            "Home health aide, 8 hrs. a day, 7 days a week",
            "Home health aide, 4 hrs. a day",
            "home health aide, 4 hrs. a day",
        ),
    ),
]
BEFORE = item(
    "Ketamine cream: Upheld", rationale="It is an ordinary rationale. It is not medically necessary."
)


@pytest.mark.parametrize(("request_", "expected"), REQUESTS)
def test_the_three_sentences_are_told_apart(request_: str, expected: PartialAuthorization) -> None:
    assert partial_authorization(request_) == expected


@pytest.mark.parametrize(
    "request_",
    [
        "",
        "Norco 10/325mg #60",
        "The original request for Norco",
        "MRI was the original request",
        "Physical therapy was authorized by the Claims Administrator",
    ],
)
def test_other_requests_have_no_such_parts(request_: str) -> None:
    assert partial_authorization(request_) is None


@pytest.mark.parametrize(("request_", "expected"), REQUESTS)
@given(width=st.integers(40, 140), verb=st.sampled_from([" is", " are", ""]), glued=st.booleans())
def test_the_heading_is_read_whole_at_any_width(
    request_: str, expected: PartialAuthorization, width: int, verb: str, glued: bool
) -> None:
    heading = "\n".join(textwrap.wrap(f"{request_}{verb}: Overturned", width, break_on_hyphens=False))
    before = BEFORE.rstrip() + "\n" if glued else BEFORE
    text = standard_letter(before + heading + item("").removeprefix("\n"))
    first, second = parse_letter(text).items
    assert first.rationale == "It is an ordinary rationale. It is not medically necessary."
    assert (second.request, second.decision) == (request_, Decision.OVERTURNED)
    assert (second.original_request, second.authorized, second.disputed_portion) == (
        expected.original_request,
        expected.authorized,
        expected.disputed_portion,
    )


def test_only_the_disputed_portion_tells_what_is_asked_for() -> None:
    heading = (
        "Physical therapy, right elbow was the original request. The Claims Administrator authorized left "
        "hand splints at L4-5, leaving the original request IMR eligible. The original request, physical "
        "therapy, right elbow is: Upheld"
    )
    [read] = parse_letter(standard_letter(item(heading))).items
    assert (read.services, read.laterality, read.spinal_levels) == (
        ("physical-therapy",),
        Laterality.RIGHT,
        (),
    )


def test_a_portion_that_names_nothing_is_read_with_the_original_request() -> None:
    heading = (
        "Acupuncture, left knee, 12 visits was the original request. 4 visits was authorized by the Claims "
        "Administrator. The remaining IMR eligible portion of the original request, 8 visits is: Upheld"
    )
    [read] = parse_letter(standard_letter(item(heading))).items
    assert (read.disputed_portion, read.services, read.laterality) == (
        "8 visits",
        ("acupuncture",),
        Laterality.LEFT,
    )


def test_prose_on_an_original_request_stays_in_the_rationale() -> None:
    rationale = "MRI of the knee was the original request. It was modified. It is not medically necessary."
    first, second = parse_letter(
        standard_letter(item("MRI: Upheld", rationale=rationale), item("Soma 350mg: Upheld"))
    ).items
    assert (first.rationale, second.request) == (rationale, "Soma 350mg")
