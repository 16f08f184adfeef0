"""A letter that says two things of one item: found with both passages, and not found where it does not."""

import pytest

from determinations.letters.facts.contradictions import contradictions_in
from determinations.letters.facts.grounds import read_grounds
from determinations.letters.parsed_letter import Decision

BLOCKS = "Medial branch blocks at L4-L5"


def found(
    rationale: str, summary: str = "", request: str = BLOCKS, decision: Decision = Decision.UPHELD
) -> list[tuple[str, str, str]]:
    services = ("chiropractic",) if "Chiropractic" in request else ("medial-branch-blocks",)
    grounds = read_grounds(rationale, services, request)
    contradictions = contradictions_in(decision, request, services, rationale, summary, grounds)
    return [(one.kind.value, one.one, one.other) for one in contradictions]


def test_a_rationale_that_concludes_otherwise_than_the_heading() -> None:
    conclusion = "Therefore, the request is medically necessary."
    assert found(f"The criteria are met. {conclusion}") == [("rationale", "upheld", conclusion)]
    assert found(f"The criteria are met. {conclusion}", decision=Decision.OVERTURNED) == []


@pytest.mark.parametrize(
    ("levels", "contradicts"), [("L5-S1", False), ("L4-5", False), ("L2-L3", True), ("C5-C6", False)]
)
def test_a_rationale_that_treats_other_levels(levels: str, contradicts: bool) -> None:
    sentence = f"The request for medial branch blocks at {levels} is not supported."
    kinds = [kind for kind, _, _ in found(f"{sentence} It is not medically necessary.")]
    assert kinds == (["levels"] if contradicts else [])


def test_a_rationale_that_misses_what_the_summary_documents() -> None:
    missing = "There is no documentation that conservative care was tried and failed."
    documented = "Six weeks of physical therapy have failed."
    assert found(missing, f"He is 45 years old. {documented}") == [("summary", missing, documented)]
    assert found(missing, "He is 45 years old.") == []


def test_a_summary_that_argues_nothing_documents_nothing() -> None:
    missing = "There is no documentation that conservative care was tried and failed."
    assert found(missing, "He lifts crates. The crate fell on his foot. He takes ibuprofen.") == []


def test_a_benefit_answers_only_where_it_comes_from_the_treatment_asked_for() -> None:
    missing = "There is no documentation of functional improvement with the treatment."
    request = "Chiropractic treatment, 6 visits"
    helped = "He reports vast improvement in pain and function with chiropractic treatment."
    assert [kind for kind, _, _ in found(missing, helped, request)] == ["summary"]
    other = "He reports vast improvement in pain and function with acupuncture."
    assert found(missing, other, request) == []
