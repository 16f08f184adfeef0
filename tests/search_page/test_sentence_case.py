"""Requests in capitals become sentences; abbreviations, levels, codes and brands keep their capitals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.search.interface import Fragment
from determinations.search_page.sentence_case import sentence_case


def shown(text: str) -> str:
    return "".join(fragment.text for fragment in sentence_case((Fragment(text, is_match=False),)))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("MRI OF THE LUMBAR SPINE", "MRI of the lumbar spine"),
        ("TENS UNIT", "TENS unit"),
        ("PHYSICAL THERAPY 2X6 FOR THE LOW BACK", "Physical therapy 2x6 for the low back"),
        ("LUMBAR EPIDURAL AT L4-L5 AND L5-S1", "Lumbar epidural at L4-L5 and L5-S1"),
        ("NORCO 10/325 MG #60", "Norco 10/325 mg #60"),
        ("OXYCONTIN 20MG", "OxyContin 20mg"),
        ("EMG/NCV BILATERAL LOWER EXTREMITIES", "EMG/NCV bilateral lower extremities"),
        ("SI JOINT INJECTION UNDER FLUOROSCOPY", "SI joint injection under fluoroscopy"),
        ("QTY: 12 PT VISITS", "Qty: 12 PT visits"),
        ("12 ACUPUNCTURE VISITS", "12 acupuncture visits"),
        ("PATIENT’S CHAIR", "Patient’s chair"),
    ],
)
def test_a_request_in_capitals_becomes_a_sentence(written: str, expected: str) -> None:
    assert shown(written) == expected


@pytest.mark.parametrize(
    "written",
    ["MRI", "EMG/NCV", "LESI L5-S1", "ACDF C5-C6", "Bilateral MBB at L3-L5", "Norco 10/325 mg", "", "#60"],
)
def test_what_is_no_sentence_in_capitals_stays(written: str) -> None:
    assert shown(written) == written


def test_what_matched_stays_marked() -> None:
    passage = (
        Fragment("LUMBAR ", is_match=False),
        Fragment("EPIDURAL", is_match=True),
        Fragment(" STEROID", is_match=False),
    )
    assert sentence_case(passage) == (
        Fragment("Lumbar ", is_match=False),
        Fragment("epidural", is_match=True),
        Fragment(" steroid", is_match=False),
    )


@given(st.lists(st.text(max_size=12), max_size=5))
def test_fragments_keep_their_lengths_and_letters(texts: list[str]) -> None:
    passage = tuple(Fragment(text, is_match=place % 2 == 0) for place, text in enumerate(texts))
    changed = sentence_case(passage)
    assert [len(fragment.text) for fragment in changed] == [len(text) for text in texts]
    assert "".join(f.text for f in changed).casefold() == "".join(texts).casefold()
