"""Spinal levels as letters write them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.facts.item_levels import spinal_levels_of
from determinations.letters.facts.spine import levels_in
from determinations.letters.facts.spine_notation import (
    VERTEBRAE,
    anatomical_order,
    joints_supplied,
    level_expressions,
    levels_of_token,
    region_of,
    regions_named,
    segments_between,
)
from determinations.letters.parsed_letter import LevelsFrom
from tests.letters.tables import RequestPhrase, request_phrases


@pytest.mark.parametrize("phrase", request_phrases(), ids=str)
def test_a_request_names_its_levels(phrase: RequestPhrase) -> None:
    found = spinal_levels_of(phrase.request, "")
    assert found.levels == phrase.levels
    assert found.read_from == (LevelsFrom.REQUEST if phrase.levels else None)


@pytest.mark.parametrize(
    ("written", "levels"),
    [
        # one segment, however it is written
        ("L4-5", "L4-L5"),
        ("L4-L5", "L4-L5"),
        ("L4/5", "L4-L5"),
        ("L4/L5", "L4-L5"),
        ("L4–5", "L4-L5"),
        ("L4—L5", "L4-L5"),
        ("L4 - L5", "L4-L5"),
        ("L4- 5", "L4-L5"),
        ("L-4 to L-5", "L4-L5"),
        ("L 4-5", "L4-L5"),
        ("L4L5", "L4-L5"),
        ("l4-5", "L4-L5"),
        ("between L4 and L5", "L4-L5"),
        ("lumbar 4-5", "L4-L5"),
        ("L5-S1", "L5-S1"),
        ("L5 S1", "L5-S1"),
        ("L5S1", "L5-S1"),
        ("L5-1", "L5-S1"),
        ("lumbar 5-sacral 1", "L5-S1"),
        ("S1-L5", "L5-S1"),
        ("L5-4", "L4-L5"),
        ("T12L1", "T12-L1"),
        ("C7-T1", "C7-T1"),
        ("C7/T1", "C7-T1"),
        ("T12-L1", "T12-L1"),
        ("T12/L1", "T12-L1"),
        ("T10-11", "T10-T11"),
        # spans
        ("L3-S1", "L3-L4 L4-L5 L5-S1"),
        ("L4-S1", "L4-L5 L5-S1"),
        ("L4 through S1", "L4-L5 L5-S1"),
        ("L3 to L5", "L3-L4 L4-L5"),
        ("L2 thru L4", "L2-L3 L3-L4"),
        ("L4-L5-S1", "L4-L5 L5-S1"),
        ("L3-4-5", "L3-L4 L4-L5"),
        ("L4 to sacrum", "L4-L5 L5-S1"),
        ("C4-C7", "C4-C5 C5-C6 C6-C7"),
        ("C4-7", "C4-C5 C5-C6 C6-C7"),
        ("C5-C6-C7", "C5-C6 C6-C7"),
        ("C6-T1", "C6-C7 C7-T1"),
        ("T11-L2", "T11-T12 T12-L1 L1-L2"),
        ("S1-L5-L4", "L4-L5 L5-S1"),
        ("T9 to T7", "T7-T8 T8-T9"),
        ("L4/5-L5/S1", "L4-L5 L5-S1"),
        # a sixth lumbar vertebra, where it is written
        ("L5-6", "L5-L6"),
        ("L6-S1", "L6-S1"),
        ("L4-L6", "L4-L5 L5-L6"),
        ("L5-L6-S1", "L5-L6 L6-S1"),
        ("L5, L6", "L5 L6"),
        # lists of segments
        ("C4-5, 5-6", "C4-C5 C5-C6"),
        ("C4-5, C5-6 and C6-7", "C4-C5 C5-C6 C6-C7"),
        ("L4-5 & L5-S1", "L4-L5 L5-S1"),
        ("L4-5/L5-S1", "L4-L5 L5-S1"),
        ("L4/5 and L5/S1", "L4-L5 L5-S1"),
        ("L4-L5 L5-S1", "L4-L5 L5-S1"),
        ("L4-5,L5-S1", "L4-L5 L5-S1"),
        ("L3-4, 4-5, L5-S1", "L3-L4 L4-L5 L5-S1"),
        ("L3-4/4-5", "L3-L4 L4-L5"),
        ("L3-4 and 4-5", "L3-L4 L4-L5"),
        ("L5-S1, L4-5", "L4-L5 L5-S1"),
        ("L4-L5 (and L5-S1)", "L4-L5 L5-S1"),
        ("L4-L5 to L5-S1", "L4-L5 L5-S1"),
        ("C2-3 through C5-6", "C2-C3 C3-C4 C4-C5 C5-C6"),
        ("L3/4/5", "L3-L4 L4-L5"),
        ("C5/C6, C6/C7", "C5-C6 C6-C7"),
        ("Lumbar 4-lumbar 5", "L4-L5"),
        ("lumbar 3 through lumbar 5", "L3-L4 L4-L5"),
        ("L4‑L5", "L4-L5"),
        ("L-5 S-1", "L5-S1"),
        # single vertebrae
        ("L4", "L4"),
        ("L4, L5, S1", "L4 L5 S1"),
        ("L3, 4, 5 medial branch", "L3 L4 L5"),
        ("L3, L4 and 5", "L3 L4 L5"),
        ("L3/L4/L5 medial branch blocks", "L3 L4 L5"),
        ("L3 L4 L5 medial branch blocks", "L3 L4 L5"),
        ("L3/L4/L5 fusion", "L3-L4 L4-L5"),
        ("S1, S2 and S3 lateral branch blocks", "S1 S2 S3"),
        ("C7 and C8 medial branch blocks", "C7 C8"),
        ("L4-5 and S1", "L4-L5 S1"),
        # what stands next to a level and is none
        ("L4-5 2 visits", "L4-L5"),
        ("L4-5, 2 visits", "L4-L5"),
        ("L4-5, 10/12/15", "L4-L5"),
        ("C5-6, 6 injections", "C5-C6"),
        ("L4-5 x 2", "L4-L5"),
        ("L4-5x2", "L4-L5"),
        ("L5-S1 1-2 injections", "L5-S1"),
    ],
)
def test_ways_of_writing(written: str, levels: str) -> None:
    assert levels_in(written) == tuple(levels.split())


@pytest.mark.parametrize(
    "text",
    [
        "L7",
        "C9",
        "T13",
        "L0631",
        "M54.5",
        "S13.4",
        "S33.5XXA",
        "ICD-10 T84",
        "code L2",
        "CPT 64483",
        "vitamin B12",
        "vitamin C 5",
        "schedule C-II",
        "CII",
        "T1-weighted images",
        "T1 and T2 weighted images",
        "T2 signal",
        "T2-weighted sequence",
        "T2 hyperintensity",
        "#60",
        "1-2",
        "C1 visits",
        "Tylenol #3",
        "Tylenol 3",
        "free T3, T4",
        "CBC, T4",
        "Tylenol with codeine T3 #60",
        "AFO L1960",
        "MRI of the L-spine on a 3T magnet",
        "hepatitis C 1 test",
        "TSH, T3 and T4",
        "T4 thyroid level",
        "C6 dermatome",
        "C6 dermatomal distribution",
        "L4, L5 and S1 dermatomes",
        "S1 radiculopathy",
        "left L5 radiculopathy",
        "L5 and S1 radiculopathies",
        "C7 myotome",
        "L5 nerve root compression",
        "in the L5 distribution",
        "C5 quadriplegia",
        "physical therapy lumbar 2-3 times a week",
        "Norco 10/325 #120",
        "H-wave 1-2 months",
        "PT 2x6",
    ],
)
def test_what_is_no_level(text: str) -> None:
    assert levels_in(text) == ()


def test_joints_are_inferred_only_from_both_their_nerves() -> None:
    assert joints_supplied(("L3", "L4", "L5")) == ("L4-L5", "L5-S1")
    assert joints_supplied(("L4",)) == ()
    assert joints_supplied(("C4", "C5", "C6")) == ("C4-C5", "C5-C6")
    assert joints_supplied(("C7", "C8")) == ("C7-T1",)
    assert joints_supplied(("T11", "T12")) == ("T12-L1",)
    assert joints_supplied(("L4-L5", "L5-S1")) == ()


@pytest.mark.parametrize(
    ("level", "region"),
    [
        ("C4", "cervical"),
        ("C8", "cervical"),
        ("C7-T1", "cervical"),
        ("T12-L1", "thoracic"),
        ("L5-S1", "lumbar"),
        ("L6-S1", "lumbar"),
        ("S2", "sacral"),
    ],
)
def test_a_segment_belongs_to_its_upper_vertebras_region(level: str, region: str) -> None:
    assert region_of(level) == region


@pytest.mark.parametrize("level", ["L7", "", "L4-L9", "knee", "C8-T1"])
def test_what_is_no_level_has_no_region(level: str) -> None:
    with pytest.raises(ValueError, match="no spinal level"):
        region_of(level)


@given(st.text())
def test_any_text_gives_levels_that_exist(text: str) -> None:
    for level in levels_in(text):
        region_of(level)


@given(st.text(alphabet="CTLSctls0123456789-–/,& .andtohrug", max_size=200))
def test_near_texts_give_levels_in_order(text: str) -> None:
    levels = levels_in(text)
    assert list(levels) == sorted(levels, key=anatomical_order)


@given(
    st.sampled_from(VERTEBRAE),
    st.sampled_from(VERTEBRAE),
    st.sampled_from(["-", "–", " - ", " to ", " through "]),
)
def test_every_span_is_contiguous(upper: str, lower: str, joined_by: str) -> None:
    levels = levels_in(f"block at {upper}{joined_by}{lower}.")
    assert levels == (segments_between(upper, lower) or segments_between(lower, upper))
    for one, other in itertools.pairwise(levels):
        assert one.split("-")[1] == other.split("-")[0]


@given(st.lists(st.sampled_from(VERTEBRAE[:-1]), min_size=1, max_size=4, unique=True))
def test_canonical_levels_are_read_as_themselves(uppers: list[str]) -> None:
    segments = tuple(f"{upper}-{VERTEBRAE[VERTEBRAE.index(upper) + 1]}" for upper in uppers)
    expected = tuple(sorted(segments, key=anatomical_order))
    assert levels_in(", ".join(segments)) == expected
    assert levels_in(" and ".join(expected)) == expected


@pytest.mark.parametrize(
    ("request_text", "regions"),
    [
        ("Lumbar facet injections", ("lumbar",)),
        ("MRI OF THE CERVICAL AND THORACIC SPINE", ("cervical", "thoracic")),
        ("Lumbosacral orthosis", ("lumbar", "sacral")),
        ("Physical therapy for the low back", ("lumbar",)),
        ("Bilateral sacroiliac joint injection", ("sacral",)),
        ("Norco 10/325 #60", ()),
    ],
)
def test_a_request_may_name_a_region_without_a_level(request_text: str, regions: tuple[str, ...]) -> None:
    assert regions_named(request_text) == regions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C4-5, 5-6 and 6-7", [("C4-5", "C4-C5"), ("5-6", "C5-C6"), ("6-7", "C6-C7")]),
        ("at L4-5/L5-S1.", [("L4-5", "L4-L5"), ("L5-S1", "L5-S1")]),
        ("L4-5/S1", [("L4-5/S1", "L4-L5 L5-S1")]),
        ("fusion L3 through\n  S1", [("L3 through\n  S1", "L3-L4 L4-L5 L5-S1")]),
        ("L5S1 and T12L1", [("L5S1", "L5-S1"), ("T12L1", "T12-L1")]),
        ("L45 and C67", [("L45", "L4-L5"), ("C67", "C6-C7")]),
        ("L3, L4 and 5", [("L3", "L3"), ("L4", "L4"), ("5", "L5")]),
        ("L4-25", [("L4-25", "")]),
        ("L7, L5", [("L7", ""), ("L5", "L5")]),
        ("HL4-5 M54.5 L0631 B12", []),
    ],
)
def test_every_member_of_a_list_is_found_in_its_place(text: str, expected: list[tuple[str, str]]) -> None:
    found = [(text[one.start : one.end], " ".join(one.levels)) for one in level_expressions(text)]
    assert found == expected


def test_the_vertebrae_of_an_expression_have_their_regions() -> None:
    assert [one.vertebrae for one in level_expressions("L5-1 and C5/6/7")] == [
        ("L5", "S1"),
        ("C5", "C6", "C7"),
    ]


def test_nerves_in_a_row_are_single() -> None:
    assert [one.levels for one in level_expressions("L3/L4/L5", nerves=True)] == [("L3", "L4", "L5")]
    assert [one.levels for one in level_expressions("L3/L4/L5")] == [("L3-L4", "L4-L5")]


@pytest.mark.parametrize(
    ("token", "levels"),
    [
        ("L5S1", "L5-S1"),
        ("l4-5", "L4-L5"),
        ("L-4 to L-5", "L4-L5"),
        ("L 4-5", "L4-L5"),
        ("L4", "L4"),
        ("C4-5, 5-6", "C4-C5 C5-C6"),
        ("L4-L5-S1", "L4-L5 L5-S1"),
        ("", ""),
        ("L4-25", ""),
        ("L4-5 fusion", ""),
        ("at L4-5", ""),
        ("L4-5, L7", ""),
    ],
)
def test_a_token_is_read_alone(token: str, levels: str) -> None:
    assert levels_of_token(token) == tuple(levels.split())


@given(st.text(alphabet="CTLSctls0123456789-–/,& .\n\tandto", max_size=120))
def test_expressions_follow_each_other_and_exist(text: str) -> None:
    found = list(level_expressions(text))
    assert all(one.start < one.end for one in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert all(region_of(level) for one in found for level in one.levels)


@given(st.sampled_from(VERTEBRAE), st.sampled_from(VERTEBRAE))
def test_a_level_reads_as_itself(upper: str, lower: str) -> None:
    assert levels_of_token(upper) == (upper,)
    assert levels_of_token(f"{upper}-{lower}") == (
        segments_between(upper, lower) or segments_between(lower, upper)
    )
