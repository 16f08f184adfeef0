"""How text becomes terms: levels, case numbers, doses, compounds, and their places."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.search.analysis import (
    bridged,
    case_term,
    chunks,
    terms,
    tokens,
    tokens_of_chunk,
)

LEVEL_TEXTS = st.lists(
    st.sampled_from(
        ["L4", "L-4", "5", "S1", "-", "–", "/", " ", " to ", "through", "C7", "T12", "x", ".", "\n", "CM14-"]
    )
).map("".join)


@pytest.mark.parametrize("abbreviation", ["TENS", "UDS", "EMG/NCS", "CRPS"])
def test_abbreviations_that_end_in_s_are_no_plurals(abbreviation: str) -> None:
    assert terms(abbreviation) == abbreviation.lower().split("/")
    assert terms("ten visits, ten tens") == ["ten", "visit", "ten", "tens"]


@pytest.mark.parametrize(
    "written",
    [
        "L4-5",
        "L4/5",
        "L4-L5",
        "L4–5",
        "L4—L5",
        "l4/l5",
        "L4 - L5",
        "L4 / L5",
        "L-4 to L-5",
        "L4 to L5",
        "L5-L4",
    ],
)
def test_a_level_is_one_term_however_it_is_written(written: str) -> None:
    assert terms(f"the ({written}), level") == ["the", "l4-l5", "level"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("L5-S1", ["l5-s1"]),
        ("L5-1", ["l5-s1"]),
        ("C7-T1", ["c7-t1"]),
        ("T12-L1", ["t12-l1"]),
        ("T12/1", ["t12-l1"]),
        ("T10-11", ["t10-t11"]),
        ("C5-6", ["c5-c6"]),
        ("L3-S1", ["l3-s1"]),
        ("C4-C7", ["c4-c7"]),
        ("L4-5/L5-S1", ["l4-l5", "l5-s1"]),
        ("L4-5, L5-S1", ["l4-l5", "l5-s1"]),
        ("L3, L4, L5", ["l3", "l4", "l5"]),
        ("L5S1", ["l5-s1"]),
        ("T12L1", ["t12-l1"]),
        ("S1-L5", ["l5-s1"]),
        ("L5-L6", ["l5-l6"]),
        ("L 4-5", ["l4-l5"]),
        ("L4-L5-S1", ["l4-s1"]),
        ("C4-5, 5-6 and 6-7", ["c4-c5", "c5-c6", "and", "c6-c7"]),
        ("L-4", ["l4"]),
        ("L4-10", ["l4", "10"]),
        ("L4-5mm", ["l4", "5", "mm"]),
        ("T1-weighted", ["t1", "weight"]),
        ("L0631", ["l0631"]),
        ("M54.5", ["m54", "5"]),
        ("B12", ["b12"]),
        ("HL4-5", ["hl4", "5"]),
        ("C-II", ["c", "ii"]),
    ],
)
def test_what_is_a_level_and_what_is_not(written: str, expected: list[str]) -> None:
    assert terms(written) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Injections injected INJECTION", ["inject", "inject", "inject"]),
        ("Reviewer’s patient's don't", ["reviewer", "patient", "dont"]),
        ("x-ray follow-up", ["x", "ray", "follow", "up"]),
        ("10/325mg 12.8 12-8 #60 1,000", ["10/325", "mg", "12.8", "12-8", "60", "1000"]),
        ("10 mg/325 mg, 10-325 mg, 7.5 mg / 325 mg", ["10/325", "mg", "10/325", "mg", "7.5/325", "mg"]),
        ("scores of 2, 5 and 7/10", ["score", "of", "2", "5", "and", "7/10"]),
        ("pages 298-300", ["page", "298-300"]),
        ("Oct. 23, 2014 and 10/23/14", ["2014-10-23", "and", "2014-10-23"]),
        ("23 October 2014, 2014-10-23", ["2014-10-23", "2014-10-23"]),
        ("13/45/2014", ["13/45/2014"]),
        ("C.R.P.S. q.i.d. M.D. e.g.", ["crps", "qid", "md", "eg"]),
        ("§ 4610.6(h)", ["section", "4610.6", "h"]),
        ("50 µg/h, 50 μg, ½ tablet, 1½", ["50", "mcg", "h", "50", "mcg", "1/2", "tablet", "1", "1/2"]),
        ("Type Ⅱ, 5 cm², 38℃", ["type", "ii", "5", "cm2", "38", "c"]),
        ("Sjögren's Sjo\u0308gren Guillain-Barré", ["sjogren", "sjogren", "guillain", "barre"]),
        ("İstanbul, Straße, beﬅ", ["istanbul", "strass", "best"]),
        ("intra\u00adarticular medi- cally", ["intraarticular", "medi", "cally"]),
        ("CM14-31877, cm14-0031877", ["cm14-0031877", "cm14-0031877"]),
        ("CM14-12345678", ["cm14", "12345678"]),
        ("he/she and/or", ["he", "she", "and", "or"]),
        ("snake_case __ _x", ["snake", "case", "x"]),
        ("— … & -", []),
        ("naïve Déjà", ["naive", "deja"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("injections", {"=inject=injections"}),
        ("inject", set()),
        ("follow-up", {"followup"}),
        ("B-12", {"b12"}),
        ("re-evaluated", {"reevaluat", "=reevaluat=reevaluated"}),
        ("10-minute", set()),
        ("#60", {"#60"}),
        ("# 60", {"#60"}),
        ("60%", {"60%"}),
        ("60 %", {"60%"}),
        ("-2.5", {"-2.5", "2"}),
        ("10/325", {"10", "325"}),
        ("4610.6", {"4610"}),
        ("9792.24.2", {"9792.24", "9792"}),
        ("L4-L5-S1", {"l4-l5", "l5-s1"}),
        ("L4-S1", set()),
        ("Oct. 23, 2014", {"oct", "23", "2014"}),
        ("medi- cally", {"medical", "=medical=medically"}),
        ("done.", {"."}),
        ("Dr.", set()),
        ("M.D.", set()),
    ],
)
def test_further_terms_stand_beside_the_first_word(text: str, beside: set[str]) -> None:
    assert set(tokens(text)[0].others) == beside


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("CM14-0031877", "cm14-0031877"),
        (" cm14-31877 ", "cm14-0031877"),
        ("CM1431877", "cm14-0031877"),
        ("13-000004", "13-000004"),
        ("L4-5", "l4-5"),
    ],
)
def test_case_numbers_have_one_writing(case: str, expected: str) -> None:
    assert case_term(case) == expected


def test_places_are_those_of_the_text_as_given() -> None:
    text = "At L4 to  L5, the patient’s pain"
    assert [text[token.start : token.end] for token in tokens(text)] == [
        "At",
        "L4 to  L5",
        "the",
        "patient’s",
        "pain",
    ]


@given(st.one_of(st.text(), LEVEL_TEXTS))
def test_chunk_by_chunk_is_the_same_as_at_once(text: str) -> None:
    assert len(bridged(text)) == len(text)
    found = tokens(text)
    assert [token.term for token in found] == terms(text)
    assert [token.term for token in found] == [
        token.term for chunk in chunks(text) for token in tokens_of_chunk(chunk)
    ]
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.text(max_size=20), st.text(max_size=20))
def test_words_do_not_depend_on_their_neighbors(one: str, other: str) -> None:
    assert terms(f"{one} . {other}") == terms(one) + terms(other)
