"""What a rationale says of its case, told from the guideline's words, the request and the conclusion."""

import pytest

from determinations.letters.facts.case_sentences import case_passage, is_about_case

RULE = "MTUS recommends the treatment for patients with radiculopathy."
CASE = "There is no documentation of radiculopathy on examination."
CONCLUSION = "Therefore, the request is not medically necessary."


@pytest.mark.parametrize(
    "first",
    [
        RULE,
        "The treating provider requested an injection at the visit of 06/24/2014.",
        "The patient is requesting six sessions of therapy.",
        "The request is for Norco 10/325 mg #60.",
    ],
)
def test_the_passage_is_what_is_said_of_the_case(first: str) -> None:
    assert case_passage(f"{first} {CASE} {CONCLUSION}") == CASE


def test_a_request_with_its_reason_is_about_the_case() -> None:
    sentence = "The treating provider requested an injection although no conservative care was documented."
    assert is_about_case(sentence)
    assert case_passage(f"{RULE} {sentence} {CONCLUSION}") == sentence


def test_a_rationale_of_rules_and_a_conclusion_says_nothing_of_its_case() -> None:
    assert case_passage(f"{RULE} {CONCLUSION}") == ""
