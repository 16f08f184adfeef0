"""Whose levels they are: the request's own words, its rationale, or a finding's."""

import pytest

from determinations.letters.facts.item_levels import spinal_levels_of
from determinations.letters.facts.spine import levels_in
from determinations.letters.parsed_letter import LevelsFrom
from tests.letters.tables import rationale_levels


def test_a_root_is_the_level_where_it_is_what_is_treated() -> None:
    assert spinal_levels_of("Left L5 nerve root block", "").levels == ("L5",)
    assert spinal_levels_of("Transforaminal ESI at the L5 nerve root", "").levels == ("L5",)
    assert spinal_levels_of("MRI for L5 nerve root compression", "").levels == ()


def test_levels_before_a_finding_stay() -> None:
    assert levels_in("L4-5 disc protrusion with L5 radiculopathy") == ("L4-L5",)
    assert levels_in("LESI at L4-5, L5 radiculopathy") == ("L4-L5",)


RATIONALE = (
    "The patient is status post L3-4 fusion. An MRI revealed a protrusion at L2-3. The guidelines allow no "
    "more than two levels. The request for facet blocks at L4-5 and L5-S1 is not medically necessary."
)


def test_the_request_comes_first() -> None:
    found = spinal_levels_of("Facet blocks C4-5", RATIONALE)
    assert (found.levels, found.read_from) == (("C4-C5",), LevelsFrom.REQUEST)


def test_a_request_without_levels_takes_those_its_rationale_repeats_of_it() -> None:
    found = spinal_levels_of("Lumbar facet blocks", RATIONALE)
    assert (found.levels, found.read_from) == (("L4-L5", "L5-S1"), LevelsFrom.RATIONALE)


def test_history_in_a_rationale_is_not_the_items_level() -> None:
    assert spinal_levels_of("Lumbar ESI", "The patient underwent a fusion at L4-5 in 2009.").levels == ()


def test_what_is_found_at_a_level_is_not_treated_there() -> None:
    assert spinal_levels_of("Lumbar ESI", "MRI revealed stenosis at L2-3. Pain is axial.").levels == ()
    both = "MRI revealed stenosis at L2-3. The blocks are planned for L4-5."
    assert spinal_levels_of("Lumbar ESI", both).levels == ("L4-L5",)


@pytest.mark.parametrize(("request_", "sentence", "levels"), rationale_levels())
def test_a_rationale_states_levels_of_the_treatment(request_: str, sentence: str, levels: str) -> None:
    found = spinal_levels_of(request_, f"Some weeks of care failed. {sentence} Nothing else is said.")
    assert found.levels == tuple(levels.split())
    assert found.read_from == (LevelsFrom.RATIONALE if levels else None)


@pytest.mark.parametrize(
    "request_",
    [
        "Physical therapy for the low back, status post L4-5 fusion",
        "Norco 10/325mg #60 for pain s/p L5-S1 discectomy",
        "MRI of the lumbar spine (prior L4-5 fusion)",
    ],
)
def test_earlier_surgery_in_a_request_is_not_its_level(request_: str) -> None:
    assert spinal_levels_of(request_, "").levels == ()


def test_no_level_anywhere() -> None:
    found = spinal_levels_of("Norco", "Not supported.")
    assert (found.levels, found.read_from) == ((), None)
