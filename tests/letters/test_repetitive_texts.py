"""Texts that repeat one thing without end: each reader of facts comes to an end, and reads what there is."""

import pytest

from determinations.letters.facts.guidelines import citations_in
from determinations.letters.facts.item_levels import spinal_levels_of
from determinations.letters.facts.laterality import laterality_in
from determinations.letters.facts.reviewer import reviewer_in
from determinations.letters.facts.services import services_in
from determinations.letters.facts.spine import levels_in

SIZE = 100_000

SEEDS = [
    "L4-",
    "L4-5, ",
    "l4l5",
    "lumbar 4-5 ",
    "L4 and ",
    "T2 signal ",
    "tramadol 5% ",
    "injection ",
    "facet joint ",
    "for lumbar fusion ",
    "after ",
    "medial branch ",
    "psychological ",
    "Page(s): 1, ",
    "Table 12-8, ",
    "Decision based on MTUS ",
    "Non-MTUS Citation ",
    "ODG Knee ",
    "ACOEM Chapter 12 Low Back Complaints ",
    "FDA ",
    "Section(s): Opioids, ",
    "(updated ",
    "did not cite ",
    "board certified in ",
    "licensed to practice in ",
    "left ",
    "both ",
    "a",
    "aB",
    "physicaltherapy",
    "9",
    "(",
    ";",
    " ",
    "İ",
]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_text_without_end_is_read_to_its_end(seed: str) -> None:
    text = seed * (SIZE // len(seed))
    assert services_in(text)
    assert isinstance(levels_in(text), tuple)
    assert isinstance(spinal_levels_of("block", text).levels, tuple)
    laterality_in(text)
    reviewer_in(text)
    assert all(citation.source for citation in citations_in(text))


def test_what_is_repeated_is_found_once() -> None:
    assert services_in("medial branch block " * 1000) == ("medial-branch-blocks",)
    assert levels_in("L4-5, " * 1000) == ("L4-L5",)
    assert reviewer_in("Board Certified in Neurology. " * 1000).specialties == ("Neurology",)
    assert len(citations_in("Decision based on MTUS Chronic Pain Treatment Guidelines. " * 100)) == 100
