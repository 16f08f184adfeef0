"""Quotations in a rationale. All texts are invented."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.facts.grounds.sentences import quotations_of, sentences_of

PIECES = st.sampled_from(
    ['"', "“", "”", " ", ". ", "MTUS states", "the patient said", "Rest is advised", "\n"]
)


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in quotations_of(text, sentences_of(text))]


def test_what_a_guideline_says_is_a_quotation_and_what_a_patient_says_is_none() -> None:
    rule, remark = '"Rest is advised for sprains of the wrist."', '"the wrist is as sore as it was in May"'
    assert quoted(f"MTUS states, {rule} The patient said {remark} at the visit.") == [rule]


def test_a_mark_inside_a_quotation_that_is_never_closed_opens_no_other() -> None:
    text = 'MTUS states "rest is advised and "nothing else at all is of use here'
    assert quoted(text) == [text[text.index('"') :]]


@given(st.lists(PIECES, max_size=30).map("".join))
def test_quotations_are_in_order_and_do_not_overlap(text: str) -> None:
    spans = quotations_of(text, sentences_of(text))
    assert all(first.end <= second.start for first, second in pairwise(spans))
    assert all(text[span.start] in '"“' and span.start < span.end <= len(text) for span in spans)
