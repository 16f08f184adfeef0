"""Whether reviewer and claims administrator relied on the same guideline."""

import pytest

from determinations.case.guideline_agreement import verdict
from determinations.letters.facts.guideline_agreement import Agreement, Cited, agreement


def cited(source: str, *chapters: str) -> Cited:
    return Cited(source, frozenset(chapters))


LOW_BACK, PAIN, ODG = cited("odg", "low-back"), cited("odg", "pain"), cited("odg")
ACOEM, NONE = cited("mtus-acoem", "low-back"), cited("none")
OPIOIDS, NSAIDS = cited("mtus-chronic-pain", "opioids"), cited("mtus-chronic-pain", "nsaids", "tens")


@pytest.mark.parametrize(
    ("citation", "others", "expected"),
    [
        (LOW_BACK, [ACOEM, LOW_BACK], Agreement.SAME),
        (LOW_BACK, [PAIN], Agreement.OTHER_CHAPTER),
        (LOW_BACK, [PAIN, ODG], Agreement.SAME),
        (ODG, [PAIN], Agreement.SAME),
        (LOW_BACK, [ACOEM], Agreement.ELSEWHERE),
        (LOW_BACK, [], Agreement.ELSEWHERE),
        (OPIOIDS, [NSAIDS], Agreement.OTHER_CHAPTER),
        (cited("mtus-chronic-pain", "tens", "weaning"), [NSAIDS], Agreement.SAME),
        (Cited("other", text="FDA (Norco)"), [Cited("other", text="FDA")], Agreement.SAME),
        (Cited("other", text="FDA"), [Cited("other", text="WebMD")], Agreement.ELSEWHERE),
        (Cited("other"), [Cited("other")], Agreement.ELSEWHERE),
    ],
)
def test_a_citation_is_held_to_the_nearest_of_the_other_side(
    citation: Cited, others: list[Cited], expected: Agreement
) -> None:
    assert agreement(citation, others) is expected


@pytest.mark.parametrize(
    ("reviewer", "administrator", "words", "differs"),
    [
        ([LOW_BACK], [LOW_BACK, ACOEM], "every guideline", False),
        ([LOW_BACK], [ACOEM], "a different guideline", True),
        ([LOW_BACK], [PAIN], "a different chapter", True),
        ([PAIN, ACOEM], [LOW_BACK], "a different guideline", True),
        ([LOW_BACK, ACOEM], [LOW_BACK], "also relied", True),
        ([LOW_BACK], [NONE], "Only the reviewer cited a guideline.", True),
        ([NONE], [ACOEM], "The reviewer cited no guideline.", True),
        ([NONE], [NONE], "Neither side cited a guideline.", False),
        ([NONE, LOW_BACK], [LOW_BACK], "every guideline", False),
    ],
)
def test_both_sides_are_summed_up_in_one_sentence(
    reviewer: list[Cited], administrator: list[Cited], words: str, differs: bool
) -> None:
    found = verdict(reviewer, administrator)
    assert found is not None
    assert words in found.text
    assert found.differs is differs


def test_where_a_side_could_not_be_read_nothing_is_said() -> None:
    assert verdict([LOW_BACK], []) is None
    assert verdict([], [LOW_BACK]) is None
