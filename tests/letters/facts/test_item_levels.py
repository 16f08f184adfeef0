"""Whose levels they are: the request's own words, its rationale, or a finding's."""

from determinations.letters.facts.spine import levels_in, spinal_levels_of
from determinations.letters.parsed_letter import LevelsFrom


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


def test_findings_in_a_rationale_come_last() -> None:
    assert spinal_levels_of("Lumbar ESI", "MRI revealed stenosis at L2-3. Pain is axial.").levels == (
        "L2-L3",
    )
    both = "MRI revealed stenosis at L2-3. The blocks are planned for L4-5."
    assert spinal_levels_of("Lumbar ESI", both).levels == ("L4-L5",)


def test_no_level_anywhere() -> None:
    found = spinal_levels_of("Norco", "Not supported.")
    assert (found.levels, found.read_from) == ((), None)
