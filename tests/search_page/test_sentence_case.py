"""Requests in capitals become sentences; abbreviations, levels, codes and brands keep their capitals."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.search.interface import Fragment
from determinations.search_page.sentence_case import sentence_case
from sample_letters.generator.collection import invented_letters
from tests.letters.tables import shared

EXPECTED = shared("letters", "pdf_expected.jsonl")


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
        ("INJECTION TO THE LUMBAR SPINE", "Injection to the lumbar spine"),
        ("MRI’S OF BOTH KNEES AND PPIS", "MRI’s of both knees and PPIs"),
        ("LIDOCAINE 5% OINTMENT 100 G, 2 OZ", "Lidocaine 5% ointment 100 g, 2 oz"),
        ("POST OP THERAPY, PRE-OP EKG", "Post op therapy, pre-op EKG"),
        ("IF UNIT, AND IF HELPFUL, A PURCHASE", "IF unit, and if helpful, a purchase"),
        ("OR TIME FOR A CT OR MRI W/O CONTRAST", "OR time for a CT or MRI w/o contrast"),
        ("BOTULINUM TOXIN A INJECTION", "Botulinum toxin A injection"),
        ("H-WAVE FOR TWO MONTHS VS TENS", "H-wave for two months vs TENS"),
    ],
)
def test_a_request_in_capitals_becomes_a_sentence(written: str, expected: str) -> None:
    assert shown(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Associated surgical service: COLD THERAPY UNIT", "Associated surgical service: cold therapy unit"),
        ("Associated surgical service: TENS UNIT", "Associated surgical service: TENS unit"),
        (
            "POOL THERAPY 14 SESSIONS was the request. POOL THERAPY 4 SESSIONS was authorized",
            "Pool therapy 14 sessions was the request. Pool therapy 4 sessions was authorized",
        ),
        (
            "LUMBAR FUSION L4-5 and L5-S1 with a two day hospital stay",
            "Lumbar fusion L4-5 and L5-S1 with a two day hospital stay",
        ),
    ],
)
def test_a_run_of_words_in_capitals_becomes_part_of_the_sentence(written: str, expected: str) -> None:
    assert shown(written) == expected


def in_capitals_still(request: str) -> set[str]:
    """Words of the request in small letters that are not found again once it is written in capitals."""
    changed = shown(request.upper())
    small = re.finditer(r"(?<![^\W_])[a-z]{2,}(?![\w'’])", request)
    return {word.group() for word in small if changed[word.start() : word.end()].isupper()}


def test_an_invented_request_in_capitals_reads_as_it_does_in_small_letters() -> None:
    requests = {item.request for letter in invented_letters(400, seed=12) for item in letter.letter.items}
    assert {word for request in requests for word in in_capitals_still(request)} == set()


@pytest.mark.skipif(not EXPECTED.is_file(), reason="no real letters as PDF beside the repository")
def test_a_real_request_in_capitals_reads_as_it_does_in_small_letters() -> None:
    letters = map(json.loads, EXPECTED.read_text("utf-8").splitlines())
    requests = {item["request"] for letter in letters for item in letter["items"]}
    assert {word for request in requests for word in in_capitals_still(request)} == set()


@pytest.mark.parametrize(
    "written",
    [
        *(
            "MRI",
            "EMG/NCV",
            "LESI L5-S1",
            "ACDF C5-C6",
            "Bilateral MBB at L3-L5",
            "Norco 10/325 mg",
            "",
            "#60",
        ),
        *("MARS MRI scan of the hip", "Assistant PA-C", "VIMOVO 500 mg twice a day"),
    ],
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
