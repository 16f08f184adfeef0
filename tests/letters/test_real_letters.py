"""The real letters beside the repository, read in full. Skipped where they are not there."""

import pytest

from determinations.letters.parsed_letter import Decision, Layout, ParsedLetter, Sex
from tests.letters.one_letter import read_letter
from tests.letters.tables import shared

FOLDER = shared("letters")

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="no real letters beside the repository")


def read(number: str) -> ParsedLetter:
    [path] = FOLDER.glob(f"{number}_*.txt")
    return read_letter(path.read_bytes())[1]


def test_a_block_and_a_rhizotomy_in_one_item() -> None:
    letter = read("000")
    assert letter.layout is Layout.STANDARD
    assert (letter.case_number, letter.priority, letter.warnings) == (None, None, ())
    assert letter.reviewer.specialties == ("Occupational Medicine",)
    assert letter.reviewer.licensed_in == ("California",)
    assert (letter.patient.age, letter.patient.sex) == (None, None)
    assert letter.clinical_summary.startswith("The applicant has filed a claim for chronic low back pain")
    assert letter.clinical_summary.endswith(
        "Trigger point injections, Norco, Flexeril, and LidoPro cream are also endorsed."
    )
    assert letter.outcome is Decision.UPHELD
    [item] = letter.items
    assert item.request == "A right medial branch block at L3-S1, and if successful, rhizotomy"
    assert item.decision is Decision.UPHELD
    assert item.services == ("medial-branch-blocks", "radiofrequency-ablation")
    assert item.spinal_levels == ("L3-L4", "L4-L5", "L5-S1")
    assert item.claims_administrator_guideline == (
        "Decision based on MTUS ACOEM Chapter 12 Low Back Complaints Page(s): 300. Decision based on "
        "Non-MTUS "
        "Citation Official Disability Guidelines (ODG), Low Back Chapter"
    )
    assert item.reviewer_guideline == (
        "Decision based on MTUS ACOEM Chapter 12 Low Back Complaints Page(s): 300 and Table 12.8, 309."
    )
    assert item.rationale.startswith(
        "As noted in the MTUS-adopted ACOEM Guidelines in Chapter 12, page 301, "
    )
    assert item.rationale.endswith("owing also to the unfavorable ACOEM recommendation.")


def test_a_heading_in_capitals_over_two_lines_and_a_page_break_in_a_guideline() -> None:
    letter = read("002")
    assert (letter.patient.age, letter.patient.sex) == (67, Sex.MALE)
    assert letter.reviewer.licensed_in == ("New York", "Texas")
    assert letter.clinical_summary.startswith(
        "The injured worker is a 67 year-old male who sustained an injury"
    )
    assert letter.clinical_summary.endswith("Cyclobenzaprine, Relafen, Pantoprazole and Hydrocodone.")
    [item] = letter.items
    assert item.request == "BILATERAL LUMBAR FACET NERVE BLOCK L4, L5, S1 LEVELS, FLOUROSCOPIC GUIDANCE"
    assert item.decision is Decision.UPHELD
    assert item.claims_administrator_guideline == (
        "The Claims Administrator did not base their decision on the MTUS. Decision based on Non-MTUS "
        "Citation "
        "OFFICIAL DISABILITY GUIDELINES, LOW BACK CHAPTER, UPDATED 12/27/13, FACET JOINT PAIN, SIGNS "
        "AND SYMPTOMS: "
        "DIAGNOSTIC BLOCKS."
    )
    assert item.reviewer_guideline == (
        "The Expert Reviewer did not base their decision on the MTUS. Decision based on Non-MTUS "
        "Citation OFFICIAL "
        "DISABILITY GUIDELINES (ODG) LOW BACK CHAPTER, FACET JOINT DIAGNOSTIC BLOCKS (INJECTIONS)."
    )
    assert item.rationale.startswith(
        "The request for bilateral lumbar facet nerve blocks at L4-5 and L5-S1 under"
    )
    assert item.rationale.endswith("has not been established. Request is non certified.")
    assert letter.warnings == ()


def test_two_items_with_opposite_decisions_and_a_page_break_in_mid_sentence() -> None:
    letter = read("003")
    assert letter.outcome is Decision.PARTIALLY_OVERTURNED
    assert letter.reviewer.specialties == ("Internal Medicine",)
    assert (letter.patient.age, letter.patient.sex) == (41, Sex.MALE)
    assert letter.clinical_summary.startswith(
        "The patient is a 41 y.o. male with an injury sustained on 5/9/13."
    )
    assert letter.clinical_summary.endswith("It was appealed 8/21/13.")
    first, second = letter.items
    assert (first.request, first.decision) == ("Consultation with pain management", Decision.OVERTURNED)
    assert first.claims_administrator_guideline == "Decision based on MTUS ACOEM Page(s): 92,127."
    assert first.reviewer_guideline == (
        "Decision based on MTUS Chronic Pain Treatment Guidelines Page(s): 31-32."
    )
    assert first.rationale.startswith(
        "According to the MTUS guidelines, outpatient pain rehabilitation programs"
    )
    assert "including baseline functional testing so follow-up with the same test" in first.rationale
    assert first.rationale.endswith(
        "it seems reasonable to support a consultation, based on these guidelines."
    )
    assert (second.request, second.decision) == ("Lumbar facet injections", Decision.UPHELD)
    assert second.claims_administrator_guideline == (
        "Decision based on MTUS ACOEM Chapter 12 Low Back Complaints Page(s): 300-301. Decision based "
        "on Non-MTUS "
        "Citation Official Disability Guidelines (ODG)."
    )
    assert second.reviewer_guideline == (
        "Decision based on MTUS ACOEM Chapter 12 Low Back Complaints Page(s): 300-301 and 617-25. "
        "Decision based on "
        "Non-MTUS Citation web MD based on Kelly (2009), textbook of rheumatology, vol 1, pgs. 617-25."
    )
    assert second.rationale.startswith("The ACOEM guidelines indicate that research has not shown")
    assert second.rationale.endswith("after other blocks have been tried. The request is non-certified.")
    assert letter.warnings == ()
